import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as official from '@wecom/crypto'
import { describe, expect, test } from 'vitest'
import { callbackSecretOf } from './callback-seal.ts'
import { credentialsOf } from './credentials.ts'
import type { DingtalkEvent } from './dingtalk/events.ts'
import { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts'
import type { Handler, HttpRequest } from './transport.ts'

const start = '2026-03-04T04:00:00+08:00'
const addresses = { dingtalk: 'http://customer/dingtalk', wecom: 'http://customer/wecom' }

/** A world on a clock of its own, and a customer that does as told. */
function world(options: Partial<SandboxOptions> = {}) {
  let now = Temporal.Instant.from(start)
  const received: { at: string; request: HttpRequest; message: string }[] = []
  const customer = { answers: true, post: (async () => ({ status: 200, headers: {}, text: '' })) as Handler }
  const sandbox = createSandbox({
    ...{ seed: 1, people: 6, style: 'plain', days: 1, now: () => now },
    post: async (request) => {
      const { platform, message, answer } = read(request)
      received.push({ at: now.toString({ timeZone: '+08:00' }).slice(0, 19), request, message })
      if (!customer.answers) return { status: 500, headers: {}, text: '' }
      return { status: 200, headers: {}, text: platform === 'wecom' ? answer : success() }
    },
    ...options,
  })
  /** Time passes from one due moment to the next. */
  async function until(instant: string): Promise<void> {
    const end = Temporal.Instant.from(instant)
    for (;;) {
      const dueMs = sandbox.subscriptions.nextDueMs()
      if (dueMs === null || dueMs > end.epochMilliseconds) break
      now = Temporal.Instant.fromEpochMilliseconds(Math.max(dueMs, now.epochMilliseconds))
      await sandbox.subscriptions.work()
    }
    now = end
  }
  return { sandbox, received, customer, until }
}

const { dingtalk, wecom } = credentialsOf(1)
const secrets = { dingtalk: callbackSecretOf(1, 'dingtalk'), wecom: callbackSecretOf(1, 'wecom') }

/** Opened with WeCom's own sample: the sandbox's crypto has to agree with it, not with ours. */
function read({ url, body = '' }: HttpRequest) {
  const { pathname, searchParams } = new URL(url)
  const platform = pathname === '/wecom' ? 'wecom' : 'dingtalk'
  const { token, aesKey } = secrets[platform]
  const encrypted =
    searchParams.get('echostr') ??
    (platform === 'wecom'
      ? /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)![1]!
      : (JSON.parse(body).encrypt as string))
  const [timestamp, nonce] = [searchParams.get('timestamp')!, searchParams.get('nonce')!]
  expect(official.getSignature(token, timestamp, nonce, encrypted)).toBe(searchParams.get('msg_signature'))
  const { message, id } = official.decrypt(aesKey, encrypted)
  expect(id).toBe(platform === 'wecom' ? wecom.corpId : dingtalk.clientId)
  return { platform, message, answer: searchParams.has('echostr') ? message : '' }
}
function success(): string {
  const encrypt = official.encrypt(secrets.dingtalk.aesKey, 'success', 'whoever')
  const msg_signature = official.getSignature(secrets.dingtalk.token, '1', 'n', encrypt)
  return JSON.stringify({ msg_signature, timeStamp: '1', nonce: 'n', encrypt })
}

const types = (received: { message: string }[]) =>
  received.map(({ message }) => JSON.parse(message).EventType as string)
const punchesOf = (received: { message: string }[]) =>
  received
    .map(({ message }) => JSON.parse(message))
    .filter(({ EventType }) => EventType === 'attendance_check_record')
const subscribed = async (options: Partial<SandboxOptions> = {}) => {
  const told = world(options)
  await told.sandbox.subscribe({ dingtalk: addresses.dingtalk })
  told.received.length = 0
  return told
}

test('nobody has subscribed: there are no events, however long it takes', async () => {
  const { sandbox, until, received } = world()
  await until('2026-03-05T04:00:00+08:00')
  expect(sandbox.subscriptions.nextDueMs()).toBeNull()
  expect(received).toEqual([])
  expect(sandbox.world.events.counts().born).toBe(0)
})

