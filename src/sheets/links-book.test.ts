import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideMapping, type KnownAccounts, type MappingVerdict } from '#domain/decide-mapping.ts'
import { accountKey } from '#domain/ids.ts'
import {
  type Decision,
  type MappingAccount,
  type MappingFacts,
  type MappingOutcome,
  mappingColumns,
  type StandingDecision,
  toMappingRows,
} from '#domain/mapping-table.ts'
import { type Lang, messagesIn } from '#messages/messages.ts'
import { sheetLimits } from './limits.ts'
import { planLinksBook } from './links-book.ts'
import { type MappingSheet, readMappingSheet } from './mapping-sheet.ts'
import { planMarkedBook } from './marked-book.ts'
import { readSheets } from './read-sheets.ts'
import type { SheetPlan } from './workbook.ts'
import { writeWorkbook } from './write-workbook.ts'

const route = { key: 'hq', dingtalk: 'hq-dingtalk', wecom: 'hq-wecom' }

const account = (connection: string, userId: string, name: string): MappingAccount => ({
  connection,
  key: accountKey(connection === route.wecom ? 'wecom' : 'dingtalk', userId),
  userId,
  name,
  person: `p_${userId}`,
  subsidiary: '总部',
  departments: ['总部/研发中心'],
  jobNumber: '007',
  mobileTail: '1234',
  isActive: true,
  hasLeft: false,
})

/** Every way the rows can come about: source n is linked with target n, torn between two, or alone. */
function factsOf(ids: string[], decisions: StandingDecision[] = []): MappingFacts {
  const sources = ids.map((id) => account(route.dingtalk, id, `${id}先生`))
  const targets = [...new Map(ids.map((id) => [accountKey('wecom', id), id])).values()]
  const key = (nth: number) => accountKey('wecom', targets[nth % targets.length]!)
  const outcomes = sources.map((source, nth): MappingOutcome => {
    const none = { status: 'unmatched' as const, twinKey: null, candidates: [] }
    const kinds = [
      { ...none, status: 'linked' as const, twinKey: key(nth) },
      {
        ...none,
        status: 'conflicting' as const,
        candidates: [key(nth), key(nth + 1)].map((one) => ({
          key: one,
          because: [{ code: 'same-name' as const, name: source.name }],
          probability: 0.4,
        })),
      },
      none,
    ]
    return {
      route: route.key,
      sourceKey: source.key,
      because: [],
      probability: null,
      wouldChange: [],
      ...kinds[nth % 3]!,
    }
  })
  return {
    routes: [route],
    accounts: [...sources, ...targets.map((id) => account(route.wecom, id, `${id}女士`))],
    outcomes,
    decisions,
  }
}

const knownFrom = ({ accounts, decisions }: MappingFacts): KnownAccounts => ({
  routes: [route],
  connections: [route.dingtalk, route.wecom],
  accounts: new Map(
    [route.dingtalk, route.wecom].map((connection) => [
      connection,
      new Map(accounts.filter((one) => one.connection === connection).map((one) => [one.key, one])),
    ]),
  ),
  decisions,
})

async function tableOf(plan: SheetPlan[]): Promise<MappingSheet> {
  const read = await readSheets(await writeWorkbook(plan), sheetLimits)
  if (!read.ok) throw new Error(read.problem.kind)
  const found = readMappingSheet(read.sheets)
  if (!found.ok) throw new Error(found.problem.kind)
  return found.table
}

/** Written, opened, edited row by row, saved and judged. */
async function imported(
  facts: MappingFacts,
  lang: Lang,
  edit: (row: { dingtalk: string; wecom: string }) => Decision | null = () => null,
): Promise<MappingVerdict> {
  const words = messagesIn(lang)
  const [mapping, ...rest] = planLinksBook(toMappingRows(facts), [], words)
  const [decisionAt, dingtalkAt, wecomAt] = (['decision', 'dingtalkUser', 'wecomUser'] as const).map(
    (column) => mappingColumns.indexOf(column),
  ) as [number, number, number]
  const rows = mapping!.rows.map((cells) => {
    const decision = edit({ dingtalk: cells[dingtalkAt]!, wecom: cells[wecomAt]! })
    return decision === null ? cells : cells.with(decisionAt, words.links.decisions[decision])
  })
  const { entries } = await tableOf([{ ...mapping!, rows }, ...rest])
  expect(entries).toHaveLength(mapping!.rows.length)
  return decideMapping(entries, knownFrom(facts))
}

const userId = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
    fc.constantFrom(
      '007',
      '7',
      '=cmd',
      '+1',
      '@x',
      '-1',
      '#N/A',
      '_x0041_',
      '"',
      "'",
      'a\nb',
      '𠮷野',
      '😀',
      '1E5',
    ),
  )
  .map((text) => text.replaceAll('\0', '').toWellFormed().trim())
  .filter((text) => text !== '')
const userIds = fc.uniqueArray(userId, { minLength: 1, maxLength: 12 })
const lang = fc.constantFrom<Lang>('zh', 'en')

