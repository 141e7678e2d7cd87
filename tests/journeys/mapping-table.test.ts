import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Operations } from '#cli/operations.ts'
import type { MappingEntry } from '#domain/mapping-entry.ts'
import type { Decision } from '#domain/mapping-table.ts'
import { messagesIn } from '#messages/messages.ts'
import { planLinksBook } from '#sheets/links-book.ts'
import { readMappingSheet } from '#sheets/mapping-sheet.ts'
import { readWorkbook } from '#sheets/read-workbook.ts'
import { writeWorkbook } from '#sheets/write-workbook.ts'
import { foundCompany } from '#simulation/company.ts'
import { openDatabase, rowsOf } from '#store/database.ts'
import { migrate } from '#store/migrate.ts'
import { systemClock } from '../../src/this-machine.ts'
import { testDatabase } from '../support/database.ts'
import { beforeDawn, founder, onlyNamesAreKnown } from './founder.ts'

const founded = founder()
const at = '2026-03-04T02:58:07+08:00'
const file = 'links.xlsx'

/** What comes back of the table the product shows now, as if it had been saved and read. */
async function exported(app: Operations): Promise<MappingEntry[]> {
  const { rows, cleaning } = await app.linksTable({})
  const read = await readWorkbook(
    await writeWorkbook(planLinksBook(rows, cleaning, messagesIn('zh'))),
    systemClock,
  )
  if (!read.ok) throw new Error(read.problem.kind)
  const found = readMappingSheet(read.sheets)
  if (!found.ok) throw new Error(found.problem.kind)
  return found.table.entries
}

const saying = (entries: MappingEntry[], who: { dingtalk: string; wecom: string }, decision: Decision) =>
  entries.map((entry) =>
    entry.dingtalkUser === who.dingtalk && entry.wecomUser === who.wecom
      ? { ...entry, decision, decisionText: decision }
      : entry,
  )

const decisionsShown = (entries: MappingEntry[]) =>
  Object.fromEntries(
    entries
      .filter(({ decision }) => decision !== null)
      .map(({ dingtalkUser, wecomUser, decision }) => [`${dingtalkUser} ${wecomUser}`, decision]),
  )

test('a table that nobody edited changes nothing; an edited one does what it says, and shows it next time', async () => {
  await using company = await founded(onlyNamesAreKnown)
  const [who, other] = company.people
  company.punches(who!, at)
  company.punches(other!, at)
  await company.sync()
  await company.does(async (app) => {
    const before = await exported(app)
    const plain = await app.linksImport({ file, entries: before, dryRun: false })
    expect(plain).toEqual({ linked: 0, unlinked: 0, unchanged: 0, ignored: before.length, bad: [], rows: [] })

    const edited = saying(saying(before, who!, 'link'), other!, 'apart')
    const rehearsed = await app.linksImport({ file, entries: edited, dryRun: true })
    expect(rehearsed).toMatchObject({ linked: 1, unlinked: 1 })
    expect(decisionsShown(await exported(app))).toEqual({})

    expect(await app.linksImport({ file, entries: edited, dryRun: false })).toMatchObject(rehearsed)
    const after = await exported(app)
    expect(decisionsShown(after)).toEqual({
      [`${who!.dingtalk} ${who!.wecom}`]: 'link',
      [`${other!.dingtalk} ${other!.wecom}`]: 'apart',
    })
    const again = await app.linksImport({ file, entries: after, dryRun: false })
    expect(again).toMatchObject({ linked: 0, unlinked: 0, unchanged: 2, bad: [] })
  })
  await company.sync()
  expect(company.stored(who!)).toEqual([at])
  expect(company.stored(other!)).toEqual([])
})

test('one bad row, and nothing of the file is applied', async () => {
  await using company = await founded(onlyNamesAreKnown)
  await company.sync()
  const [who] = company.people
  await company.does(async (app) => {
    const entries = saying(await exported(app), who!, 'link')
    const stranger = {
      ...entries[0]!,
      line: 99,
      row: '',
      dingtalkUser: 'u1',
      wecomUser: 'nobody',
      decision: 'link',
    }
    const report = await app.linksImport({
      file,
      entries: [...entries, stranger as MappingEntry],
      dryRun: false,
    })
    expect(new Set(report.bad.map(({ line }) => line))).toEqual(new Set([99]))
    expect(decisionsShown(await exported(app))).toEqual({})
  })
})

test('a link the table takes apart holds what has not travelled yet, and the audit says who did it and why', async () => {
  const home = await testDatabase()
  const database = openDatabase(home.config)
  await migrate(database)
  await using company = await foundCompany({ database: home.config, seed: 7, people: 2, start: beforeDawn })
  const [who] = company.sandbox.pairs()
  await company.sync()
  const { app, stop } = await company.process()
  const entries = saying(await exported(app), who!, 'apart').map((entry) => ({
    ...entry,
    note: '同名不同人',
  }))
  expect(await app.linksImport({ file, entries, dryRun: false })).toMatchObject({ unlinked: 1 })
  await stop()
  company.sandbox.punch({ platform: 'dingtalk', userId: who!.dingtalk, at })
  expect((await company.sync()).deliveries).toMatchObject({ written: 0, held: 1 })
  const audited = await rowsOf(
    sql`select actor, subject, details from audit where act = 'import'`,
    database.kysely,
  )
  expect(audited).toMatchObject([
    {
      actor: 'simulation',
      subject: file,
      details: {
        linked: 0,
        unlinked: 1,
        unchanged: 0,
        ignored: 1,
        rows: [
          { route: 'hq', decision: 'apart', dingtalk: who!.dingtalk, wecom: who!.wecom, note: '同名不同人' },
        ],
      },
    },
  ])
  await database.close()
  await home.drop()
})
