import { afterAll, beforeAll, expect, test } from 'vitest'
import { worldOf } from '#simulation/world/seeds.ts'
import { tellWorld } from '#simulation/world/tell-world.ts'
import { migratedDatabase, type TestDatabase } from '../support/database.ts'

let home: TestDatabase
beforeAll(async () => {
  home = await migratedDatabase()
})
afterAll(() => home?.drop())

test.for([
  { seed: 2587, once: 'the month’s last calls went into looks that came too early to settle anything' },
  { seed: 3091, once: 'the same, and one punch of twenty was written where there were calls for five' },
  {
    seed: 2699,
    once: 'a punch that shows in another slot was taken for one that hides ours, where nothing is hidden',
  },
])('seed $seed: $once', { timeout: 120_000 }, async ({ seed }) => {
  expect((await tellWorld(worldOf(seed, home.config))).breaches).toEqual([])
})
