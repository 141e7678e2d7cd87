import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  emptyLateness,
  fadeLateness,
  latenessAt,
  latenessBucketsMs,
  latenessOf,
  lookBackMs,
  mergeLateness,
  recheckDays,
  withSamples,
} from './lateness.ts'
import { at } from './test-month.ts'

const hour = 3_600_000
const samples = fc.array(fc.integer({ min: 0, max: 200 * 24 * hour }), { maxLength: 200 })
const quantile = fc.double({ min: 0, max: 1, noNaN: true })

test.for([
  { when: 'the platform says when it landed', landedAt: '10:30', missedAt: null, gives: 1.5 * hour },
  { when: 'a read that covered it did not show it', landedAt: null, missedAt: '09:30', gives: 3 * hour },
  { when: 'the first read after it showed it', landedAt: null, missedAt: null, gives: 0 },
  { when: 'the platform says it landed before it was made', landedAt: '08:59', missedAt: null, gives: 0 },
])('when $when, a punch of 09:00 seen at 12:00 was late by $gives ms', ({ landedAt, missedAt, gives }) => {
  const today = (time: string | null) => (time === null ? null : at(`2026-11-02T${time}+08:00`))
  const punch = { punchedAt: today('09:00')!, seenAt: today('12:00')! }
  expect(latenessOf({ ...punch, landedAt: today(landedAt), missedAt: today(missedAt) })).toBe(gives)
})

test('a source nobody has measured is looked back two days at', () => {
  expect(lookBackMs(emptyLateness)).toBe(48 * hour)
  expect(recheckDays(emptyLateness)).toEqual([1, 2])
})

test('a source that is never late is believed within a few thousand punches, and machines that upload after days are not missed', () => {
  const prompt = withSamples(emptyLateness, Array(20_000).fill(0))
  expect(lookBackMs(prompt)).toBeLessThanOrEqual(12 * hour)
  const slow = withSamples(prompt, Array(100).fill(9 * 24 * hour))
  expect(lookBackMs(slow)).toBe(10 * 24 * hour)
  expect(recheckDays(slow)).toEqual([1, 3, 10])
})

test('a quantile falls short by no more than the thousand punches the prior weighs', () => {
  fc.assert(
    fc.property(samples, quantile, (own, share) => {
      const many = own.flatMap((ms) => Array<number>(100).fill(ms))
      const found = latenessAt(withSamples(emptyLateness, many), share)
      expect(latenessBucketsMs).toContain(found)
      const landed = many.filter((ms) => ms <= found || found === latenessBucketsMs.at(-1)).length
      expect(landed + 1_000).toBeGreaterThanOrEqual(share * (many.length + 1_000) - 1e-6)
    }),
  )
})

test('models of one source merge in any order, and as if they had been one', () => {
  fc.assert(
    fc.property(samples, samples, quantile, (a, b, share) => {
      const [one, other] = [withSamples(emptyLateness, a), withSamples(emptyLateness, b)]
      expect(mergeLateness(one, other)).toEqual(mergeLateness(other, one))
      expect(mergeLateness(one, other)).toEqual(withSamples(one, b))
      expect(mergeLateness(one, other).counts).toHaveLength(latenessBucketsMs.length)
      expect(latenessAt(mergeLateness(one, other), share)).toBeLessThanOrEqual(
        Math.max(latenessAt(one, share), latenessAt(other, share)),
      )
    }),
  )
})

test('a later quantile is never smaller, and more late punches never shorten the look-back', () => {
  fc.assert(
    fc.property(samples, quantile, quantile, fc.nat(180 * 24 * hour), (own, a, b, late) => {
      const model = withSamples(emptyLateness, own)
      expect(latenessAt(model, Math.min(a, b))).toBeLessThanOrEqual(latenessAt(model, Math.max(a, b)))
      const later = Math.max(late, lookBackMs(model))
      expect(lookBackMs(withSamples(model, [later]))).toBeGreaterThanOrEqual(lookBackMs(model))
    }),
  )
})

test('what is faded weighs less: a source that has changed is believed', () => {
  const wasSlow = withSamples(emptyLateness, Array(10_000).fill(9 * 24 * hour))
  const isPrompt = withSamples(fadeLateness(wasSlow, 0.001), Array(50_000).fill(0))
  expect(lookBackMs(isPrompt)).toBeLessThan(lookBackMs(wasSlow))
  expect(fadeLateness(wasSlow, 0)).toEqual(emptyLateness)
})
