import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { SyncReport } from '#domain/sync-report.ts'
import { founder, onlyNamesAreKnown, type Told, wholeWindow } from './founder.ts'

const found = founder()
const at = '2026-03-04T02:58:07+08:00'
/** Longer than a lease. */
const tooLong = 4

test('two syncs at once take turns, and nothing is written twice', async () => {
  const free = { limits: 'off', options: { pace: 'off' } } as const
  await using company = await found({ people: 6, start: '2026-03-04T12:00:00+08:00', ...free })
  waitInRealTime(company)
  const reports = await Promise.all([company.sync(), company.sync()])
  expect(reports.map(({ deliveries }) => deliveries.written).toSorted()).toEqual([0, 6])
  expect(reports.map(({ deliveries }) => deliveries.verified)).toEqual([6, 6])
  for (const who of company.people) expect(company.stored(who)).toHaveLength(1)
})

test('a process at work keeps its lanes, however slow the platform is', async () => {
  const faults = { slow: { probability: 1, ms: 15_000, platform: 'dingtalk' } }
  await using company = await found({ faults })
  const [who] = company.people
  company.punches(who!, at)
  const working = await freeze(company, 'listRecord', 'asking')
  const follower = await followUntilItWaits(company)
  working.thaw()
  expect((await working.report).deliveries).toMatchObject({ written: 1, verified: 1 })
  expect((await follower.report).deliveries).toMatchObject({ written: 0, verified: 1 })
  expect(company.stored(who!)).toEqual([at])
})

test('the end of a frozen process does not free the lanes of the one that took them over', async () => {
  await using company = await found()
  const [who] = company.people
  company.punches(who!, at)
  const frozen = await freeze(company, 'getcheckindata', 'answered')
  company.minutesPass(tooLong)
  const working = await freeze(company, 'getcheckindata', 'answered')
  waitInRealTime(company)
  frozen.thaw()
  const follower = await followUntilItWaits(company)
  expect(company.called('add_checkin_record')).toBe(0)
  working.thaw()
  expect((await working.report).deliveries).toMatchObject({ written: 1, verified: 1 })
  await Promise.all([frozen.report, follower.report])
  expect(company.stored(who!)).toEqual([at])
})

test('a process that froze while it read, and lost its lanes, does not act on what it read', async () => {
  await using company = await found()
  const [who] = company.people
  company.punches(who!, at)
  const frozen = await freeze(company, 'getcheckindata', 'answered')
  company.minutesPass(tooLong)
  expect((await company.sync()).deliveries).toMatchObject({ written: 1, verified: 1 })
  frozen.thaw()
  expect((await frozen.report).deliveries).toMatchObject({ written: 0, verified: 1 })
  expect(company.stored(who!)).toEqual([at])
})

test('a process that froze in the middle of a write, and lost its lanes, writes nothing more; its write is found', async () => {
  await using company = await found({ people: 70, days: 2, start: '2026-03-04T12:00:00+08:00' })
  const frozen = await freeze(company, 'add_checkin_record', 'asking')
  company.minutesPass(tooLong)
  const { deliveries } = await company.sync()
  // Whatever was in flight when it froze is in doubt, and not written again; the rest was.
  expect(deliveries.inDoubt).toBeGreaterThan(0)
  expect(deliveries.written + deliveries.inDoubt).toBe(210)
  expect(deliveries.verified).toBe(deliveries.written)
  frozen.thaw()
  expect((await frozen.report).deliveries).toMatchObject({ written: 0, verified: 210, inDoubt: 0 })
  for (const person of company.people) expect(company.stored(person)).toHaveLength(3)
})

test('a punch that a link set free goes once, though a frozen process wakes and would send it too', async () => {
  await using company = await found(onlyNamesAreKnown)
  const [who] = company.people
  company.punches(who!, at)
  await company.sync()
  await company.link(who!)
  const frozen = await freeze(company, 'getcheckindata', 'answered')
  company.minutesPass(tooLong)
  await company.sync()
  frozen.thaw()
  await frozen.report
  expect(company.stored(who!)).toEqual([at])
})

type Started = { thaw: () => void; report: Promise<SyncReport> }

/** A sync that stands still in its first call of this API: before it reaches the platform, or before it hears the answer. */
async function freeze(company: Told, api: string, when: 'asking' | 'answered'): Promise<Started> {
  const { transport } = company.sandbox
  const { promise: thawed, resolve: thaw } = Promise.withResolvers<void>()
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
  const standStill = () => {
    arrive()
    return thawed
  }
  company.sandbox.transport = async (request) => {
    const isIt = request.url.includes(api)
    if (isIt && when === 'asking') await standStill()
    const answer = await transport(request)
    if (isIt && when === 'answered') await standStill()
    return answer
  }
  const process = await company.process()
  company.sandbox.transport = transport
  const report = process.app.sync(wholeWindow()).finally(() => process.stop())
  await Promise.race([arrived, report])
  return { thaw, report }
}

/** A sync that has looked a few times whether the lanes are free. */
async function followUntilItWaits(company: Told): Promise<Pick<Started, 'report'>> {
  const looks = waitInRealTime(company)
  const process = await company.process()
  const report = process.app.sync(wholeWindow()).finally(() => process.stop())
  while (looks.count < 3) await setTimeout(5)
  return { report }
}

/** From now on the world's clock hardly moves: whoever waits here waits for the others, not for a lease to end. */
function waitInRealTime(company: Told): { count: number } {
  const looks = { count: 0 }
  company.clock.sleep = async (ms) => {
    looks.count++
    await setTimeout(2)
    company.clock.advance(Math.min(ms, 50))
  }
  return looks
}
