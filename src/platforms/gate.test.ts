import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Failure, FailureError } from '#domain/failures.ts'
import { endpoint } from '#platforms/endpoint.ts'
import { createGate, type GateOptions, outcomeOf } from '#platforms/gate.ts'
import { limitsOf } from '#platforms/limits.ts'
import type { ConnectionFacts } from '#platforms/ports.ts'
import {
  aDingtalk,
  aWecom,
  broken,
  json,
  memoryLog,
  memoryQuota,
  memoryTokens,
  type Scripted,
  scripted,
  virtualClock,
} from '#platforms/testing.ts'

const rows = z.object({ rows: z.array(z.object({ at: z.number() })).optional() })
const read = endpoint({
  ...{ name: 'listRecord', method: 'POST', host: 'oapi', path: '/attendance/listRecord' },
  request: z.strictObject({ userIds: z.array(z.string()) }),
  response: rows,
  ...{ limit: limitsOf('dingtalk.listRecord'), metered: true, writes: false, token: 'query' },
})
const contacts = endpoint({ ...read, name: 'user/get', path: '/topapi/v2/user/get', metered: false })
const readWecom = endpoint({
  ...{ name: 'user/get', method: 'GET', host: 'api', path: '/cgi-bin/user/get' },
  request: z.strictObject({ userid: z.string() }),
  response: rows,
  ...{ limit: limitsOf('wecom.user/get'), metered: false, writes: false, token: 'query' },
})
const write = endpoint({
  ...{ name: 'add_checkin_record', method: 'POST', host: 'api', path: '/cgi-bin/checkin/add_checkin_record' },
  request: z.strictObject({ records: z.array(z.object({ userid: z.string() })) }),
  response: z.object({}),
  ...{ limit: limitsOf('wecom.add_checkin_record'), metered: false, writes: true, token: 'query' },
})

const ok = json({ errcode: 0, errmsg: 'ok', rows: [] })
const no = (errcode: number, errmsg = 'no') => json({ errcode, errmsg })

function aGate(
  facts: ConnectionFacts,
  lines: Scripted[],
  more: Partial<GateOptions> & { tokenLines?: Scripted[] } = {},
) {
  const net = scripted(lines, more.tokenLines)
  const parts = { clock: virtualClock(), callLog: memoryLog(), quota: memoryQuota(), tokens: memoryTokens() }
  const gate = createGate({ facts, transport: net.transport, random: () => 0.5, ...parts, ...more })
  return { gate, net, ...parts }
}

/** The failure a call ends in, and what became of its request. */
async function failureFrom(calling: Promise<unknown>): Promise<{ failure: Failure; outcome: string }> {
  const error = await calling.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof FailureError)) throw new Error(`ended in ${String(error)}`)
  return { failure: error.failure, outcome: outcomeOf(error) }
}

const ask = { userIds: ['u001'] }
const record = { records: [{ userid: 'u1' }, { userid: 'u2' }] }

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

