import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ConnectionId, TenantId } from '#domain/ids.ts'
import type { EventHint, PlatformEvent } from '#domain/platform-event.ts'
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts'
import { readQuotaUse } from './calls.ts'
import { type Database, openDatabase, rowsOf } from './database.ts'
import { countInbox, keepEvents, readOpenHints, settleEvents } from './inbox.ts'
import { migrate } from './migrate.ts'
import { defaultTenant, ensureTenant, saveConnection, saveSubsidiary } from './setup.ts'

let home: TestDatabase
let database: Database
let tenant: TenantId
let other: TenantId
let connection: ConnectionId
let theirs: ConnectionId
const at = Temporal.Instant.from('2026-11-22T09:00:00+08:00')
const somebody: EventHint[] = [{ kind: 'contacts', userIds: ['u001'] }]

beforeAll(async () => {
  home = await testDatabase()
  database = openDatabase(home.config)
  await migrate(database)
  tenant = await defaultTenant(database.kysely)
  other = await ensureTenant(database.kysely, 'other', '别的集团')
  connection = await connectionOf(tenant)
  theirs = await connectionOf(other)
})
afterAll(async () => {
  await database.close()
  await home.drop()
})
beforeEach(async () => {
  await sql`delete from event`.execute(database.kysely)
})

async function connectionOf(tenant: TenantId): Promise<ConnectionId> {
  const db = database.kysely
  const subsidiaryId = await saveSubsidiary(db, tenant, { key: 'hq', name: '总部' })
  const row = { key: 'hq-dingtalk', platform: 'dingtalk', corpId: 'ding1', secretPrint: '' } as const
  return saveConnection(db, tenant, {
    ...row,
    subsidiaryId,
    facts: {},
    sealed: Buffer.of(),
    visibilityMaxMs: 0,
  })
}

const anEvent = (change: Partial<PlatformEvent> = {}): PlatformEvent => ({
  via: 'http',
  eventId: 'e1',
  type: 'user_add_org',
  body: '{"userId":["u001"]}',
  at,
  ...change,
})
const keep = (events: PlatformEvent[], hints = somebody) =>
  keepEvents(
    database,
    tenant,
    events.map((event) => ({ connection, event, hints })),
  )
const open = (limit = 100) => readOpenHints(database.kysely, { tenant, connection, limit })
const bodies = async () =>
  (await rowsOf(sql<{ body: string }>`select body from event order by received_at, id`, database.kysely)).map(
    ({ body }) => body,
  )

describe('the same event is one event', () => {
  test.for([
    { when: 'its number comes again', again: { body: '{"other":"words"}' }, gives: 'known' },
    { when: 'its number comes again over the Stream', again: { via: 'stream' as const }, gives: 'known' },
    { when: 'it comes again a day later', again: { at: at.add({ hours: 24 }) }, gives: 'known' },
    {
      when: 'it comes again later than a day',
      again: { at: at.add({ hours: 24, milliseconds: 1 }) },
      gives: 'kept',
    },
    { when: 'another number comes with the same words', again: { eventId: 'e2' }, gives: 'kept' },
  ])('$when: $gives', async ({ again, gives }) => {
    expect(await keep([anEvent()])).toEqual(['kept'])
    expect(await keep([anEvent(again)])).toEqual([gives])
  })

  test.for([
    { when: 'the same words come again', again: {}, gives: 'known' },
    { when: 'other words come', again: { body: '{"userId":["u002"]}' }, gives: 'kept' },
    { when: 'the same words come under another name', again: { type: 'user_leave_org' }, gives: 'kept' },
  ])('without a number, $when: $gives', async ({ again, gives }) => {
    await keep([anEvent({ eventId: null })])
    expect(await keep([anEvent({ eventId: null, ...again })])).toEqual([gives])
  })

  test('within one statement the first is kept and the rest is known', async () => {
    const events = ['a', 'b', 'a', 'c', 'b'].map((eventId) => anEvent({ eventId }))
    expect(await keep(events)).toEqual(['kept', 'kept', 'known', 'kept', 'known'])
  })

  test('an event that is told anew after a day is open again', async () => {
    await keep([anEvent()])
    await settleEvents(database.kysely, { tenant, connection, ids: (await open()).map(({ id }) => id), at })
    await keep([anEvent({ at: at.add({ hours: 25 }) })])
    expect(await open()).toMatchObject([{ receivedAt: at.add({ hours: 25 }) }])
  })

  test('many processes told the same at once keep it once between them', async () => {
    const events = Array.from({ length: 50 }, (_, i) => anEvent({ eventId: `e${i}` }))
    const told = await Promise.all(
      [events, events.toReversed(), events, events.toReversed()].map((one) => keep(one)),
    )
    expect(told.flat().filter((one) => one === 'kept')).toHaveLength(50)
    expect(await bodies()).toHaveLength(50)
  })
})

