import { expect, test } from 'vitest'
import type { Clock } from '#domain/effects.ts'
import { fail, failure } from '#domain/failures.ts'
import type { Database } from '#store/database.ts'
import { openStoreHealth } from './store-health.ts'

/** A database that fails every transaction with what is said, and the log of whoever looks. */
function watched() {
  let now = Temporal.Instant.from('2026-11-22T10:00:00+08:00')
  let trouble: (() => Promise<never>) | null = null
  let asked = 0
  let sleepers: (() => void)[] = []
  const log: string[] = []
  const clock: Clock = {
    now: () => now,
    sleep: (_ms, signal) =>
      new Promise((resolve, reject) => {
        sleepers.push(resolve)
        signal?.addEventListener('abort', () => reject(signal.reason))
      }),
  }
  const transaction = () => {
    asked++
    return trouble ? trouble() : Promise.resolve()
  }
  const note = (word: string) => (fields: Record<string, unknown>, event: string) =>
    void log.push(`${word} ${event} ${fields['code'] ?? fields['was']}`)
  const health = openStoreHealth({
    clock,
    database: { transaction } as unknown as Database,
    tenant: 1 as never,
    log: { info: note('info'), warn: note('warn') },
  })
  return {
    ...{ health, log },
    asked: () => asked,
    fails: (code: 'store.gone' | 'store.disk-full') => {
      trouble = async () => fail(code, { reason: 'x' })
    },
    hangs: () => {
      trouble = () => new Promise<never>(() => {})
    },
    isWell: () => {
      trouble = null
    },
    passes(seconds: number) {
      now = now.add({ seconds })
    },
    wake() {
      for (const one of sleepers) one()
      sleepers = []
    },
    code: async () => (await health.look())?.code ?? null,
  }
}

const met = (code: 'store.gone' | 'store.disk-full') => {
  try {
    return fail(code, { reason: 'x' })
  } catch (error) {
    return error
  }
}

test('what the least write meets is over as soon as it does not, and the log is told once of each', async () => {
  const { code, fails, isWell, health, log } = watched()
  expect(await code()).toBeNull()
  fails('store.disk-full')
  expect(await code()).toBe('store.disk-full')
  health.note(met('store.disk-full'))
  expect(await code()).toBe('store.disk-full')
  isWell()
  expect(await code()).toBeNull()
  expect(log).toEqual([
    'warn database in trouble store.disk-full',
    'info database well again store.disk-full',
  ])
})

test('what only larger writes meet is believed for a minute', async () => {
  const { code, health, passes } = watched()
  health.note(met('store.disk-full'))
  health.note(new Error('somebody else’s trouble'))
  expect(await code()).toBe('store.disk-full')
  passes(70)
  health.note(met('store.disk-full'))
  passes(70)
  expect(await code()).toBeNull()
})

test('an answer that comes now says that nobody is gone', async () => {
  const { code, health } = watched()
  health.note(met('store.gone'))
  expect(await code()).toBeNull()
})

test('a database that says nothing is slow, and is asked once however many look', async () => {
  const { health, hangs, wake, asked, code } = watched()
  hangs()
  const looks = [health.look(), health.look()]
  await Promise.resolve()
  wake()
  expect(await Promise.all(looks)).toEqual([
    failure('store.slow', { reason: '5 s' }),
    failure('store.slow', { reason: '5 s' }),
  ])
  expect(await code()).toBe('store.slow')
  expect(asked()).toBe(1)
})
