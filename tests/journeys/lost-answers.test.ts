import { expect, test } from 'vitest'
import { Killed } from '#simulation/crash.ts'
import { founder, type Told, wholeWindow } from './founder.ts'

const found = founder()
const at = '2026-03-04T02:58:07+08:00'
const onWrites = { api: 'add_checkin_record' }

test('a write whose answer was lost is looked for, found, and not written again', async () => {
  await using company = await found({ faults: { answerLost: { ...onWrites, next: 1 } } })
  const [who] = company.people
  company.punches(who!, at)
  const { deliveries } = await company.sync()
  expect(deliveries).toMatchObject({ written: 1, verified: 1, inDoubt: 0 })
  expect(company.stored(who!)).toEqual([at])
  expect(company.called('add_checkin_record')).toBe(1)
})

test('a lost answer whose record shows late is waited for, not written again', async () => {
  await using company = await found({
    faults: { answerLost: { ...onWrites, next: 1 }, visibilityDelay: 40 * 60 },
  })
  const [who] = company.people
  company.punches(who!, at)
  expect((await company.sync()).deliveries).toMatchObject({ written: 1, verified: 0, inDoubt: 1 })
  company.minutesPass(20)
  expect((await company.sync()).deliveries).toMatchObject({ written: 0, verified: 0, inDoubt: 1 })
  company.minutesPass(20)
  expect((await company.sync()).deliveries).toMatchObject({ written: 0, verified: 1, inDoubt: 0 })
  expect(company.stored(who!)).toEqual([at])
})

test('a write that was acknowledged and never stored is written again once the longest delay has passed', async () => {
  await using company = await found({ faults: { effectLost: { ...onWrites, next: 1 } } })
  const [who] = company.people
  company.punches(who!, at)
  expect((await company.sync()).deliveries).toMatchObject({ written: 1, verified: 0, inDoubt: 1 })
  company.minutesPass(30)
  expect((await company.sync()).deliveries).toMatchObject({ written: 0, inDoubt: 1 })
  company.minutesPass(30)
  await company.sync()
  company.minutesPass(1)
  expect((await company.sync()).deliveries).toMatchObject({ verified: 1, inDoubt: 0 })
  expect(company.stored(who!)).toEqual([at])
})

test('a process killed with its write in flight leaves a doubt that the next one settles by looking', async () => {
  await using company = await found({ faults: { visibilityDelay: 10 * 60 } })
  const [who] = company.people
  company.punches(who!, at)
  await expect(syncKilledIn(company, 'add_checkin_record')).rejects.toThrow(Killed)
  expect(company.stored(who!)).toEqual([at])
  expect((await company.sync()).deliveries).toMatchObject({ written: 0, inDoubt: 1 })
  company.minutesPass(15)
  expect((await company.sync()).deliveries).toMatchObject({ written: 0, verified: 1 })
  expect(company.stored(who!)).toEqual([at])
})

test('what the platform itself echoes in another case is recognised, and not written again', async () => {
  await using company = await found({ style: 'sample', people: 18, faults: { lowercaseUserids: true } })
  const who = company.people.find(({ wecom }) => wecom !== wecom.toLowerCase())!
  company.punches(who, at)
  expect((await company.sync()).deliveries).toMatchObject({ inDoubt: 0 })
  expect(await company.ledger(who)).toEqual({ [at]: 'verified' })
})

/** A sync whose process dies after the platform has done what it was asked, and before it hears of it. */
async function syncKilledIn(company: Told, api: string): Promise<unknown> {
  const { transport } = company.sandbox
  let die = () => {}
  company.sandbox.transport = async (request) => {
    const answer = await transport(request)
    if (request.url.includes(api)) die()
    return answer
  }
  const process = await company.process()
  company.sandbox.transport = transport
  die = () => process.mortal.die()
  return process.app.sync(wholeWindow()).finally(() => process.stop())
}
