import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWakeUps } from '#engine/wake-ups.ts'
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts'
import { type Database, openDatabase, rowsOf } from './database.ts'
import { migrate } from './migrate.ts'
import { auditDays, forgetOld, queueRetention, retention } from './retention.ts'
import { defaultTenant, ensureTenant } from './setup.ts'

const now = Temporal.Instant.from('2026-11-01T00:00:00Z')
const days = { calls: 180, raws: 90, runs: 400, events: 30 }

let home: TestDatabase
let database: Database
beforeAll(async () => {
  home = await testDatabase()
  database = openDatabase(home.config)
  await migrate(database)
})
afterAll(async () => {
  await database?.close()
  await home?.drop()
})

test('every table says how long its rows are kept, and no table says so that is not there', async () => {
  const rows = await rowsOf(
    sql<{ name: string }>`select table_name as name from information_schema.tables
      where table_schema = 'public' and table_name not like 'schema_migration%' order by 1`,
    database.kysely,
  )
  expect(retention.map(({ table }) => table).toSorted()).toEqual(rows.map(({ name }) => name))
})

test('what is older than its days goes, of this tenant alone, and the rest stays', async () => {
  const db = database.kysely
  const tenant = await defaultTenant(db)
  const other = await ensureTenant(db, 'other', '别的集团')
  const call = (of: number, at: string) =>
    rowsOf(
      sql`insert into call_log (tenant_id, connection_id, at, api, duration_ms, outcome, their_code, their_text, request_id, cost)
        select ${of}, 1, ${at}::timestamptz, 'x', 1, 'ok', '', '', '', 0 from generate_series(1, 6000)`,
      db,
    )
  await call(tenant, '2026-01-01T00:00:00Z')
  await call(tenant, '2026-10-31T00:00:00Z')
  await call(other, '2026-01-01T00:00:00Z')
  expect(await forgetOld(db, tenant, { now, days })).toEqual({ call_log: 6000 })
  expect(await forgetOld(db, tenant, { now, days })).toEqual({})
  const left = await rowsOf(
    sql<{
      tenant: number
      count: number
    }>`select tenant_id as tenant, count(*)::int8 as count from call_log group by 1 order by 1`,
    db,
  )
  expect(left).toEqual([
    { tenant, count: 6000 },
    { tenant: other, count: 6000 },
  ])
})

test('a run that nobody finished goes by when it was last seen alive, one that is at work stays', async () => {
  const db = database.kysely
  const tenant = await ensureTenant(db, 'runs', '批次')
  const run = (state: string, aliveAt: string, finishedAt: string | null) =>
    rowsOf(
      sql`insert into run (tenant_id, route_id, state, window_from, window_to, wait_ms, requested_at, seen_alive_at, finished_at)
        values (${tenant}, 1, ${state}, ${aliveAt}::timestamptz, ${aliveAt}::timestamptz, 0, '2020-01-01Z', ${aliveAt}::timestamptz,
          ${finishedAt}::timestamptz)`,
      db,
    )
  await run('running', '2025-01-01T00:00:00Z', null)
  await run('running', '2026-10-31T00:00:00Z', null)
  await run('done', '2025-01-01T00:00:00Z', '2026-10-31T00:00:00Z')
  expect(await forgetOld(db, tenant, { now, days })).toEqual({ run: 1 })
  const left = await rowsOf(
    sql<{ state: string }>`select state from run where tenant_id = ${tenant} order by state`,
    db,
  )
  expect(left.map(({ state }) => state)).toEqual(['done', 'running'])
})

test('who did what is kept for five years, which is longer than the law asks', async () => {
  const db = database.kysely
  const tenant = await ensureTenant(db, 'years', '多年')
  const act = (at: string) =>
    rowsOf(
      sql`insert into audit (tenant_id, at, actor, act, subject, details)
        values (${tenant}, ${at}::timestamptz, 'x', 'x', 'x', '{}')`,
      db,
    )
  await act('2021-10-01T00:00:00Z')
  await act('2021-11-02T00:00:00Z')
  expect(auditDays).toBeGreaterThan(731)
  expect(await forgetOld(db, tenant, { now, days })).toEqual({ audit: 1 })
})

test('every table of the queue says what bounds it', async () => {
  const queue = await openWakeUps(home.config, (error) => expect.unreachable(String(error)))
  try {
    const rows = await rowsOf(
      sql<{
        name: string
      }>`select table_name as name from information_schema.tables 
        where table_schema = 'pgboss' and table_name !~ '^queue_stats_[0-9]{8}$'`,
      database.kysely,
    )
    expect(queueRetention.map(({ table }) => table).toSorted()).toEqual(
      rows.map(({ name }) => name).toSorted(),
    )
  } finally {
    await queue[Symbol.asyncDispose]()
  }
})
