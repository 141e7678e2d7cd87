import { describe, expect, test } from 'vitest'
import { failureOf } from '../support/failure-of.ts'
import { founder, onlyNamesAreKnown, type Someone, type Told } from './founder.ts'
import { shareMobile } from './share-mobile.ts'

const found = founder()
const { signal } = new AbortController()
const read = (company: Told, isAccepted = false) =>
  company.does((app) => app.contacts({ isAccepted, signal }))
const undo = (company: Told, number: number) =>
  company.does((app) => app.undoContacts({ import: number, signal }))
const historyOf = (company: Told, account: string) => company.does((app) => app.accountHistory(account))
const inWecom = (company: Told, userid: string) => company.stored({ name: '', dingtalk: '', wecom: userid })
const dawn = (time: string) => `2026-03-04T${time}+08:00`

/** What a read told: user id → kinds of change. */
const told = (reports: Awaited<ReturnType<typeof read>>) =>
  reports.flatMap(({ changes }) => changes.map(({ userId, kind }) => `${kind} ${userId}`))

test('a leaver’s last punches still travel; the account is a tombstone with its cause', async () => {
  await using company = await found()
  const [who] = company.people as [Someone]
  await company.sync()
  company.punches(who, dawn('03:11:01'))
  company.sandbox.staff({ act: 'leave', dingtalk: who.dingtalk })
  const { contacts } = await company.sync()
  expect(contacts).toMatchObject([{ connection: 'hq-dingtalk', counts: { left: 1 }, doubt: null }])
  expect(company.stored(who)).toEqual([dawn('03:11:01')])
  const { lives } = await historyOf(company, `hq-dingtalk:${who.dingtalk}`)
  expect(lives).toMatchObject([{ life: 1, endedBecause: { code: 'left' } }])
  expect((await company.sync()).contacts).toBeUndefined()
})

test('a person’s word about somebody who has left is taken back to the letter, and their last punches travel again', async () => {
  await using company = await found()
  const [who, other] = company.people as [Someone, Someone]
  await company.sync()
  const ledgerOf = () => company.ledger(who)
  company.sandbox.staff({ act: 'leave', dingtalk: who.dingtalk })
  company.punches(who, dawn('03:11:02'))
  await read(company)
  const parted = await company.does((app) => app.unlink(`hq-dingtalk:${who.dingtalk}`))
  expect((await company.sync()).deliveries).toMatchObject({ written: 0, held: 1 })
  expect(await ledgerOf()).toMatchObject({ [dawn('03:11:02')]: 'held: unlinked' })
  // Somebody else’s act in between changes nothing of it.
  await company.does((app) => app.unlink(`hq-dingtalk:${other.dingtalk}`))
  const undone = await company.does((app) => app.undo(parted.act!))
  expect(undone).toMatchObject({ released: 1 })
  expect((await company.sync()).deliveries).toMatchObject({ written: 1, held: 0 })
  expect(company.stored(who)).toEqual([dawn('03:11:02')])
})

test('somebody who has left is linked by a person’s word too: what they still have to travel does', async () => {
  await using company = await found(onlyNamesAreKnown)
  const [who] = company.people as [Someone]
  await company.sync()
  company.punches(who, dawn('03:11:03'))
  company.sandbox.staff({ act: 'leave', dingtalk: who.dingtalk })
  expect((await company.sync()).deliveries).toMatchObject({ held: 1 })
  const linked = await company.does((app) => app.link(`hq-dingtalk:${who.dingtalk}`, `hq-wecom:${who.wecom}`))
  expect(linked).toMatchObject({ changed: true, released: 1 })
  expect((await company.sync()).deliveries).toMatchObject({ written: 1, held: 0 })
  await company.does((app) => app.undo((linked as { act: number }).act))
  company.punches(who, dawn('03:11:33'))
  expect((await company.sync()).deliveries).toMatchObject({ written: 0, held: 1 })
})

