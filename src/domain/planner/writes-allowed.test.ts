import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deliveryCalls, sweepCalls } from './costs.ts'
import { planMonth } from './plan-month.ts'
import { defaultPolicy } from './policy.ts'
import { aLane, aLeg, at, wayBack } from './test-month.ts'
import { usualWrites } from './usual-writes.ts'
import { writesAllowed } from './writes-allowed.ts'

const back = { route: 'hq', leg: { source: 'wecom', target: 'dingtalk' } } as const
const there = { route: 'hq', leg: { source: 'dingtalk', target: 'wecom' } } as const

test('writing that is not metered has no end, and a way that is not there writes nothing', () => {
  expect(writesAllowed(aLane(), there)).toBe(Number.POSITIVE_INFINITY)
  expect(writesAllowed(aLane({ quota: { limit: null, used: 0 }, legs: [wayBack()] }), back)).toBe(
    Number.POSITIVE_INFINITY,
  )
  expect(writesAllowed(aLane(), back)).toBe(0)
})

test('what the closings of the month need is never written away, and no call is left lying', () => {
  fc.assert(
    fc.property(fc.nat(5_000), fc.integer({ min: 1, max: 2_000 }), fc.nat(29), (used, people, days) => {
      const legs = [aLeg({ people }), wayBack({ people })]
      const now = at('2026-11-01T08:00:00+08:00').add({ hours: 24 * days })
      const state = aLane({ now, legs, quota: { limit: 5_000, used } })
      const allowed = writesAllowed(state, back)
      const { free, ladder } = planMonth(state, defaultPolicy)
      const closing = ladder[0]!
      const spendable = Math.max(0, Math.floor(free - closing.calls * closing.share))
      const own = legs[1]!
      if (allowed > 0) expect(deliveryCalls(own, allowed)).toBeLessThanOrEqual(spendable)
      expect(deliveryCalls(own, allowed + 1)).toBeGreaterThan(spendable)
      expect(sweepCalls(own)).toBe(0)
    }),
  )
})

const tuesday = at('2026-11-17T09:00:00+08:00')

test.for([
  { when: 'nothing was ever written', days: [], gives: 0 },
  { when: 'it began today', days: [{ day: '2026-11-17', records: 900 }], gives: 0 },
  {
    when: 'two working days are known',
    days: [
      { day: '2026-11-13', records: 100 },
      { day: '2026-11-16', records: 120 },
    ],
    gives: 110,
  },
  {
    when: 'a rest day is not counted',
    days: [
      { day: '2026-11-14', records: 50 },
      { day: '2026-11-16', records: 120 },
    ],
    gives: 120,
  },
  {
    when: 'a backlog was carried on the first day',
    days: [
      { day: '2026-11-11', records: 4_000 },
      ...['12', '13', '16'].map((day) => ({ day: `2026-11-${day}`, records: 100 })),
    ],
    gives: 125,
  },
])('$when: $gives on a working day', ({ days, gives }) => {
  expect(usualWrites(days, tuesday, defaultPolicy)).toBe(gives)
})
