import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { endpoint } from '#platforms/endpoint.ts'
import { outcomeOf } from '#platforms/gate.ts'
import {
  aGate,
  ask,
  contacts,
  failureFrom,
  no,
  ok,
  read,
  readWecom,
  record,
  write,
} from '#platforms/gate-testing.ts'
import type { Transport } from '#platforms/ports.ts'
import { aDingtalk, aWecom, json, virtualClock } from '#platforms/testing.ts'

describe('a call that goes well', () => {
  test('answers the data and the text as it arrived', async () => {
    const { gate, net } = aGate(aDingtalk, [json({ errcode: 0, rows: [{ at: 1, more: true }] })])
    const { data, text } = await gate.call(read, ask)
    expect(data).toEqual({ rows: [{ at: 1 }] })
    expect(text).toBe('{"errcode":0,"rows":[{"at":1,"more":true}]}')
    expect(net.asked.map(({ method, url, body }) => [method, url, body])).toEqual([
      [
        'POST',
        'https://api.example.test/v1.0/oauth2/accessToken',
        '{"appKey":"dingapp0001","appSecret":"dingtalk-secret-0001"}',
      ],
      [
        'POST',
        'https://oapi.example.test/attendance/listRecord?access_token=token-1',
        '{"userIds":["u001"]}',
      ],
    ])
  })

  test('a GET carries its fields in the query, WeCom its corp and secret', async () => {
    const { gate, net } = aGate(aWecom, [ok])
    await gate.call(readWecom, { userid: '张 三&x' })
    expect(net.asked.map(({ url }) => url)).toEqual([
      'https://api.example.test/cgi-bin/gettoken?corpid=ww00000000000001&corpsecret=wecom-secret-0001',
      'https://api.example.test/cgi-bin/user/get?access_token=token-1&userid=%E5%BC%A0+%E4%B8%89%26x',
    ])
    expect(net.asked[1]?.body).toBeUndefined()
  })

  test('a token may travel in the header', async () => {
    const { gate, net } = aGate(aDingtalk, [json({ ok: true })])
    await gate.call(endpoint({ ...read, host: 'api', token: 'header' }), ask)
    expect(net.asked[1]?.url).not.toContain('token-1')
    expect(net.asked[1]?.headers).toMatchObject({ 'x-acs-dingtalk-access-token': 'token-1' })
  })

  test('every HTTP attempt counts by name, tokens included, until the counts are reset', async () => {
    const { gate } = aGate(aDingtalk, [no(-1), ok])
    await gate.call(read, ask)
    await gate.call(contacts, ask)
    expect(gate.counts()).toEqual({ accessToken: 1, listRecord: 2, 'user/get': 1 })
    gate.resetCounts()
    expect(gate.counts()).toEqual({})
  })

  test('reads and writes have their own time-outs', async () => {
    const { gate, net } = aGate(aWecom, [ok], { timeoutMs: { read: 11, write: 22 } })
    await gate.call(readWecom, { userid: 'a' })
    await gate.call(write, record)
    expect(net.asked.map(({ timeoutMs }) => timeoutMs)).toEqual([11, 11, 22])
  })
})

test('a request that breaks its own schema is a bug, thrown plainly before anything is sent', async () => {
  const { gate, net } = aGate(aDingtalk, [ok])
  const error = await gate.call(read, { userIds: [1] } as never).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(z.ZodError)
  expect(outcomeOf(error)).toBe('notSent')
  expect(net.asked).toEqual([])
})

test('an error of the transport that has no kind is a bug: thrown plainly, its outcome lost', async () => {
  const { gate } = aGate(aWecom, [new TypeError('a bug')])
  const error = await gate.call(write, record).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(TypeError)
  expect(outcomeOf(error)).toBe('lost')
})

describe('the token', () => {
  test('is asked for once, however many calls start together', async () => {
    const { gate } = aGate(aDingtalk, [ok])
    await Promise.all([1, 2, 3, 4, 5].map(() => gate.call(contacts, ask)))
    expect(gate.counts()).toEqual({ accessToken: 1, 'user/get': 5 })
  })

  test('is dropped, fetched anew and tried once more when the platform forgot it', async () => {
    const { gate, net } = aGate(aWecom, [no(42001), ok])
    await gate.call(readWecom, { userid: 'a' })
    expect(net.asked.map(({ url }) => new URL(url).searchParams.get('access_token'))).toEqual([
      null,
      'token-1',
      null,
      'token-2',
    ])
  })

  test('that is refused again right after it was fetched is a matter of configuration', async () => {
    const { gate } = aGate(aWecom, [no(40014)])
    const { failure } = await failureFrom(gate.call(readWecom, { userid: 'a' }))
    expect(failure).toMatchObject({
      code: 'platform.bad-credentials',
      facts: { theirCode: '40014', api: 'user/get' },
    })
    expect(gate.counts()).toEqual({ gettoken: 2, 'user/get': 2 })
  })

  test('a wrong secret is told twice to the platform, then nobody asks until the pause is over', async () => {
    const { gate, clock } = aGate(aWecom, [ok], { tokenLines: [no(40001, 'invalid credential')] })
    const codes = []
    for (let n = 0; n < 5; n++)
      codes.push((await failureFrom(gate.call(readWecom, { userid: 'a' }))).failure.code)
    expect(codes).toEqual([
      'platform.bad-credentials',
      'platform.bad-credentials',
      ...Array(3).fill('platform.credentials-paused'),
    ])
    expect(gate.counts()).toEqual({ gettoken: 2 })
    await clock.sleep(300_000)
    const third = await failureFrom(gate.call(readWecom, { userid: 'a' }))
    expect(third.failure.code).toBe('platform.bad-credentials')
    const { failure } = await failureFrom(gate.call(readWecom, { userid: 'a' }))
    expect(failure).toMatchObject({
      code: 'platform.credentials-paused',
      facts: { until: expect.stringMatching(/\+08:00$/) },
    })
    expect(gate.counts()).toEqual({ gettoken: 3 })
  })
})