test('who comes back to the same user id is the same person: linked again, with a gap in the history', async () => {
  await using company = await found()
  const [who] = company.people as [Someone]
  const before = await personOf(company, who)
  company.sandbox.staff({ act: 'leave', dingtalk: who.dingtalk, wecom: who.wecom })
  await company.sync()
  company.minutesPass(30)
  company.sandbox.staff({ act: 'rehire', dingtalk: who.dingtalk, wecom: who.wecom })
  expect(told(await read(company)).sort()).toEqual([`rehired ${who.dingtalk}`, `rehired ${who.wecom}`].sort())
  company.punches(who, dawn('04:20:01'))
  await company.sync()
  expect(company.stored(who)).toEqual([dawn('04:20:01')])
  expect(await personOf(company, who)).toBe(before)
  const { lives } = await historyOf(company, `hq-dingtalk:${who.dingtalk}`)
  expect(lives.map(({ versions }) => versions.map(({ causes, to }) => [...causes, to === null]))).toEqual([
    [
      ['joined', false],
      ['rehired', true],
    ],
  ])
})

describe('a user id that somebody else holds later', () => {
  const hand = async () => {
    const company = await found()
    const [who] = company.people as [Someone]
    await company.sync()
    await company.link(who)
    company.punches(who, dawn('03:00:01'))
    company.sandbox.staff({
      act: 'reuse',
      dingtalk: who.dingtalk,
      name: '欧阳不同',
      jobNumber: 'NEW-1',
      mobile: '13911112222',
    })
    company.punches(who, dawn('03:00:02'))
    company.minutesPass(1)
    return { company, who }
  }

  test('is a life of its own: neither holder’s punch goes under the other’s link, not even an explicit one', async () => {
    const { company, who } = await hand()
    await using _ = company
    await company.sync()
    expect(company.stored(who)).toEqual([])
    const { lives } = await historyOf(company, `hq-dingtalk:${who.dingtalk}`)
    expect(lives).toMatchObject([
      { life: 1, name: who.name, endedBecause: { code: 'reused' } },
      { life: 2, name: '欧阳不同', to: null, endedBecause: null },
    ])
    expect(lives[0]!.person).not.toBe(lives[1]!.person)
  })

  test('gets a link of its own, under which nothing older than the new holder travels', async () => {
    const { company, who } = await hand()
    await using _ = company
    company.sandbox.staff({ act: 'hire', name: '欧阳不同', wecom: 'ouyang', jobNumber: 'NEW-1' })
    await company.sync()
    company.punches(who, dawn('04:00:30'))
    company.minutesPass(1)
    await company.does((app) => app.link(`hq-dingtalk:${who.dingtalk}`, 'hq-wecom:ouyang'))
    await company.sync()
    await company.sync()
    expect(inWecom(company, 'ouyang')).toEqual([])
    company.punches(who, dawn('04:01:30'))
    company.minutesPass(1)
    await company.sync()
    expect(inWecom(company, 'ouyang')).toEqual([dawn('04:01:30')])
    expect(company.stored(who)).toEqual([])
    expect(await company.ledger(who)).toMatchObject({ [dawn('03:00:01')]: 'held: unlinked' })
  })

  test('in WeCom ends the links into it: nobody’s punch goes to the newcomer', async () => {
    await using company = await found()
    const [who] = company.people as [Someone]
    await company.sync()
    await company.link(who)
    company.sandbox.staff({ act: 'reuse', wecom: who.wecom, name: '欧阳不同', jobNumber: 'NEW-1' })
    company.punches(who, dawn('03:30:00'))
    await company.sync()
    expect(company.stored(who)).toEqual([])
    expect((await company.ledger(who))[dawn('03:30:00')]).toMatch(/^held: /)
  })

  test('shows each punch under whoever held the id then', async () => {
    const { company, who } = await hand()
    await using _ = company
    await company.sync()
    company.punches(who, dawn('05:00:30'))
    company.minutesPass(90)
    await company.sync()
    const { lives } = await historyOf(company, `hq-dingtalk:${who.dingtalk}`)
    const span = {
      from: Temporal.Instant.from(dawn('00:00:00')),
      to: Temporal.Instant.from(dawn('07:00:00')),
    }
    const persons = await company.does(async (app) => {
      const all: [string, string][] = []
      for await (const page of app.punches({ ...span, person: `hq-dingtalk:${who.dingtalk}` }))
        for (const { at, person } of page) all.push([at, person])
      return all
    })
    expect(persons).toContainEqual([dawn('03:00:01'), lives[0]!.person])
    expect(persons).toContainEqual([dawn('05:00:30'), lives[1]!.person])
  })
})

