import { sql } from 'kysely'
import { Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Clock } from '#domain/effects.ts'
import { FailureError, failure } from '#domain/failures.ts'
import type { TenantId } from '#domain/ids.ts'
import { createAddressPace } from '#platforms/address-pace.ts'
import type { Transport } from '#platforms/ports.ts'
import { createSandbox, type Sandbox } from '#sandbox/sandbox.ts'
import { type Database, openDatabase, rowsOf } from '#store/database.ts'
import { migrate } from '#store/migrate.ts'
import { createSeal } from '#store/seal.ts'
import { ensureTenant, readConnections } from '#store/setup.ts'
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts'
import { alarms, testAlarms } from './alarms.ts'
import { apply } from './apply.ts'
import { openClockSkews } from './clock-skews.ts'
import { forget } from './forget.ts'
import { type AppParts, noLog, noWakeUps } from './parts.ts'
import { openSide } from './sides.ts'
import { type AlarmMemory, endWatch, freshMemory, watchAlarms } from './watch-alarms.ts'

let home: TestDatabase
let database: Database
let isGone = false
let now: Temporal.Instant
let sandbox: Sandbox
let parts: AppParts
let memory: AlarmMemory
let tenants = 0

/** A pool whose server can be taken away. */
const mortalPool: Parameters<typeof openDatabase>[1] = (config) => {
  const pool = new Pool(config)
  const connect = pool.connect.bind(pool) as () => Promise<unknown>
  pool.connect = (() =>
    isGone
      ? Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))
      : connect()) as typeof pool.connect
  return pool
}
const clock: Clock = { now: () => now, sleep: async () => {} }

beforeAll(async () => {
  home = await testDatabase()
  database = openDatabase({ ...home.config, max: 4 }, mortalPool)
  await migrate(database)
})
afterAll(async () => {
  await database?.close()
  await home?.drop()
})

beforeEach(async () => {
  now = Temporal.Instant.from('2026-11-22T10:00:00+08:00')
  isGone = false
  sandbox = createSandbox({ seed: 1, people: 4, style: 'plain', now: () => now })
  parts = {
    ...{
      clock,
      random: () => 0.5,
      transport: sandbox.transport,
      database,
      seal: createSeal(Buffer.alloc(32, 7)),
    },
    tenant: await ensureTenant(database.kysely, `t${++tenants}`, 't'),
    ...{ holder: 'one', actor: 'test', env: {}, openWakeUps: noWakeUps, log: noLog, onBug: String },
    options: {
      ...{
        version: 'test',
        home: '',
        databaseKind: 'external',
        pace: 1,
        timeoutMs: 1000,
        contactsMaxAgeMs: 1000,
      },
      ...{
        visibilityMaxMs: 2_700_000,
        laneWaitMs: 1000,
        callLogDays: 9,
        rawDays: 9,
        runHistoryDays: 9,
        eventDays: 9,
      },
      ...{
        streamConnections: 1,
        callbackMaxAgeMs: 1000,
        domainProofs: [],
        writeBackMonths: 1,
        slotRadiusMs: 1000,
      },
      ...{ wrongProbeShare: 0.05, isDemo: false },
    },
  }
  memory = freshMemory()
})

const robots = (change: (yaml: string) => string = (yaml) => yaml) => {
  const { credentials, addresses } = sandbox.ready()
  const { dingtalk, wecom } = credentials
  return change(`alarms:
  - { id: ding, kind: dingtalk-robot, accessToken: ${dingtalk.robot.accessToken}, secret: ${dingtalk.robot.secret}, endpoint: "${addresses.dingtalk}" }
  - { id: ops, kind: wecom-robot, key: ${wecom.robot.key}, endpoint: "${addresses.wecom}", lang: en }
`)
}
const setUp = (alarmsYaml = robots()) =>
  apply(parts, { text: sandbox.ready().setupYaml + alarmsYaml, file: 'setup.yaml', dryRun: false })
const query = (statement: ReturnType<typeof sql>) => rowsOf(statement, database.kysely)
/** The route was read just now and nothing fails, or it has failed for so long. */
const legIs = (failedMinutesAgo: number | null, source: 'dingtalk_id' | 'wecom_id' = 'dingtalk_id') =>
  query(sql`insert into leg (tenant_id, route_id, source_id, complete_to, completed_at, failure, failed_at, tries, retry_at)
    select tenant_id, id, ${sql.ref(source)}, ${now.toString()}::timestamptz, ${now.toString()}::timestamptz,
           ${failedMinutesAgo === null ? null : '{"code":"platform.busy","facts":{}}'}::jsonb,
           ${failedMinutesAgo === null ? null : now.subtract({ minutes: failedMinutesAgo }).toString()}::timestamptz, 3,
           ${now.toString()}::timestamptz
      from route where tenant_id = ${parts.tenant}
    on conflict (tenant_id, route_id, source_id) do update set complete_to = excluded.complete_to, failure = excluded.failure,
       failed_at = excluded.failed_at`)
