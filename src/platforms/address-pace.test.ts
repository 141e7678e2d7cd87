import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FailureError, failure } from '#domain/failures.ts'
import { type AddressLimit, createAddressPace } from '#platforms/address-pace.ts'
import { aGate, ask, contacts, no, ok, read, readWecom } from '#platforms/gate-testing.ts'
import { aDingtalk, aWecom, json, virtualClock } from '#platforms/testing.ts'

const small = (counts: AddressLimit['counts'], calls: number, perSeconds: number): AddressLimit => ({
  ...{ calls, perSeconds, counts, validFrom: '2026-01-01', source: 'a test' },
})
const both = (limit: AddressLimit) => ({ dingtalk: limit, wecom: limit })
const someFacts = {
  platform: 'wecom',
  ...{ connection: 'c', api: 'gettoken', theirCode: '40001', theirText: '', requestId: '' },
} as const
const dingtalk = (api: string) => ({ platform: 'dingtalk', api }) as const
const wecom = (api: string) => ({ platform: 'wecom', api }) as const

/** The most of these instants in any window of this length, both ends included. */
function fullest(instants: readonly number[], windowMs: number): number {
  const sorted = instants.toSorted((a, b) => a - b)
  let [most, first] = [0, 0]
  for (const [last, at] of sorted.entries()) {
    while (at - (sorted[first] ?? at) > windowMs) first += 1
    most = Math.max(most, last - first + 1)
  }
  return most
}

