import { expect, test } from 'vitest'
import type { Finding } from '#domain/cleaning-list.ts'
import type { CellTrouble, EntryProblem } from '#domain/mapping-entry.ts'
import { mappingColumns } from '#domain/mapping-table.ts'
import type { ForeignFormat, SheetProblem } from '#domain/sheet-problem.ts'
import { messagesIn } from './messages.ts'

const langs = ['zh', 'en'] as const
const han = /\p{Script=Han}/u
/** Names on the Chinese consoles stand in brackets. */
const theirs = /\([^()]*\p{Script=Han}[^()]*\)/gu

/** One of each; the compiler refuses a missing kind. */
const entryProblems: { [K in EntryProblem['kind']]: Extract<EntryProblem, { kind: K }> } = {
  cell: { kind: 'cell', cell: 'C5', trouble: 'formula' },
  'unknown-decision': { kind: 'unknown-decision', text: '?' },
  'unknown-route': { kind: 'unknown-route', route: 'hk', known: ['hq'] },
  'which-route': { kind: 'which-route', known: ['hq', 'sh'] },
  'unknown-connection': { kind: 'unknown-connection', connection: 'hk', known: [] },
  'not-on-route': { kind: 'not-on-route', connection: 'hk', route: 'hq' },
  'keys-changed': { kind: 'keys-changed' },
  'no-decision': { kind: 'no-decision' },
  'one-side-only': { kind: 'one-side-only', missing: 'wecom' },
  'unknown-account': { kind: 'unknown-account', connection: 'hq', userId: '7', suggestion: '007' },
  'claimed-twice': { kind: 'claimed-twice', connection: 'hq', userId: 'u1', line: 9 },
  contradiction: { kind: 'contradiction', line: 9 },
  'linked-elsewhere': { kind: 'linked-elsewhere', connection: 'hq', userId: 'u1', twin: 'x' },
}
const troubles: Record<CellTrouble, true> = {
  formula: true,
  rounded: true,
  date: true,
  error: true,
  merged: true,
}
const sheetProblems: { [K in SheetProblem['kind']]: Extract<SheetProblem, { kind: K }> } = {
  unreadable: { kind: 'unreadable', reason: 'ENOENT' },
  'too-large': { kind: 'too-large', megabytes: 50, most: 20 },
  'not-a-workbook': { kind: 'not-a-workbook', looksLike: 'xls' },
  encrypted: { kind: 'encrypted' },
  damaged: { kind: 'damaged' },
  'unpacks-too-large': { kind: 'unpacks-too-large', most: 200 },
  'too-heavy': { kind: 'too-heavy' },
  'too-many-cells': { kind: 'too-many-cells', rows: 9 },
  'text-too-long': { kind: 'text-too-long', most: 9 },
  'too-many-rows': { kind: 'too-many-rows', sheet: 'S', most: 9 },
  'too-many-columns': { kind: 'too-many-columns', sheet: 'S', most: 9 },
  'cell-too-long': { kind: 'cell-too-long', sheet: 'S', cell: 'B2', most: 9 },
  'no-such-sheet': { kind: 'no-such-sheet', sheets: ['S', 'T'] },
  'no-header': { kind: 'no-header', sheet: 'S', missing: ['wecomUser'] },
  'repeated-header': { kind: 'repeated-header', sheet: 'S', cell: 'C1', column: 'wecomUser' },
  'no-rows': { kind: 'no-rows', sheet: 'S' },
}
const formats: Record<ForeignFormat, true> = {
  nothing: true,
  xls: true,
  xlsb: true,
  ods: true,
  numbers: true,
  docx: true,
  pptx: true,
  zip: true,
  html: true,
  text: true,
  unknown: true,
}
const findings: { [K in Finding['kind']]: Extract<Finding, { kind: K }> } = {
  'job-number-shared': { kind: 'job-number-shared', jobNumber: 'A1', with: ['a', 'b', 'c', 'd', 'e', 'f'] },
  'job-number-placeholder': { kind: 'job-number-placeholder', jobNumber: '000' },
  'job-number-differs': { kind: 'job-number-differs', jobNumber: 'A1', theirs: 'A2', twin: 'a' },
  'mobile-shared': { kind: 'mobile-shared', tail: '1234', with: ['a'] },
  'leaver-by-name': { kind: 'leaver-by-name', name: 'Li' },
  'twin-gone': { kind: 'twin-gone', twin: 'a' },
  'name-differs': { kind: 'name-differs', name: 'Li', theirs: 'Lee', twin: 'a' },
  'name-note': { kind: 'name-note', name: 'Li (x)', bare: 'Li' },
  'no-job-numbers': { kind: 'no-job-numbers', people: 9 },
  'job-number-missing': { kind: 'job-number-missing', theirs: 'A1' },
  'never-activated': { kind: 'never-activated' },
}
const keys = <K extends string>(record: Record<K, unknown>) => Object.keys(record) as K[]

test.for(langs)('whatever is wrong with a workbook, a row or an account has its own words in %s', (lang) => {
  const { links, sheetProblem } = messagesIn(lang)
  const wholes = [
    ...Object.values(sheetProblems),
    ...keys(formats).map((looksLike) => ({ kind: 'not-a-workbook' as const, looksLike })),
  ].map((problem) => Object.values(sheetProblem(problem)).join('\n'))
  const rows = [
    ...Object.values(entryProblems),
    { kind: 'unknown-account' as const, connection: 'hq', userId: '7', suggestion: null },
    ...keys(troubles).map((trouble) => ({ kind: 'cell' as const, cell: 'C6', trouble })),
  ].map(links.entryProblem)
  const found = [...Object.values(findings), { kind: 'job-number-missing' as const, theirs: null }].map(
    (one) => Object.values(links.finding(one)).join('\n'),
  )
  const pages = keys(findings).flatMap((kind) => [links.page('dingtalk', kind), links.page('wecom', kind)])
  for (const list of [wholes.slice(0, -1), rows, found])
    expect(new Set(list).size).toBeGreaterThan(list.length - 2)
  for (const text of [...wholes, ...rows, ...found, ...pages, ...links.guide.flat()]) {
    expect(text).not.toMatch(/undefined|null|\[object/)
    expect(han.test(lang === 'en' ? text.replace(theirs, '') : text), text).toBe(lang === 'zh')
  }
})

test('no two columns have one title, in either language or between them', () => {
  const titles = langs.flatMap((lang) =>
    mappingColumns.map((column) => messagesIn(lang).links.columns[column]),
  )
  expect(new Set(titles).size).toBe(2 * mappingColumns.length)
})

test('a problem names the facts that a person needs to correct it', () => {
  const { entryProblem, finding, page } = messagesIn('zh').links
  expect(entryProblem(entryProblems['unknown-account'])).toContain('是不是 007')
  expect(entryProblem(entryProblems['claimed-twice'])).toMatch(/hq:u1.*第 9 行/)
  expect(entryProblem(entryProblems.cell)).toContain('C5')
  expect(finding(findings['job-number-missing']).correction).toContain('A1')
  expect(page('wecom', 'never-activated')).toContain('work.weixin.qq.com')
})
