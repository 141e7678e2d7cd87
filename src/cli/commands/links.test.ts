import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { MappingEntry } from '#domain/mapping-entry.ts'
import { readWorkbook } from '#sheets/read-workbook.ts'
import { writeWorkbook } from '#sheets/write-workbook.ts'
import { systemClock } from '../../this-machine.ts'
import { run } from '../test-outside.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'links-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function handmade(name: string, rows: string[][]): Promise<string> {
  const file = join(folder, name)
  const columns = ['钉钉账号', '企业微信账号'].map((title) => ({ title, width: 9 }))
  await writeFile(file, await writeWorkbook([{ name: '对应表', columns, rows }]))
  return file
}

async function sheetsIn(file: string) {
  const read = await readWorkbook(await readFile(file), systemClock)
  if (!read.ok) throw new Error(read.problem.kind)
  return read.sheets
}

/** A product that finds the second row bad. */
const refusesLine3 = {
  linksImport: async ({ entries }: { entries: MappingEntry[] }) => ({
    linked: 1,
    unlinked: 0,
    unchanged: 0,
    ignored: 0,
    rows: [],
    bad: entries
      .filter(({ line }) => line === 3)
      .map(({ line }) => ({ line, problem: { kind: 'which-route' as const, known: ['hq', 'sh'] } })),
  }),
}

test('an export is a workbook of three sheets that its owner alone can read; an older one is kept', async () => {
  const file = join(folder, 'out.xlsx')
  const { code, stdout } = await run(['links', 'export', file, '--json'])
  expect([code, JSON.parse(stdout)]).toEqual([0, { file, rows: 0, open: 0, cleaning: 0, importable: true }])
  expect((await sheetsIn(file)).map(({ name }) => name)).toEqual(['对应表', '清洗清单', '说明'])
  expect((await stat(file)).mode & 0o077).toBe(0)
  await writeFile(file, 'somebody’s work')
  await run(['links', 'export', file, '--lang', 'en'])
  expect((await sheetsIn(file)).map(({ name }) => name)).toEqual(['Mapping', 'Cleaning list', 'Read me'])
  expect(await readFile(join(folder, 'out-previous.xlsx'), 'utf8')).toBe('somebody’s work')
})

const tableOf = (routes: Record<string, number>) =>
  Object.entries(routes).flatMap(([route, rows]) =>
    Array.from({ length: rows }, (_, nth) => ({
      ...{ row: '', route, status: 'linked' as const, decision: null, because: [], wouldChange: [] },
      ...{ dingtalk: null, wecom: null, probability: null, advice: 'nothing' as const },
      // Texts of their own weigh more than cells.
      row: `r_${route}_${nth}`,
    })),
  )

test('a table that no import could take back says so, and how to export it in parts', {
  timeout: 60_000,
}, async () => {
  const file = join(folder, 'long.xlsx')
  const exported = (routes: Record<string, number>, ...argv: string[]) => {
    const linksTable = async () => ({ rows: tableOf(routes), cleaning: [], several: [] })
    return run(['links', 'export', file, ...argv], { product: { linksTable } })
  }
  const { code, stdout } = await exported({ hq: 50_000, sz: 31_000 }, '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ rows: 81_000, importable: false, importAtMost: 43_000 },
    parts: [
      { file: join(folder, 'long-hq.xlsx'), route: 'hq', rows: 50_000 },
      { file: join(folder, 'long-sz.xlsx'), route: 'sz', rows: 31_000 },
    ],
  })
  const told = (await exported({ hq: 50_000, sz: 31_000 })).stdout
  for (const text of ['约 43000 行', '--subsidiary', '--route sz（31000 行）', '请只保留要决定的行'])
    expect(told).toContain(text)
  expect(told).not.toContain('links import long')
})