const watch = async (minutes = 1, of = memory, who: Partial<AppParts> = {}) => {
  now = now.add({ minutes })
  await watchAlarms({ ...parts, ...who }, of)
}
let seen = 0
/** What was received since the last time this was asked, and is seen by somebody. */
const news = () => {
  const all = sandbox.view().notices.filter(({ dropped }) => dropped.length === 0)
  const fresh = all.slice(seen).map(({ platform, text }) => `${platform}: ${text.split('\n')[0]}`)
  seen = all.length
  return fresh.toSorted()
}
beforeEach(() => {
  seen = 0
})
const codes = async () =>
  (await alarms(parts, { limit: 9 })).open.map(({ code, about }) => `${code} ${about}`)

test('channels are declared like everything else, and their secrets are sealed', async () => {
  expect((await setUp()).created).toEqual(expect.arrayContaining(['alarm ding', 'alarm ops']))
  expect((await setUp()).unchanged).toEqual(expect.arrayContaining(['alarm ding', 'alarm ops']))
  const changed = await setUp(robots((yaml) => yaml.replace('lang: en', 'lang: zh')))
  expect(changed.changed).toEqual(['alarm ops'])
  expect((await setUp('')).notInFile).toEqual(['alarm ding', 'alarm ops'])
  const rows = JSON.stringify(await query(sql`select * from alarm_channel where tenant_id = ${parts.tenant}`))
  const { dingtalk, wecom } = sandbox.ready().credentials
  for (const secret of [dingtalk.robot.accessToken, dingtalk.robot.secret, wecom.robot.key])
    expect(rows).not.toContain(secret)
})

test('a route that stands still is told once everywhere, again after hours, and its end is told', async () => {
  await setUp()
  await legIs(null)
  await watch()
  expect(news()).toEqual([])
  await legIs(16)
  await watch()
  expect(news()).toEqual([
    expect.stringMatching(/^dingtalk: 【勤通】告警（严重）：路线 hq 停住了.*platform\.busy/),
    expect.stringMatching(/^wecom: 【Qintong】Alarm \(critical\): Route hq stands still/),
  ])
  await watch()
  await watch(60)
  expect(news()).toEqual([])
  await watch(180)
  expect(news()).toEqual([expect.stringContaining('仍未恢复'), expect.stringContaining('Still open')])
  await legIs(null)
  await watch()
  expect(news()).toEqual([expect.stringContaining('已恢复'), expect.stringContaining('Over')])
  await watch()
  expect(news()).toEqual([])
  expect((await alarms(parts, { limit: 9 })).past).toMatchObject([{ code: 'route-behind', about: 'hq' }])
})

test.for([
  ['dingtalk-to-wecom', []],
  ['wecom-to-dingtalk', ['route-behind hq']],
] as const)('pollEvery is a promise only where reading is free: %s', async ([direction, expected]) => {
  const wished = `direction: ${direction}\n    pollEvery: 15m`
  const yaml = sandbox.ready().setupYaml.replace('direction: dingtalk-to-wecom', wished)
  await apply(parts, { text: yaml, file: 'setup.yaml', dryRun: false })
  await legIs(null, direction === 'dingtalk-to-wecom' ? 'dingtalk_id' : 'wecom_id')
  await watch(45)
  expect(await codes()).toEqual(expected)
})

test('what comes at once goes out in one message', async () => {
  await setUp()
  await legIs(20)
  await query(sql`insert into quota_use (tenant_id, corp_id, month, used)
    select tenant_id, corp_id, '2026-11-01', 5000 from connection where tenant_id = ${parts.tenant} and platform = 'dingtalk'`)
  await watch()
  expect(news()).toEqual([expect.stringContaining('告警 2 条'), expect.stringContaining('Alarm 2')])
  const text = sandbox.view().notices.find(({ platform }) => platform === 'dingtalk')?.text
  expect(text).toMatch(/路线 hq 停住了[\s\S]*怎么办[\s\S]*额度已用完（5000\/5000）[\s\S]*2026-12-01/)
})

