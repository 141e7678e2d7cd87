import { describe, expect, test } from 'vitest'
import { FailureError, failure } from '#domain/failures.ts'
import { memoryTokens, virtualClock } from '#platforms/testing.ts'
import { createTokenKeeper, refusalPauseMs } from '#platforms/token-keeper.ts'

const facts = {
  platform: 'wecom',
  connection: 'c',
  api: 'gettoken',
  theirCode: '',
  theirText: '',
  requestId: '',
} as const
const badSecret = () => new FailureError(failure('platform.bad-credentials', facts))
const busy = () => new FailureError(failure('platform.busy', facts))

function aKeeper(
  answer: (n: number) => { value: string; lifeSeconds: number },
  store = memoryTokens(),
  clock = virtualClock(),
) {
  const asked: number[] = []
  const keeper = createTokenKeeper({
    ...{ store, clock, random: () => 0 },
    ask: async () => {
      asked.push(clock.elapsedMs())
      await clock.sleep(10)
      return answer(asked.length)
    },
    paused: (until) =>
      new FailureError(failure('platform.credentials-paused', { ...facts, until: until.toString() })),
  })
  return { keeper, store, clock, asked }
}
const numbered = (n: number) => ({ value: `token-${n}`, lifeSeconds: 7200 })

describe('a token', () => {
  test('is asked for once by any number at once, and kept until five minutes remain', async () => {
    const { keeper, clock, asked } = aKeeper(numbered)
    expect(await Promise.all([keeper.get(), keeper.get(), keeper.get()])).toEqual(Array(3).fill('token-1'))
    await clock.sleep(6_890_000)
    expect(await keeper.get()).toBe('token-1')
    await clock.sleep(10_000)
    expect(await keeper.get()).toBe('token-2')
    expect(asked).toHaveLength(2)
  })

  test('of another process is used rather than a new one', async () => {
    const { keeper, store } = aKeeper(numbered)
    await keeper.get()
    const other = aKeeper(() => ({ value: 'never', lifeSeconds: 1 }), store)
    expect(await other.keeper.get()).toBe('token-1')
    expect(other.asked).toEqual([])
  })

  test('near its end may come back the same: then it is not asked for at every call', async () => {
    const { keeper, asked } = aKeeper(() => ({ value: 'same', lifeSeconds: 200 }))
    for (let n = 0; n < 10; n++) expect(await keeper.get()).toBe('same')
    expect(asked).toHaveLength(1)
  })

  test('that was dropped is forgotten here and in the store; a newer one stays', async () => {
    const { keeper, store } = aKeeper(numbered)
    await keeper.get()
    await keeper.drop('token-0')
    expect(await keeper.get()).toBe('token-1')
    await keeper.drop('token-1')
    expect(store.token).toBeNull()
    expect(await keeper.get()).toBe('token-2')
  })

  test('still alive is used on while asking for the next one fails for a passing reason', async () => {
    const { keeper, clock } = aKeeper((n) => {
      if (n > 1) throw busy()
      return numbered(n)
    })
    await keeper.get()
    await clock.sleep(6_950_000)
    expect(await keeper.get()).toBe('token-1')
    await clock.sleep(250_000)
    await expect(keeper.get()).rejects.toThrow('platform.busy')
  })
})

describe('a secret that is refused', () => {
  const refuse = () => {
    throw badSecret()
  }

  test('is asked twice, then paused for a growing time', () => {
    const minutes = [1, 2, 3, 4, 5, 6, 100].map((count) => refusalPauseMs(count) / 60_000)
    expect(minutes).toEqual([0, 5, 15, 45, 135, 240, 240])
  })

  test('stays paused after a restart, and never comes near five attempts a minute', async () => {
    const [store, clock] = [memoryTokens(), virtualClock()]
    const attempts: number[] = []
    for (let minute = 0; minute < 60; minute++) {
      const { keeper, asked } = aKeeper(refuse, store, clock)
      for (let n = 0; n < 5; n++) await keeper.get().catch(() => {})
      attempts.push(...asked)
      await clock.sleep(60_000)
    }
    const inMinute = (from: number) => attempts.filter((at) => at >= from && at < from + 60_000).length
    expect(Math.max(...attempts.map(inMinute))).toBe(2)
    expect(attempts).toHaveLength(4)
  })

  test('starts with a clean slate once the platform takes it', async () => {
    const { keeper, store } = aKeeper((n) => (n === 1 ? refuse() : numbered(n)))
    await expect(keeper.get()).rejects.toThrow('platform.bad-credentials')
    expect(store.refusals).toBe(1)
    await keeper.get()
    expect(store.refusals).toBe(0)
  })

  test('is not blamed for trouble of another kind', async () => {
    const { keeper, store } = aKeeper(() => {
      throw busy()
    })
    await expect(keeper.get()).rejects.toThrow('platform.busy')
    expect(store.refusals).toBe(0)
  })
})