test('the setup has the events that were asked for, and what to type in for callbacks is told in any case', () => {
  const ready = (events?: 'stream' | 'http') => world(events ? { events } : {}).sandbox.ready()
  expect(ready().setupYaml).toContain('events: { mode: off }')
  expect(ready().callbacks).toEqual(ready('http').callbacks)
  expect(ready('stream').setupYaml).toContain('events: { mode: stream }')
  const { setupYaml, callbacks } = ready('http')
  expect(setupYaml).toContain(`events: { mode: http, token: ${callbacks.dingtalk.token}`)
  expect(setupYaml).toContain(`callback: { token: ${callbacks.wecom.token}`)
})

describe('DingTalk over HTTP', () => {
  test('every punch of a day is told once, when it is known, and with the person who punched', async () => {
    const { sandbox, until, received } = await subscribed()
    await until('2026-03-05T03:00:00+08:00')
    const expected = sandbox.expectedPunches({ from: start, to: '2026-03-05T03:00:00+08:00' })
    const told = punchesOf(received).flatMap(
      ({ dataList }) => dataList as { userId: string; checkTime: number }[],
    )
    const key = (userId: string, ms: number) => `${userId} ${ms}`
    expect(told.map((row) => key(row.userId, row.checkTime)).sort()).toEqual(
      expected.map((punch) => key(punch.userId, punch.at * 1000)).sort(),
    )
    expect(told.length).toBeGreaterThan(8)
  })

  test('of several punches within a minute one is told', async () => {
    const { sandbox, until, received } = await subscribed()
    const userId = sandbox.pairs()[0]!.dingtalk
    for (const at of ['04:10:00', '04:10:20', '04:10:59', '04:11:00'])
      sandbox.punch({ platform: 'dingtalk', userId, at: `2026-03-04T${at}+08:00` })
    await until('2026-03-04T04:20:00+08:00')
    expect(punchesOf(received)).toHaveLength(2)
    expect(sandbox.world.events.counts()).toMatchObject({ collapsed: 2, metered: 2 })
  })

  test('a late upload is told when it is uploaded', async () => {
    const { sandbox, until, received } = await subscribed()
    const userId = sandbox.pairs()[0]!.dingtalk
    sandbox.punch({
      platform: 'dingtalk',
      userId,
      at: '2026-03-04T04:10:00+08:00',
      appearsAt: '2026-03-04T05:00:00+08:00',
    })
    await until('2026-03-04T04:59:59+08:00')
    expect(received).toEqual([])
    await until('2026-03-04T05:00:01+08:00')
    expect(received[0]!.at).toBe('2026-03-04T05:00:00')
  })

  test('what human resources do is told by id, and costs nothing of the month', async () => {
    const { sandbox, until, received } = await subscribed()
    sandbox.staff({ act: 'hire', name: '新人', dingtalk: 'new1' })
    sandbox.staff({ act: 'leave', dingtalk: 'new1' })
    await until('2026-03-04T04:01:00+08:00')
    expect(types(received)).toEqual(['user_add_org', 'user_active_org', 'user_leave_org'])
    expect(JSON.parse(received[0]!.message)).toMatchObject({ userId: ['new1'], eventId: expect.any(String) })
    expect(sandbox.world.events.counts().metered).toBe(0)
  })

  test('the legacy envelope has capital keys and no number', async () => {
    const { sandbox, until, received } = await subscribed({ faults: { eventEnvelope: 'legacy' } })
    sandbox.staff({ act: 'hire', name: '新人', dingtalk: 'new1' })
    await until('2026-03-04T04:01:00+08:00')
    const message = JSON.parse(received[0]!.message)
    expect(message).toMatchObject({
      EventType: 'user_add_org',
      UserId: ['new1'],
      TimeStamp: expect.any(String),
    })
    expect(message).not.toHaveProperty('eventId')
  })

  test('what is not taken comes again after 10 s and 30 s, is parked, and shows minutes later', async () => {
    const { sandbox, until, received, customer } = await subscribed()
    customer.answers = false
    sandbox.staff({ act: 'leave', dingtalk: sandbox.pairs()[0]!.dingtalk })
    await until('2026-03-04T04:02:00+08:00')
    expect(received.map(({ at }) => at.slice(11))).toEqual(['04:00:00', '04:00:10', '04:00:40'])
    const { failed } = sandbox.world.events
    expect(failed.read(sandbox.nowMs()).rows).toEqual([])
    await until('2026-03-04T04:06:00+08:00')
    expect(failed.read(sandbox.nowMs()).rows).toMatchObject([{ call_back_tag: 'user_leave_org' }])
  })

  test.for([
    { when: 'the word is in clear', text: 'success' },
    { when: 'there is none', text: '' },
  ])('an answer is none when $when', async ({ text }) => {
    let now = Temporal.Instant.from(start)
    const sandbox = createSandbox({
      ...{ seed: 1, people: 6, now: () => now },
      post: async () => ({ status: 200, headers: {}, text }),
    })
    await expect(sandbox.subscribe({ dingtalk: addresses.dingtalk })).rejects.toThrow('dingtalk')
    now = now.add({ hours: 1 })
    expect(sandbox.subscriptions.nextDueMs()).toBeNull()
  })

  test('when the month is used up nothing comes any more, but for contacts', async () => {
    const { sandbox, until, received } = await subscribed()
    sandbox.world.events.emit({ eventType: 'attend_group_change', data: {} })
    for (let i = 0; i < 3_100; i++)
      sandbox.world.events.emit({ eventType: 'attend_group_change', data: { i } })
    sandbox.staff({ act: 'hire', name: '新人', dingtalk: 'new1' })
    await until('2026-03-04T04:01:00+08:00')
    expect(types(received).filter((type) => type === 'attend_group_change')).toHaveLength(3_000)
    expect(types(received)).toContain('user_add_org')
    expect(sandbox.world.events.counts()).toMatchObject({ metered: 3_000, overQuota: 101, waiting: 0 })
  })

  test.for([
    { faults: { events: false }, times: 0 },
    { faults: { eventLoss: 1 }, times: 0 },
    { faults: { eventDuplicates: 1 }, times: 2 },
    { faults: { eventDelay: 3_600 }, times: 0 },
  ])('switched to $faults one event is told $times times within minutes', async ({ faults, times }) => {
    const { sandbox, until, received } = await subscribed({ faults })
    sandbox.staff({ act: 'leave', dingtalk: sandbox.pairs()[0]!.dingtalk })
    await until('2026-03-04T04:10:00+08:00')
    expect(received).toHaveLength(times)
  })

  test('shuffled, the order differs and nothing is missing', async () => {
    const told = async (eventsShuffled: boolean) => {
      const { sandbox, until, received } = await subscribed({ faults: { eventsShuffled } })
      for (let i = 0; i < 20; i++)
        sandbox.world.events.emit({ eventType: 'org_dept_create', data: { deptId: [i] } })
      await until('2026-03-04T04:01:00+08:00')
      return received.map(({ message }) => JSON.parse(message).deptId[0] as number)
    }
    const [plain, shuffled] = [await told(false), await told(true)]
    expect(plain).toEqual(Array.from({ length: 20 }, (_, i) => i))
    expect(shuffled).not.toEqual(plain)
    expect(shuffled.toSorted((a, b) => a - b)).toEqual(plain)
  })
})