test('a job number given to a newcomer does not bring them the leaver’s account', async () => {
  await using company = await found()
  const [who] = company.people as [Someone]
  await company.sync()
  const { jobNumber } = company.sandbox.view().dingtalk.people.find(({ userId }) => userId === who.dingtalk)!
  company.sandbox.staff({ act: 'leave', dingtalk: who.dingtalk })
  company.sandbox.staff({ act: 'hire', dingtalk: 'newcomer', name: '欧阳不同', jobNumber })
  company.sandbox.punch({ platform: 'dingtalk', userId: 'newcomer', at: dawn('04:00:00') })
  company.minutesPass(1)
  await company.sync()
  expect(company.stored(who)).toEqual([])
})

test('two who share a telephone get their own punches and nobody else’s', async () => {
  await using company = await found()
  const [one, other] = company.people as [Someone, Someone]
  shareMobile(company, one, other)
  company.punches(one, dawn('03:01:00'))
  company.punches(other, dawn('03:02:00'))
  await company.sync()
  expect(company.stored(one)).not.toContain(dawn('03:02:00'))
  expect(company.stored(other)).not.toContain(dawn('03:01:00'))
})

describe('a new userid in WeCom', () => {
  test('is the same person: links, history and what was delivered go along', async () => {
    await using company = await found()
    const [who] = company.people as [Someone]
    await company.sync()
    await company.link(who)
    company.punches(who, dawn('03:01:00'))
    await company.sync()
    const person = await personOf(company, who)
    company.sandbox.staff({ act: 'changeUserid', wecom: who.wecom, to: 'Married.Name' })
    company.punches(who, dawn('03:02:00'))
    const { contacts } = await company.sync()
    expect(contacts).toMatchObject([{ connection: 'hq-wecom', counts: { 'userid-changed': 1 } }])
    expect(inWecom(company, 'Married.Name')).toEqual([dawn('03:01:00'), dawn('03:02:00')])
    expect(await personOf(company, who)).toBe(person)
    const { lives } = await historyOf(company, `hq-wecom:${who.wecom}`)
    expect(lives).toMatchObject([{ endedBecause: { code: 'userid-changed', to: 'Married.Name' } }])
    expect((await historyOf(company, 'hq-wecom:married.name')).lives[0]!.person).toBe(lives[0]!.person)
  })

  test('while a write is in flight doubles nothing', async () => {
    await using company = await found({ faults: { answerLost: { next: 1, api: 'add_checkin_record' } } })
    const [who] = company.people as [Someone]
    company.punches(who, dawn('03:01:00'))
    await company.sync({ waitMs: 0 })
    company.sandbox.staff({ act: 'changeUserid', wecom: who.wecom, to: 'Married.Name' })
    company.minutesPass(60)
    const { deliveries } = await company.sync()
    expect(deliveries).toMatchObject({ verified: expect.any(Number), inDoubt: 0 })
    expect(inWecom(company, 'Married.Name').filter((at) => at === dawn('03:01:00'))).toHaveLength(1)
  })
})

test('renames, moves and activations are told and kept', async () => {
  await using company = await found()
  const [one, two, three] = company.people as [Someone, Someone, Someone]
  await read(company)
  company.sandbox.staff({ act: 'rename', dingtalk: one.dingtalk, name: `${one.name}（外包）` })
  company.sandbox.staff({ act: 'change', dingtalk: two.dingtalk, departments: ['财务部'] })
  company.sandbox.staff({ act: 'change', wecom: three.wecom, active: false })
  expect(told(await read(company)).sort()).toEqual(
    [`renamed ${one.dingtalk}`, `moved ${two.dingtalk}`, `deactivated ${three.wecom}`].sort(),
  )
  expect(told(await read(company))).toEqual([])
})

