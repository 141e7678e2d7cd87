import { afterAll, beforeAll, expect, test } from 'vitest'
import { foundCompany } from '#simulation/company.ts'
import { migratedDatabase, type TestDatabase } from '../support/database.ts'

let home: TestDatabase
beforeAll(async () => {
  home = await migratedDatabase()
})
afterAll(() => home?.drop())

const dataCalls = (calls: Record<string, Record<string, number>>) => ({
  listRecord: calls['dingtalk']?.['listRecord'] ?? 0,
  getcheckindata: calls['wecom']?.['getcheckindata'] ?? 0,
  add_checkin_record: calls['wecom']?.['add_checkin_record'] ?? 0,
})

test('a company’s punches show in WeCom once each, with the fewest calls, however often we sync', async () => {
  await using company = await foundCompany({
    database: home.config,
    seed: 1,
    people: 120,
    days: 14,
    style: 'sample',
  })
  const first = await company.sync()
  const { punches, deliveries } = first
  expect(deliveries.written).toBeGreaterThan(1000)
  expect(deliveries.verified).toBe(deliveries.written)
  expect(punches.read).toBe(punches.fresh + punches.unchanged + punches.revised)
  expect(punches.read).toBe(
    Object.values(punches.skipped).reduce((a, b) => a + b, 0) +
      deliveries.verified +
      deliveries.held +
      deliveries.refused +
      deliveries.inDoubt +
      deliveries.alreadyThere,
  )
  expect(dataCalls(first.calls)).toEqual(dataCalls(first.leastCalls))
  const stored = company.sandbox.records().filter((record) => record.origin === 'api')
  expect(stored.length).toBe(deliveries.written)

  const second = await company.sync()
  expect(second.punches).toMatchObject({ fresh: 0, revised: 0 })
  expect(second.deliveries).toMatchObject({ planned: 0, written: 0, inDoubt: 0 })
  expect(company.sandbox.records().filter((record) => record.origin === 'api').length).toBe(stored.length)
})

test('a rehearsal says what the run then does, and writes nothing anywhere', async () => {
  await using company = await foundCompany({
    database: home.config,
    seed: 2,
    people: 40,
    days: 7,
    style: 'sample',
    // A rehearsal asks nobody about mobiles, for that spends the platform's patience: here it need not.
    faults: { mobileHidden: { wecom: false } },
  })
  const process = await company.process()
  const ask = { route: 'hq', signal: new AbortController().signal, onProgress: () => {} }
  const plan = await process.app.plan(ask)
  expect(company.sandbox.records().filter((record) => record.origin === 'api')).toEqual([])
  expect(await process.app.people({})).toEqual([])
  await process.stop()
  const run = await company.sync({ to: plan.window.to })
  expect(plan.deliveries.planned).toBe(run.deliveries.planned)
  expect(plan.deliveries.held).toBe(run.deliveries.held)
  expect(plan.punches.skipped).toEqual(run.punches.skipped)
  expect(dataCalls(plan.leastCalls)).toEqual(dataCalls(run.calls))
})

test('two syncs at once carry every punch once, and both tell the same story', async () => {
  // Waiting takes no time here, and the database does: whoever follows is given all day.
  const options = { laneWaitMs: 24 * 3_600_000 }
  await using company = await foundCompany({ database: home.config, seed: 3, people: 30, days: 7, options })
  const window = { from: '2026-02-27', to: '2026-03-04T11:00:00+08:00' }
  const [one, other] = await Promise.all([company.sync(window), company.sync(window)])
  expect(one.deliveries.verified).toBe(other.deliveries.verified)
  expect(Math.max(one.deliveries.written, other.deliveries.written)).toBe(one.deliveries.verified)
  expect(Math.min(one.deliveries.written, other.deliveries.written)).toBe(0)
  const records = company.sandbox.records()
  expect(new Set(records.map((record) => `${record.userid}@${record.checkin_time}`)).size).toBe(
    records.length,
  )
})
