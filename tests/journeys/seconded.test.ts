import { expect, test } from 'vitest'
import { failureOf } from '../support/failure-of.ts'
import { beforeDawn, founder, onlyNamesAreKnown, type Someone } from './founder.ts'
import { foundSubsidiary, inSuzhou } from './suzhou.ts'

const found = founder()
const at = (time: string) => `2026-03-04T${time}+08:00`
test('somebody seconded to another subsidiary is one person with four accounts, and every punch stays in its corp', async () => {
  await using company = await found({ start: beforeDawn })
  const [who] = company.people as [Someone]
  const suzhou = await foundSubsidiary(company)
  await company.sync()
  await inSuzhou(company)
  const home = company.sandbox.view().dingtalk.people.find(({ userId }) => userId === who.dingtalk)!
  company.minutesPass(60)
  const common = { name: who.name, mobile: home.mobile, jobNumber: home.jobNumber }
  suzhou.staff({ act: 'hire', dingtalk: 'seconded', wecom: 'seconded', ...common })
  company.punches(who, at('05:30:07'))
  suzhou.punch({ platform: 'dingtalk', userId: 'seconded', at: at('05:31:09') })
  company.minutesPass(120)
  await company.sync()
  await inSuzhou(company)

  const people = await company.does((app) => app.people({}))
  const person = people.find(({ accounts }) => accounts.some(({ userId }) => userId === who.dingtalk))!
  expect(person.accounts.map(({ connection, userId }) => `${connection}:${userId}`).sort()).toEqual(
    [
      `hq-dingtalk:${who.dingtalk}`,
      `hq-wecom:${who.wecom}`,
      'sz-dingtalk:seconded',
      'sz-wecom:seconded',
    ].sort(),
  )
  const since = new Map(person.accounts.map((account) => [account.connection, account.since]))
  expect(since.get('sz-dingtalk')! > since.get('hq-dingtalk')!).toBe(true)

  expect(company.stored(who)).toContain(at('05:30:07'))
  expect(company.stored(who)).not.toContain(at('05:31:09'))
  const theirs = suzhou.records().filter(({ userid, origin }) => userid === 'seconded' && origin === 'api')
  expect(theirs.map(({ checkin_time }) => checkin_time)).toEqual([Date.parse(at('05:31:09')) / 1000])

  // Either subsidiary sees its own accounts, and of the others only that there are any.
  const [hq, sz] = [
    await company.does((app) => app.people({ subsidiary: 'hq' })),
    await company.does((app) => app.people({ subsidiary: 'sz' })),
  ]
  for (const [view, own, other] of [
    [hq, who.dingtalk, 'seconded'],
    [sz, 'seconded', who.dingtalk],
  ] as const) {
    const seen = view.find((one) => one.person === person.person)!
    expect(seen).toMatchObject({ status: 'linked', alsoElsewhere: true, accounts: [{ userId: own }, {}] })
    expect(JSON.stringify(seen)).not.toContain(`"${other}"`)
    expect(view.filter(({ alsoElsewhere }) => alsoElsewhere)).toEqual([seen])
    expect(Object.keys(seen).sort()).toEqual(Object.keys(person).sort())
  }
  expect(JSON.stringify(hq)).not.toContain('sz-')
  expect(JSON.stringify(sz)).not.toContain('hq-')
  const whole = await company.does((app) => app.linksTable({}))
  expect(whole.several).toHaveLength(1)
  expect(whole.several[0]!.accounts.map(({ connection }) => connection)).toEqual(
    person.accounts.map(({ connection }) => connection).sort(),
  )
  const table = await company.does((app) => app.linksTable({ subsidiary: 'hq' }))
  expect(JSON.stringify(table)).not.toMatch(/sz-|seconded|苏州/)
  expect(table.rows.find(({ dingtalk }) => dingtalk?.userId === who.dingtalk)).toMatchObject({
    dingtalk: { alsoElsewhere: true },
    wecom: { alsoElsewhere: true },
  })
  for (const ask of [{ subsidiary: 'shanghai' }, { subsidiary: '' }]) {
    const unknown = { code: 'usage.unknown-subsidiary' }
    expect(await failureOf(company.does((app) => app.people(ask)))).toMatchObject(unknown)
    expect(await failureOf(company.does((app) => app.linksTable(ask)))).toMatchObject(unknown)
  }

  // A year in Suzhou ends: the accounts there are history, the person is the same.
  suzhou.staff({ act: 'leave', dingtalk: 'seconded', wecom: 'seconded' })
  company.minutesPass(60)
  await inSuzhou(company)
  const later = (await company.does((app) => app.people({}))).find((one) => one.person === person.person)!
  expect(later.accounts.map(({ connection }) => connection).sort()).toEqual(['hq-dingtalk', 'hq-wecom'])
  expect(later.formerly.map(({ connection }) => connection).sort()).toEqual(['sz-dingtalk', 'sz-wecom'])
  suzhou.close()
})

test('a person’s word over two subsidiaries ends when somebody else gets the user id', async () => {
  await using company = await found({ start: beforeDawn })
  const [who] = company.people as [Someone]
  const suzhou = await foundSubsidiary(company)
  const [theirs] = suzhou.pairs()
  await company.sync()
  await inSuzhou(company)
  const accountsOf = async () =>
    (await company.does((app) => app.people({})))
      .find(({ accounts }) => accounts.some(({ userId }) => userId === who.dingtalk))!
      .accounts.map(({ connection }) => connection)
  await company.does((app) => app.link(`hq-dingtalk:${who.dingtalk}`, `sz-dingtalk:${theirs!.dingtalk}`))
  expect(await accountsOf()).toContain('sz-dingtalk')
  company.minutesPass(60)
  suzhou.staff({
    act: 'reuse',
    dingtalk: theirs!.dingtalk,
    name: '欧阳不同',
    jobNumber: 'NEW-1',
    mobile: null,
  })
  await inSuzhou(company)
  expect(await accountsOf()).not.toContain('sz-dingtalk')
  suzhou.close()
})

test('somebody who looks like a colleague in another subsidiary is suggested there, and confirmed by one name', async () => {
  await using company = await found({ ...onlyNamesAreKnown, start: beforeDawn })
  const [who] = company.people as [Someone]
  const suzhou = await foundSubsidiary(company)
  suzhou.staff({ act: 'hire', dingtalk: 'alike', name: who.name })
  await company.sync()
  await inSuzhou(company)
  const entryOf = async (account: string) =>
    (await company.does((app) => app.people({}))).find(({ accounts }) =>
      accounts.some(({ connection, userId }) => `${connection}:${userId}` === account),
    )!
  const [here, there] = [`hq-dingtalk:${who.dingtalk}`, 'sz-dingtalk:alike']
  expect((await entryOf(here)).candidates).toContainEqual(
    expect.objectContaining({ connection: 'sz-dingtalk', userId: 'alike' }),
  )
  expect(await entryOf(there)).toMatchObject({ status: 'suggested' })
  const confirmed = await company.does((app) => app.confirm(there, here))
  expect(confirmed).toMatchObject({ route: null, changed: true })
  expect((await entryOf(there)).person).toBe((await entryOf(here)).person)
  suzhou.close()
})
