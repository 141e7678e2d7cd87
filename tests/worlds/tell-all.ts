import { afterAll, beforeAll, expect, test } from 'vitest'
import { worldOf } from '#simulation/world/seeds.ts'
import { tellWorld } from '#simulation/world/tell-world.ts'
import { migratedDatabase, type TestDatabase } from '../support/database.ts'

const seedsPerTest = 10

/** Tells one day of each of these worlds, ten a test: no invariant may break, and something must happen in them. */
export function tellAll(from: number, to: number): void {
  let home: TestDatabase
  beforeAll(async () => {
    home = await migratedDatabase()
  })
  afterAll(() => home?.drop())

  for (let first = from; first <= to; first += seedsPerTest) {
    const last = Math.min(to, first + seedsPerTest - 1)
    test(`worlds ${first} to ${last} keep every invariant`, { timeout: 300_000 }, async () => {
      const broken: unknown[] = []
      const total = { kills: 0, punches: 0, written: 0 }
      for (let seed = first; seed <= last; seed++) {
        const ending = await tellWorld(worldOf(seed, home.config))
        if (ending.breaches.length > 0) broken.push({ seed, breaches: ending.breaches })
        for (const name of ['kills', 'punches', 'written'] as const) total[name] += ending[name]
      }
      expect(broken).toEqual([])
      expect(total.kills).toBeGreaterThan(0)
      expect(total.written).toBeGreaterThan(total.punches / 4)
    })
  }
}
