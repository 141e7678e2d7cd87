import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { TenantId } from '#domain/ids.ts'
import type { Account } from '#domain/person.ts'
import type { Platform } from '#platforms/platform.ts'
import { readLives } from '#store/contacts.ts'
import { type Database, openDatabase, rowsOf } from '#store/database.ts'
import { migrate } from '#store/migrate.ts'
import { readAccounts } from '#store/people.ts'
import { ensureTenant, readConnections, saveConnection, saveRoute, saveSubsidiary } from '#store/setup.ts'
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts'
import { applyUserIdChange, type ContactsJourney, refreshContacts } from './contacts.ts'
import type { ContactsNews, Side } from './context.ts'

let home: TestDatabase
let database: Database
let tenant: TenantId
let companies = 0
let now: Temporal.Instant
beforeAll(async () => {
  home = await testDatabase()
  database = openDatabase(home.config)
  await migrate(database)
})
afterAll(async () => {
  await database.close()
  await home.drop()
})
beforeEach(async () => {
  now = Temporal.Instant.from('2026-03-02T00:00:00Z')
  tenant = await ensureTenant(database.kysely, `t${++companies}`, 'a group')
})

const account = (userId: string, more: Partial<Account> = {}): Account => ({
  userId,
  name: `name of ${userId}`,
  mobile: null,
  jobNumber: `job of ${userId}`,
  email: null,
  departments: [],
  departmentIds: [],
  isActive: true,
  title: null,
  hiredOn: null,
  manager: null,
  humanId: null,
  ...more,
})

/** A route with both its connections, and the WeCom side before a platform that lists `roster`. */
async function company(roster: () => Account[], more: Partial<Platform> = {}) {
  const db = database.kysely
  const subsidiaryId = await saveSubsidiary(db, tenant, { key: 'hq', name: 'hq' })
  const facts = {
    subsidiaryId,
    corpId: 'c',
    facts: {},
    sealed: Buffer.of(),
    secretPrint: '',
    visibilityMaxMs: 0,
  }
  const dingtalkId = await saveConnection(db, tenant, { ...facts, key: 'd', platform: 'dingtalk' })
  const wecomId = await saveConnection(db, tenant, { ...facts, key: 'w', platform: 'wecom' })
  const since = Temporal.PlainDate.from('2026-03-01')
  const ends = { dingtalkId, wecomId, direction: 'dingtalk-to-wecom' as const, since }
  const route = await saveRoute(db, tenant, {
    ...ends,
    key: 'r',
    scope: {},
    pollEveryMs: null,
    quietHours: [],
  })
  const platform = {
    name: 'wecom',
    mayChangeUserIds: true,
    readRoster: async () => roster(),
    standingOf: async () => 'left',
    ...more,
  } as Partial<Platform> as Platform
  const news: ContactsNews[] = []
  const journey: ContactsJourney = {
    database,
    tenant,
    clock: { now: () => now, sleep: async () => {} },
    lanes: null,
    isRehearsal: false,
    print: (text) => `print of ${text}`,
    policy: { contactsMaxAgeMs: 60_000 },
    onContacts: (told) => void news.push(told),
  }
  const side = async (): Promise<Side> => ({
    connection: (await readConnections(db, tenant)).find((row) => row.id === wecomId)!,
    platform,
  })
  return { journey, side, news, route, wecomId }
}

test('a roster that is young enough is not read again', async () => {
  let reads = 0
  const { journey, side, news } = await company(() => {
    reads++
    return [account('a', { mobile: '+8613800001234' })]
  })
  const first = await refreshContacts(journey, await side())
  expect([...first.mobiles]).toEqual([['a', '+8613800001234']])
  expect(first.rows[0]).toMatchObject({ mobilePrint: 'print of +8613800001234', mobileTail: '1234' })
  now = now.add({ seconds: 59 })
  const { rows, mobiles } = await refreshContacts(journey, await side())
  expect([reads, mobiles.size, rows.length, news.length]).toEqual([1, 0, 1, 1])
  now = now.add({ seconds: 1 })
  await refreshContacts(journey, await side())
  expect([reads, news.length, news[1]?.steps]).toEqual([2, 2, []])
})