test('an import hands over what the file says and prints what became of it', async () => {
  const file = await handmade('in.xlsx', [['u1', 'zhangsan']])
  const asked: { file: string; entries: MappingEntry[]; dryRun: boolean }[] = []
  const rows = Array.from({ length: 22 }, (_, nth) => ({
    ...{ line: nth + 2, route: 'hq', decision: 'link' as const, dingtalk: `u${nth}`, wecom: `w${nth}` },
    note: nth === 0 ? '已电话核实' : '',
  }))
  const product = {
    linksImport: async (ask: (typeof asked)[number]) => {
      asked.push(ask)
      return { linked: 1, unlinked: 2, unchanged: 3, ignored: 4, bad: [], rows }
    },
  }
  const { code, stdout } = await run(['links', 'import', file, '--dry-run', '--json'], { product })
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual({ linked: 1, unlinked: 2, unchanged: 3, ignored: 4, rows })
  expect(asked).toMatchObject([
    { file, dryRun: true, entries: [{ dingtalkUser: 'u1', wecomUser: 'zhangsan', decision: 'link' }] },
  ])
  const told = (await run(['links', 'import', file], { product })).stdout
  expect(told).toMatch(/2\s+关联\s+hq\s+u0\s+w0\s+已电话核实/)
  expect(told).toContain('u19')
  expect(told).not.toContain('u20')
  expect(told).toContain('另有 2 行')
})

test.for([
  { when: 'beside it', argv: (_: string): string[] => [], marked: 'bad-marked.xlsx' },
  { when: 'where it is asked for', argv: (to: string) => ['--out', to], marked: 'elsewhere.xlsx' },
])('a file with bad rows comes back marked $when, with exit 2', async ({ argv, marked }) => {
  const file = await handmade('bad.xlsx', [
    ['u1', 'zhangsan'],
    ['u2', 'lisi'],
  ])
  const path = join(folder, marked)
  const ran = await run(['links', 'import', file, '--json', ...argv(path)], { product: refusesLine3 })
  expect(ran.code).toBe(2)
  const { error } = JSON.parse(ran.stdout)
  expect(error.code).toBe('links-refused')
  expect(error.hint).toContain('第 3 行：看不出是哪条路线')
  expect(error.hint).toContain(path)
  const [sheet] = await sheetsIn(path)
  expect(sheet?.rows.map((row) => row[2] ?? '')).toEqual([
    '问题',
    '',
    expect.stringContaining('看不出是哪条路线'),
  ])
})

test('a marked file that is still bad is marked again, not named anew', async () => {
  const file = await handmade('again-marked.xlsx', [
    ['a', 'b'],
    ['c', 'd'],
  ])
  await run(['links', 'import', file], { product: refusesLine3 })
  expect((await readdir(folder)).filter((name) => name.startsWith('again'))).toEqual(['again-marked.xlsx'])
})

test.for([
  { when: 'the file is not there', name: 'nowhere.xlsx', bytes: null, says: 'ENOENT' },
  { when: 'it is a text', name: 'text.xlsx', bytes: Buffer.from('a,b\n'), says: '.csv' },
  { when: 'it has 50 MB', name: 'large.xlsx', bytes: Buffer.alloc(50 * 1024 * 1024), says: '50 MB' },
])('exit 2 in words and nothing asked of the product when $when', async ({ name, bytes, says }) => {
  const file = join(folder, name)
  if (bytes) await writeFile(file, bytes)
  const ran = await run(['links', 'import', file, '--json'])
  expect([ran.code, ran.opened]).toEqual([2, 0])
  expect(JSON.parse(ran.stdout).error).toMatchObject({
    code: 'sheet-unreadable',
    title: expect.stringContaining(says),
  })
})

test('an export that cannot be written, or that Excel would not open, is exit 2 in words', async () => {
  const unwritable = await run(['links', 'export', join(folder, 'no', 'such.xlsx'), '--json'])
  expect([unwritable.code, JSON.parse(unwritable.stdout).error.code]).toEqual([2, 'sheet-unwritable'])
  const misnamed = await run(['links', 'export', join(folder, 'links.csv')])
  expect([misnamed.code, misnamed.stderr]).toEqual([2, expect.stringContaining('links.csv.xlsx')])
})
