import { expect, test } from 'vitest'
import { FailureError } from '#domain/failures.ts'
import { founder, onlyNamesAreKnown, type Told, wholeWindow } from './founder.ts'

const found = founder()
const at = '2026-03-04T02:58:07+08:00'

test('two syncs at once: one carries the window, the other follows it, and nothing is written twice', async () => {
  await using company = await found({ people: 6, start: '2026-03-04T12:00:00+08:00' })
  const [one, other] = await Promise.all([company.sync(), company.sync()])
  expect(one.deliveries).toMatchObject({ verified: 6, inDoubt: 0 })
  expect(other.deliveries).toMatchObject({ verified: 6, inDoubt: 0 })
  for (const who of company.people) expect(company.stored(who)).toHaveLength(1)
})

test('a process that froze while it read, and lost its lane, writes nothing when it wakes', async () => {
  await using company = await found()
  const [who] = company.people
  company.punches(who!, at)
  const frozen = await freeze(company, 'getcheckindata')
  company.minutesPass(2)
  expect((await company.sync()).deliveries).toMatchObject({ written: 1, verified: 1 })
  frozen.thaw()
  expect(await frozen.failure).toBe('lane.lost')
  expect(company.stored(who!)).toEqual([at])
  expect(company.called('add_checkin_record')).toBe(1)
})

test('a process that froze in the middle of a write, and lost its lane, writes nothing more; its write is found', async () => {
  await using company = await found({ people: 70, days: 2, start: '2026-03-04T12:00:00+08:00' })
  const frozen = await freeze(company, 'add_checkin_record')
  company.minutesPass(2)
  const { deliveries } = await company.sync()
  expect(deliveries).toMatchObject({ written: 10, verified: 10, inDoubt: 200 })
  frozen.thaw()
  expect(await frozen.failure).toBe('lane.lost')
  company.minutesPass(50)
  expect((await company.sync()).deliveries).toMatchObject({ written: 0, verified: 210, inDoubt: 0 })
  for (const person of company.people) expect(company.stored(person)).toHaveLength(3)
})

test('a punch that a link set free goes once, though a frozen process wakes and would send it too', async () => {
  await using company = await found({
    setup: nobodyIsLinked,
    faults: { mobileHidden: { dingtalk: true, wecom: true } },
  })
  const [who] = company.people
  company.punches(who!, at)
  await company.sync()
  await company.does((app) =>
    app.link(
      { connection: 'hq-dingtalk', userId: who!.dingtalk },
      { connection: 'hq-wecom', userId: who!.wecom },
    ),
  )
  const frozen = await freeze(company, 'getcheckindata')
  company.minutesPass(2)
  await company.sync()
  frozen.thaw()
  expect(await frozen.failure).toBe('lane.lost')
  expect(company.stored(who!)).toEqual([at])
})

/** A sync that stands still before its first call of this API reaches the platform. */
async function freeze(company: Told, api: string): Promise<{ thaw: () => void; failure: Promise<string> }> {
  const { transport } = company.sandbox
  const { promise: thawed, resolve: thaw } = Promise.withResolvers<void>()
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
  company.sandbox.transport = async (request) => {
    if (request.url.includes(api)) {
      arrive()
      await thawed
    }
    return transport(request)
  }
  const process = await company.process()
  company.sandbox.transport = transport
  const failure = process.app
    .sync(wholeWindow())
    .then(
      () => 'no failure',
      (error) => (error instanceof FailureError ? error.failure.code : String(error)),
    )
    .finally(() => process.stop())
  await Promise.race([arrived, failure])
  return { thaw, failure }
}