test('a channel that fails is told over the others, shows on the list, and hears everything once it works', async () => {
  const wrong = (yaml: string) => yaml.replace(/key: \w+/, 'key: 0000000000000000000000')
  await setUp(robots(wrong))
  await legIs(20)
  await watch()
  expect(news()).toEqual([expect.stringContaining('dingtalk: 【勤通】告警')])
  await watch()
  expect(news()).toEqual([
    expect.stringMatching(/dingtalk: .*告警渠道 ops（企业微信群机器人）发不出去：93000/),
  ])
  const { channels } = await alarms(parts, { limit: 9 })
  expect(channels).toMatchObject([
    { channel: 'ding', failure: null },
    { channel: 'ops', failure: expect.stringContaining('93000') },
  ])
  await setUp()
  await watch()
  expect(news()).toEqual([
    expect.stringMatching(/dingtalk: .*已恢复（警告）：告警渠道 ops/),
    expect.stringMatching(/wecom: .*Alarm \(critical\): Route hq/),
  ])
})

test('an answer that is lost is asked for again, and nobody sees the same twice where the receiver knows repeats', async () => {
  await setUp(
    robots((yaml) =>
      yaml
        .split('\n')
        .filter((line) => !line.includes('wecom'))
        .join('\n'),
    ),
  )
  await legIs(20)
  sandbox.set({ answerLost: true })
  await watch()
  sandbox.set({ answerLost: false })
  await watch(5)
  await watch()
  const own = sandbox.view().notices.filter(({ text }) => text.includes('路线 hq'))
  expect(own.map(({ dropped }) => dropped.length)).toEqual([0, 1])
})

test('whoever dies while sending still owes it', async () => {
  await setUp(
    robots((yaml) =>
      yaml
        .split('\n')
        .filter((line) => !line.includes('ding'))
        .join('\n'),
    ),
  )
  await legIs(20)
  const dies: Transport = () => {
    isGone = true
    return sandbox.transport({ method: 'GET', url: 'http://127.0.0.1:1/', headers: {}, timeoutMs: 1 })
  }
  await watch(1, memory, { transport: dies })
  isGone = false
  expect(news()).toEqual([])
  expect(await query(sql`select outcome from notice where tenant_id = ${parts.tenant}`)).toEqual([
    { outcome: 'sending' },
  ])
  await watch(3, freshMemory(), { holder: 'two' })
  expect(news()).toEqual([expect.stringContaining('Route hq')])
})

test('one of many processes has the watch, and another takes it when that one is gone', async () => {
  await setUp()
  await legIs(20)
  const [mine, theirs] = [freshMemory(), freshMemory()]
  await Promise.all([watch(1, mine), watch(0, theirs, { holder: 'two' })])
  expect(news()).toHaveLength(2)
  expect([mine.isWatcher, theirs.isWatcher].filter(Boolean)).toHaveLength(1)
  const [first, second] = mine.isWatcher ? ['one', 'two'] : ['two', 'one']
  await watch(1, freshMemory(), { holder: second! })
  const after = freshMemory()
  await watch(2, after, { holder: second! })
  expect(after.isWatcher).toBe(true)
  await endWatch({ ...parts, holder: second! }, after)
  await watch(0, mine, { holder: first! })
  expect(mine.isWatcher).toBe(true)
})

test('a database that is gone is told from memory, and its return as well', async () => {
  await setUp()
  await legIs(null)
  await watch()
  isGone = true
  await watch()
  expect(news()).toEqual([])
  await watch()
  expect(news()).toEqual([
    expect.stringMatching(/数据库连不上/),
    expect.stringMatching(/database cannot be reached/),
  ])
  await watch()
  expect(news()).toEqual([])
  isGone = false
  await legIs(null)
  await watch()
  await watch(2)
  expect(news()).toEqual([
    expect.stringMatching(/已恢复（严重）：数据库/),
    expect.stringMatching(/Over \(critical\): The database/),
  ])
  expect((await alarms(parts, { limit: 9 })).past).toMatchObject([{ code: 'store-gone' }])
})

test('a database that does not answer in time is told', async () => {
  await setUp()
  await legIs(null)
  await watch()
  const slow = {
    ...database,
    transaction: () => Promise.reject(new FailureError(failure('store.slow', { reason: 'x' }))),
  }
  const heard: unknown[] = []
  for (let minute = 0; minute < 7; minute++) {
    now = now.add({ minutes: 1 })
    const asWatcher = { ...parts, database: slow as unknown as Database }
    await watchAlarms(asWatcher, memory, {}, (error) => heard.push(error))
  }
  expect(heard).toHaveLength(7)
  expect(news()).toEqual([expect.stringMatching(/数据库应答很慢/), expect.stringMatching(/slow/)])
})

