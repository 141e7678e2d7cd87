import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
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
import { aDingtalk, aWecom, broken, json, type Scripted } from '#platforms/testing.ts'

describe('what a call ends in', () => {
  test.for<{ when: string; line: Scripted; calls: number; code: string; facts?: object }>([
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

  test('a DingTalk token keeps the scopes it was issued with: a new one is asked before the scope is called missing', async () => {
    const granted = aGate(aDingtalk, [no(60011, '{requiredScopes=[qyapi_x]}'), ok])
    await granted.gate.call(read, ask)
    expect(granted.callLog.calls.map(({ outcome }) => outcome)).toEqual([
      'ok',
      'platform.no-permission',
      'ok',
      'ok',
    ])
    const missing = aGate(aDingtalk, [no(60011, '{requiredScopes=[qyapi_x]}')])
    const { failure } = await failureFrom(missing.gate.call(read, ask))
    expect(failure).toMatchObject({ code: 'platform.no-permission', facts: { scopes: ['qyapi_x'] } })
    expect(missing.gate.counts()['listRecord']).toBe(2)
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
  test.for<{ line: Scripted; outcome: string; code: string; calls: number }>([
    { line: broken('unreachable'), outcome: 'notSent', code: 'platform.unreachable', calls: 4 },
    { line: broken('too-late'), outcome: 'notSent', code: 'platform.too-late', calls: 1 },
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
