import { Client } from 'pg'
import { expect, test } from 'vitest'
import { founder, type Someone, type Told, wholeWindow } from './founder.ts'

const found = founder()
const at = '2026-03-04T02:58:07+08:00'
const later = '2026-03-04T02:59:30+08:00'

/** Somebody whose punch stood on both sides without us, and was then moved at the source. */
async function thereAndMoved(company: Told, amended: { void?: true } = {}): Promise<Someone> {
  const [who] = company.people as [Someone]
  const id = company.punches(who, at)
  company.sandbox.punch({ platform: 'wecom', userId: who.wecom, at })
  await company.sync()
  const amend = { id, at: later, ...amended }
  company.sandbox.punch({ platform: 'dingtalk', userId: who.dingtalk, amend })
  return who
}

test('a punch that was there without us, and that the source then moves, is carried in its new second', async () => {
  await using company = await found()
  const [who] = company.people
  const id = company.punches(who!, at)
  company.sandbox.punch({ platform: 'wecom', userId: who!.wecom, at })
  expect((await company.sync()).deliveries).toMatchObject({ alreadyThere: 1, written: 0 })
  company.sandbox.punch({ platform: 'dingtalk', userId: who!.dingtalk, amend: { id, at: later } })
  const { punches, deliveries } = await company.sync()
  expect(punches).toMatchObject({ revised: 1 })
  expect(deliveries).toMatchObject({ written: 1, verified: 1, alreadyThere: 0 })
  expect(company.stored(who!)).toEqual([later])
  expect(await company.ledger(who!)).toEqual({ [later]: 'verified' })
  expect((await company.sync()).deliveries).toMatchObject({ written: 0, verified: 1 })
})

test('moved to a second in which the target has another punch, it is there already, and the first second is left alone', async () => {
  await using company = await found()
  const [who] = company.people
  const id = company.punches(who!, at)
  for (const second of [at, later])
    company.sandbox.punch({ platform: 'wecom', userId: who!.wecom, at: second })
  await company.sync()
  company.sandbox.punch({ platform: 'dingtalk', userId: who!.dingtalk, amend: { id, at: later } })
  expect((await company.sync()).deliveries).toMatchObject({ written: 0, alreadyThere: 1 })
  expect((await company.sync()).deliveries).toMatchObject({ written: 0, alreadyThere: 1 })
  expect(company.stored(who!)).toEqual([])
})

test('moved, and a new punch made in its old second: both are carried or there', async () => {
  await using company = await found()
  const who = await thereAndMoved(company)
  company.punches(who, at)
  await company.sync()
  expect((await company.sync()).deliveries).toMatchObject({ written: 0, alreadyThere: 1, verified: 1 })
  expect(company.stored(who)).toEqual([later])
})

test('rehearsed, it is planned once and counted once', async () => {
  await using company = await found()
  await thereAndMoved(company)
  const plan = await company.does((app) => app.plan(wholeWindow()))
  expect(JSON.stringify(plan)).toContain('"planned":1')
  expect((await company.sync()).deliveries).toMatchObject({ written: 1 })
})

test('on a route both ways it comes to rest: written once, and never back', async () => {
  await using company = await found({
    setup: (yaml) => yaml.replace('direction: dingtalk-to-wecom', 'direction: both'),
  })
  const who = await thereAndMoved(company)
  await company.sync()
  for (let round = 0; round < 3; round++)
    expect((await company.sync()).deliveries).toMatchObject({ written: 0 })
  expect(company.stored(who)).toEqual([later])
  expect(company.sandbox.uploads()).toEqual([])
})

/** What is true of the target when the punch has moved; `says` of its row in the ledger. */
async function targetHas({ database, sandbox }: Told, says: string): Promise<void> {
  const { corpId } = sandbox.ready().credentials.wecom
  const client = new Client(database)
  await client.connect()
  await client.query(
    `update connection set ${says} where id = (select max(id) from connection where corp_id = $1)`,
    [corpId],
  )
  await client.end()
}

test.for([
  { when: 'the target has shown a record later than it ever should', says: 'late_sightings = 1' },
  {
    when: 'the ledger was put back from a backup that knows nothing of later writes',
    says: "writes_from = '2026-03-04T03:30:00+08:00'",
  },
])(
  'what was there may be ours after all, so nothing is written in its new second: $when',
  async ({ says }) => {
    await using company = await found()
    const who = await thereAndMoved(company)
    await targetHas(company, says)
    for (let round = 0; round < 2; round++)
      expect((await company.sync()).deliveries).toMatchObject({ written: 0, alreadyThere: 1 })
    expect(company.stored(who)).toEqual([])
  },
)

test('moved and made void, it is owed nothing any more, and costs no look', async () => {
  await using company = await found()
  const who = await thereAndMoved(company, { void: true })
  const looks = company.called('getcheckindata')
  for (let round = 0; round < 2; round++)
    expect((await company.sync()).deliveries).toMatchObject({ written: 0 })
  expect(company.stored(who)).toEqual([])
  expect(company.called('getcheckindata')).toBe(looks)
})
