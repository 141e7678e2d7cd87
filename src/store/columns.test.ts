import fc from 'fast-check'
import { expect, test } from 'vitest'
import { columnOf } from './columns.ts'

test.for([
  [[], '{}'],
  [[1, null, true, -2.5], '{1,NULL,true,-2.5}'],
  [['a', '', 'NULL', null], '{"a","","NULL",NULL}'],
  [['a"b', 'c\\d', '{e,f}', '\\"'], String.raw`{"a\"b","c\\d","{e,f}","\\\""}`],
] as const)('%j becomes %s', ([cells, text]) => {
  expect(columnOf<string | number | boolean | null>(cells, (cell) => cell)).toBe(text)
})

test('a text inside quotes holds no bare quote or backslash: undoing the escapes gives it back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const inner = columnOf([value], (cell) => cell).slice(2, -2)
      expect(inner.replaceAll(/\\(["\\])/g, '$1')).toBe(value)
      expect(inner.replaceAll(/\\["\\]/g, '')).not.toMatch(/["\\]/)
    }),
  )
})
