import { EventEmitter } from 'node:events'
import type { Pool } from 'pg'
import { expect, test } from 'vitest'
import { Mortal } from './crash.ts'

/** One session of a database that is there or gone; `ask` does what the session is asked, as the product would. */
function session(mortal: Mortal) {
  const health = { isGone: false }
  const pool = new EventEmitter()
  const client = {
    query: async (text: string) => {
      if (health.isGone) throw new Error('gone')
      return text
    },
  }
  mortal.gated(() => pool as unknown as Pool)({})
  pool.emit('connect', client)
  return { health, ask: (text: string) => client.query(text) }
}

/** Whether it stands still at once when its next statement comes. */
async function standsStill(mortal: Mortal, ask: (text: string) => Promise<unknown>): Promise<boolean> {
  mortal.freezeAfter(1)
  mortal.step()
  void ask('select 1')
  await new Promise((resume) => setImmediate(resume))
  return mortal.isStill
}

test('between transactions a process stands still at once, and in one only when that has ended', async () => {
  const mortal = new Mortal(Number.POSITIVE_INFINITY)
  const { ask } = session(mortal)
  await ask('begin')
  await ask('commit')
  await ask('begin')
  expect(await standsStill(mortal, ask)).toBe(false)
  await ask('commit')
  expect(mortal.isStill).toBe(true)
})

test('a transaction that could not begin is none, and keeps nobody from standing still', async () => {
  const mortal = new Mortal(Number.POSITIVE_INFINITY)
  const { ask, health } = session(mortal)
  health.isGone = true
  await expect(ask('begin')).rejects.toThrow('gone')
  health.isGone = false
  expect(await standsStill(mortal, ask)).toBe(true)
})
