import { afterAll, beforeAll, expect, test } from 'vitest'
import { crashAt, morning } from '#simulation/world/one-crash.ts'
import { tellWorld } from '#simulation/world/tell-world.ts'
import { migratedDatabase, type TestDatabase } from '../support/database.ts'

/** All of them are for `npm run prove`; here some, spread over the morning and never at the same distance from a write. */
const crashesEach = 8

let home: TestDatabase
beforeAll(async () => {
  home = await migratedDatabase()
})
afterAll(() => home?.drop())

test.each(['dingtalk-to-wecom', 'wecom-to-dingtalk', 'both'] as const)(
  'wherever a process dies on the way %s, the end is the same',
  { timeout: 180_000 },
  async (direction) => {
    const ask = morning(home.config, direction)
    const whole = await tellWorld(ask, [])
    expect(whole).toMatchObject({ breaches: [], kills: 0 })
    expect(whole.written).toBeGreaterThan(0)
    for (let i = 0; i < crashesEach; i++) {
      const atAwait = 1 + Math.floor(((i + 0.3 * (i % 3)) * whole.awaits) / crashesEach)
      expect(await crashAt(ask, whole, atAwait), `crash at await ${atAwait}`).toEqual([])
    }
  },
)
