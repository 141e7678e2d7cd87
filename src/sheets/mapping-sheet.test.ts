import { describe, expect, test } from 'vitest'
import { readMappingSheet } from './mapping-sheet.ts'
import type { SheetText } from './workbook.ts'

const sheet = (rows: string[][], more: Partial<SheetText> = {}): SheetText => ({
  name: 'Sheet1',
  isHidden: false,
  rows,
  odd: [],
  merges: [],
  ...more,
})

function read(...sheets: SheetText[]) {
  const found = readMappingSheet(sheets)
  return found.ok
    ? found.table.entries.map(({ line, dingtalkUser, wecomUser, decision, trouble }) => [
        line,
        dingtalkUser,
        wecomUser,
        decision,
        ...trouble.map(({ cell, kind }) => `${cell} ${kind}`),
      ])
    : found.problem
}

const pair = ['u1', 'zhangsan']
const titles = ['钉钉账号', '企业微信账号']

describe('a table made by hand', () => {
  test.for<{ when: string; sheets: SheetText[]; gives: unknown[] }>([
    { when: 'has two columns', sheets: [sheet([titles, pair])], gives: [[2, 'u1', 'zhangsan', 'link']] },
    {
      when: 'is English',
      sheets: [sheet([['DingTalk', 'WeCom'], pair])],
      gives: [[2, 'u1', 'zhangsan', 'link']],
    },
    {
      when: 'spells its titles its own way, in its own order',
      sheets: [
        sheet([
          ['备注', '企微 UserID', '钉钉_userid'],
          ['', 'zhangsan', 'u1'],
        ]),
      ],
      gives: [[2, 'u1', 'zhangsan', 'link']],
    },
    {
      when: 'begins below a heading and has gaps',
      sheets: [sheet([['员工账号对应表'], [], titles, pair, [], ['u2', 'lisi']])],
      gives: [
        [4, 'u1', 'zhangsan', 'link'],
        [6, 'u2', 'lisi', 'link'],
      ],
    },
    {
      when: 'numbers its rows',
      sheets: [
        sheet([
          ['编号', ...titles],
          ['1', ...pair],
        ]),
      ],
      gives: [[2, 'u1', 'zhangsan', 'link']],
    },
    {
      when: 'leaves a side open',
      sheets: [sheet([titles, ['u1', '']])],
      gives: [[2, 'u1', '', null]],
    },
    {
      when: 'stands behind other sheets',
      sheets: [sheet([['封面']], { name: '封面' }), sheet([titles, pair], { name: '人员' })],
      gives: [[2, 'u1', 'zhangsan', 'link']],
    },
    {
      when: 'is not the one that is named so',
      sheets: [sheet([titles, ['x', 'y']]), sheet([titles, pair], { name: ' 对应表' })],
      gives: [[2, 'u1', 'zhangsan', 'link']],
    },
  ])('$when', ({ sheets, gives }) => {
    expect(read(...sheets)).toEqual(gives)
  })
})

test.for<[string, string | null]>([
  ['关联', 'link'],
  ['不关联', 'apart'],
  [' Link ', 'link'],
  ['Do not link', 'apart'],
  ['是', 'link'],
  ['不是同一人', 'apart'],
  ['', null],
  ['也许', null],
])('the decision %s is understood as %s, whatever the language', ([text, decision]) => {
  expect(
    read(
      sheet([
        [...titles, '决定'],
        [...pair, text],
      ]),
    ),
  ).toEqual([[2, ...pair, decision]])
})

describe('cells that are not what was typed', () => {
  const table = [
    [...titles, '部门'],
    [...pair, '=A1'],
    ['u2', 'lisi'],
    ['u3', 'wangwu'],
  ]
  test.for<{ when: string; more: Partial<SheetText>; gives: string[] }>([
    {
      when: 'a formula stands for an account',
      more: { odd: [{ row: 1, column: 1, kind: 'formula' }] },
      gives: ['B2 formula', '', ''],
    },
    {
      when: 'a formula stands where we do not look',
      more: { odd: [{ row: 1, column: 2, kind: 'formula' }] },
      gives: ['', '', ''],
    },
    {
      when: 'cells are merged over rows',
      more: { merges: [{ top: 2, left: 0, bottom: 3, right: 0 }] },
      gives: ['', 'A3 merged', 'A3 merged'],
    },
    {
      when: 'cells are merged where we do not look',
      more: { merges: [{ top: 2, left: 2, bottom: 3, right: 2 }] },
      gives: ['', '', ''],
    },
    {
      when: 'merges without number reach to the end of the world',
      more: {
        merges: Array.from({ length: 50_000 }, () => ({ top: 1, left: 0, bottom: 1_048_575, right: 9 })),
      },
      gives: ['A2 merged', 'A2 merged', 'A2 merged'],
    },
  ])('$when', ({ more, gives }) => {
    const rows = read(sheet(table, more)) as unknown[][]
    expect(rows.map((row) => row.slice(4).join())).toEqual(gives)
  })
})

describe('a workbook without a mapping table is refused', () => {
  test.for<{ when: string; sheets: SheetText[]; gives: object }>([
    {
      when: 'its only sheet lacks a title',
      sheets: [sheet([['钉钉账号', '姓名'], pair])],
      gives: { kind: 'no-header', sheet: 'Sheet1', missing: ['wecomUser'] },
    },
    {
      when: 'none of its sheets is one',
      sheets: [sheet([['a']]), sheet([['b']], { name: 'Sheet2' })],
      gives: { kind: 'no-such-sheet', sheets: ['Sheet1', 'Sheet2'] },
    },
    {
      when: 'it is hidden',
      sheets: [sheet([titles, pair], { isHidden: true })],
      gives: { kind: 'no-such-sheet' },
    },
    {
      when: 'a title stands twice',
      sheets: [sheet([[...titles, 'DingTalk account'], pair])],
      gives: { kind: 'repeated-header', cell: 'C1', column: 'dingtalkUser' },
    },
    { when: 'there is nothing below the titles', sheets: [sheet([titles, []])], gives: { kind: 'no-rows' } },
    { when: 'it is empty', sheets: [sheet([])], gives: { kind: 'no-such-sheet' } },
    {
      when: 'it is our own table without its decisions',
      sheets: [
        sheet([
          ['行编号（请勿修改）', ...titles],
          ['r_1', ...pair],
        ]),
      ],
      gives: { kind: 'no-header', missing: ['decision'] },
    },
  ])('$when', ({ sheets, gives }) => {
    expect(read(...sheets)).toMatchObject(gives)
  })
})
