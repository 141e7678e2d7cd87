import { expect, test } from 'vitest'
import { founder } from './founder.ts'

const found = founder()

const bothWays = { setup: (yaml: string) => yaml.replace('direction: dingtalk-to-wecom', 'direction: both') }

/** What either platform shows because of us, by person and second, so that doubles are seen. */
const written = ({ sandbox }: { sandbox: Awaited<ReturnType<typeof found>>['sandbox'] }) => ({
  wecom: sandbox
    .records()
    .filter((record) => record.origin === 'api')
    .map((record) => `${record.userid} ${record.checkin_time}`)
    .sort(),
  dingtalk: sandbox
    .uploads()
    .map((upload) => `${upload.userid} ${upload.checkin_time}`)
    .sort(),
})

test('punches go both ways once, and a third sync writes nothing', async () => {
  await using company = await found({
    people: 6,
    days: 2,
    punchIn: 'both',
    start: '2026-03-04T20:00:00+08:00',
    ...bothWays,
  })
  const first = await company.sync()
  expect(Object.keys(first.byDirection ?? {})).toEqual(['dingtalk-to-wecom', 'wecom-to-dingtalk'])
  const { 'dingtalk-to-wecom': there, 'wecom-to-dingtalk': back } = first.byDirection!
  expect(there!.deliveries.written).toBeGreaterThan(0)
  expect(back!.deliveries.written).toBeGreaterThan(0)
  expect(first.deliveries.written).toBe(there!.deliveries.written + back!.deliveries.written)
  expect(first.deliveries.verified).toBe(first.deliveries.written)
  const after = written(company)
  expect(new Set(after.wecom).size).toBe(after.wecom.length)
  expect(new Set(after.dingtalk).size).toBe(after.dingtalk.length)

  const second = await company.sync()
  expect(second.deliveries).toMatchObject({ planned: 0, written: 0, inDoubt: 0 })
  expect(second.punches.skipped.echo).toBe(after.wecom.length + after.dingtalk.length)
  const third = await company.sync()
  expect(third.deliveries).toMatchObject({ planned: 0, written: 0 })
  expect(written(company)).toEqual(after)
})

test('who punches on both sides in one minute has both punches on both sides, and who does in one second has one', async () => {
  await using company = await found({ ...bothWays, people: 3 })
  const [who] = company.people
  company.minutesPass(6 * 60)
  company.punches(who!, '2026-03-04T08:58:10+08:00')
  company.sandbox.punch({ platform: 'wecom', userId: who!.wecom, at: '2026-03-04T08:58:40+08:00' })
  company.punches(who!, '2026-03-04T09:00:00+08:00')
  company.sandbox.punch({ platform: 'wecom', userId: who!.wecom, at: '2026-03-04T09:00:00+08:00' })
  for (const _ of [1, 2, 3]) await company.sync()
  const seconds = (at: string) => Temporal.Instant.from(at).epochMilliseconds / 1000
  const ours = written(company)
  expect(ours.wecom).toContain(`${who!.wecom} ${seconds('2026-03-04T08:58:10+08:00')}`)
  expect(ours.dingtalk).toContain(`${who!.dingtalk} ${seconds('2026-03-04T08:58:40+08:00')}`)
  expect(ours.wecom).not.toContain(`${who!.wecom} ${seconds('2026-03-04T09:00:00+08:00')}`)
  expect(ours.dingtalk).not.toContain(`${who!.dingtalk} ${seconds('2026-03-04T09:00:00+08:00')}`)
  expect(new Set(ours.wecom).size).toBe(ours.wecom.length)
  expect(new Set(ours.dingtalk).size).toBe(ours.dingtalk.length)
})

test('a route that only goes back carries WeCom’s punches into DingTalk', async () => {
  await using company = await found({
    people: 4,
    days: 2,
    punchIn: 'wecom',
    start: '2026-03-04T20:00:00+08:00',
    setup: (yaml) => yaml.replace('direction: dingtalk-to-wecom', 'direction: wecom-to-dingtalk'),
  })
  const { deliveries, byDirection, calls, leastCalls } = await company.sync()
  expect(byDirection).toBeUndefined()
  expect(deliveries.written).toBeGreaterThan(0)
  expect(deliveries.verified).toBe(deliveries.written)
  expect(company.sandbox.records().filter((record) => record.origin === 'api')).toEqual([])
  expect(company.sandbox.uploads()).toHaveLength(deliveries.written)
  expect(calls['dingtalk']!['upload']).toBe(leastCalls['dingtalk']!['upload'])
})

test('a rehearsal both ways counts each person once, as the run then does', async () => {
  await using company = await found({ people: 12, days: 1, punchIn: 'both', style: 'sample', ...bothWays })
  const ask = { route: 'hq', signal: new AbortController().signal, onProgress: () => {} }
  const plan = await company.does((app) => app.plan(ask))
  const run = await company.sync()
  expect(plan.people.linked).toBeGreaterThan(0)
  expect(plan.people).toEqual(run.people)
})
