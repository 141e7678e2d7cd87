import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts'
import { type Database, openDatabase, rowsOf } from './database.ts'
import { migrate } from './migrate.ts'
import { forgetOld, retention } from './retention.ts'
import { defaultTenant, ensureTenant } from './setup.ts'

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
  const now = Temporal.Instant.from('2026-11-01T00:00:00Z')
  const call = (of: number, at: string) =>
    rowsOf(
      sql`insert into call_log (tenant_id, connection_id, at, api, duration_ms, outcome, their_code, their_text, request_id, cost)
        select ${of}, 1, ${at}::timestamptz, 'x', 1, 'ok', '', '', '', 0 from generate_series(1, 6000)`,
      db,
    )
  await call(tenant, '2026-01-01T00:00:00Z')
  await call(tenant, '2026-10-31T00:00:00Z')
  await call(other, '2026-01-01T00:00:00Z')
  const days = { calls: 180, raws: 90, runs: 400, events: 30 }
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
