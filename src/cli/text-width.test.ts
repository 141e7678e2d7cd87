import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutTo, formatTable, printable, widthOf } from './text-width.ts'

test.for([
  ['abc', 3],
  ['打卡', 4],
  ['工号 A1', 7],
  ['（尾号）', 8],
  ['é', 1],
  ['e\u0301', 1],
  ['👍', 2],
  ['', 0],
] as const)('%s takes %d columns', ([text, width]) => {
  expect(widthOf(text)).toBe(width)
})

test('columns stand under their headings, whatever is in them', () => {
  expect(
    formatTable(
      ['姓名', 'id'],
      [
        ['张三', 'u1'],
        ['Al', '号'],
      ],
    ),
  ).toBe('姓名  id\n张三  u1\nAl    号')
})

test('a cut text is never wider than asked', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '打', '，', 'é', '\u0301') }),
      fc.integer({ min: 1, max: 20 }),
      (text, width) => {
        expect(widthOf(cutTo(text, width))).toBeLessThanOrEqual(width)
        if (widthOf(text) <= width) expect(cutTo(text, width)).toBe(text)
      },
    ),
  )
})

test("other people's texts cannot move the cursor", () => {
  expect(printable('a\u001b[2Jb\nc')).toBe('a [2Jb c')
})
