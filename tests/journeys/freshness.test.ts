import { expect, test } from 'vitest'
import { founder, type Told } from './founder.ts'

const found = founder()
const at = '2026-03-04T02:58:07+08:00'
const later = '2026-03-04T04:03:00+08:00'

const freshness = async (company: Told) => {
  const { completeTo, completeFor, unknownCount, unknownBecause, unknown, gapFrom } = await company.does(
    async (app) => (await app.status()).routes[0]!,
  )
  const told = unknown.map(({ name, because, completeTo }) => ({ name, because, completeTo }))
  return { completeTo, completeFor, unknownCount, unknownBecause, unknown: told, gapFrom }
}
const allIsKnown = { unknownCount: 0, unknownBecause: {}, unknown: [], gapFrom: null }

test('who cannot be read is told apart from the others, who are complete; read again, everybody is', async () => {
  await using company = await found({ people: 6 })
  const [refused, broken, ...others] = company.people
  for (const who of company.people) company.punches(who, at)
  company.sandbox.set({ personRefused: [refused!.dingtalk], brokenRows: [broken!.dingtalk] })
  const { punches, deliveries } = await company.sync()
  expect(punches).toMatchObject({ read: 4, unreadable: 1 })
  expect(deliveries).toMatchObject({ written: 4, verified: 4 })
  expect(await freshness(company)).toMatchObject({
    completeFor: 4,
    unknownCount: 2,
    unknownBecause: { refused: 1, unreadable: 1 },
    unknown: expect.arrayContaining([
      { name: refused!.name, because: 'refused', completeTo: null },
      { name: broken!.name, because: 'unreadable', completeTo: null },
    ]),
  })
  for (const who of others) expect(company.stored(who)).toEqual([at])

  company.sandbox.set({ personRefused: [], brokenRows: [] })
  company.minutesPass(10)
  await company.sync()
  expect(await freshness(company)).toMatchObject({ completeFor: 6, ...allIsKnown })
  for (const who of company.people) expect(company.stored(who)).toEqual([at])
})

test('somebody refused later stays known up to where they were read, and nothing of theirs is taken for gone', async () => {
  await using company = await found()
  const [who] = company.people
  company.punches(who!, at)
  await company.sync()
  const { completeTo } = await freshness(company)
  company.sandbox.set({ personRefused: [who!.dingtalk] })
  company.minutesPass(10)
  const { punches } = await company.sync()
  expect(punches.read).toBe(0)
  expect(await freshness(company)).toMatchObject({
    completeFor: 2,
    unknown: [{ name: who!.name, because: 'refused', completeTo }],
  })
  expect(await company.ledger(who!)).toEqual({ [at]: 'verified' })
})

test('somebody refused costs one call more a run, once it is known who it is', async () => {
  await using company = await found({ people: 40 })
  company.sandbox.set({ personRefused: [company.people[17]!.dingtalk] })
  const first = await company.sync()
  const second = await company.sync()
  expect(first.calls['dingtalk']?.['listRecord']).toBeGreaterThan(8)
  expect(second.calls['dingtalk']?.['listRecord']).toBe(2)
})

test('a platform that refuses whomever one asks for fails the run instead of using up the calls', async () => {
  await using company = await found({ people: 40 })
  company.sandbox.set({ personRefused: company.people.map((who) => who.dingtalk) })
  await expect(company.sync()).rejects.toMatchObject({ failure: { code: 'platform.person-refused' } })
  expect(company.called('listRecord')).toBeLessThan(20)
})

test('the first eight of forty refused are eight people, not the platform: the others are read', async () => {
  await using company = await found({ people: 40 })
  const inOrder = company.people.toSorted((a, b) => (a.dingtalk < b.dingtalk ? -1 : 1))
  company.sandbox.set({ personRefused: inOrder.slice(0, 8).map((who) => who.dingtalk) })
  await company.sync()
  expect(await freshness(company)).toMatchObject({ completeFor: 32, unknownBecause: { refused: 8 } })
})

test('somebody who joined and was not read yet is unknown; the others stay complete up to the last run', async () => {
  await using company = await found()
  await company.sync()
  const { completeTo } = await freshness(company)
  company.sandbox.staff({ act: 'hire', name: '新来的人', dingtalk: 'newcomer' })
  company.sandbox.set({ permissionMissing: { dingtalk: ['qyapi_get_attendance_data'] } })
  company.minutesPass(60)
  await expect(company.sync()).rejects.toMatchObject({ failure: { code: 'platform.no-permission' } })
  expect(await freshness(company)).toMatchObject({
    completeTo,
    completeFor: 3,
    unknown: [{ name: '新来的人', because: 'never-read', completeTo: null }],
  })
  company.sandbox.set({ permissionMissing: {} })
  await company.sync()
  expect(await freshness(company)).toMatchObject({ completeFor: 4, ...allIsKnown })
})

test('days that no run has read are said to be missing until they are read', async () => {
  await using company = await found()
  const [who] = company.people
  await company.sync()
  const { completeTo } = await freshness(company)
  company.punches(who!, later)
  company.minutesPass(10 * 24 * 60)
  await company.sync()
  expect(await freshness(company)).toMatchObject({
    completeFor: 0,
    unknownBecause: { gap: 3 },
    unknown: expect.arrayContaining([{ name: who!.name, because: 'gap', completeTo }]),
    gapFrom: '2026-03-04',
  })
  expect(company.stored(who!)).not.toContain(later)
  await company.sync({ from: '2026-03-04' })
  expect(await freshness(company)).toMatchObject({ completeFor: 3, ...allIsKnown })
  expect(company.stored(who!)).toContain(later)
})

test('a status says why something is in doubt', async () => {
  const faults = { visibilityDelay: 600, answerLost: { api: 'add_checkin_record', next: 1 } }
  await using company = await found({ faults })
  for (const who of company.people) company.punches(who, at)
  await company.sync()
  const { inDoubt, inDoubtBecause } = await company.does(async (app) => (await app.status()).routes[0]!)
  expect({ inDoubt, inDoubtBecause }).toEqual({ inDoubt: 3, inDoubtBecause: { 'answer-lost': 3 } })
})