describe('the limit of a source address', () => {
  test('whatever the arrivals and however slow the network, no window the platform counts in holds more', async () => {
    const calls = fc.array(
      fc.record({
        gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2_000 })),
        there: fc.integer({ min: 0, max: 3_000 }),
        back: fc.integer({ min: 0, max: 3_000 }),
        api: fc.constantFrom('a', 'b'),
      }),
      { minLength: 1, maxLength: 60 },
    )
    const laws = fc.record({
      calls: fc.integer({ min: 1, max: 8 }),
      perSeconds: fc.integer({ min: 1, max: 6 }),
      counts: fc.constantFrom('all-apis' as const, 'each-api' as const),
      share: fc.double({ min: 0.2, max: 1, noNaN: true }),
    })
    await fc.assert(
      fc.asyncProperty(laws, calls, async ({ share, ...law }, asked) => {
        const clock = virtualClock()
        const limit = small(law.counts, law.calls, law.perSeconds)
        const pace = createAddressPace({ clock, share, limits: both(limit) })
        const counted: { api: string; at: number }[] = []
        let arrival = 0
        await Promise.all(
          asked.map(async ({ gap, there, back, api }) => {
            arrival += gap
            await clock.sleep(arrival)
            await pace.hold(dingtalk(api), async () => {
              await clock.sleep(there)
              counted.push({ api, at: clock.now().epochMilliseconds })
              await clock.sleep(back)
            })
          }),
        )
        expect(counted).toHaveLength(asked.length)
        const most = Math.max(1, Math.floor(law.calls * share))
        for (const api of law.counts === 'each-api' ? ['a', 'b'] : [null]) {
          const ours = counted.filter((call) => api === null || call.api === api)
          expect(
            fullest(
              ours.map(({ at }) => at),
              law.perSeconds * 1000,
            ),
          ).toBeLessThanOrEqual(most)
        }
      }),
      { numRuns: 120 },
    )
  })

  test('a crowd is served as fast as the limit allows, first come first served', async () => {
    const clock = virtualClock()
    const pace = createAddressPace({ clock, share: 1, limits: both(small('all-apis', 10, 2)) })
    const gone: number[] = []
    await Promise.all(
      Array.from({ length: 35 }, (_, n) => pace.hold(dingtalk('a'), async () => void gone.push(n))),
    )
    expect(gone).toEqual(gone.toSorted((a, b) => a - b))
    expect(clock.elapsedMs()).toBe(3 * 2_001)
  })

  test('far from it nobody waits', async () => {
    const clock = virtualClock()
    const pace = createAddressPace({ clock, share: 0.8 })
    for (let n = 0; n < 8_000; n++) await pace.hold(dingtalk(`api ${n % 7}`), async () => {})
    expect(clock.elapsedMs()).toBe(0)
  })

  test('DingTalk counts 10,000 in 20 s over all APIs, WeCom 10,000 a minute for each', async () => {
    const clock = virtualClock()
    const pace = createAddressPace({ clock, share: 1 })
    const all = (count: number, call: (n: number) => Parameters<typeof pace.hold>[0]) =>
      Promise.all(Array.from({ length: count }, (_, n) => pace.hold(call(n), async () => {})))
    await all(20_000, (n) => wecom(n % 2 ? 'getcheckindata' : 'user/get'))
    await all(10_000, (n) => dingtalk(n % 2 ? 'listRecord' : 'user/get'))
    expect(clock.elapsedMs()).toBe(0)
    await pace.hold(dingtalk('listsub'), async () => {})
    expect(clock.elapsedMs()).toBe(20_001)
    await pace.hold(wecom('user/get'), async () => {})
    expect(clock.elapsedMs()).toBe(60_001)
  })

  test('processes that leave by one address divide it', async () => {
    const clock = virtualClock()
    const pace = createAddressPace({ clock, share: 0.8 / 4 })
    for (let n = 0; n < 2_000; n++) await pace.hold(dingtalk('a'), async () => {})
    expect(clock.elapsedMs()).toBe(0)
    await pace.hold(dingtalk('a'), async () => {})
    expect(clock.elapsedMs()).toBe(20_001)
  })

  test('a restart remembers what was called before it, once', async () => {
    const clock = virtualClock()
    const pace = createAddressPace({ clock, share: 1, limits: both(small('all-apis', 4, 20)) })
    const lately = [5, 3, 1].map((seconds) => ({ api: 'a', at: clock.now().subtract({ seconds }) }))
    pace.seed('hq', 'dingtalk', lately)
    pace.seed('hq', 'dingtalk', lately)
    pace.seed('branch', 'dingtalk', [{ api: 'a', at: clock.now() }])
    await pace.hold(dingtalk('b'), async () => {})
    expect(clock.elapsedMs()).toBe(0)
    await pace.hold(dingtalk('b'), async () => {})
    expect(clock.elapsedMs()).toBe(15_001)
  })

  describe('of secrets that nobody knows to be right', () => {
    const wrong = async (): Promise<never> => {
      throw new FailureError(failure('platform.bad-credentials', someFacts))
    }

    test('wrong ones of all connections are kept apart, right ones hold nobody up', async () => {
      const clock = virtualClock()
      const pace = createAddressPace({ clock, share: 0.8 })
      for (let n = 0; n < 20; n++) await pace.trySecret('wecom', async () => {})
      for (let n = 0; n < 3; n++) await expect(pace.trySecret('wecom', wrong)).rejects.toThrow('bad-cred')
      for (let n = 0; n < 20; n++) await pace.trySecret('dingtalk', wrong).catch(() => {})
      expect(clock.elapsedMs()).toBe(0)
      await pace.trySecret('wecom', async () => {})
      expect(clock.elapsedMs()).toBe(60_001)
    })

    test('any number at once: no minute sees more than three that are wrong, and every one is tried', async () => {
      const clock = virtualClock()
      const pace = createAddressPace({ clock, share: 0.8 })
      const sent: number[] = []
      const send = async () => {
        sent.push(clock.now().epochMilliseconds)
        await clock.sleep(50)
        return sent.length % 3 === 0 ? undefined : wrong()
      }
      await Promise.allSettled(Array.from({ length: 20 }, () => pace.trySecret('wecom', send)))
      expect(sent).toHaveLength(20)
      const refused = sent.filter((_, i) => (i + 1) % 3 !== 0)
      expect(fullest(refused, 60_000)).toBeLessThanOrEqual(3)
    })

    test('a restart remembers those that were wrong before it', async () => {
      const clock = virtualClock()
      const pace = createAddressPace({ clock, share: 0.8 })
      const at = clock.now().subtract({ seconds: 20 })
      const outcome = 'platform.bad-credentials'
      for (const connection of ['a', 'b', 'c'])
        pace.seed(connection, 'wecom', [{ api: 'gettoken', at, outcome }])
      pace.seed('d', 'wecom', [
        { api: 'gettoken', at, outcome: 'ok' },
        { api: 'user/get', at, outcome },
      ])
      await pace.trySecret('wecom', async () => {})
      expect(clock.elapsedMs()).toBe(40_001)
    })
  })

  test('a wait ends when it is told to stop, and those behind it go on', async () => {
    const clock = virtualClock()
    const pace = createAddressPace({ clock, share: 1, limits: both(small('all-apis', 1, 20)) })
    const stop = new AbortController()
    await pace.hold(dingtalk('a'), async () => {})
    const stopped = pace.hold(dingtalk('a'), async () => 'sent', stop.signal)
    const behind = pace.hold(dingtalk('a'), async () => 'sent')
    stop.abort(new Error('stopped'))
    await expect(stopped).rejects.toThrow('stopped')
    await expect(behind).resolves.toBe('sent')
    expect(clock.elapsedMs()).toBe(20_001)
  })

  test('whoever comes right after the last of the queue gave up waits as usual', async () => {
    const clock = virtualClock()
    const pace = createAddressPace({ clock, share: 1, limits: both(small('all-apis', 1, 20)) })
    const stop = new AbortController()
    await pace.hold(dingtalk('a'), async () => {})
    const stopped = pace.hold(dingtalk('a'), async () => {}, stop.signal)
    stop.abort(new Error('stopped'))
    const next = pace.hold(dingtalk('a'), async () => 'sent')
    await expect(stopped).rejects.toThrow('stopped')
    await expect(next).resolves.toBe('sent')
    expect(clock.elapsedMs()).toBe(20_001)
  })

  test('a call that fails gives its place back as well', async () => {
    const clock = virtualClock()
    const pace = createAddressPace({ clock, share: 1, limits: both(small('all-apis', 1, 20)) })
    const broken = pace.hold(dingtalk('a'), () => Promise.reject(new Error('reset')))
    await expect(broken).rejects.toThrow('reset')
    await pace.hold(dingtalk('a'), async () => {})
    expect(clock.elapsedMs()).toBe(20_001)
  })
})

