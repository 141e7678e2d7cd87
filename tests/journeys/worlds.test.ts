import { afterAll, beforeAll, expect, test } from 'vitest'
import { tellWorld } from '#simulation/world/tell-world.ts'
import { openDatabase } from '#store/database.ts'
import { migrate } from '#store/migrate.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

let home: TestDatabase
beforeAll(async () => {
  home = await testDatabase()
  const database = openDatabase(home.config)
  await migrate(database)
  await database.close()
})
afterAll(() => home?.drop())

const world = (seed: number) => ({
  database: home.config,
  seed,
  people: 8,
  days: 1,
  direction: 'both' as const,
  style: 'plain' as const,
  edition: ['standard'],
  punchIn: 'both' as const,
})

test('the same seed tells the same world', async () => {
  const first = await tellWorld(world(1))
  console.log(first)
  expect(await tellWorld(world(1))).toEqual(first)
})
