import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { worldOf } from '#simulation/world/seeds.ts'
import { tellWorld } from '#simulation/world/tell-world.ts'
import { migratedDatabase, type TestDatabase } from '../support/database.ts'

let home: TestDatabase
beforeAll(async () => {
  home = await migratedDatabase()
})
afterAll(() => home?.drop())

test('the same seed tells the same world, kills and all', { timeout: 120_000 }, async () => {
  const first = await tellWorld(worldOf(6, home.config))
  expect(first).toMatchObject({ breaches: [] })
  expect(first.written).toBeGreaterThan(0)
  expect(first.kills).toBeGreaterThan(0)
  expect(await tellWorld(worldOf(6, home.config))).toEqual(first)
})

test('however fast the machine is, also where several groups are read at once', {
  timeout: 240_000,
}, async () => {
  const large = { ...worldOf(2001, home.config), days: 0.4, calmHours: 2 }
  const first = await tellWorld(large)
  expect(first.punches).toBeGreaterThan(200)
  const dawdle = () => pause(Math.random() * 3)
  expect(await tellWorld({ ...large, dawdle })).toEqual(first)
})
