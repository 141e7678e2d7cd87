import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSettings, type Settings } from '#settings/settings.ts'
import { type Company, foundCompany } from '#simulation/company.ts'
import { openDatabase } from '#store/database.ts'
import { migrate } from '#store/migrate.ts'
import { backUp, restore } from '../../src/back-up.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

const seed = 21
let home: TestDatabase
let folder: string
beforeAll(async () => {
  home = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'qintong-restored-'))
  const database = openDatabase(home.config)
  await migrate(database)
  await database.close()
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await home?.drop()
})

function settings(): Settings {
  const key = Buffer.alloc(32, seed).toString('base64')
  const read = readSettings({ QINTONG_HOME: join(folder, 'home'), QINTONG_SECRET_KEY: key })
  if (!read.ok) throw new Error(read.invalid.what)
  // An address of a socket is good for pg, but no URL.
  return { ...read.settings, databaseUrl: home.url }
}

const ask = ({ clock }: Company) => ({
  ...{ file: join(folder, 'old.backup'), build: 'test', now: clock.now(), onProgress: () => {} },
})
const written = ({ sandbox }: Company) =>
  sandbox
    .records()
    .filter(({ origin }) => origin === 'api')
    .map(({ userid, checkin_time }) => `${userid}@${checkin_time}`)

test('after an older backup is put back nothing is written twice, though it shows late', async () => {
  await using company = await foundCompany({
    ...{
      database: home.config,
      seed,
      people: 8,
      days: 2,
      faults: { visibilityDelay: 1_800, duplicates: 'store' },
    },
  })
  const first = await company.sync({ to: '2026-03-03T23:59:59+08:00' })
  expect(first.deliveries.written).toBeGreaterThan(0)
  await backUp(settings(), ask(company))
  // The ledger that is put back will know nothing of these, and WeCom does not show them yet.
  const second = await company.sync({ waitMs: 0 })
  expect(second.deliveries.written).toBeGreaterThan(0)
  const before = written(company)

  const done = await restore(settings(), { ...ask(company), isReplacing: true, actor: 'test' })
  expect(done.writesFrom).toBe(company.clock.now().add({ minutes: 45 }).toString())
  const early = await company.sync({ waitMs: 0 })
  expect(early.punches.fresh).toBeGreaterThan(0)
  expect(early.deliveries.written).toBe(0)
  expect(written(company)).toEqual(before)

  await company.clock.sleep(46 * 60_000)
  const late = await company.sync()
  expect(late.deliveries).toMatchObject({ written: 0, held: 0, inDoubt: 0 })
  expect(late.deliveries.alreadyThere).toBeGreaterThanOrEqual(second.deliveries.written)
  expect(written(company)).toEqual(before)
})
