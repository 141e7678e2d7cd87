import { expect, test } from 'vitest'
import { founder, onlyNamesAreKnown } from './founder.ts'

const found = founder()
const at = '2026-03-04T02:58:07+08:00'
const later = '2026-03-04T03:10:00+08:00'

test('a void punch never travels, and is counted', async () => {
  await using company = await found()
  const [who] = company.people
  company.punches(who!, at, { void: true })
  const { punches, deliveries } = await company.sync()
  expect(punches).toMatchObject({ read: 1, skipped: { void: 1 } })
  expect(deliveries).toMatchObject({ planned: 0, written: 0 })
  expect(company.stored(who!)).toEqual([])
})

test('a punch made void while it was held does not travel when its link is made', async () => {
  await using company = await found(onlyNamesAreKnown)
  const [who] = company.people
  const id = company.punches(who!, at)
  await company.sync()
  company.sandbox.punch({ platform: 'dingtalk', userId: who!.dingtalk, amend: { id, void: true } })
  await company.link(who!)
  const { punches, deliveries } = await company.sync()
  expect(punches).toMatchObject({ revised: 1, skipped: { void: 1 } })
  expect(deliveries).toMatchObject({ written: 0, held: 0 })
  expect(company.stored(who!)).toEqual([])
})

test('two punches of one person in one second are one delivery', async () => {
  await using company = await found()
  const [who] = company.people
  company.punches(who!, at)
  company.punches(who!, at, { device: '前台考勤机 M2' })
  const { punches, deliveries } = await company.sync()
  expect(punches).toMatchObject({ read: 2, skipped: { merged: 1 } })
  expect(deliveries).toMatchObject({ written: 1, verified: 1 })
  expect(company.stored(who!)).toEqual([at])
})

test('a punch WeCom already shows in that second is not written again', async () => {
  await using company = await found()
  const [who] = company.people
  company.punches(who!, at)
  company.sandbox.punch({ platform: 'wecom', userId: who!.wecom, at })
  const { deliveries } = await company.sync()
  expect(deliveries).toMatchObject({ written: 0, alreadyThere: 1 })
  expect(company.stored(who!)).toEqual([])
})

test('a slot that an approval filled is never overwritten: the punch is held', async () => {
  await using company = await found({ people: 1, days: 1, start: '2026-03-04T12:00:00+08:00' })
  const [who] = company.people
  company.sandbox.punch({
    platform: 'wecom',
    userId: who!.wecom,
    at: '2026-03-04T09:00:00+08:00',
    approved: true,
  })
  const { deliveries } = await company.sync()
  expect(deliveries).toMatchObject({ written: 0, held: 1, heldBecause: { approvedSlot: 1 } })
  expect(company.sandbox.records().map(({ origin, erasedBy }) => ({ origin, erasedBy }))).toEqual([
    { origin: 'approval', erasedBy: null },
  ])
})

test('a slot that an approval filled after the write was lost is left to the approval', async () => {
  const faults = { effectLost: { api: 'add_checkin_record', next: 1 } }
  await using company = await found({ people: 1, start: '2026-03-04T12:00:00+08:00', faults })
  const [who] = company.people
  await company.sync()
  company.sandbox.punch({
    platform: 'wecom',
    userId: who!.wecom,
    at: '2026-03-04T09:00:00+08:00',
    approved: true,
  })
  for (let run = 0; run < 3; run++) {
    company.minutesPass(50)
    await company.sync()
  }
  expect(company.stored(who!)).toEqual([])
  expect(company.sandbox.records().map(({ erasedBy }) => erasedBy)).toEqual([null])
})

test('a punch uploaded late, inside a window read long ago, is still carried', async () => {
  await using company = await found()
  const [who] = company.people
  company.punches(who!, at)
  company.punches(who!, later, { appearsAt: '2026-03-06T09:00:00+08:00' })
  await company.sync()
  expect(company.stored(who!)).toEqual([at])
  company.minutesPass(3 * 24 * 60)
  await company.sync()
  expect(company.stored(who!).slice(0, 2)).toEqual([at, later])
})

test('a punch whose verdict changed at the same second is a revision, not a second record', async () => {
  await using company = await found()
  const [who] = company.people
  const id = company.punches(who!, at)
  await company.sync()
  company.sandbox.punch({ platform: 'dingtalk', userId: who!.dingtalk, amend: { id, timeResult: 'Normal' } })
  const { punches, deliveries } = await company.sync()
  expect(punches).toMatchObject({ read: 1, fresh: 0, revised: 1 })
  expect(deliveries).toMatchObject({ planned: 0, written: 0, verified: 1 })
  expect(company.stored(who!)).toEqual([at])
})

test('a punch moved to another second after it was delivered waits for a person: nothing can be deleted', async () => {
  await using company = await found()
  const [who] = company.people
  const id = company.punches(who!, at)
  await company.sync()
  company.sandbox.punch({ platform: 'dingtalk', userId: who!.dingtalk, amend: { id, at: later } })
  const { punches, deliveries } = await company.sync()
  expect(punches).toMatchObject({ revised: 1 })
  expect(deliveries).toMatchObject({ written: 0, held: 1 })
  expect(await company.ledger(who!)).toEqual({ [later]: 'held: amended' })
  expect(company.stored(who!)).toEqual([at])
})

test('rows that no person made are neither counted nor carried', async () => {
  await using company = await found({
    style: 'sample',
    people: 18,
    days: 3,
    start: '2026-03-04T23:00:00+08:00',
    faults: { notSignedRows: true },
  })
  await company.sync()
  const truth = company.sandbox.expectedPunches({
    from: '2026-03-01T00:00:00+08:00',
    to: '2026-03-05T00:00:00+08:00',
  })
  const made = new Set(
    truth.filter((punch) => !punch.void).map((punch) => `${punch.wecomUserid}@${punch.at}`),
  )
  const strangers = company.sandbox
    .records()
    .filter((record) => !made.has(`${record.userid}@${record.checkin_time}`))
  expect(strangers).toEqual([])
})

test('a paused route carries nothing; resumed, it carries all that was made meanwhile', async () => {
  await using company = await found()
  const [who] = company.people
  await company.sync()
  await company.does((app) => app.pause('hq'))
  company.punches(who!, at)
  await expect(company.sync()).rejects.toMatchObject({ failure: { code: 'usage.route-paused' } })
  expect(company.stored(who!)).toEqual([])
  await company.does((app) => app.resume('hq'))
  await company.sync()
  expect(company.stored(who!)).toEqual([at])
})
