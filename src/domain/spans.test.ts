import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutInParts, cutSpan, daysOf, epochSecond, fromEpochSecond } from './spans.ts'

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

test('pieces leave room for a second more wherever that takes no further piece', () => {
  fc.assert(
    fc.property(span, fc.integer({ min: 1, max: 31 }), (whole, days) => {
      const pieces = cutSpan(whole, days)
      const total = epochSecond(whole.to) - epochSecond(whole.from) + 1
      const longest = days * 86_400 - 1
      if (total > pieces.length * longest) return
      for (const { from, to } of pieces)
        expect(epochSecond(to) - epochSecond(from) + 1).toBeLessThanOrEqual(longest)
    }),
  )
})

test('parts cover a span without gap or overlap, none longer than allowed, and cost no more reads of the source', () => {
  const steps = fc.integer({ min: 1, max: 31 })
  fc.assert(
    fc.property(span, steps, fc.integer({ min: 0, max: 40 }), (whole, step, more) => {
      const longest = step + more
      const parts = cutInParts(whole, step, longest)
      let next = epochSecond(whole.from)
      for (const part of parts) {
        expect(epochSecond(part.from)).toBe(next)
        expect(epochSecond(part.to) - next).toBeLessThanOrEqual(longest * 86_400 - 1)
        next = epochSecond(part.to) + 1
      }
      expect(next - 1).toBe(epochSecond(whole.to))
      const reads = parts.reduce((sum, part) => sum + cutSpan(part, step).length, 0)
      expect(reads).toBe(cutSpan(whole, step).length)
    }),
  )
})
