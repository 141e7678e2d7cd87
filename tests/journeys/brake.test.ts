import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Transport } from '#platforms/ports.ts'
import { rowsOf } from '#store/database.ts'
import { createApp } from '../../src/app.ts'
import { wholeWindow } from './founder.ts'
import { type LaneInHand, laneInHand } from './lane-in-hand.ts'

const found = laneInHand()
const minutes = ({ world }: LaneInHand, count: number) =>
  world.time.advanceTo(world.time.now().add({ minutes: count }))
const inWecom = ({ world }: LaneInHand) =>
  world.sandbox.records().filter(({ origin }) => origin === 'api').length
const routeOf = async ({ app }: LaneInHand) => (await app.status()).routes[0]!

test('a ledger that forgets what it wrote is stopped after the third time, reading goes on, and a person lets it go', async () => {
  // The platform shows nothing for hours, so nobody sees that it is there already.
  await using company = await found({ people: 12, faults: { visibilityDelay: 6 * 3_600 } })
  company.world.time.advanceTo(Temporal.Instant.from('2026-03-02T19:00:00+08:00'))
  const forget = () =>
    rowsOf(sql`delete from delivery where tenant_id = ${company.parts.tenant}`, company.parts.database.kysely)
  const punches = (await company.app.sync(wholeWindow(0))).deliveries.written
  expect(punches).toBeGreaterThanOrEqual(20)
  for (const _ of [2, 3]) {
    await forget()
    minutes(company, 5)
    expect((await company.app.sync(wholeWindow(0))).deliveries.written).toBe(punches)
  }
  await forget()
  minutes(company, 5)
  const stopped = await company.app.sync(wholeWindow(0))
  expect(stopped.deliveries).toMatchObject({ written: 0, heldBecause: { braked: punches } })
  expect(stopped.punches.read).toBeGreaterThanOrEqual(punches)
  expect((await routeOf(company)).brake).toMatchObject({ writes: 3 * punches, punches })
  const told = await company.until('2026-03-02T20:00:00+08:00')
  expect(told.filter(({ step }) => step.kind === 'deliver')).toEqual([])
  expect(inWecom(company)).toBe(3 * punches)

  // By now the platform shows what it has.
  company.world.sandbox.set({ visibilityDelay: 0 })
  minutes(company, 6 * 60)
  expect(await company.app.resume('hq')).toMatchObject({ released: true, changed: true })
  await company.until('2026-03-03T04:00:00+08:00')
  expect(await routeOf(company)).toMatchObject({ brake: null, held: 0, inDoubt: 0 })
  expect(inWecom(company)).toBe(3 * punches)
})

test('what is written again because it did not show is no loop: the platform answered yes and stored nothing', async () => {
  await using company = await found({
    people: 12,
    faults: { effectLost: { probability: 1, api: 'add_checkin_record' } },
  })
  company.world.time.advanceTo(Temporal.Instant.from('2026-03-02T19:00:00+08:00'))
  await company.app.sync(wholeWindow(0))
  company.world.sandbox.set({ effectLost: false })
  minutes(company, 60)
  const again = await company.app.sync(wholeWindow(90_000))
  expect(again.deliveries.written).toBeGreaterThanOrEqual(20)
  expect(await routeOf(company)).toMatchObject({ brake: null, inDoubt: 0, held: 0 })
})

/** Both platforms store a minute later than they are told, so nobody knows an own record again. */
const aMinuteLater =
  (transport: Transport): Transport =>
  (request) => {
    const body = request.body
      ?.toString()
      .replace(/"checkin_time":(\d+)/g, (_, second: string) => `"checkin_time":${Number(second) + 60}`)
      .replace(/"user_check_time":(\d+)/g, (_, ms: string) => `"user_check_time":${Number(ms) + 60_000}`)
    return transport(
      /add_checkin_record|record\/upload/.test(request.url) && body !== undefined
        ? { ...request, body }
        : request,
    )
  }

test('two platforms that shift what they are told would copy each other for ever: it ends within the day', {
  timeout: 120_000,
}, async () => {
  await using company = await found({
    people: 8,
    direction: 'both',
    punchIn: 'both',
    edition: ['standard', 'development-pack'],
    faults: { writtenTexts: 'kept' },
  })
  const app = createApp({ ...company.parts, transport: aMinuteLater(company.parts.transport) })
  company.world.time.advanceTo(Temporal.Instant.from('2026-03-02T19:00:00+08:00'))
  let rounds = 0
  for (; rounds < 30 && (await routeOf(company)).brake === null; rounds++) {
    minutes(company, 5)
    await app.sync(wholeWindow(0))
  }
  expect(rounds).toBeLessThan(10)
  const before = inWecom(company) + company.world.sandbox.uploads().length
  minutes(company, 5)
  expect((await app.sync(wholeWindow(0))).deliveries.written).toBe(0)
  expect(inWecom(company) + company.world.sandbox.uploads().length).toBe(before)
})
