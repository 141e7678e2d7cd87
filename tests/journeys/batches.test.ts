import { expect, test } from 'vitest'
import { founder } from './founder.ts'

const found = founder()

test('writes go in the fewest batches, none above two hundred records', async () => {
  await using company = await found({ people: 70, days: 4, start: '2026-03-04T12:00:00+08:00' })
  const { deliveries, calls, leastCalls } = await company.sync()
  const sizes = Map.groupBy(company.sandbox.records(), (record) => record.batch)
  // Two are on their way at once: which of them arrives first nobody knows.
  const bySize = [...sizes.values()].map((batch) => batch.length).toSorted((a, b) => b - a)
  expect(bySize).toEqual([200, 200, 90])
  expect(deliveries).toMatchObject({ planned: 490, written: 490, verified: 490 })
  expect(calls['wecom']).toMatchObject(leastCalls['wecom']!)
  expect(company.sandbox.violations()).toEqual([])
})

test('a second sync of the same window asks little and writes nothing', async () => {
  await using company = await found({ people: 12, start: '2026-03-04T12:00:00+08:00' })
  await company.sync()
  const { punches, deliveries, calls } = await company.sync()
  expect(punches).toMatchObject({ read: 12, fresh: 0, unchanged: 12, revised: 0 })
  expect(deliveries).toMatchObject({ planned: 0, written: 0, verified: 12 })
  expect(calls['wecom']).not.toHaveProperty('add_checkin_record')
})

test.for([
  { partial: 'none', says: 'stores nothing' },
  { partial: 'skipBad', says: 'stores the good ones' },
  { partial: 'prefix', says: 'stores those before the bad one' },
])(
  'a refused record is found among smaller and smaller parts, with a read between, where the platform $says',
  async ({ partial }) => {
    await using company = await found({
      people: 8,
      days: 2,
      start: '2026-03-04T12:00:00+08:00',
      faults: { partial },
    })
    const unwilling = company.people[5]!
    const { transport } = company.sandbox
    const losesSight = (wecom: string[]) => company.sandbox.set({ memberOutOfRange: { wecom } })
    // The platform loses sight of a member between the read and the write, every time.
    company.sandbox.transport = (request) => {
      losesSight(request.url.includes('add_checkin_record') ? [unwilling.wecom] : [])
      return transport(request)
    }
    let report = await company.sync()
    for (let run = 0; run < 8 && report.deliveries.inDoubt > 0; run++) {
      company.minutesPass(50)
      report = await company.sync()
    }
    expect(report.deliveries).toMatchObject({ verified: 21, refused: 3, inDoubt: 0 })
    for (const who of company.people) expect(company.stored(who)).toHaveLength(who === unwilling ? 0 : 3)
    for (const state of Object.values(await company.ledger(unwilling)))
      expect(state).toContain('refused: 301021 invalid userid')
  },
)

test('the two hundred of one bad record wait twice until a stored one must show, not eight times', async () => {
  await using company = await found({ people: 100, start: '2026-03-04T18:30:00+08:00' })
  const unwilling = company.people[37]!
  const { transport } = company.sandbox
  company.sandbox.transport = (request) => {
    const isWrite = request.url.includes('add_checkin_record')
    company.sandbox.set({ memberOutOfRange: { wecom: isWrite ? [unwilling.wecom] : [] } })
    return transport(request)
  }
  const seen = [await company.sync()]
  for (let run = 0; run < 2; run++) {
    company.minutesPass(50)
    seen.push(await company.sync())
  }
  const [first, second, third] = seen.map(({ deliveries }) => deliveries)
  expect(first).toMatchObject({ verified: 0, refused: 0 })
  expect(second!.inDoubt).toBeLessThanOrEqual(first!.inDoubt / 8)
  expect(third).toMatchObject({ inDoubt: 0 })
  expect(third!.refused).toBeGreaterThan(0)
  expect(company.stored(unwilling)).toHaveLength(0)
})