describe('deliveries that the platform counts', () => {
  const used = (month: string) =>
    readQuotaUse(database.kysely, tenant, 'ding1', Temporal.PlainDate.from(month))
  const countedKeep = (events: PlatformEvent[]) =>
    keepEvents(
      database,
      tenant,
      events.map((event) => ({ connection, event, hints: somebody, isMetered: true })),
    )
  beforeEach(async () => {
    await sql`delete from quota_use`.execute(database.kysely)
  })

  test('are counted by the month of Shanghai, repeats included, beside the calls', async () => {
    const lastOfMarch = Temporal.Instant.from('2026-03-31T23:59:59+08:00')
    const firstOfApril = lastOfMarch.add({ seconds: 1 })
    await countedKeep([
      anEvent({ at: lastOfMarch }),
      anEvent({ at: lastOfMarch }),
      anEvent({ at: firstOfApril }),
    ])
    await countedKeep([anEvent({ at: lastOfMarch })])
    expect(await used('2026-03-01')).toMatchObject({ used: 0, events: 3 })
    expect(await used('2026-04-01')).toMatchObject({ used: 0, events: 1 })
    expect(
      await readQuotaUse(database.kysely, other, 'ding1', Temporal.PlainDate.from('2026-03-01')),
    ).toMatchObject({
      events: 0,
    })
  })

  test('free ones are not', async () => {
    await keep([anEvent()])
    expect(await rowsOf(sql`select 1 from quota_use`, database.kysely)).toEqual([])
  })
})

test('another tenant’s event of the same number is another event, and stays theirs', async () => {
  await keep([anEvent()])
  const told = await keepEvents(database, other, [{ connection: theirs, event: anEvent(), hints: somebody }])
  expect(told).toEqual(['kept'])
  expect(await open()).toHaveLength(1)
  expect((await countInbox(database.kysely, tenant)).map((count) => count.open)).toEqual([1])
})

test('a connection that is not the tenant’s takes nothing', async () => {
  await expect(
    keepEvents(database, tenant, [{ connection: theirs, event: anEvent(), hints: somebody }]),
  ).rejects.toThrow()
  expect(await bodies()).toEqual([])
})

test('words come back as they were, whatever is in them', async () => {
  const body = '{"a":"\\\\ \\" {NULL} , \' 勤\u2028 \\ud800"}\n\t'
  await keep([anEvent({ body })])
  expect(await bodies()).toEqual([body])
})

test('hints come back as they were, oldest first, and are settled by number', async () => {
  const hints: EventHint[] = [
    { kind: 'punch', userIds: ['u001'], at },
    { kind: 'punch', userIds: ['u"\\2'], at: null },
    { kind: 'userIdChanged', from: 'a', to: 'b' },
  ]
  await keep([anEvent({ eventId: 'late', at: at.add({ seconds: 1 }) })])
  await keep([anEvent({ eventId: 'early' })], hints)
  const found = await open()
  expect(found).toMatchObject([{ type: 'user_add_org', receivedAt: at, hints }, { hints: somebody }])
  expect(await open(1)).toHaveLength(1)
  await settleEvents(database.kysely, { tenant, connection, ids: [found[0]!.id], at })
  expect((await open()).map(({ id }) => id)).toEqual([found[1]!.id])
})

test('an event that means nothing to us is kept, and waits for nobody', async () => {
  expect(await keep([anEvent()], [{ kind: 'other' }])).toEqual(['kept'])
  expect(await open()).toEqual([])
  expect(await bodies()).toHaveLength(1)
})

test('the counts tell what waits and since when', async () => {
  const empty = { connection: 'hq-dingtalk', open: 0, oldestOpenAt: null, latestAt: null }
  expect(await countInbox(database.kysely, tenant)).toEqual([empty])
  await keep([anEvent({ eventId: 'e1' }), anEvent({ eventId: 'e2', at: at.add({ minutes: 5 }) })])
  expect(await countInbox(database.kysely, tenant)).toEqual([
    { connection: 'hq-dingtalk', open: 2, oldestOpenAt: at, latestAt: at.add({ minutes: 5 }) },
  ])
})