test('over the Stream, what nobody takes comes three times and is lost', async () => {
  const { sandbox, until } = world()
  const seen: DingtalkEvent[] = []
  sandbox.world.events.setDeliverer(async (event) => {
    seen.push(event)
    return 'nobody'
  })
  sandbox.staff({ act: 'leave', dingtalk: sandbox.pairs()[0]!.dingtalk })
  await until('2026-03-04T04:10:00+08:00')
  expect(seen.map(({ eventId }) => eventId)).toEqual([seen[0]!.eventId, seen[0]!.eventId, seen[0]!.eventId])
  expect(sandbox.world.events.counts()).toMatchObject({ givenUp: 1, parked: 0, waiting: 0 })
})

test('what happened while nobody had subscribed is told to nobody', async () => {
  const { sandbox, until, received } = world()
  await until('2026-03-04T23:00:00+08:00')
  await sandbox.subscribe({ dingtalk: addresses.dingtalk })
  await until('2026-03-04T23:30:00+08:00')
  expect(types(received)).toEqual(['check_url'])
})

describe('WeCom', () => {
  const acts = async (act: (sandbox: Sandbox) => void, options: Partial<SandboxOptions> = {}) => {
    const told = world(options)
    await told.sandbox.subscribe({ wecom: addresses.wecom })
    told.received.length = 0
    act(told.sandbox)
    return told
  }

  test('an address that does not give the word back is not saved', async () => {
    const { sandbox, customer } = world()
    customer.answers = false
    await expect(sandbox.subscribe({ wecom: addresses.wecom })).rejects.toThrow('wecom')
  })

  test('a new user id is told with the old one', async () => {
    const { until, received } = await acts((sandbox) => {
      const { wecom } = sandbox.pairs()[0]!
      sandbox.staff({ act: 'changeUserid', wecom, to: 'brand.new' })
    })
    await until('2026-03-04T04:01:00+08:00')
    expect(received).toHaveLength(1)
    expect(received[0]!.message).toContain('<NewUserID><![CDATA[brand.new]]></NewUserID>')
  })

  test('punches are told by no event', async () => {
    const { until, received } = await acts(() => {})
    await until('2026-03-05T04:00:00+08:00')
    expect(received).toEqual([])
  })

  test('what is not taken comes three times more, and is dropped', async () => {
    const { sandbox, until, received, customer } = await acts((sandbox) =>
      sandbox.staff({ act: 'leave', wecom: sandbox.pairs()[0]!.wecom }),
    )
    customer.answers = false
    await until('2026-03-04T04:10:00+08:00')
    expect(received).toHaveLength(2 * 4)
    expect(sandbox.world.wecomEvents.counts()).toMatchObject({ givenUp: 2, waiting: 0 })
  })
})