test('a table that nobody edited changes nothing, whatever its people are called', async () => {
  await fc.assert(
    fc.asyncProperty(userIds, lang, async (ids, language) => {
      const undecided = await imported(factsOf(ids), language)
      expect(undecided).toMatchObject({ changes: [], unchanged: 0, bad: [] })
      const [first] = ids
      const decisions = [
        { route: 'hq', sourceKey: first!, targetKey: accountKey('wecom', first!), decision: 'link' as const },
      ]
      const decided = await imported(factsOf(ids, decisions), language)
      expect(decided).toMatchObject({ changes: [], unchanged: 1, bad: [] })
    }),
    { numRuns: 40 },
  )
})

test('what was edited is what is decided, and the next table shows exactly that', async () => {
  await fc.assert(
    fc.asyncProperty(userIds, lang, fc.infiniteStream(fc.boolean()), async (ids, language, coin) => {
      const facts = factsOf(ids)
      const taken = new Set<string>()
      const wanted = new Map<string, Decision>()
      const verdict = await imported(facts, language, ({ dingtalk, wecom }) => {
        if (dingtalk === '' || wecom === '' || coin.next().value) return null
        const sides = [`d ${dingtalk}`, `w ${accountKey('wecom', wecom)}`]
        const decision = sides.some((side) => taken.has(side)) ? 'apart' : 'link'
        if (decision === 'link') for (const side of sides) taken.add(side)
        wanted.set(`${dingtalk}\n${accountKey('wecom', wecom)}`, decision)
        return decision
      })
      const decided = new Map(
        verdict.changes.map((one) => [`${one.sourceKey}\n${one.targetKey}`, one.decision]),
      )
      expect(verdict.bad).toEqual([])
      expect(decided).toEqual(wanted)
      const next = toMappingRows(factsOf(ids, verdict.changes))
      const shown = next.flatMap(({ dingtalk, wecom, decision }) =>
        decision === null ? [] : [[`${dingtalk?.key}\n${wecom?.key}`, decision] as const],
      )
      expect(new Map(shown)).toEqual(wanted)
    }),
    { numRuns: 40 },
  )
})

test('the table holds who it is, in the reader’s language, and no more of a mobile than its tail', async () => {
  const facts = factsOf(['u1', 'u2'])
  for (const language of ['zh', 'en'] as const) {
    const words = messagesIn(language)
    const { sheet } = await tableOf(planLinksBook(toMappingRows(facts), [], words))
    expect(sheet.name).toBe(words.links.sheets.mapping)
    expect(sheet.rows[0]).toEqual(mappingColumns.map((column) => words.links.columns[column]))
    const linked = sheet.rows.find((cells) => cells.includes(words.linkStatus.linked))
    for (const text of ['u1先生', 'hq-dingtalk', 'u1女士', '总部/研发中心', '007', '1234'])
      expect(linked).toContain(text)
  }
})

test('ten thousand rows are written, read and judged in seconds', { timeout: 30_000 }, async () => {
  const ids = Array.from({ length: 10_000 }, (_, nth) => `user${nth}`)
  const verdict = await imported(factsOf(ids), 'zh', ({ dingtalk, wecom }) =>
    dingtalk === wecom ? 'link' : null,
  )
  expect(verdict).toMatchObject({ linked: 6_667, bad: [] })
})

test('a refused table comes back as it was, its bad rows marked, and can be corrected in place', async () => {
  const words = messagesIn('zh')
  const original: SheetPlan[] = [
    { name: '封面', columns: [{ title: '给人事', width: 9 }], rows: [['=HYPERLINK("x")']] },
    {
      name: '对应表',
      above: [['账号对应表', '', '二〇二六年']],
      columns: ['钉钉账号', '企业微信账号', '我的备注'].map((title) => ({ title, width: 9 })),
      rows: [
        ['u1', 'zhangsan', '留着'],
        ['u9', 'lisi', ''],
      ],
    },
  ]
  const read = await readSheets(await writeWorkbook(original), sheetLimits)
  if (!read.ok) throw new Error(read.problem.kind)
  const table = await tableOf(original)
  const bad = [{ line: 4, problem: { kind: 'which-route' as const, known: ['hq', 'sh'] } }]
  const sheet = read.sheets.find((one) => one.name === '对应表')!
  const marked = await readSheets(
    await writeWorkbook(planMarkedBook(read.sheets, { ...table, sheet }, bad, words)),
    sheetLimits,
  )
  if (!marked.ok) throw new Error(marked.problem.kind)
  expect(marked.sheets.map(({ name, rows }) => ({ name, rows }))).toEqual([
    { name: '封面', rows: [['给人事'], ['=HYPERLINK("x")']] },
    {
      name: '对应表',
      rows: [
        ['账号对应表', '', '二〇二六年'],
        ['钉钉账号', '企业微信账号', '我的备注', '问题'],
        ['u1', 'zhangsan', '留着'],
        ['u9', 'lisi', '', words.links.entryProblem(bad[0]!.problem)],
      ],
    },
  ])
  expect(marked.sheets.flatMap(({ odd }) => odd)).toEqual([])
  const again = readMappingSheet(marked.sheets)
  expect(again.ok && again.table.entries).toEqual(table.entries)
})
