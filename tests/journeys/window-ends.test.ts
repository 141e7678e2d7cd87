import { expect, test } from 'vitest'
import { founder } from './founder.ts'

const found = founder()

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
