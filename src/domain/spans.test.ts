import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutSpan, daysOf, epochSecond, fromEpochSecond } from './spans.ts'

const span = fc
  .tuple(fc.integer({ min: 0, max: 2_000_000_000 }), fc.integer({ min: 0, max: 200 * 86_400 }))
  .map(([from, length]) => ({ from: fromEpochSecond(from), to: fromEpochSecond(from + length) }))

test('a span is cut without gap or overlap into the fewest pieces, none longer than allowed', () => {
  fc.assert(
    fc.property(span, fc.integer({ min: 1, max: 31 }), (whole, days) => {
      const pieces = cutSpan(whole, days)
      expect(pieces.length).toBe(Math.ceil(daysOf(whole) / days))
      let next = epochSecond(whole.from)
      for (const piece of pieces) {
        expect(epochSecond(piece.from)).toBe(next)
        expect(epochSecond(piece.to) - next).toBeLessThanOrEqual(days * 86_400 - 1)
        next = epochSecond(piece.to) + 1
      }
      expect(next - 1).toBe(epochSecond(whole.to))
    }),
  )
})
