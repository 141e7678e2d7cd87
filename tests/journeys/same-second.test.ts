import { expect, test } from 'vitest'
import { founder } from './founder.ts'

const found = founder()
const at = '2026-03-04T02:58:07+08:00'
const later = '2026-03-04T02:59:30+08:00'

test('a punch in a second that the source has moved another one to, after that was delivered, is carried', async () => {
  await using company = await found()
  const [who] = company.people
  const id = company.punches(who!, at)
  await company.sync()
  company.sandbox.punch({ platform: 'dingtalk', userId: who!.dingtalk, amend: { id, at: later } })
  await company.sync()
  company.punches(who!, later)
  await company.sync()
  expect(company.stored(who!)).toEqual([at, later])
  const again = await company.sync()
  expect(again.deliveries).toMatchObject({ planned: 0, written: 0, held: 1, verified: 1 })
  expect(again.punches).toMatchObject({ read: 2, unchanged: 2 })
})

test('a punch in the second that a delivered one was moved away from is there already', async () => {
  await using company = await found()
  const [who] = company.people
  const id = company.punches(who!, at)
  await company.sync()
  company.sandbox.punch({ platform: 'dingtalk', userId: who!.dingtalk, amend: { id, at: later } })
  company.punches(who!, at)
  await company.sync()
  const { deliveries, punches } = await company.sync()
  expect(company.stored(who!)).toEqual([at])
  const { skipped } = punches
  const told = skipped.merged + deliveries.held + deliveries.verified + deliveries.alreadyThere
  expect({ told, written: deliveries.written }).toEqual({ told: 2, written: 0 })
})

test('a write that was missed, and moved meanwhile to a second that another punch fills, makes no second record', async () => {
  await using company = await found({ faults: { effectLost: { api: 'add_checkin_record', next: 0 } } })
  const [who] = company.people
  company.punches(who!, later)
  await company.sync()
  const id = company.punches(who!, at)
  company.sandbox.set({ effectLost: { api: 'add_checkin_record', next: 1 } })
  expect((await company.sync({ waitMs: 0 })).deliveries).toMatchObject({ written: 1, inDoubt: 1 })
  company.sandbox.punch({ platform: 'dingtalk', userId: who!.dingtalk, amend: { id, at: later } })
  for (let hour = 0; hour < 4; hour++) {
    company.minutesPass(60)
    await company.sync()
  }
  expect(company.stored(who!)).toEqual([later])
  const { deliveries, punches } = await company.sync()
  expect(punches).toMatchObject({ read: 2, skipped: { merged: 1 } })
  expect(deliveries).toMatchObject({ verified: 1, inDoubt: 0, held: 0, written: 0 })
})

test('a write that was missed, and moved meanwhile, is made again in its new second only', async () => {
  await using company = await found({ faults: { effectLost: { api: 'add_checkin_record', next: 1 } } })
  const [who] = company.people
  const id = company.punches(who!, at)
  await company.sync({ waitMs: 0 })
  company.sandbox.punch({ platform: 'dingtalk', userId: who!.dingtalk, amend: { id, at: later } })
  for (let hour = 0; hour < 4; hour++) {
    company.minutesPass(60)
    await company.sync()
  }
  expect(company.stored(who!)).toEqual([later])
  expect((await company.sync()).deliveries).toMatchObject({ verified: 1, inDoubt: 0, held: 0, written: 0 })
})

/** Punches in WeCom are written into DingTalk. */
const back = {
  punchIn: 'wecom',
  setup: (yaml: string) => yaml.replace('direction: dingtalk-to-wecom', 'direction: wecom-to-dingtalk'),
} as const

test('what DingTalk shows as void in the same second is neither taken for the punch nor written beside', async () => {
  await using company = await found(back)
  const [who] = company.people
  const id = company.punches(who!, at, { void: true })
  company.sandbox.punch({ platform: 'wecom', userId: who!.wecom, at })
  const held = { held: 1, heldBecause: { voidThere: 1 }, alreadyThere: 0, written: 0 }
  expect((await company.sync({ waitMs: 0 })).deliveries).toMatchObject(held)
  const looks = company.called('listRecord')
  company.minutesPass(30)
  expect((await company.sync({ waitMs: 0 })).deliveries).toMatchObject(held)
  expect(company.called('listRecord')).toBe(looks)

  // An administrator lets it count: seen when this person is looked at next.
  company.sandbox.punch({ platform: 'dingtalk', userId: who!.dingtalk, amend: { id, void: false } })
  company.sandbox.punch({ platform: 'wecom', userId: who!.wecom, at: later })
  await company.sync()
  expect((await company.sync()).deliveries).toMatchObject({ held: 0, alreadyThere: 1, verified: 1 })
  expect(company.called('upload')).toBe(1)
})

test('a void punch beside one that counts, in the same second, changes nothing', async () => {
  await using company = await found(back)
  const [who] = company.people
  company.punches(who!, at)
  company.punches(who!, at, { void: true })
  company.sandbox.punch({ platform: 'wecom', userId: who!.wecom, at })
  expect((await company.sync({ waitMs: 0 })).deliveries).toMatchObject({ alreadyThere: 1, held: 0 })
})