test('what the store holds after a history is what the last read told', async () => {
  const days = [
    [account('a'), account('b')],
    [account('b', { name: 'another b', jobNumber: 'other' }), account('c')],
    [account('A'), account('c', { title: '经理' })],
  ]
  const { journey, side, wecomId } = await company(() => days[0]!)
  for (const _ of [1, 2, 3]) {
    const { rows } = await refreshContacts(journey, await side())
    expect(rows).toEqual(await readAccounts(database.kysely, tenant, [wecomId]))
    days.shift()
    now = now.add({ hours: 24 })
  }
  const lives = await readLives(database.kysely, tenant, [wecomId])
  expect(
    lives.map(({ key, life, to, endedBecause }) => [key, life, to === null, endedBecause?.code]),
  ).toEqual([
    ['a', 1, true, undefined],
    ['b', 1, false, 'reused'],
    ['b', 2, false, 'left'],
    ['c', 1, true, undefined],
  ])
})

test('a declared userid goes on as the same person, with everything said of the old one', async () => {
  const { journey, side, route, wecomId } = await company(() => [account('old')])
  await refreshContacts(journey, await side())
  const [before] = await readAccounts(database.kysely, tenant, [wecomId])
  const at = now.toString()
  await sql`insert into explicit_link values (${tenant}, ${route}, 's', 'S', 'old', 'old', 'command', ${at})`.execute(
    database.kysely,
  )
  await sql`insert into parted_pair values (${tenant}, ${route}, 't', 'old', ${at})`.execute(database.kysely)
  await sql`insert into mobile_probe values (${tenant}, ${wecomId}, 'p', 'old', ${at})`.execute(
    database.kysely,
  )
  now = now.add({ hours: 1 })
  await applyUserIdChange(journey, await side(), { fromUserId: 'old', toUserId: 'New', actor: 'event' })
  const said = sql<object>`
    select target_key as key, target_user as user from explicit_link where tenant_id = ${tenant}
    union all select target_key, null from parted_pair where tenant_id = ${tenant}
    union all select found_key, null from mobile_probe where tenant_id = ${tenant}`
  expect(await rowsOf(said, database.kysely)).toEqual([
    { key: 'new', user: 'New' },
    { key: 'new', user: null },
    { key: 'new', user: null },
  ])
  const rows = await readAccounts(database.kysely, tenant, [wecomId])
  expect(rows.map(({ key, personId, goneBecause }) => [key, personId, goneBecause?.code])).toEqual([
    ['new', before!.personId, undefined],
    ['old', before!.personId, 'userid-changed'],
  ])
})

test('who is there after all, although not listed, stays; a platform that will not say leaves the cause open', async () => {
  let listed = [account('a'), account('b')]
  const { journey, side, news } = await company(() => listed, {
    standingOf: async (userId) => (userId === 'a' ? 'there' : 'outOfRange'),
  })
  await refreshContacts(journey, await side())
  listed = []
  now = now.add({ hours: 1 })
  await refreshContacts(journey, await side(), { actor: 'HR', isAccepted: true })
  expect(news.at(-1)?.steps.map(({ key, changes }) => [key, ...changes])).toEqual([
    ['b', { kind: 'left', because: { code: 'out-of-range' } }],
  ])
})

test('a process that has lost the lane keeps nothing', async () => {
  const { journey, side, wecomId } = await company(() => [account('a')])
  const guard = async () => {
    throw new Error('lost')
  }
  const lanes = { lanes: [], guard, keep: async () => {}, release: async () => {} }
  await expect(refreshContacts({ ...journey, lanes }, await side())).rejects.toThrow('lost')
  expect(await readAccounts(database.kysely, tenant, [wecomId])).toEqual([])
})

test('a rehearsal shows the roster and keeps nothing', async () => {
  const { journey, side, wecomId } = await company(() => [account('a')])
  const { rows } = await refreshContacts({ ...journey, isRehearsal: true }, await side())
  expect(rows.map(({ key }) => key)).toEqual(['a'])
  expect(await readAccounts(database.kysely, tenant, [wecomId])).toEqual([])
})