type Line = Scripted
describe('what a call ends in', () => {
  test.for<{ when: string; line: Line; calls: number; code: string; facts?: object }>([
    {
      when: 'nobody listens',
      line: broken('unreachable'),
      calls: 4,
      code: 'platform.unreachable',
      facts: { host: 'oapi.example.test' },
    },
    {
      when: 'time runs out',
      line: broken('timeout'),
      calls: 4,
      code: 'platform.timeout',
      facts: { timeoutMs: 15_000 },
    },
    { when: 'the line breaks', line: broken('reset'), calls: 4, code: 'platform.broken-off' },
    { when: 'the answer is endless', line: broken('too-large'), calls: 1, code: 'platform.too-large' },
    { when: 'busy', line: no(-1), calls: 4, code: 'platform.busy', facts: { theirCode: '-1' } },
    {
      when: '5xx',
      line: json('oops', 502),
      calls: 4,
      code: 'platform.busy',
      facts: { theirCode: 'HTTP 502' },
    },
    { when: 'empty', line: json(''), calls: 4, code: 'platform.unreadable-answer' },
    {
      when: 'not JSON',
      line: json('hello'),
      calls: 1,
      code: 'platform.unreadable-answer',
      facts: { status: 200, excerpt: 'hello' },
    },
    {
      when: 'the data has another shape',
      line: json({ errcode: 0, rows: [{ at: 'x' }] }),
      calls: 1,
      code: 'platform.unreadable-answer',
      facts: { excerpt: '{"errcode":0,"rows":[{"at":"x"}]}' },
    },
    {
      when: 'a scope is missing',
      line: no(60011, '{requiredScopes=[qyapi_x]}'),
      calls: 1,
      code: 'platform.no-permission',
      facts: { scopes: ['qyapi_x'] },
    },
    {
      when: 'the address is strange',
      line: no(60020, 'request ip=203.0.113.9 appKey(x)'),
      calls: 1,
      code: 'platform.ip-not-trusted',
      facts: { ip: '203.0.113.9' },
    },
    {
      when: 'the month is used up',
      line: no(90020),
      calls: 1,
      code: 'platform.out-of-calls',
      facts: { used: 1, quota: 5_000, freeAgainAt: '2026-12-01T00:00:00+08:00' },
    },
    {
      when: 'the person is unknown',
      line: no(60121),
      calls: 1,
      code: 'platform.person-refused',
      facts: { userIds: ['u001'] },
    },
    { when: 'the request is wrong', line: no(41041), calls: 1, code: 'platform.bad-request' },
    { when: 'the app is stopped', line: no(50003), calls: 1, code: 'platform.app-disabled' },
    {
      when: 'the code is new',
      line: no(777777, 'new words'),
      calls: 1,
      code: 'platform.unknown-code',
      facts: { theirCode: '777777', theirText: 'new words' },
    },
    { when: 'banned', line: json('<html>'), calls: 1, code: 'platform.banned' },
  ])('$when: $code after $calls', async ({ line, calls, code, facts = {} }) => {
    const { gate, callLog } = aGate(aDingtalk, [line])
    const { failure } = await failureFrom(gate.call(read, ask))
    expect(failure).toMatchObject({
      code,
      facts: { platform: 'dingtalk', connection: 'hq-dingtalk', api: 'listRecord', ...facts },
    })
    expect(gate.counts()['listRecord']).toBe(calls)
    expect(callLog.calls.map(({ outcome }) => outcome)).toEqual(['ok', ...Array(calls).fill(code)])
  })

  test('passing trouble is waited out: 1, 2, 4 s on DingTalk and 1, 4, 15 s on WeCom, give or take', async () => {
    const one = aGate(aDingtalk, [no(-1)])
    await failureFrom(one.gate.call(contacts, ask))
    expect(one.clock.elapsedMs()).toBe(7_000)
    const two = aGate(aWecom, [no(-1), no(301022), no(45033), ok])
    await two.gate.call(readWecom, { userid: 'a' })
    expect(two.clock.elapsedMs()).toBe(20_000)
  })
})