test('a name that changes with nothing to hold on to stays the same person, and is told as uncertain', async () => {
  await using company = await found({
    ...onlyNamesAreKnown,
    faults: { mobileHidden: { dingtalk: true, wecom: true } },
  })
  const [who] = company.people as [Someone]
  await read(company)
  company.sandbox.staff({ act: 'rename', wecom: who.wecom, name: '欧阳不同' })
  const [, wecom] = await read(company)
  expect(wecom!.changes).toMatchObject([{ kind: 'renamed', uncertain: true, because: 'nothing-known' }])
})

describe('a roster that is suddenly small', () => {
  const shrunken = async () => {
    const company = await found({ people: 12 })
    await company.sync()
    const hidden = company.people.slice(0, 8).map(({ wecom }) => wecom)
    company.sandbox.set({ memberOutOfRange: { wecom: hidden } })
    return { company, hidden }
  }

  test('is not believed: nobody has left, and the run says what to look at', async () => {
    const { company } = await shrunken()
    await using _ = company
    const { contacts, people } = await company.sync()
    expect(contacts).toMatchObject([
      { connection: 'hq-wecom', import: null, doubt: { code: 'many-lost', lost: 8, of: 12 } },
    ])
    expect(people.linked).toBe(12)
    company.sandbox.set({ memberOutOfRange: {} })
    expect((await company.sync()).contacts).toBeUndefined()
  })

  test('is taken over when a person accepts it, with the cause that the platform gives', async () => {
    const { company, hidden } = await shrunken()
    await using _ = company
    expect((await read(company)).find(({ doubt }) => doubt)).toMatchObject({
      connection: 'hq-wecom',
      import: null,
    })
    const [, accepted] = await read(company, true)
    expect(accepted).toMatchObject({ people: 4, counts: { left: 8 }, doubt: null })
    const { lives } = await historyOf(company, `hq-wecom:${hidden[0]}`)
    expect(lives[0]!.endedBecause).toEqual({ code: 'out-of-range' })
    expect((await company.sync()).people.linked).toBe(4)
  })
})

describe('an import', () => {
  test('is previewed with departments, head-counts and whom the scope leaves out, and nothing is kept', async () => {
    await using company = await found({
      people: 20,
      setup: (yaml) => `${yaml.trimEnd()}\n    scope: { departments: [研发中心] }\n`,
    })
    const previews = await company.does((app) => app.previewContacts({ signal }))
    const [dingtalk, wecom] = previews
    expect(dingtalk).toMatchObject({ connection: 'hq-dingtalk', subsidiary: 'hq', people: 20, invisible: 0 })
    const inside = dingtalk!.departments.find(({ path }) => path === '研发中心')!.people
    expect(dingtalk!.routes).toMatchObject([{ route: 'hq', carried: inside }])
    expect(dingtalk!.routes[0]!.leftOut).toHaveLength(20 - inside)
    expect(wecom!.routes).toEqual([])
    expect(await company.does((app) => app.people({}))).toEqual([])
  })

  test('is taken back in one act, and does not come back by itself', async () => {
    await using company = await found()
    const [who] = company.people as [Someone]
    const [dingtalk] = await read(company)
    expect(dingtalk!.counts).toEqual({ joined: 3 })
    expect(await undo(company, dingtalk!.import!)).toMatchObject({ accounts: 3, connection: 'hq-dingtalk' })
    company.punches(who, dawn('03:00:00'))
    const { people, contacts } = await company.sync()
    expect(people).toEqual({ linked: 0, suggested: 0, conflicting: 0, unmatched: 0 })
    expect(contacts).toMatchObject([{ doubt: { code: 'undone', import: dingtalk!.import } }])
    expect(company.sandbox.records()).toEqual([])
    const [again] = await read(company, true)
    expect(again!.counts).toEqual({ joined: 3 })
    await company.sync()
    expect(company.stored(who)).toEqual([dawn('03:00:00')])
  })

  test('that changed people gives back what they were, the links of a former holder too', async () => {
    await using company = await found()
    const [one, two, three] = company.people as [Someone, Someone, Someone]
    await read(company)
    await company.link(one)
    company.sandbox.staff({
      act: 'reuse',
      dingtalk: one.dingtalk,
      name: '欧阳不同',
      jobNumber: 'N',
      mobile: null,
    })
    company.sandbox.staff({ act: 'leave', dingtalk: two.dingtalk })
    company.sandbox.staff({ act: 'rename', dingtalk: three.dingtalk, name: '改了名' })
    const [changed] = await read(company)
    expect(changed!.counts).toEqual({ reused: 1, left: 1, renamed: 1 })
    expect((await personEntry(company, one))?.accounts).toHaveLength(1)
    await undo(company, changed!.import!)
    for (const who of [one, two, three])
      expect(await personEntry(company, who)).toMatchObject({ name: who.name, status: 'linked' })
    expect((await personEntry(company, one))?.because).toContainEqual({ code: 'explicit-link' })
  })

  test('is not taken back alone, nor twice, nor once punches were written under it', async () => {
    await using company = await found()
    const [who, other] = company.people as [Someone, Someone]
    const [dingtalk, wecom] = await read(company)
    company.sandbox.staff({ act: 'rename', dingtalk: other.dingtalk, name: `${other.name}儿` })
    const [later] = await read(company)
    expect(await failureOf(undo(company, dingtalk!.import!))).toMatchObject({
      code: 'contacts.later-imports',
      facts: { later: [later!.import] },
    })
    await undo(company, later!.import!)
    expect((await failureOf(undo(company, later!.import!))).code).toBe('usage.unknown-import')
    company.punches(who, dawn('03:00:00'))
    await company.sync()
    for (const report of [dingtalk, wecom])
      expect(await failureOf(undo(company, report!.import!))).toMatchObject({
        code: 'contacts.already-written',
      })
  })
})

