import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { EventHint } from '#domain/platform-event.ts'
import type { Way } from '#journey/context.ts'
import { settleLooked } from '#journey/settle-hints.ts'
import { rowsOf } from '#store/database.ts'
import { keepEvents, readOpenHints } from '#store/inbox.ts'
import { readLeg } from '#store/legs.ts'
import { type ConnectionRow, readConnections, readRoutes } from '#store/setup.ts'
import { readHints } from '../../src/app/hints.ts'
import { wholeWindow } from './founder.ts'
import { type LaneInHand, laneInHand } from './lane-in-hand.ts'

const found = laneInHand()

async function hears(company: LaneInHand, name: string, hints: EventHint[], at: Temporal.Instant) {
  const { id } = await company.connection('dingtalk')
  const event = { via: 'stream' as const, eventId: name, type: name, body: '{}', at }
  const { database, tenant } = company.parts
  await keepEvents(database, tenant, [{ connection: id, event, hints }])
}

async function open(company: LaneInHand): Promise<string[]> {
  const { id } = await company.connection('dingtalk')
  const { database, tenant } = company.parts
  return (await readOpenHints(database.kysely, { tenant, connection: id, limit: 100 })).map(
    ({ type }) => type,
  )
}

const punch = (userId: string): EventHint[] => [{ kind: 'punch', userIds: [userId], at: null }]

test('a sweep over everybody answers what events said before it began, and only that', async () => {
  await using company = await found()
  const now = company.world.time.now()
  const [who] = company.world.sandbox.pairs()
  await hears(company, 'before', punch(who!.dingtalk), now.subtract({ minutes: 1 }))
  await hears(company, 'a stranger', punch('nobody'), now.subtract({ minutes: 1 }))
  await hears(company, 'no name', [{ kind: 'approval', userIds: [] }], now.subtract({ minutes: 1 }))
  await hears(company, 'roster', [{ kind: 'contacts', userIds: [] }], now.subtract({ minutes: 1 }))
  const verdict = { kind: 'punch' as const, userIds: [who!.dingtalk], at: null, day: '2026-03-02' }
  await hears(company, 'verdict', [verdict], now.subtract({ minutes: 1 }))
  await hears(company, 'old verdict', [verdict], now.subtract({ hours: 25 }))
  await hears(company, 'after', punch(who!.dingtalk), now.add({ minutes: 10 }))
  await company.app.sync(wholeWindow(0))
  expect(await open(company)).toEqual(['roster', 'verdict', 'after'])
})

test('an old window that is read again answers no event of today, and closes no day', async () => {
  await using company = await found()
  await company.app.sync(wholeWindow(0))
  const { database, tenant } = company.parts
  const route = (await readRoutes(database.kysely, tenant))[0]!
  const way = { tenant, route: route.id, source: route.dingtalkId }
  const before = await readLeg(database.kysely, way)
  company.world.time.advanceTo(company.world.time.now().add({ hours: 5 }))
  const [who] = company.world.sandbox.pairs()
  await hears(company, 'today', punch(who!.dingtalk), company.world.time.now())
  await company.app.sync({ ...wholeWindow(0), from: '2026-03-02', to: '2026-03-02T01:00:00+08:00' })
  expect(await open(company)).toEqual(['today'])
  expect(await readLeg(database.kysely, way)).toMatchObject({
    sweptAt: before!.sweptAt,
    sweptTo: before!.sweptTo,
  })
})

test('a punch that came up days after any sweep looks back is carried, since its event says when it was made', async () => {
  await using company = await found({ people: 2, pollEvery: '12h' })
  const { sandbox, time } = company.world
  await company.until('2026-03-02T05:00:00+08:00')
  time.advanceTo(Temporal.Instant.from('2026-03-12T10:00:00+08:00'))
  await company.until('2026-03-12T10:30:00+08:00')
  const [who] = sandbox.pairs()
  const at = Temporal.Instant.from('2026-03-03T12:34:56+08:00')
  const userId = who!.dingtalk
  sandbox.punch({ platform: 'dingtalk', userId, at: at.toString(), appearsAt: time.now().toString() })
  await hears(company, 'uploaded late', [{ kind: 'punch', userIds: [userId], at }], time.now())
  await company.until('2026-03-12T12:00:00+08:00')
  const second = at.epochMilliseconds / 1000
  expect(sandbox.records().filter((record) => record.checkin_time === second)).toHaveLength(1)
  expect(await open(company)).toEqual([])
})

