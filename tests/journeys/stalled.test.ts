import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { rowsOf } from '#store/database.ts'
import { alarms } from '../../src/app/alarms.ts'
import { freshMemory, watchAlarms } from '../../src/app/watch-alarms.ts'
import { laneInHand } from './lane-in-hand.ts'

const found = laneInHand()

test('a step that brings nothing is seen in the status, alarmed of when it lasts, and gone when it brings something', async () => {
  await using company = await found()
  const { parts, app, world } = company
  const query = (statement: string) => rowsOf(sql.raw(statement), parts.database.kysely)
  const stalled = async () => (await app.status()).routes[0]!.ways[0]!.stalled
  const memory = freshMemory()
  const open = async () => {
    await watchAlarms(parts, memory)
    return (await alarms(parts, { limit: 9 })).open.filter(({ code }) => code === 'steps-stalled')
  }
  const minutesPass = (minutes: number) => company.until(world.time.now().add({ minutes }).toString())

  // The contacts are read, and nothing remembers that they were.
  await query(`create function forgetful() returns trigger language plpgsql as
    $$ begin new.roster_read_at := null; return new; end $$`)
  await query(
    `create trigger forgetful before update on connection for each row execute function forgetful()`,
  )
  await minutesPass(5)
  const [first, ...others] = (await stalled())!
  expect(others).toEqual([])
  expect(first).toMatchObject({ step: 'contacts' })
  expect(first!.tries).toBeGreaterThan(3)
  expect(await open()).toEqual([])

  await minutesPass(40)
  const [later] = (await stalled())!
  expect(later!.tries).toBeGreaterThan(first!.tries)
  expect(later!.since).toBe(first!.since)
  expect(await open()).toMatchObject([{ about: 'hq', facts: { step: 'contacts', since: first!.since } }])

  await query('drop trigger forgetful on connection')
  await minutesPass(60)
  expect(await stalled()).toEqual([])
  await open()
  await minutesPass(10)
  expect(await open()).toEqual([])
})

test('what nobody says any more is not shown for ever', async () => {
  await using company = await found()
  const { parts, app, world } = company
  await rowsOf(
    sql`insert into stall select tenant_id, id, dingtalk_id, 'deliver', ${world.time.now().toString()}::timestamptz, 4,
        ${world.time.now().toString()}::timestamptz from route where tenant_id = ${parts.tenant}`,
    parts.database.kysely,
  )
  const stalled = async () => (await app.status()).routes[0]!.ways[0]!.stalled
  expect(await stalled()).toMatchObject([{ step: 'deliver', tries: 4 }])
  world.time.advanceTo(world.time.now().add({ minutes: 16 }))
  expect(await stalled()).toEqual([])
})