test('a link of the setup file that ended stays ended, until a person makes it anew', async () => {
  await using company = await found()
  const [who] = company.people as [Someone]
  const yaml = `${company.sandbox.ready().setupYaml}links:\n  - { dingtalk: ${who.dingtalk}, wecom: ${who.wecom}, on: hq }\n`
  const apply = () => company.does((app) => app.apply({ text: yaml, file: 'setup.yaml', dryRun: false }))
  await apply()
  await company.sync()
  company.sandbox.staff({ act: 'reuse', dingtalk: who.dingtalk, name: '欧阳不同', jobNumber: 'NEW-1' })
  await company.sync()
  const link = `link hq ${who.dingtalk} = ${who.wecom}`
  expect(await apply()).toMatchObject({ created: [], ended: [link] })
  company.punches(who, dawn('05:30:00'))
  company.minutesPass(120)
  await company.sync()
  expect(company.stored(who)).toEqual([])
  await company.link(who)
  expect((await apply()).unchanged).toContain(link)
})

test('a new userid that was taken back, and is accepted after all, is the same person again', async () => {
  await using company = await found()
  const [who] = company.people as [Someone]
  await company.sync()
  await company.link(who)
  const person = await personOf(company, who)
  company.sandbox.staff({ act: 'changeUserid', wecom: who.wecom, to: 'moved' })
  const [, changed] = await read(company)
  await undo(company, changed!.import!)
  expect((await personEntry(company, who))?.accounts[1]).toMatchObject({
    connection: 'hq-wecom',
    userId: who.wecom,
  })
  expect((await read(company, true))[1]!.counts).toEqual({ 'userid-changed': 1 })
  expect(await personEntry(company, who)).toMatchObject({
    person,
    because: expect.arrayContaining([{ code: 'explicit-link' }]),
    accounts: [{ userId: who.dingtalk }, { userId: 'moved' }],
  })
})

const personEntry = async (company: Told, who: Someone) =>
  (await company.does((app) => app.people({}))).find(({ accounts }) =>
    accounts.some(({ userId }) => userId === who.dingtalk),
  )

/** The public id of whoever has this account now. */
async function personOf(company: Told, who: Someone): Promise<string | undefined> {
  if (!(await personEntry(company, who))) await company.sync()
  return (await personEntry(company, who))?.person
}
