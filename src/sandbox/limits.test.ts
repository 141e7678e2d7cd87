import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLimits, monthlyCalls, SlidingWindow } from './limits.ts'

test('never more than the limit is let into any window', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 }), (gaps) => {
      const window = new SlidingWindow(5, 1000, 1000)
      let now = 0
      const letIn: number[] = []
      for (const gap of gaps) {
        now += gap
        if (window.enter(now) === null) letIn.push(now)
      }
      for (const at of letIn)
        expect(letIn.filter((t) => at - 1000 < t && t <= at).length).toBeLessThanOrEqual(5)
    }),
  )
})

test('a caller at exactly the limit is never refused', () => {
  const window = new SlidingWindow(20, 1000, 1000)
  const refused = Array.from({ length: 10_000 }, (_, i) => window.enter(i * 50)).filter(
    (answer) => answer !== null,
  )
  expect(refused).toEqual([])
})

test('over the limit it stays shut for its time, and says until when', () => {
  const window = new SlidingWindow(2, 60_000, 60_000)
  expect([window.enter(0), window.enter(1)]).toEqual([null, null])
  expect(window.enter(2)).toEqual({ until: 60_002 })
  expect(window.enter(60_001)).toEqual({ until: 60_002 })
  expect(window.enter(60_002)).toBeNull()
})

test('limits can be off', () => {
  const limits = createLimits(false)
  const one = [{ max: 1, windowMs: 1000, closedMs: 1000, from: '' }]
  expect([limits.enter('a', one, 0), limits.enter('a', one, 0)]).toEqual([null, null])
})

test.for([
  [['standard'], 5_000],
  [['professional'], 200_000],
  [['standard', 'development-pack'], 5_005_000],
] as const)('%s has %s metered calls a month', ([edition, calls]) =>
  expect(monthlyCalls([...edition])).toBe(calls),
)
