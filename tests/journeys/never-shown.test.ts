import { expect, test } from 'vitest'
import { founder } from './founder.ts'

const found = founder()

test('what the platform accepts and never shows is written five times, ever more rarely, and then a person is asked', async () => {
  await using company = await found({
    punchIn: 'wecom',
    setup: (yaml) => yaml.replace('direction: dingtalk-to-wecom', 'direction: wecom-to-dingtalk'),
    faults: { uploadOutsideGroup: 'ignore' },
  })
  const [who] = company.people
  // In no attendance group, as bosses are: DingTalk says yes and keeps nothing.
  company.sandbox.world.company.byDingtalk.get(who!.dingtalk)!.exempt = true
  company.minutesPass(6 * 60)
  const at = '2026-03-04T08:58:40+08:00'
  company.sandbox.punch({ platform: 'wecom', userId: who!.wecom, at })
  const day = { from: '2026-03-04', to: '2026-03-04T09:00:00+08:00', waitMs: 0 }
  await company.sync(day)
  const before = company.called('upload')
  const again: number[] = []
  for (const hours of [1, 1, 1, 1, 2, 2, 4, 3, 7, 6, 13, 13, 24, 24]) {
    company.minutesPass(hours * 60)
    again.push((await company.sync(day)).deliveries.written)
  }
  expect(again).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0])
  expect(company.called('upload')).toBe(before + 4)
  const last = await company.sync(day)
  expect(last.deliveries).toMatchObject({ written: 0, inDoubt: 1, inDoubtBecause: { 'never-shown': 1 } })
})

test('a punch of the hours that WeCom hides at the end of a month is written once, and a person is asked', async () => {
  await using company = await found({
    start: '2026-03-31T20:00:00+08:00',
    faults: { monthEndOvernightBug: true },
  })
  const [who] = company.people
  company.sandbox.world.company.byDingtalk.get(who!.dingtalk)!.shift = 'night'
  company.minutesPass(11 * 60)
  for (let hour = 0; hour < 30; hour += 3) {
    await company.sync({ waitMs: 0, to: '2026-04-01T07:00:00+08:00' })
    company.minutesPass(180)
  }
  const stored = company.stored(who!)
  const hidden = stored.filter((at) => at.startsWith('2026-04-01T06'))
  expect(hidden).toHaveLength(1)
  expect((await company.ledger(who!))[hidden[0]!]).toBe('inDoubt: unreadable-hours')
})

test('a punch whose row comes under another id while it is on its way is written once, and stops nobody', async () => {
  await using company = await found({ faults: { visibilityDelay: 2_400 } })
  const [who] = company.people
  company.minutesPass(5 * 60)
  company.punches(who!, '2026-03-04T08:50:00+08:00')
  expect((await company.sync({ waitMs: 0 })).deliveries.inDoubt).toBeGreaterThan(0)
  company.sandbox.set({ amendedPunches: { probability: 1, delaySeconds: 900, mode: 'newId' } })
  company.minutesPass(16)
  await company.sync({ waitMs: 0 })
  company.minutesPass(50)
  await company.sync()
  expect((await company.sync()).deliveries).toMatchObject({ planned: 0, written: 0, inDoubt: 0 })
  const stored = company.stored(who!)
  expect(new Set(stored).size).toBe(stored.length)
})
