import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts'
import { failureOf } from '../../tests/support/failure-of.ts'
import { type Database, openDatabase, rowsOf } from './database.ts'
import { migrate } from './migrate.ts'

let home: TestDatabase
let database: Database
beforeEach(async () => {
  home = await testDatabase()
  database = openDatabase(home.config)
})
afterEach(async () => {
  await database.close()
  await home.drop()
})

test('several processes may start at once on an empty database', async () => {
  const others = [openDatabase(home.config), openDatabase(home.config)]
  await Promise.all([database, ...others].map(migrate))
  expect(await rowsOf(sql`select 1 from tenant`, database.kysely)).toHaveLength(1)
  for (const other of others) await other.close()
})

test('a database that a newer build has changed is refused, and left alone', async () => {
  await migrate(database)
  await sql`insert into schema_migration (name, timestamp) values ('9999-from-the-future', 'now')`.execute(
    database.kysely,
  )
  expect((await failureOf(migrate(database))).code).toBe('store.newer-schema')
})

test('every key begins with the tenant', async () => {
  await migrate(database)
  const keys = await rowsOf(
    sql<{ table: string; first: string }>`
    select c.relname as table, a.attname as first from pg_index i
      join pg_class c on c.oid = i.indrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
     where i.indisprimary and c.relnamespace = 'public'::regnamespace and c.relname not like 'schema_migration%' and c.relname <> 'tenant'`,
    database.kysely,
  )
  expect(keys.length).toBeGreaterThan(15)
  expect(keys.filter((key) => key.first !== 'tenant_id')).toEqual([])
})

test('punches are never deleted, and a revision is never changed', async () => {
  await migrate(database)
  const db = database.kysely
  await sql`insert into punch (tenant_id, id, connection_id, external_id, account_key, user_id, at, origin, is_void, hash, raw_id, landed_at)
    values (1, 1, 1, 'x', 'u', 'u', now(), 'person', false, 'first', 1, now())`.execute(db)
  await sql`update punch set hash = 'second', device = 'gate' where id = 1`.execute(db)
  expect(await rowsOf(sql`select hash, revision from punch_revision`, db)).toEqual([
    { hash: 'first', revision: 1 },
  ])
  expect(await rowsOf(sql`select hash, revision from punch`, db)).toEqual([{ hash: 'second', revision: 2 }])
  await expect(sql`delete from punch`.execute(db)).rejects.toThrow('never deleted')
  await expect(sql`update punch_revision set hash = 'other'`.execute(db)).rejects.toThrow('never changed')
  await expect(sql`delete from punch_revision`.execute(db)).rejects.toThrow('never changed')
})
