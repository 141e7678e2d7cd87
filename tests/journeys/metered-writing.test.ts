import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { readQuotaUse } from '#store/calls.ts'
import { rowsOf } from '#store/database.ts'
import { wholeWindow } from './founder.ts'
import { type LaneInHand, laneInHand } from './lane-in-hand.ts'

const found = laneInHand()

/** Punches in WeCom are written into DingTalk, one call each. */
const back = { direction: 'wecom-to-dingtalk', punchIn: 'wecom', people: 12, pollEvery: '12h' } as const
const march = Temporal.PlainDate.from('2026-03-01')

/** Somebody else has spent the month's calls but for `left`. */
async function leave({ parts, connection }: LaneInHand, left: number): Promise<void> {
  const { corpId } = await connection('dingtalk')
  await rowsOf(
    sql`insert into quota_use (tenant_id, corp_id, month, used)
      values (${parts.tenant}, ${corpId}, ${march.toString()}::date, ${5_000 - left})`,
    parts.database.kysely,
  )
}

const used = async ({ parts, connection }: LaneInHand, month = march) =>
  readQuotaUse(parts.database.kysely, parts.tenant, (await connection('dingtalk')).corpId, month)

const failures = (told: Awaited<ReturnType<LaneInHand['until']>>) =>
  told.flatMap(({ outcome }) => ('failure' in outcome ? [outcome.failure.code] : []))

test('beyond the quota nothing fails and nothing is lost: the rest waits, says so, and goes in the next month', {
  timeout: 60_000,
}, async () => {
  await using company = await found(back)
  await leave(company, 15)
  const told = await company.until('2026-03-03T12:00:00+08:00')
  expect(failures(told)).toEqual([])
  const written = company.world.sandbox.uploads().length
  expect(written).toBeGreaterThan(5)
  expect(written).toBeLessThanOrEqual(13)
  const { heldBecause, held, inDoubt } = (await company.app.status()).routes[0]!
  expect(heldBecause).toEqual({ outOfCalls: held })
  expect(held + inDoubt + written).toBeGreaterThanOrEqual(20)
  expect((await used(company)).used).toBeLessThanOrEqual(5_000)

  company.world.time.advanceTo(Temporal.Instant.from('2026-03-31T20:00:00+08:00'))
  const later = await company.until('2026-04-01T20:00:00+08:00')
  expect(failures(later)).toEqual([])
  const punched = company.world.sandbox.expectedCheckins({
    from: '2026-03-02T00:00:00+08:00',
    to: '2026-03-31T23:59:59+08:00',
  })
  const arrived = new Set(company.world.sandbox.uploads().map(({ checkin_time }) => checkin_time))
  expect(punched.filter(({ at }) => !arrived.has(at))).toEqual([])
  expect((await company.app.status()).routes[0]).toMatchObject({ held: 0, inDoubt: 0, refused: 0 })
})

test('a sync by hand writes what the month can spare, leaves the rest, and counts as asked for by hand', async () => {
  await using company = await found(back)
  await leave(company, 10)
  company.world.time.advanceTo(Temporal.Instant.from('2026-03-02T20:00:00+08:00'))
  const { deliveries } = await company.app.sync(wholeWindow(0))
  expect(deliveries.written).toBe(8)
  expect(deliveries.heldBecause).toEqual({ outOfCalls: deliveries.planned - 8 })
  expect(company.world.sandbox.uploads()).toHaveLength(8)
  expect(await used(company)).toEqual({ used: 5_000, byHand: 10, events: 0 })
  const again = await company.app.sync(wholeWindow(0)).catch((error) => error)
  expect(again.failure?.code ?? again.deliveries?.written).not.toBe(8)
  expect(company.world.sandbox.uploads()).toHaveLength(8)
})

test('the engine writes in company: sweeps leave what they find to deliveries, each looked at before and after', async () => {
  await using company = await found({ ...back, pollEvery: '1h' })
  const told = await company.until('2026-03-03T04:00:00+08:00')
  const wrote = told.filter(
    ({ outcome }) => 'done' in outcome && (outcome.done.report?.deliveries.written ?? 0) > 0,
  )
  expect(new Set(wrote.map(({ step }) => step.kind))).toEqual(new Set(['deliver']))
  const punches = company.world.sandbox.uploads().length
  expect(punches).toBeGreaterThan(20)
  const { used: calls } = await used(company)
  expect(calls).toBeLessThanOrEqual(punches + 4 * wrote.length)
})

test('a plan says what writing takes, and beyond the quota which choices are left and what they cost', async () => {
  await using company = await found({ ...back, people: 60 })
  company.world.time.advanceTo(Temporal.Instant.from('2026-03-02T20:00:00+08:00'))
  await leave(company, 200)
  const before = company.world.sandbox.uploads().length
  const { writing } = await company.app.plan(wholeWindow(0))
  expect(writing).toMatchObject({ enough: false, allowedNow: writing!.records })
  expect(writing!.records).toBeGreaterThan(90)
  expect(writing!.calls).toBeGreaterThan(writing!.records)
  expect(writing!.callsThisMonth).toBeGreaterThan(writing!.left)
  expect(writing!.lastsUntil).toMatch(/^2026-03-/)
  expect(writing!.choices).toContainEqual({
    kind: 'raiseEdition',
    edition: ['professional'],
    meteredCalls: 200_000,
    yearlyFen: 980_000,
  })
  expect(writing!.choices!.at(-1)).toEqual({ kind: 'oneWay' })
  expect(company.world.sandbox.uploads()).toHaveLength(before)

  await using there = await found()
  there.world.time.advanceTo(Temporal.Instant.from('2026-03-02T20:00:00+08:00'))
  expect(await there.app.plan(wholeWindow(0))).not.toHaveProperty('writing')
})

test('the status says where the month is heading and how far from the least it is', async () => {
  await using company = await found({ people: 60, pollEvery: '1h' })
  await company.until('2026-03-04T12:00:00+08:00')
  const { used, expected, least, byHand } = (await company.app.status()).routes[0]!.quota[0]!
  expect(least).toBeGreaterThanOrEqual(2 * 3 * 2)
  expect(used).toBeGreaterThanOrEqual(least!)
  expect(expected).toBeGreaterThan(used)
  expect(expected).toBeLessThanOrEqual(5_000)
  expect(byHand).toBe(0)
})
