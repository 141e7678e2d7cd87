import { describe, expect, test } from 'vitest'
import { type GateOptions, outcomeOf } from '#platforms/gate.ts'
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
import { aDingtalk, aWecom, broken, json, memoryQuota, virtualClock } from '#platforms/testing.ts'

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

  test('is a minute again after calls that went well', async () => {
    const { gate, clock } = aGate(aWecom, [no(45009), ok, no(45009), ok])
    await gate.call(write, record)
    await gate.call(write, record)
    expect(clock.elapsedMs()).toBeLessThan(130_000)
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
  // close to its end it would be short enough to wait for, but a ban is not worth holding a lane
  await clock.sleep(290_000)
  expect((await failureFrom(gate.call(contacts, ask))).failure.code).toBe('platform.banned')
  expect(clock.elapsedMs()).toBe(290_000)
  await clock.sleep(30_000)
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
