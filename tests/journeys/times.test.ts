import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { founder } from './founder.ts'

const found = founder()

describe('on a server in Los Angeles', () => {
  const zone = process.env['TZ']
  beforeAll(() => {
    process.env['TZ'] = 'America/Los_Angeles'
  })
  afterAll(() => {
    if (zone === undefined) delete process.env['TZ']
    else process.env['TZ'] = zone
  })

  test('this file would notice the server’s zone', () => {
    expect(new Date('2026-03-08T12:00:00Z').getTimezoneOffset()).toBe(7 * 60)
  })

  test('a punch arrives at the very second it was made in Shanghai', async () => {
    await using company = await found()
    const [who] = company.people
    company.punches(who!, '2026-03-04T00:00:00+08:00')
    company.punches(who!, '2026-03-04T02:58:07+08:00')
    await company.sync()
    expect(company.stored(who!)).toEqual(['2026-03-04T00:00:00+08:00', '2026-03-04T02:58:07+08:00'])
  })

  test('a day is a day in Shanghai, its first and its last second included', async () => {
    await using company = await found({ days: 2, start: '2026-03-08T12:00:00+08:00', people: 1 })
    const [who] = company.people
    for (const at of ['2026-03-07T00:00:00', '2026-03-07T23:59:59', '2026-03-08T00:00:00'])
      company.punches(who!, `${at}+08:00`)
    const { window } = await company.sync({ from: '2026-03-07', to: '2026-03-07' })
    expect(window).toEqual({ from: '2026-03-07T00:00:00+08:00', to: '2026-03-07T23:59:59+08:00' })
    const stored = company.stored(who!)
    expect([stored[0], stored.at(-1)]).toEqual(['2026-03-07T00:00:00+08:00', '2026-03-07T23:59:59+08:00'])
  })

  test('an hour that Los Angeles skips is an hour like any other', async () => {
    await using company = await found({ start: '2026-03-08T04:00:00+08:00' })
    company.minutesPass(24 * 60)
    const [who] = company.people
    company.punches(who!, '2026-03-08T18:30:00+08:00')
    await company.sync()
    expect(company.stored(who!)).toContain('2026-03-08T18:30:00+08:00')
  })
})