describe('a write', () => {
  test.for<{ line: Line; outcome: string; code: string; calls: number }>([
    { line: broken('unreachable'), outcome: 'notSent', code: 'platform.unreachable', calls: 4 },
    { line: no(48002), outcome: 'notSent', code: 'platform.no-permission', calls: 1 },
    { line: no(60020), outcome: 'notSent', code: 'platform.ip-not-trusted', calls: 1 },
    { line: no(40014), outcome: 'notSent', code: 'platform.bad-credentials', calls: 2 },
    { line: no(45009), outcome: 'notSent', code: 'platform.rate-limited', calls: 2 },
    { line: no(50003), outcome: 'notSent', code: 'platform.app-disabled', calls: 1 },
    { line: no(301021), outcome: 'refused', code: 'platform.person-refused', calls: 1 },
    { line: no(40058), outcome: 'refused', code: 'platform.bad-request', calls: 1 },
    { line: no(777777), outcome: 'refused', code: 'platform.unknown-code', calls: 1 },
    { line: no(-1), outcome: 'lost', code: 'platform.busy', calls: 1 },
    { line: no(45035), outcome: 'lost', code: 'platform.busy', calls: 1 },
    { line: json('', 500), outcome: 'lost', code: 'platform.busy', calls: 1 },
    { line: broken('timeout'), outcome: 'lost', code: 'platform.timeout', calls: 1 },
    { line: broken('reset'), outcome: 'lost', code: 'platform.broken-off', calls: 1 },
    { line: json('<html>'), outcome: 'lost', code: 'platform.banned', calls: 1 },
    { line: json('garbage'), outcome: 'lost', code: 'platform.unreadable-answer', calls: 1 },
    { line: json(''), outcome: 'lost', code: 'platform.unreadable-answer', calls: 1 },
  ])('$code is $outcome, after $calls', async ({ line, outcome, code, calls }) => {
    const { gate } = aGate(aWecom, [line])
    const ended = await failureFrom(gate.call(write, record))
    expect({ outcome: ended.outcome, code: ended.failure.code }).toEqual({ outcome, code })
    expect(gate.counts()['add_checkin_record']).toBe(calls)
  })

  test('is never sent a second time unless the first was certainly not executed', async () => {
    const answers = fc.constantFrom<Scripted[]>(
      ...[
        no(-1),
        no(45033),
        no(6000),
        no(301021),
        no(40058),
        no(999999),
        json('', 502),
        json('<html>'),
        json('{'),
      ],
      ...[broken('timeout'), broken('reset'), broken('too-large'), ok],
    )
    const harmless = fc.constantFrom<Scripted[]>(no(40014), no(42001), broken('unreachable'), no(45009))
    await fc.assert(
      fc.asyncProperty(fc.array(harmless, { maxLength: 2 }), answers, async (before, answer) => {
        const { gate } = aGate(aWecom, [...before, answer, new Error('sent again')])
        const error = await gate.call(write, record).catch((thrown: unknown) => thrown)
        expect(String(error)).not.toContain('sent again')
      }),
      { numRuns: 60 },
    )
  })

  test('that got no token was not sent, whatever became of the token call', async () => {
    const { gate } = aGate(aWecom, [ok], { tokenLines: [broken('timeout')] })
    const { failure, outcome } = await failureFrom(gate.call(write, record))
    expect({ outcome, code: failure.code }).toEqual({ outcome: 'notSent', code: 'platform.timeout' })
  })
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

describe('the monthly quota', () => {
  test('is taken for metered calls only', async () => {
    const { gate, quota, callLog } = aGate(aDingtalk, [ok])
    await gate.call(contacts, ask)
    await gate.call(read, ask)
    expect(quota.used).toBe(1)
    expect(callLog.calls.map(({ api, cost }) => [api, cost])).toEqual([
      ['accessToken', 0],
      ['user/get', 0],
      ['listRecord', 1],
    ])
  })

  test('used up, it stops the call before it is made', async () => {
    const { gate } = aGate(aDingtalk, [ok], { quota: memoryQuota(0) })
    const { failure, outcome } = await failureFrom(gate.call(read, ask))
    expect(failure).toMatchObject({
      code: 'platform.out-of-calls',
      facts: { used: 0, quota: 0, freeAgainAt: '2026-12-01T00:00:00+08:00' },
    })
    expect(outcome).toBe('notSent')
    expect(gate.counts()).toEqual({ accessToken: 1 })
  })

  test('pays for each repeated attempt, save those that a rate limit or a dead network stopped', async () => {
    const { gate, quota, callLog } = aGate(aDingtalk, [
      no(90018),
      broken('unreachable'),
      no(-1),
      broken('timeout'),
      ok,
    ])
    await gate.call(read, ask)
    expect(callLog.calls.map(({ cost }) => cost)).toEqual([0, 1, 0, 0, 1, 1])
    expect(quota.used).toBe(3)
  })
})

describe('a rate limit', () => {
  test('is waited out inside the call when it is short', async () => {
    const { gate, clock } = aGate(aWecom, [no(45009), ok])
    await gate.call(write, record)
    expect(clock.elapsedMs()).toBeGreaterThanOrEqual(60_000)
    expect(clock.elapsedMs()).toBeLessThan(65_000)
  })

  test('met again right away is five minutes long: the call gives up and tells how long', async () => {
    const { gate } = aGate(aWecom, [no(45009)])
    const { failure } = await failureFrom(gate.call(write, record))
    expect(failure).toMatchObject({ code: 'platform.rate-limited', facts: { theirCode: '45009' } })
    const { waitMs } = failure.facts as { waitMs: number }
    expect(waitMs).toBeGreaterThanOrEqual(300_000)
    const next = await failureFrom(gate.call(write, record))
    expect(next).toMatchObject({ outcome: 'notSent', failure: { code: 'platform.rate-limited' } })
    expect(gate.counts()['add_checkin_record']).toBe(2)
  })

  test('holds its own API only', async () => {
    const { gate } = aGate(aWecom, [no(45009), no(45009), ok])
    await failureFrom(gate.call(write, record))
    await gate.call(readWecom, { userid: 'a' })
    expect(gate.counts()['user/get']).toBe(1)
  })

  test('met by calls that were under way together counts once', async () => {
    const { gate, clock } = aGate(aWecom, [no(45009), no(45009), no(45009), ok], { pace: 'off' })
    await Promise.all([1, 2, 3].map(() => gate.call(write, record)))
    expect(clock.elapsedMs()).toBeLessThan(65_000)
  })

  test('with an end in its text lasts until then', async () => {
    const text = '限制将在 2026-11-02 09:00:20 结束.'
    const { gate, clock } = aGate(aDingtalk, [
      json({ errcode: 88, sub_code: '90018', sub_msg: text, errmsg: text }),
      ok,
    ])
    await gate.call(contacts, ask)
    expect(clock.elapsedMs()).toBeGreaterThanOrEqual(20_000)
    expect(clock.elapsedMs()).toBeLessThan(23_000)
  })

  test('that never ends is given up after three waits', async () => {
    const { gate, clock } = aGate(aDingtalk, [no(90018)])
    const { failure } = await failureFrom(gate.call(contacts, ask))
    expect(failure.code).toBe('platform.rate-limited')
    expect(gate.counts()['user/get']).toBe(4)
    expect(clock.elapsedMs()).toBeGreaterThanOrEqual(7_000)
  })
})

test('after a ban page nothing of the connection leaves for five minutes, and nobody waits for it inside a call', async () => {
  const { gate, clock } = aGate(aDingtalk, [json('<html>denied</html>'), ok])
  const first = await failureFrom(gate.call(read, ask))
  expect(first.failure).toMatchObject({ code: 'platform.banned' })
  expect((first.failure.facts as { waitMs: number }).waitMs).toBeGreaterThanOrEqual(300_000)
  const second = await failureFrom(gate.call(contacts, ask))
  expect(second).toMatchObject({ outcome: 'notSent', failure: { code: 'platform.banned' } })
  expect(clock.elapsedMs()).toBe(0)
  expect(gate.counts()).toEqual({ accessToken: 1, listRecord: 1 })
  await clock.sleep(320_000)
  await gate.call(contacts, ask)
})

describe('the pace', () => {
  test('of one API never exceeds its documented rate, and its places', async () => {
    const sent: number[] = []
    let [underWay, most] = [0, 0]
    const clock = virtualClock()
    const transport: GateOptions['transport'] = async ({ url }) => {
      if (url.includes('gettoken')) return json({ errcode: 0, access_token: 'token-1', expires_in: 7200 })
      sent.push(clock.now().epochMilliseconds)
      underWay += 1
      most = Math.max(most, underWay)
      await clock.sleep(700)
      underWay -= 1
      return ok
    }
    const { gate } = aGate(aWecom, [], { transport, clock, pace: 1 })
    await Promise.all(Array.from({ length: 130 }, () => gate.call(write, record)))
    const inWindow = (from: number) => sent.filter((at) => at >= from && at <= from + 60_000).length
    expect(Math.max(...sent.map(inWindow))).toBe(60)
    expect(most).toBeLessThanOrEqual(4)
  })

  test('of DingTalk rises to 60 a second with the development pack', async () => {
    const packed = { ...aDingtalk, edition: ['standard', 'development-pack'] }
    const [slow, fast] = [aGate(aDingtalk, [ok], { pace: 1 }), aGate(packed, [ok], { pace: 1 })]
    for (const { gate } of [slow, fast]) for (let n = 0; n < 61; n++) await gate.call(contacts, ask)
    expect(slow.clock.elapsedMs()).toBeGreaterThanOrEqual(3_000)
    expect(fast.clock.elapsedMs()).toBeLessThan(1_100)
  })

  test('a wait ends when the run is told to stop; nothing was sent', async () => {
    const stop = new AbortController()
    const { gate, net } = aGate(aWecom, [ok], { signal: stop.signal })
    await gate.call(write, record)
    stop.abort(new Error('stopped'))
    const error = await gate.call(write, record).catch((thrown: unknown) => thrown)
    expect(String(error)).toContain('stopped')
    expect(outcomeOf(error)).toBe('notSent')
    expect(net.paths()).toHaveLength(2)
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
