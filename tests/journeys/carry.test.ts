import { afterAll, beforeAll, expect, test } from 'vitest'
import { foundCompany } from '#simulation/company.ts'
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

test('a company’s punches show in WeCom once each, however often we sync', async () => {
  await using company = await foundCompany({ database: home.config, seed: 1, people: 12, days: 2 })
  const first = await company.sync()
  console.log(JSON.stringify(first))
  const second = await company.sync()
  console.log(JSON.stringify(second))
  expect(second.deliveries.written).toBe(0)
})
