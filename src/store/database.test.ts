import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migratedDatabase, type TestDatabase } from '../../tests/support/database.ts'
import { type Database, openDatabase, rowsOf, storeTrouble } from './database.ts'
import { tryWrite } from './try-write.ts'

let home: TestDatabase
let admin: Client
let database: Database
const tenant = 1 as never
beforeAll(async () => {
  home = await migratedDatabase()
  admin = new Client(home.config)
  await admin.connect()
  database = openDatabase({ ...home.config, max: 2 })
})
afterAll(async () => {
  await database?.close()
  await admin?.end()
  await home?.drop()
})
const alter = (setting: string) => admin.query(`alter database ${home.config.database} ${setting}`)
const failsWith = (code: string) => ({ failure: expect.objectContaining({ code }) })

test('a session that was opened while the database took no writes is not kept once it does', async () => {
  await tryWrite(database, tenant)
  await alter('set default_transaction_read_only = on')
  const late = openDatabase({ ...home.config, max: 1 })
  try {
    await expect(tryWrite(late, tenant)).rejects.toMatchObject(failsWith('store.read-only'))
    await alter('reset default_transaction_read_only')
    await tryWrite(late, tenant)
  } finally {
    await late.close()
  }
})

test('the least write leaves nothing behind, and waits for nobody for long', async () => {
  const before = await admin.query('select xmin from tenant')
  await tryWrite(database, tenant)
  expect((await admin.query('select xmin from tenant')).rows).toEqual(before.rows)
  await admin.query('begin')
  await admin.query('lock table tenant in access exclusive mode')
  await expect(tryWrite(database, tenant)).rejects.toMatchObject(failsWith('store.slow'))
  await admin.query('rollback')
  await tryWrite(database, tenant)
})

test('a statement the server gives up for its own time limit is a slow database', async () => {
  const slow = openDatabase({ ...home.config, max: 1, statement_timeout: 50 })
  await expect(rowsOf(sql`select pg_sleep(5)`, slow.kysely)).rejects.toMatchObject(failsWith('store.slow'))
  await slow.close()
})

test('a database that lets nobody in is gone', async () => {
  const other = await migratedDatabase()
  await admin.query(`alter database ${other.config.database} with allow_connections false`)
  const shut = openDatabase({ ...other.config, max: 1 })
  await expect(rowsOf(sql`select 1`, shut.kysely)).rejects.toMatchObject(failsWith('store.gone'))
  await shut.close()
  await other.drop()
})

test.for([
  ['53100', 'could not extend file', 'store.disk-full'],
  ['ENOSPC', 'no space left', 'store.disk-full'],
  ['25006', 'cannot execute UPDATE in a read-only transaction', 'store.read-only'],
  ['57014', 'canceling statement due to statement timeout', 'store.slow'],
  ['55P03', 'canceling statement due to lock timeout', 'store.slow'],
  ['57P03', 'the database system is starting up', 'store.gone'],
])('code %s: %s: %s', ([code, text, told]) => {
  expect(storeTrouble(Object.assign(new Error(text), { code }))).toMatchObject(failsWith(told!))
})