test('no token, secret or full mobile number reaches the log or a failure, even when the platform echoes them', async () => {
  const echo = '不合法 token-1 of wecom-secret-0001, mobile 13812345678, access_token=token-1'
  for (const line of [no(777777, echo), json(echo), json(`{"errcode":0,"rows":["${echo}"]}`)]) {
    const { gate, callLog } = aGate(aWecom, [line])
    const { failure } = await failureFrom(gate.call(readWecom, { userid: 'a' }))
    const seen = JSON.stringify([failure, callLog.calls])
    expect(seen).not.toMatch(/token-1|wecom-secret-0001|13812345678/)
    expect(seen).toContain('5678')
  }
})

test('the call log tells when, how long, what, their code and their request id', async () => {
  const clock = virtualClock()
  const { gate, callLog } = aGate(aWecom, [], {
    clock,
    transport: async ({ url }) => {
      await clock.sleep(250)
      if (url.includes('gettoken')) return json({ errcode: 0, access_token: 'token-1', expires_in: 7200 })
      return no(48002, 'api forbidden, hint: [17857185], from ip: 203.0.113.9')
    },
  })
  await failureFrom(gate.call(readWecom, { userid: 'a' }))
  expect(callLog.calls[1]).toMatchObject({
    ...{ connection: 'hq-wecom', api: 'user/get', durationMs: 250, outcome: 'platform.no-permission' },
    ...{ theirCode: '48002', requestId: '17857185', cost: 0 },
  })
})

/** A WeCom gate whose answers take so long and are dated at their end, by a clock so many seconds ahead. */
const slowGate = (answers: { takesMs: number; ahead: number; datedAtMs?: number }[]) => {
  const clock = virtualClock()
  const seen: number[] = []
  let n = 0
  const transport: Transport = async ({ url }) => {
    if (url.includes('gettoken')) return json({ errcode: 0, access_token: 'token-1', expires_in: 7200 })
    const { takesMs, ahead, datedAtMs = takesMs } = answers[n++]!
    await clock.sleep(datedAtMs)
    const date = new Date(clock.now().epochMilliseconds + ahead * 1000).toUTCString()
    await clock.sleep(takesMs - datedAtMs)
    return json({ errcode: 0 }, 200, { date })
  }
  return { ...aGate(aWecom, [], { clock, transport, onSkew: (seconds) => void seen.push(seconds) }), seen }
}

test.for([
  { when: 'dated when it was asked for', takesMs: 180_000, datedAtMs: 0, ahead: 0, gives: 0 },
  { when: 'dated when it came', takesMs: 180_000, datedAtMs: 180_000, ahead: 0, gives: 0 },
  { when: 'dated by a clock that is off by less', takesMs: 180_000, datedAtMs: 90_000, ahead: 90, gives: 0 },
  { when: 'dated by a clock that is off by more', takesMs: 10_000, datedAtMs: 0, ahead: 300, gives: 290 },
])('an answer that took long, $when: the clock is off by $gives s at least', async ({ gives, ...answer }) => {
  const { gate, seen } = slowGate([answer])
  await gate.call(readWecom, { userid: 'a' })
  expect([gate.skewSeconds(), seen]).toEqual([gives, [gives]])
})

test('a wrong clock stays known through an answer that says nothing, and is forgotten when one contradicts it', async () => {
  const { gate, seen } = slowGate([
    { takesMs: 0, ahead: 120 },
    { takesMs: 180_000, ahead: 120 },
    { takesMs: 0, ahead: 1 },
  ])
  for (let n = 0; n < 3; n++) await gate.call(readWecom, { userid: 'a' })
  expect(seen).toEqual([120, 120, 0])
})

test.for([
  { ahead: 120, seen: 120 },
  { ahead: -300, seen: -300 },
  { ahead: 45, seen: 0 },
])('a platform clock $ahead s ahead is remembered as $seen s', async ({ ahead, seen }) => {
  const date = (at: Temporal.Instant) => new Date(at.epochMilliseconds).toUTCString()
  const clock = virtualClock()
  const late = json({ errcode: 0 }, 200, { date: date(clock.now().add({ seconds: ahead })) })
  const { gate } = aGate(aWecom, [late], { clock })
  await gate.call(readWecom, { userid: 'a' })
  expect(gate.skewSeconds()).toBe(seen)
})