/** A second organisation on the other side: a route of its own, for this person of the same source alone. */
async function secondRoute({ parts, connection }: LaneInHand, person: string): Promise<Way> {
  const { database, tenant } = parts
  await rowsOf(
    sql`with other as (
          insert into connection (tenant_id, key, subsidiary_id, platform, corp_id, facts, sealed, secret_print, visibility_max_ms)
          select tenant_id, 'other-wecom', subsidiary_id, platform, 'ww-other', facts, sealed, secret_print, visibility_max_ms
            from connection where tenant_id = ${tenant} and platform = 'wecom' returning id)
        insert into route (tenant_id, key, dingtalk_id, wecom_id, direction, since, scope, quiet_hours)
        select tenant_id, 'other', dingtalk_id, other.id, direction, since, ${JSON.stringify({ people: [person] })}, quiet_hours
          from route, other where tenant_id = ${tenant}`,
    database.kysely,
  )
  return wayOf(parts, await connection('dingtalk'), 'other')
}

/** A route's way from this source. */
async function wayOf(
  { database, tenant }: LaneInHand['parts'],
  source: ConnectionRow,
  name: string,
): Promise<Way> {
  const route = (await readRoutes(database.kysely, tenant)).find(({ key }) => key === name)!
  const target = (await readConnections(database.kysely, tenant)).find(({ id }) => id === route.wecomId)!
  return { tenant, route, source, target }
}

test('an event is settled when every route that carries somebody it names has looked, in whichever order', async () => {
  await using company = await found()
  await company.app.sync(wholeWindow(0))
  const { database, tenant } = company.parts
  const [ours, both] = company.world.sandbox.pairs()
  const theirWay = await secondRoute(company, both!.dingtalk)
  const ourWay = await wayOf(company.parts, theirWay.source, 'hq')
  const now = company.world.time.now()
  await hears(company, 'ours', punch(ours!.dingtalk), now)
  await hears(company, 'both', punch(both!.dingtalk), now)
  await hears(company, 'nobody', [{ kind: 'approval', userIds: [] }], now)
  const everything = async () => {
    const ask = { tenant, connection: theirWay.source.id, limit: 100 }
    return (await readOpenHints(database.kysely, ask)).map(({ id, hints, lookedBy }) => ({
      ...{ id, lookedBy },
      keys: hints.flatMap((hint) => ('userIds' in hint ? hint.userIds : [])),
    }))
  }
  await settleLooked(database.kysely, theirWay, await everything(), now)
  expect(await open(company)).toEqual(['ours', 'both', 'nobody'])
  const names = async (route: Way['route']) =>
    (await readHints(company.parts, theirWay.source, route.id)).events.length
  expect([await names(theirWay.route), await names(ourWay.route)]).toEqual([0, 3])
  await settleLooked(database.kysely, ourWay, await everything(), now)
  expect(await open(company)).toEqual([])
})

test('a route that looks first leaves an event open for the other, unless that one is paused', async () => {
  await using company = await found({ pollEvery: '6h' })
  await company.app.sync(wholeWindow(0))
  const [, both] = company.world.sandbox.pairs()
  const theirWay = await secondRoute(company, both!.dingtalk)
  await hears(company, 'both', punch(both!.dingtalk), company.world.time.now())
  // The second organisation cannot be reached: only the first route looks.
  await company.until('2026-03-02T11:00:00+08:00')
  const { route } = await wayOf(company.parts, theirWay.source, 'hq')
  expect((await readHints(company.parts, theirWay.source, route.id)).events).toEqual([])
  expect(await open(company)).toEqual(['both'])
  const { database } = company.parts
  await rowsOf(
    sql`update route set is_paused = true where tenant_id = ${theirWay.tenant} and id = ${theirWay.route.id}`,
    database.kysely,
  )
  await company.app.sync(wholeWindow(0))
  expect(await open(company)).toEqual([])
})

test('a delivery of somebody who has left is taken up once, and keeps nothing else from being done', async () => {
  await using company = await found({ pollEvery: '1h' })
  await company.until('2026-03-03T04:00:00+08:00')
  const { database, tenant, clock } = company.parts
  const [gone] = await rowsOf(
    sql<{ key: string }>`
    update delivery set state = 'waiting', batch_id = null from punch
     where delivery.tenant_id = ${tenant} and punch.tenant_id = delivery.tenant_id and punch.id = delivery.punch_id
       and punch.id = (select min(punch_id) from delivery where tenant_id = ${tenant})
    returning punch.account_key as key`,
    database.kysely,
  )
  await rowsOf(
    sql`update account set gone_at = ${clock.now().toString()}::timestamptz, gone_because = '{"code":"not-listed"}'
      where tenant_id = ${tenant} and key = ${gone!.key}`,
    database.kysely,
  )
  const told = await company.until('2026-03-03T08:00:00+08:00')
  const kinds = Map.groupBy(told, ({ step }) => step.kind)
  expect(kinds.get('deliver')).toHaveLength(1)
  expect(kinds.get('sweep')!.length).toBeGreaterThanOrEqual(3)
})