test('a world that is opened again goes on where it was: addresses, what waits, and what is parked', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qintong-events-'))
  try {
    const file = join(folder, 'world')
    const before = world({ file })
    await before.sandbox.subscribe({ dingtalk: addresses.dingtalk })
    before.customer.answers = false
    before.sandbox.staff({ act: 'leave', dingtalk: before.sandbox.pairs()[0]!.dingtalk })
    await before.until('2026-03-04T04:00:05+08:00')
    before.sandbox.close()

    const after = world({ file })
    await after.until('2026-03-04T04:00:11+08:00')
    expect(types(after.received)).toEqual(['user_leave_org'])
    await after.until('2026-03-04T12:00:00+08:00')
    expect(punchesOf(after.received).length).toBeGreaterThan(0)
    after.sandbox.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('an amended punch of a night shift is told under the day its shift began', async () => {
  const { sandbox, received, until } = world()
  await sandbox.subscribe({ dingtalk: addresses.dingtalk })
  const [who] = sandbox.pairs()
  const userId = who!.dingtalk
  sandbox.world.company.byDingtalk.get(userId)!.shift = 'night'
  await until('2026-03-05T06:04:00+08:00')
  const at = '2026-03-05T06:05:00+08:00'
  const { id } = sandbox.punch({ platform: 'dingtalk', userId, at }) as { id: number }
  await until('2026-03-05T07:00:00+08:00')
  sandbox.punch({ platform: 'dingtalk', userId, amend: { id, timeResult: 'Normal' } })
  await until('2026-03-05T07:01:00+08:00')
  const told = received.map(({ message }) => JSON.parse(message) as Record<string, unknown>)
  expect(told.find(({ EventType }) => EventType === 'attend_bossCheck_change')).toMatchObject({
    userId,
    workDate: '2026-03-04 00:00:00',
    planId: expect.any(Number),
  })
})
