import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ConnectionId, RouteId, TenantId } from '#domain/ids.ts'
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts'
import { type Database, openDatabase } from './database.ts'
import { readDifferences } from './differences.ts'
import { migrate } from './migrate.ts'
import { insertPunches, markGone, type PunchRow } from './punches.ts'
import { defaultTenant } from './setup.ts'

let home: TestDatabase
let database: Database
let tenant: TenantId
const connection = 1 as ConnectionId
const route = 1 as RouteId
const noon = Temporal.Instant.from('2026-11-22T12:00:00+08:00')
const window = { from: noon.subtract({ hours: 1 }), to: noon.add({ hours: 1 }) }

/** A ledger row of `zhang`, at noon, unless it says otherwise; its content's hash is `h<id>`. */
const punch = (id: number, change: Partial<PunchRow> = {}): PunchRow => ({
  ...{ id, externalId: `r${id}`, hash: `h${id}`, accountKey: 'zhang', userId: 'zhang', at: noon, rawId: 0 },
  ...{ workDate: null, origin: 'person', isVoid: false, voidReason: null, result: null, device: null },
  ...{ address: null, latitude: null, longitude: null, slot: null },
  ...change,
})

beforeAll(async () => {
  home = await testDatabase()
  database = openDatabase(home.config)
  await migrate(database)
  const db = database.kysely
  tenant = await defaultTenant(db)
  const rows = [
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((id) => punch(id)),
    punch(9, { at: window.to.add({ seconds: 1 }) }),
    punch(10, { accountKey: 'li', userId: 'li' }),
  ]
  await insertPunches(db, tenant, connection, rows, noon)
  await markGone(db, tenant, [7, 8], noon)
  await sql`insert into batch (tenant_id, id, route_id, connection_id, state, size, fence)
    values (${tenant}, 1, ${route}, 2, 'verified', 1, 1), (${tenant}, 2, ${route}, 2, 'sent', 1, 1)`.execute(
    db,
  )
  const deliver = (id: number, state: string, batch: number | null = null) =>
    sql`insert into delivery (tenant_id, route_id, punch_id, connection_id, at, state, batch_id, decided_at)
      values (${tenant}, ${route}, ${id}, 2, ${noon.toString()}, ${state}, ${batch}, ${noon.toString()})`.execute(
      db,
    )
  await deliver(1, 'batched', 1)
  await deliver(2, 'alreadyThere')
  await deliver(3, 'batched', 2)
  await deliver(4, 'held')
  for (const id of [6, 7, 8]) await deliver(id, 'verified')
})
afterAll(async () => {
  await database.close()
  await home.drop()
})

async function differencesFrom(shown: Record<string, string>) {
  const found = await readDifferences(database.kysely, {
    ...{ tenant, connection, route, ...window },
    accountKeys: ['zhang', 'wang'],
    shown: Object.entries(shown).map(([externalId, hash]) => ({ externalId, accountKey: 'zhang', hash })),
  })
  return { ...found, differing: new Map(found.differing.map((one) => [one.externalId, one])) }
}
/** All of zhang’s punches that are not gone, as the ledger has them. */
const asKept = { r1: 'h1', r2: 'h2', r3: 'h3', r4: 'h4', r5: 'h5', r6: 'h6' }

test('of what is shown as it was only what is still owed something is read back', async () => {
  const { differing, strangers, settled } = await differencesFrom(asKept)
  expect([...differing.keys()].sort()).toEqual(['r3', 'r4', 'r5'])
  expect(differing.get('r3')!.delivery).toEqual({ state: 'sent', reason: null })
  expect(differing.get('r5')!.delivery).toBeNull()
  expect(strangers).toEqual([])
  expect(settled).toEqual({ verified: 2, alreadyThere: 1 })
})

test('a row with another content, and a row not shown any more, are differences', async () => {
  const { r6: _, ...rest } = asKept
  const { differing, settled } = await differencesFrom({ ...rest, r1: 'other' })
  expect([...differing.keys()].sort()).toEqual(['r1', 'r3', 'r4', 'r5', 'r6'])
  expect(differing.get('r1')).toMatchObject({ id: 1, hash: 'h1', at: noon.epochMilliseconds / 1000 })
  expect(settled).toEqual({ alreadyThere: 1 })
})

test('what is gone is a difference only when it is shown again', async () => {
  const { differing } = await differencesFrom({ ...asKept, r7: 'h7' })
  expect(differing.get('r7')).toMatchObject({ isGone: true, delivery: { state: 'verified' } })
  expect(differing.has('r8')).toBe(false)
})

test('a row that is new here is a stranger, with what is known of it elsewhere', async () => {
  const { differing, strangers } = await differencesFrom({ ...asKept, r9: 'h9', r10: 'h10', r11: 'h11' })
  expect(strangers.sort()).toEqual(['r10 zhang', 'r11 zhang', 'r9 zhang'])
  expect(differing.get('r9')).toMatchObject({ id: 9, accountKey: 'zhang' })
  // the same id of somebody else is another punch
  expect(differing.has('r10')).toBe(false)
  expect(differing.has('r11')).toBe(false)
})
