import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutToBytes, cutToCharacters } from '#platforms/cut-text.ts'

const family = '👨‍👩‍👧‍👦' // one visible character, seven code points, 25 bytes

test('a visible character is not cut in two where that can be helped', () => {
  expect(cutToBytes(`ab${family}`, 26)).toBe('ab')
  expect(cutToBytes(`ab${family}`, 27)).toBe(`ab${family}`)
  expect(cutToBytes('考勤机', 8)).toBe('考勤')
  expect(cutToCharacters('考'.repeat(41), 40)).toBe('考'.repeat(40))
  expect(cutToCharacters(`${'a'.repeat(39)}😀`, 40)).toBe('a'.repeat(39))
})

test('a character longer than the limit is cut between code points rather than dropped', () => {
  const tower = `e${'\u0301'.repeat(2000)}`
  const cut = cutToBytes(tower, 1024)
  expect(Buffer.byteLength(cut)).toBe(1023)
  expect(tower.startsWith(cut)).toBe(true)
})

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 600 }),
  fc.string({ unit: 'grapheme', maxLength: 600 }),
  fc
    .array(fc.constantFrom('考', '😀', family, '\ud83d', 'e\u0301', 'a', '\n'), { maxLength: 600 })
    .map((parts) => parts.join('')),
)

test('a cut text never exceeds, stays valid, begins the text, and cutting again changes nothing', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 1100 }), (text, limit) => {
      const whole = text.toWellFormed()
      for (const [cut, measure] of [
        [cutToBytes, (piece: string) => Buffer.byteLength(piece, 'utf8')],
        [cutToCharacters, (piece: string) => piece.length],
      ] as const) {
        const piece = cut(text, limit)
        expect(measure(piece)).toBeLessThanOrEqual(limit)
        expect(piece.isWellFormed()).toBe(true)
        expect(Buffer.from(piece, 'utf8').toString('utf8')).toBe(piece)
        expect(whole.startsWith(piece)).toBe(true)
        expect(cut(piece, limit)).toBe(piece)
        if (measure(whole) <= limit) expect(piece).toBe(whole)
      }
    }),
  )
})
