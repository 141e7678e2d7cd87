import { expect, test } from 'vitest'
import { founder } from './founder.ts'

const found = founder()
type Company = Awaited<ReturnType<typeof found>>

const going = (direction: string) => (yaml: string) =>
  yaml.replace('direction: dingtalk-to-wecom', `direction: ${direction}`)

const turn = (company: Company, direction: string) =>
  company.does((app) =>
    app.apply({
      text: going(direction)(company.sandbox.ready().setupYaml),
      file: 'setup.yaml',
      dryRun: false,
    }),
  )

/** What either platform holds because of us, by person and second. */
const written = ({ sandbox }: Company) => ({
  wecom: sandbox
    .records()
    .filter(({ origin }) => origin === 'api')
    .map(({ userid, checkin_time }) => `${userid} ${checkin_time}`)
    .sort(),
  dingtalk: sandbox
    .uploads()
    .map(({ userid, checkin_time }) => `${userid} ${checkin_time}`)
    .sort(),
})

const second = (at: string) => Temporal.Instant.from(at).epochMilliseconds / 1000

test('user ids that differ by case alone, are Chinese, or belong to somebody else on the other side: each punch to its person', async () => {
  await using company = await found({ setup: going('both'), faults: { lowercaseUserids: true } })
  const { sandbox } = company
  const cast = [
    { name: '林娜', dingtalk: 'lina', wecom: 'LinNa' },
    { name: '李娜', dingtalk: 'LiNa', wecom: 'LiNa' },
    { name: '王小二', dingtalk: '王小二', wecom: '王小二' },
    { name: '赵六', dingtalk: '007', wecom: 'zhao.six@x' },
    { name: '钱七', dingtalk: 'zhao.six@x', wecom: '007' },
    { name: '孙八', dingtalk: 'LINNA', wecom: 'sun_8' },
  ]
  cast.forEach((one, i) => {
    sandbox.staff({ act: 'hire', ...one, departments: ['研发中心'], jobNumber: `ODD${i}` })
  })
  company.minutesPass(6 * 60)
  const wanted = { wecom: [] as string[], dingtalk: [] as string[] }
  cast.forEach(({ dingtalk, wecom }, i) => {
    const [there, back] = [`2026-03-04T08:30:0${i}+08:00`, `2026-03-04T08:31:0${i}+08:00`]
    sandbox.punch({ platform: 'dingtalk', userId: dingtalk, at: there })
    sandbox.punch({ platform: 'wecom', userId: wecom, at: back })
    wanted.wecom.push(`${wecom} ${second(there)}`)
    wanted.dingtalk.push(`${dingtalk} ${second(back)}`)
  })
  await company.sync()
  const first = written(company)
  expect(first.wecom).toEqual(expect.arrayContaining(wanted.wecom))
  expect(first.dingtalk).toEqual(wanted.dingtalk.sort())
  expect((await company.sync()).deliveries).toMatchObject({ planned: 0, written: 0, inDoubt: 0 })
  expect(written(company)).toEqual(first)
})

test('a route that is turned round and round with deliveries on their way writes each once, and echoes nothing', async () => {
  await using company = await found({
    ...{ setup: going('both'), punchIn: 'both', people: 6, days: 2, start: '2026-03-04T20:00:00+08:00' },
    faults: { visibilityDelay: 1_200, uploadVisibilityDelay: 1_200, uploadDuplicates: 'refuse' },
  })
  const oneWay = ['dingtalk-to-wecom', 'wecom-to-dingtalk']
  for (const direction of [...oneWay, ...oneWay.toReversed(), 'both']) {
    await turn(company, direction)
    await company.sync({ waitMs: 0 })
    company.minutesPass(10)
  }
  const after = written(company)
  expect(Math.min(after.wecom.length, after.dingtalk.length)).toBeGreaterThan(0)
  for (const side of Object.values(after)) expect(new Set(side).size).toBe(side.length)
  company.minutesPass(60)
  const { deliveries, punches } = await company.sync()
  expect(deliveries).toMatchObject({ planned: 0, written: 0, inDoubt: 0, refused: 0 })
  expect(punches.skipped.echo).toBe(after.wecom.length + after.dingtalk.length)
  expect(written(company)).toEqual(after)
})

test.for<Record<string, unknown>>([
  { shows: 'winners', writtenTexts: 'stripped' },
  {
    ...{ duplicates: 'error', uploadDuplicates: 'refuse', uploadShownAs: 'DING_ATM' },
    ...{ checkDateToExclusive: true, exactSevenDays: 'refuse', equalTimes: 'refuse' },
  },
  { uploadDuplicates: 'merge', rowsOutsideWindow: true, stringNumbers: true, lowercaseUserids: true },
])('both ways stand still after one sync where the platforms have %j', async (faults) => {
  const days = { days: 2, start: '2026-03-04T20:00:00+08:00' }
  await using company = await found({ setup: going('both'), punchIn: 'both', people: 6, ...days, faults })
  expect((await company.sync({ waitMs: 0 })).deliveries.written).toBeGreaterThan(0)
  const after = written(company)
  for (let run = 0; run < 3; run++) {
    company.minutesPass(50)
    expect((await company.sync({ waitMs: 0 })).deliveries).toMatchObject({ planned: 0, written: 0 })
  }
  expect(written(company)).toEqual(after)
})
