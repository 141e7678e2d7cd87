import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RowDigest } from './row-digest.ts'

const digestOf = (...pieces: Buffer[]) => {
  const digest = new RowDigest()
  for (const piece of pieces) digest.add(piece)
  return { count: digest.count, sum: digest.sum }
}
const textOf = (rows: string[]) => Buffer.from(rows.map((row) => `${row}\n`).join(''))
const rows = fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' ')))

test('neither the order of rows nor where the text is cut changes it', () => {
  fc.assert(
    fc.property(rows, fc.array(fc.nat()), (list, cuts) => {
      const text = textOf(list)
      const ends = [...cuts.map((cut) => cut % (text.length + 1)), text.length].toSorted((a, b) => a - b)
      const pieces = ends.map((end, i) => text.subarray(ends[i - 1] ?? 0, end))
      const whole = digestOf(text)
      expect(digestOf(...pieces)).toEqual(whole)
      expect(digestOf(textOf(list.toReversed()))).toEqual(whole)
      expect(whole.count).toBe(list.length)
    }),
  )
})

test('a row more, a row less, a row twice and one changed character are seen', () => {
  fc.assert(
    fc.property(rows, fc.string({ minLength: 1 }), fc.nat(), (list, text, at) => {
      const row = text.replaceAll('\n', ' ')
      const { sum } = digestOf(textOf(list))
      expect(digestOf(textOf([...list, row])).sum).not.toBe(sum)
      expect(digestOf(textOf([...list, row, row])).sum).not.toBe(sum)
      const changed = list.map((one, i) => (i === at % list.length ? `${one}${row}` : one))
      if (list.length > 0) expect(digestOf(textOf(changed)).sum).not.toBe(sum)
    }),
  )
})
