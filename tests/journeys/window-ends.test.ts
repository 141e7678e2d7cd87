import { expect, test } from 'vitest'
import { founder } from './founder.ts'
import { laneInHand } from './lane-in-hand.ts'

const found = founder()
const inHand = laneInHand()

test('whatever the platform makes of the end of a window, a sync of eleven days leaves no second out', async () => {
  await using company = await found({
    start: '2026-03-20T20:00:00+08:00',
    setup: (yaml) => yaml.replace(/since: \S+/, 'since: 2026-03-01'),
    faults: { checkDateToExclusive: true, exactSevenDays: 'refuse' },
  })
  const [who] = company.people
  const days = ['05', '06', '07', '08', '09', '10', '11', '12', '13', '14', '15']
  const ends = days.map((day) => `2026-03-${day}T23:59:59+08:00`)
  for (const at of ends) company.punches(who!, at)
  const { punches, calls, leastCalls } = await company.sync({ from: '2026-03-05', to: '2026-03-15' })
  expect(punches.read).toBe(ends.length)
  expect(company.stored(who!)).toEqual(ends)
  expect(calls.dingtalk?.['listRecord']).toBe(leastCalls.dingtalk?.['listRecord'])
})

const dates = Array.from({ length: 14 }, (_, i) => String(i + 2).padStart(2, '0'))
const endOf = (day: string) => `2026-03-${day}T23:59:59+08:00`

test.for([
  { days: 7, exactSevenDays: 'accept', calls: 1 },
  { days: 14, exactSevenDays: 'accept', calls: 2 },
  { days: 7, exactSevenDays: 'refuse', calls: 3 },
  { days: 14, exactSevenDays: 'refuse', calls: 6 },
])(
  'a sync of exactly $days days past leaves no second out where the end is not in the window and seven days apart are met with $exactSevenDays',
  async ({ days, exactSevenDays, calls }) => {
    await using company = await found({
      start: '2026-03-20T20:00:00+08:00',
      setup: (yaml) => yaml.replace(/since: \S+/, 'since: 2026-03-01'),
      faults: { checkDateToExclusive: true, exactSevenDays },
    })
    const [who] = company.people
    const ends = dates.slice(0, days).map(endOf)
    for (const at of ends) company.punches(who!, at)
    const report = await company.sync({ from: '2026-03-02', to: `2026-03-${dates[days - 1]}` })
    expect(report.punches.read).toBe(days)
    expect(company.stored(who!)).toEqual(ends)
    expect(report.calls.dingtalk?.['listRecord']).toBe(calls)
  },
)

test('a week that ends now is asked for within seven dates: what is cut off its end the next sync reads', async () => {
  await using company = await found({
    start: '2026-03-20T20:00:00+08:00',
    setup: (yaml) => yaml.replace(/since: \S+/, 'since: 2026-03-01'),
    faults: { checkDateToExclusive: true, exactSevenDays: 'refuse' },
  })
  const [who] = company.people
  await company.sync({ from: '2026-03-01' })
  company.punches(who!, '2026-03-20T20:00:00+08:00')
  expect((await company.sync()).calls.dingtalk?.['listRecord']).toBe(1)
  company.minutesPass(30)
  await company.sync()
  expect(company.stored(who!)).toContain('2026-03-20T20:00:00+08:00')
})

test.for(['accept', 'refuse'])(
  'the engine leaves no second out of weeks that were never read, at their calls: seven days apart are met with %s',
  async (exactSevenDays) => {
    await using company = await inHand({ faults: { checkDateToExclusive: true, exactSevenDays } })
    const { world } = company
    const [who] = world.pairs
    world.time.advanceTo(Temporal.Instant.from('2026-03-31T20:00:00+08:00'))
    const ends = Array.from({ length: 29 }, (_, i) => endOf(String(i + 2).padStart(2, '0')))
    for (const at of ends) world.sandbox.punch({ platform: 'dingtalk', userId: who!.dingtalk, at })
    const news = await company.until('2026-03-31T21:00:00+08:00')
    const stored = new Set(
      world.sandbox
        .records()
        .filter(({ userid, origin }) => userid === who!.wecom && origin === 'api')
        .map(({ checkin_time }) => checkin_time),
    )
    const secondOf = (at: string) => Temporal.Instant.from(at).epochMilliseconds / 1000
    expect(ends.filter((at) => !stored.has(secondOf(at)))).toEqual([])
    const planned = news
      .filter(({ step }) => step.kind === 'sweep')
      .reduce((sum, { step }) => sum + step.calls, 0)
    expect(world.sandbox.view().calls.dingtalk['/attendance/listRecord']?.calls).toBe(planned)
  },
)