test('the gates of many companies keep the limit of their address together, tokens and retries included', async () => {
  const clock = virtualClock()
  const addressPace = createAddressPace({
    clock,
    share: 1,
    limits: { dingtalk: small('all-apis', 10, 20), wecom: small('each-api', 10, 20) },
  })
  const sent: number[] = []
  const note = (answer: typeof ok) => () => {
    sent.push(clock.now().epochMilliseconds)
    return answer
  }
  const token = json({ accessToken: 'token-1', expireIn: 7200 })
  const gates = Array.from({ length: 6 }, (_, n) =>
    aGate({ ...aDingtalk, key: `company-${n}` }, [note(no(-1)), note(ok)], {
      ...{ clock, addressPace, tokenLines: [note(token)] },
    }),
  )
  await Promise.all(gates.flatMap(({ gate }) => [gate.call(read, ask), gate.call(contacts, ask)]))
  expect(gates.map(({ net }) => net.asked.length)).toEqual(Array(6).fill(4))
  expect(sent).toHaveLength(24)
  expect(fullest(sent, 20_000)).toBeLessThanOrEqual(10)
  expect(clock.elapsedMs()).toBeGreaterThanOrEqual(20_000)
  const other = aGate(aWecom, [ok], { clock, addressPace })
  const before = clock.elapsedMs()
  await other.gate.call(readWecom, { userid: 'a' })
  expect(clock.elapsedMs()).toBe(before)
})
