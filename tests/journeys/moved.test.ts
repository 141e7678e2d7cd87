import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSettings, type Settings } from '#settings/settings.ts'
import { type Company, foundCompany } from '#simulation/company.ts'
import { bringUpToDate } from '#store/bring-up-to-date.ts'
import { type Embedded, startEmbedded } from '#store/embedded/embedded.ts'
import { backUp, restore } from '../../src/back-up.ts'
import { allRows } from '../support/all-rows.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

const seed = 22
/** What a restore changes on purpose: who holds a lane, when writing begins again, and that it was done. */
const changedOnPurpose = ['lane', 'connection', 'audit']
/** The same each time. */
const window = { from: '2026-03-03T00:00:00+08:00', to: '2026-03-04T11:59:59+08:00' }

let folder: string
let external: TestDatabase
const embedded: Embedded[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qintong-moved-'))
  external = await testDatabase()
})
afterAll(async () => {
  for (const one of embedded) await one.release()
  await external?.drop()
  await rm(folder, { recursive: true, force: true })
})

async function embeddedAt(home: string): Promise<Embedded['config']> {
  const one = await startEmbedded({ home: join(folder, home), settings: { fsync: 'off' } })
  embedded.push(one)
  return one.config
}

function settingsOf(home: string, databaseUrl?: string): Settings {
  const key = Buffer.alloc(32, seed).toString('base64')
  const read = readSettings({ QINTONG_HOME: join(folder, home), QINTONG_SECRET_KEY: key })
  if (!read.ok) throw new Error(read.invalid.what)
  // An address of a socket is good for pg, but no URL.
  return { ...read.settings, databaseUrl }
}

/** All that is kept, but what a restore changes on purpose: of that, how many rows. */
async function ledgersOf(config: TestDatabase['config']) {
  const { audit, ...all } = await allRows(config)
  const same = Object.entries(all).map(([table, { rows, digest }]) => [
    table,
    changedOnPurpose.includes(table) ? rows : { rows, digest },
  ])
  return { audited: audit!.rows, ledgers: Object.fromEntries(same) }
}

const written = ({ sandbox }: Company) => ({
  wecom: sandbox.records().filter(({ origin }) => origin === 'api').length,
  dingtalk: sandbox.uploads().length,
})

test('embedded, then a PostgreSQL of one’s own, then embedded: the same rows, and nothing is written again', async () => {
  const first = await embeddedAt('first')
  await bringUpToDate(first)
  // Where the company's processes find their database; they move with it.
  const lives = { ...first }
  await using company = await foundCompany({ database: lives, seed, people: 10, style: 'sample' })
  const { deliveries } = await company.sync(window)
  expect(deliveries.written).toBeGreaterThan(0)
  const before = written(company)

  const move = async (
    from: Settings,
    to: Settings,
    at: { old: Embedded['config']; new: Embedded['config'] },
  ) => {
    const ask = { build: 'test', now: company.clock.now(), onProgress: () => {} }
    const file = join(folder, `to-${at.new.database}-${company.clock.now().epochMilliseconds}`)
    const old = await ledgersOf(at.old)
    await backUp(from, { ...ask, file })
    const report = await restore(to, { ...ask, file, isReplacing: false, actor: 'test' })
    expect(report).toMatchObject({ key: 'same', before: null, migrated: [] })
    const moved = await ledgersOf(at.new)
    expect(moved.ledgers).toEqual(old.ledgers)
    // Once for each tenant.
    expect(moved.audited).toBe(old.audited + report.tables['tenant']!)
    Object.assign(lives, at.new)
    await company.clock.sleep(46 * 60_000)
    const again = await company.sync(window)
    expect(again.punches).toMatchObject({ fresh: 0 })
    expect(again.deliveries).toMatchObject({ written: 0, inDoubt: 0 })
    expect(written(company)).toEqual(before)
  }

  const outside = settingsOf('outside', external.url)
  await move(settingsOf('first'), outside, { old: first, new: external.config })
  const last = await embeddedAt('last')
  await move(outside, settingsOf('last'), { old: external.config, new: last })
})