const call = (api: string, outcome: string, theirCode = '') =>
  query(sql`insert into call_log (tenant_id, connection_id, at, api, duration_ms, outcome, their_code, their_text, request_id, cost)
    select tenant_id, id, ${now.toString()}::timestamptz, ${api}, 1, ${outcome}, ${theirCode}, '', '', 0
      from connection where tenant_id = ${parts.tenant} and key = 'hq-wecom'`)

test('what the platforms refuse is read from the call log, and is over when they accept again', async () => {
  await setUp('')
  await legIs(null)
  await call('getcheckindata', 'ok')
  await call('user/list', 'platform.no-permission', '48002')
  await watch()
  expect(await codes()).toEqual(['permission-missing hq-wecom'])
  await call('getcheckindata', 'platform.ip-not-trusted', '60020')
  await watch()
  expect(await codes()).toEqual(['permission-missing hq-wecom', 'ip-not-trusted hq-wecom'])
  await call('getcheckindata', 'ok')
  await call('user/list', 'ok')
  await watch()
  await watch(6)
  expect(await codes()).toEqual([])
})

test('deliveries alarm when they are refused, or in doubt for longer than a write may take to show', async () => {
  await setUp('')
  await legIs(null)
  const deliver = (punch: number, state: string, reason: string | null, batch: number | null) =>
    query(sql`insert into delivery (tenant_id, route_id, punch_id, connection_id, at, state, reason, batch_id, decided_at)
      select tenant_id, id, ${punch}, dingtalk_id, ${now.toString()}::timestamptz, ${state}, ${reason}, ${batch}, ${now.toString()}::timestamptz
        from route where tenant_id = ${parts.tenant}`)
  await query(sql`insert into batch (tenant_id, id, route_id, connection_id, state, size, fence, ended_at)
    select tenant_id, 1, id, wecom_id, 'sent', 2, 1, ${now.toString()}::timestamptz from route where tenant_id = ${parts.tenant}`)
  await deliver(1, 'batched', null, 1)
  await deliver(2, 'batched', null, 1)
  await watch(70)
  await legIs(null)
  expect(await codes()).toEqual([])
  await watch(6)
  expect(await codes()).toEqual(['deliveries-in-doubt hq'])
  await deliver(3, 'refused', '40035', null)
  await deliver(4, 'inDoubt', 'superseded', null)
  await watch()
  const { open } = await alarms(parts, { limit: 9 })
  expect(open).toMatchObject([
    { code: 'deliveries-in-doubt', facts: { count: 3 } },
    { code: 'deliveries-refused', facts: { count: 1 } },
  ])
})

test('people who wait for their identity are in the morning’s digest, for whoever wants notices', async () => {
  await setUp(robots((yaml) => yaml.replaceAll('lang: en', 'level: notice')))
  await legIs(null)
  await query(sql`insert into punch (tenant_id, id, connection_id, external_id, account_key, user_id, at, origin, is_void, hash, raw_id, landed_at)
    select tenant_id, n, dingtalk_id, n, 'u' || n % 2, 'u', ${now.toString()}::timestamptz, 'x', false, '', 1, ${now.toString()}::timestamptz
      from route, generate_series(1, 6) n where tenant_id = ${parts.tenant}`)
  await query(sql`insert into delivery (tenant_id, route_id, punch_id, connection_id, at, state, reason, decided_at)
    select tenant_id, id, n, dingtalk_id, ${now.toString()}::timestamptz, 'held', 'unlinked', ${now.toString()}::timestamptz
      from route, generate_series(1, 6) n where tenant_id = ${parts.tenant}`)
  await watch()
  expect(await codes()).toEqual(['people-waiting hq'])
  expect(news()).toEqual([])
  now = Temporal.Instant.from('2026-11-23T09:00:00+08:00')
  await legIs(null)
  await watch(0)
  expect(news()).toEqual([expect.stringMatching(/^wecom: .*2 人的身份等人确认，6 条打卡在等他们/)])
})

test('wrong questions about mobiles alarm as they near our own limit, far before the platform’s', async () => {
  await setUp()
  await legIs(null)
  // Of 100 people WeCom takes 20 wrong questions; a quarter of the way there is 5.
  await query(sql`insert into account (tenant_id, connection_id, key, user_id, person_id, name, departments, department_ids, is_active, since, first_seen_at)
    select tenant_id, wecom_id, 'w' || n, 'w' || n, 'p_' || n, 'w', '[]', '[]', true, ${now.toString()}::timestamptz, ${now.toString()}::timestamptz
      from route, generate_series(1, 100) n where tenant_id = ${parts.tenant}`)
  const asksInVain = (from: number, to: number) =>
    query(sql`insert into mobile_probe (tenant_id, connection_id, mobile_print, found_key, asked_at)
      select tenant_id, wecom_id, 'm' || n, null, ${now.toString()}::timestamptz
        from route, generate_series(${from}::int, ${to}::int) n where tenant_id = ${parts.tenant}`)
  parts.options.wrongProbeShare = 0.25
  await asksInVain(1, 3)
  await watch()
  expect(await codes()).toEqual([])
  await asksInVain(4, 4)
  await watch(20)
  expect(await alarms(parts, { limit: 9 })).toMatchObject({
    open: [{ code: 'probes-near-limit', about: 'hq-wecom', facts: { wrong: 4, mostWrong: 5 } }],
  })
})

