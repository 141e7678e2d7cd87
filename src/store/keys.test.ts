import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts'
import { type Database, openDatabase, rowsOf } from './database.ts'
import { readAnySealed, readPrintKey, resealAll, sealedColumns } from './keys.ts'
import { migrate } from './migrate.ts'
import { createSeal, printKeyOf } from './seal.ts'
import { ensureTenant, readConnections, saveConnection, saveSubsidiary } from './setup.ts'

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

test('whatever holds bytes is either sealed and known here, or no secret', async () => {
  const rows = await rowsOf(
    sql<{ name: string }>`select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = 'public' and data_type = 'bytea' order by 1`,
    database.kysely,
  )
  const sealed = sealedColumns.map(({ table, column }) => `${table}.${column}`)
  // the fingerprint key is sealed by resealAll itself; a raw answer is compressed, not sealed
  expect(rows.map(({ name }) => name)).toEqual([...sealed, 'raw_answer.body', 'tenant.print_key'].toSorted())
})

test('after a change of keys only the new one opens everything, and fingerprints are what they were', async () => {
  const db = database.kysely
  const [old, fresh] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  const from = createSeal(old)
  for (const key of ['one', 'other']) {
    const tenant = await ensureTenant(db, key, key)
    await saveConnection(db, tenant, {
      ...{ key: 'hq', platform: 'wecom', corpId: 'ww1', facts: {}, secretPrint: '', visibilityMaxMs: 0 },
      subsidiaryId: await saveSubsidiary(db, tenant, { key: 'hq', name: 'hq' }),
      sealed: from.seal(`secret of ${key}`),
    })
  }
  const print = from.print('13800000000')
  const printKey = printKeyOf(old)
  const to = createSeal(fresh, printKey)
  expect(await database.transaction((tx) => resealAll(tx, { from, to, printKey }))).toBe(2)

  const kept = await readPrintKey(db, createSeal(fresh))
  const seal = createSeal(fresh, kept!)
  expect(seal.print('13800000000')).toBe(print)
  for (const key of ['one', 'other']) {
    const [row] = await readConnections(db, await ensureTenant(db, key, key))
    expect(seal.open(row!.sealed)).toBe(`secret of ${key}`)
    expect(() => from.open(row!.sealed)).toThrow()
  }
  expect(seal.open((await readAnySealed(db))!)).toBe(printKey.toString('base64'))
})
