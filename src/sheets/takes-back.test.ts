import { expect, test } from 'vitest'
import { sheetLimits } from './limits.ts'
import { takesBack } from './takes-back.ts'

const sheet = (rows: string[][]) => ({ name: 'S', columns: [{ title: 'A', width: 9 }], rows })
const few = { ...sheetLimits, tags: 1_000, textTags: 500, rows: 250 }

test.for([
  { when: 'there is next to nothing', rows: [['a']], fits: true },
  { when: 'one text stands in every cell', rows: Array.from({ length: 200 }, () => ['a']), fits: true },
  { when: 'the texts are too many', rows: Array.from({ length: 70 }, (_, nth) => [`${nth}`]), fits: false },
  { when: 'the rows are too many', rows: Array.from({ length: 250 }, () => ['a']), fits: false },
])('an import takes a workbook back: $fits when $when', ({ rows, fits }) => {
  expect(takesBack([sheet(rows)], few)).toBe(fits)
})

test('the cells of all sheets count together', () => {
  const half = sheet(Array.from({ length: 150 }, () => ['a']))
  expect([takesBack([half], few), takesBack([half, half], few)]).toEqual([true, false])
})
