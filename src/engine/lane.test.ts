import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Clock } from '#domain/effects.ts'
import type { ConnectionId } from '#domain/ids.ts'
import { type Database, openDatabase, rowsOf } from '#store/database.ts'
import { migrate } from '#store/migrate.ts'
import { defaultTenant } from '#store/setup.ts'
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts'
import { failureOf } from '../../tests/support/failure-of.ts'
import { takeLanes } from './lane.ts'

let home: TestDatabase
const open: Database[] = []
beforeAll(async () => {
  home = await testDatabase()
  await migrate(aProcess())
})
afterAll(async () => {
  for (const database of open) await database.close()
  await home?.drop()
})

/** A process of its own: few connections, however many lanes. */
function aProcess(): Database {
  const database = openDatabase({ ...home.config, max: 2, application_name: `process ${open.length}` })
  open.push(database)
  return database
}

/** A clock that is pushed by hand. */
function aClock(): Clock & { push(ms: number): void } {
  let ms = Date.now()
  return {
    now: () => Temporal.Instant.fromEpochMilliseconds(ms),
    sleep: async () => {},
    push(by) {
      ms += by
    },
  }
}

let connections = 0
const aConnection = () => ({ id: ++connections as ConnectionId, key: `c${connections}` })

async function taking(database: Database, clock = aClock()) {
  const tenant = await defaultTenant(database.kysely)
  return (...wanted: ReturnType<typeof aConnection>[]) =>
    takeLanes({ database, clock, tenant, holder: 'test', connections: wanted, leaseMs: 60_000 })
}

test('a process holds any number of lanes, and its other work goes on', async () => {
  const database = aProcess()
  const take = await taking(database)
  const lanes = await Promise.all(Array.from({ length: 40 }, () => take(aConnection())))
  expect(lanes.every((one) => one !== null)).toBe(true)
  await rowsOf(sql`select 1`, database.kysely)
  await Promise.all(lanes.map((one) => one!.release()))
})

test('a lane given back where nothing can be written leaves the other lanes with their holder', async () => {
  const [database, other] = [aProcess(), aProcess()]
  const take = await taking(database)
  const [one, kept] = [aConnection(), aConnection()]
  const [mine, mineToo] = [await take(one), await take(kept)]
  await database.locks.use(({ client }) => client.query('set default_transaction_read_only = on'))
  await mine!.release()
  await database.locks.use(({ client }) => client.query('set default_transaction_read_only = off'))
  const takes = await taking(other)
  expect(await takes(kept)).toBeNull()
  expect(await takes(one)).not.toBeNull()
  await mineToo!.release()
})

test('a lane that is held is given to nobody, its own process included, until it is given back', async () => {
  const [one, other] = [await taking(aProcess()), await taking(aProcess())]
  const connection = aConnection()
  const lanes = await one(connection)
  expect(await one(connection)).toBeNull()
  expect(await other(connection)).toBeNull()
  await lanes!.release()
  const next = await other(connection)
  expect(next!.lanes[0]!.fence).toBeGreaterThan(lanes!.lanes[0]!.fence)
  await next!.release()
})

test('whoever wants two lanes and gets one gives it back', async () => {
  const [one, other] = [await taking(aProcess()), await taking(aProcess())]
  const [first, second] = [aConnection(), aConnection()]
  const lanes = await one(second)
  expect(await other(first, second)).toBeNull()
  const free = await one(first)
  expect(free).not.toBeNull()
  await Promise.all([lanes!.release(), free!.release()])
})

test('when the session of a process ends its lanes are free at once, and the fence stops whatever it still does', async () => {
  const [ended, living] = [aProcess(), aProcess()]
  const connection = aConnection()
  const lost = await (await taking(ended))(connection)
  const name = `process ${open.indexOf(ended)}`
  await rowsOf(
    sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${name}`,
    living.kysely,
  )
  const take = await taking(living)
  let lanes = await take(connection)
  for (let tries = 0; lanes === null && tries < 100; tries++) lanes = await take(connection)
  expect(lanes).not.toBeNull()
  const failure = await failureOf(ended.transaction((tx) => lost!.guard(tx)))
  expect(failure.code).toBe('lane.lost')
  await lost!.release()
  expect(await (await taking(ended))(connection)).toBeNull()
  await lanes!.release()
})

test('a holder that is silent past its lease loses its lanes, to its own process as to any other', async () => {
  const clock = aClock()
  const database = aProcess()
  const take = await taking(database, clock)
  const connection = aConnection()
  const frozen = await take(connection)
  clock.push(61_000)
  const lanes = await take(connection)
  expect(lanes).not.toBeNull()
  const failure = await failureOf(frozen!.keep())
  expect(failure.code).toBe('lane.lost')
  // What it gives back is its own lock, not that of its successor.
  await frozen!.release()
  expect(await take(connection)).toBeNull()
  await lanes!.release()
})
