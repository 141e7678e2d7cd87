import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { createSocketOpener } from '#platforms/dingtalk/stream/ws-socket.ts'
import { createHttpTransport } from '#platforms/transport.ts'
import { type SandboxServer, serveSandbox } from '#sandbox/server.ts'
import { type Database, openDatabase, rowsOf } from '#store/database.ts'
import { migrate } from '#store/migrate.ts'
import { createSeal } from '#store/seal.ts'
import { ensureTenant, readConnections } from '#store/setup.ts'
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts'
import { systemClock } from '../this-machine.ts'
import { apply } from './apply.ts'
import { openInbox } from './inbox.ts'
import { type AppOptions, type AppParts, noWakeUps } from './parts.ts'
import { openStreams, type Streams, serveStreams } from './streams.ts'

const options: AppOptions = {
  ...{ version: 'test', home: '', databaseKind: 'embedded', pace: 1, timeoutMs: 5_000, isDemo: false },
  ...{ contactsMaxAgeMs: 0, visibilityMaxMs: 60_000, laneWaitMs: 1_000, callLogDays: 7, rawDays: 1 },
  ...{ runHistoryDays: 1, eventDays: 1, streamConnections: 2, callbackMaxAgeMs: 900_000, domainProofs: [] },
  ...{ writeBackMonths: 1, slotRadiusMs: 0, wrongProbeShare: 0.05 },
}
let home: TestDatabase
let database: Database
let server: SandboxServer
let parts: AppParts
let streams: Streams
const transport = createHttpTransport({})
const logged: object[] = []
const bugs: unknown[] = []
let tenants = 0

beforeAll(async () => {
  home = await testDatabase()
  database = openDatabase(home.config)
  await migrate(database)
})
beforeEach(async () => {
  logged.length = 0
  server = await serveSandbox({
    seed: 3,
    port: 0,
    people: 4,
    now: systemClock.now,
    faults: { streamDuplicates: 0 },
  })
  const log = (fields: object, event: string) => logged.push({ ...fields, event })
  parts = {
    ...{
      clock: systemClock,
      random: Math.random,
      transport,
      openSocket: createSocketOpener(),
      database,
      options,
    },
    ...{
      seal: createSeal(Buffer.alloc(32, 3)),
      tenant: await ensureTenant(database.kysely, `t${++tenants}`, 't'),
    },
    ...{ holder: 'test', actor: 'test', env: {}, openWakeUps: noWakeUps, log: { info: log, warn: log } },
    onBug: (error) => String(bugs.push(error)),
  }
  await say({})
  streams = openStreams(parts, openInbox(parts))
})
afterEach(async () => {
  await streams.close()
  await server.close()
  expect(bugs).toEqual([])
})
afterAll(async () => {
  await transport.close()
  await database.close()
  await home.drop()
})

/** The setup as the sandbox tells it, with a Stream unless said otherwise. */
async function say({ mode = 'stream', secret }: { mode?: string; secret?: string }) {
  const { setupYaml, credentials } = server.ready()
  const text = setupYaml
    .replace('events: { mode: off }', `events: { mode: ${mode} }`)
    .replace(credentials.dingtalk.clientSecret, secret ?? credentials.dingtalk.clientSecret)
  await apply(parts, { text, file: 'setup.yaml', dryRun: false })
}
const connections = () => readConnections(database.kysely, parts.tenant)
const follow = async () => streams.follow(await connections())
const deliver = (eventId: string) =>
  server.sandbox.stream.deliver({
    ...{ eventId, eventType: 'user_add_org', bornAt: 0, corpId: server.ready().credentials.dingtalk.corpId },
    data: { userId: ['u001'] },
  })
const kept = () =>
  rowsOf(
    sql<{
      via: string
      type: string
      body: string
    }>`select via, type, body from event where tenant_id = ${parts.tenant}`,
    database.kysely,
  )
const isOpen = (wanted = 2) =>
  vi.waitFor(() => expect(server.sandbox.stream.view().connections).toBe(wanted), { timeout: 10_000 })

test('an event is in the inbox before the gateway hears that it was taken; told again it is known', async () => {
  await follow()
  await isOpen()
  expect(await deliver('e1')).toBe('acknowledged')
  expect(await kept()).toEqual([{ via: 'stream', type: 'user_add_org', body: '{"userId":["u001"]}' }])
  expect(await deliver('e1')).toBe('acknowledged')
  expect(await kept()).toHaveLength(1)
  expect(streams.health()['hq-dingtalk']).toMatchObject({ connections: 2, wanted: 2, kept: 1, known: 1 })
})

test('an event that the database does not take comes again, and is there then', async () => {
  await follow()
  await isOpen()
  await sql`alter table event rename to event_away`.execute(database.kysely)
  const refused = await deliver('e1').finally(() =>
    sql`alter table event_away rename to event`.execute(database.kysely),
  )
  expect(refused).toBe('later')
  expect(bugs.splice(0)).toHaveLength(1)
  expect(await deliver('e1')).toBe('acknowledged')
  expect(await kept()).toHaveLength(1)
})

test('registrations are in the call log, free of charge and without secrets', async () => {
  await follow()
  await isOpen()
  const log = await vi.waitFor(
    async () => {
      const rows = await rowsOf(
        sql<{
          api: string
          outcome: string
          cost: number
        }>`select api, outcome, cost from call_log where tenant_id = ${parts.tenant}`,
        database.kysely,
      )
      expect(rows).toHaveLength(2)
      return rows
    },
    { timeout: 10_000 },
  )
  expect(new Set(log.map((row) => JSON.stringify(row)))).toEqual(
    new Set(['{"api":"connections/open","outcome":"ok","cost":0}']),
  )
})

test('a secret that was revoked shows, and the right one, applied, is taken up at once', async () => {
  await say({ secret: 'revoked-secret' })
  await follow()
  const failing = () => streams.health()['hq-dingtalk']?.failing
  await vi.waitFor(() => expect(failing()).toBe('platform.bad-credentials'), { timeout: 10_000 })
  expect(logged).toContainEqual(
    expect.objectContaining({ event: 'stream trouble', code: 'platform.bad-credentials' }),
  )
  await say({})
  await follow()
  await isOpen()
  expect(failing()).toBeNull()
  expect(JSON.stringify(logged)).not.toMatch(/ticket|revoked-secret/)
})

test('following again changes nothing; a connection that wants no Stream any more is let go', async () => {
  await follow()
  await isOpen()
  await follow()
  expect(server.sandbox.stream.view()).toMatchObject({ connections: 2, refusedTickets: 0 })
  await say({ mode: 'off' })
  await follow()
  await isOpen(0)
  expect(streams.health()).toEqual({})
})

test('serving takes up a changed setup by itself, and lets everything go in the end', async () => {
  const stopping = new AbortController()
  const serving = serveStreams(parts, streams, stopping.signal)
  await isOpen()
  stopping.abort()
  await serving
  await isOpen(0)
})

test('one can be stopped and started by itself', async () => {
  const [dingtalk, wecom] = await connections()
  streams.start(dingtalk!)
  streams.start(wecom!)
  await isOpen()
  await streams.stop('hq-dingtalk')
  await isOpen(0)
  streams.start(dingtalk!)
  await isOpen()
  expect(Object.keys(streams.health())).toEqual(['hq-dingtalk'])
})