test('a test reaches every channel that works, says why one does not, and counts for both', async () => {
  await setUp(robots((yaml) => yaml.replace(/key: \w+/, 'key: 0000000000000000000000')))
  expect(await testAlarms(parts, {})).toEqual([
    { channel: 'ding', kind: 'dingtalk-robot', outcome: 'accepted', because: null },
    { channel: 'ops', kind: 'wecom-robot', outcome: 'refused', because: expect.stringContaining('93000') },
  ])
  expect(news()).toEqual([expect.stringContaining('测试消息')])
  const { channels } = await alarms(parts, { limit: 9 })
  expect(channels).toMatchObject([
    { acceptedAt: expect.any(String) },
    { failure: expect.stringContaining('93000') },
  ])
  await expect(testAlarms(parts, { channel: 'op' })).rejects.toMatchObject({
    message: 'usage.unknown-channel',
  })
})

test('while our address is banned the robot behind the same shield is told nothing, and everything afterwards', async () => {
  await setUp()
  parts = { ...parts, addressPace: createAddressPace({ clock, share: 1 }) }
  await legIs(20)
  const oapi = sandbox.ready().addresses.dingtalk
  const isOver = now.add({ minutes: 6 })
  parts.addressPace!.bans.met({ platform: 'dingtalk', hosts: { oapi } }, isOver.epochMilliseconds)
  await watch()
  expect(news()).toEqual([expect.stringMatching(/^wecom: .*Route hq stands still/)])
  expect(await testAlarms(parts, { channel: 'ding' })).toMatchObject([{ outcome: 'throttled' }])
  await watch()
  expect(news()).toEqual([])
  await watch(5)
  expect(news()).toEqual([expect.stringMatching(/^dingtalk: .*路线 hq 停住了/)])
})

test('without any channel a test says that there is none, whatever it was asked for', async () => {
  await setUp('')
  for (const channel of [undefined, 'ops'])
    await expect(testAlarms(parts, { channel })).rejects.toMatchObject({ message: 'usage.no-channels' })
})

test('a clock that the platforms contradict for ten minutes is told, and its end', async () => {
  await setUp()
  await legIs(null)
  const skews = openClockSkews(clock)
  const [connection] = await readConnections(database.kysely, parts.tenant)
  // time stands still here, so nothing may wait for its pace
  const asked: AppParts = { ...parts, onSkew: skews.note, options: { ...parts.options, pace: 'off' } }
  const look = async () => {
    const side = await openSide(asked, connection!, new AbortController().signal)
    await side.platform.readRoster()
    await side.close()
    now = now.add({ minutes: 6 })
    await watchAlarms(parts, memory, { skews: skews.of(parts.tenant) })
  }
  sandbox.set({ clockSkew: -150 })
  await look()
  expect(await codes()).toEqual([])
  await look()
  await look()
  expect(await codes()).toEqual([`clock-skewed ${connection!.key}`])
  expect(news()).toEqual([expect.stringContaining('150'), expect.stringContaining('150')])
  sandbox.set({ clockSkew: 0 })
  for (let n = 0; n < 3; n++) await look()
  expect(await codes()).toEqual([])
  expect(skews.of((parts.tenant + 1) as TenantId)).toEqual({})
  now = now.add({ minutes: 61 })
  expect(skews.of(parts.tenant)).toEqual({})
})

test('nothing grows beyond its days', async () => {
  await setUp()
  await legIs(20)
  await watch()
  await legIs(null)
  await watch()
  const afterDays = async (days: number) => {
    now = now.add({ hours: 24 * days })
    await legIs(null)
    await watch(0)
    await forget(parts)
  }
  await afterDays(8)
  const kept = () => query(sql`select count(*)::int as n from notice where tenant_id = ${parts.tenant}`)
  expect(await kept()).toEqual([{ n: 4 }])
  await afterDays(2)
  expect(await kept()).toEqual([{ n: 0 }])
  expect(await alarms(parts, { limit: 9 })).toMatchObject({ open: [], past: [] })
})
