import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AccountHistory, ContactsReport } from '#cli/contacts-report.ts'
import type { PersonEntry, PunchEntry } from '#cli/operations.ts'
import type { SyncReport } from '#domain/sync-report.ts'
import { run } from '../../src/cli/test-outside.ts'
import { founder, type Someone, type Told } from './founder.ts'
import { shareMobile } from './share-mobile.ts'
import { foundSubsidiary } from './suzhou.ts'

/** What becomes of people, told as HR meets it: every step but those on the platforms is a command with `--json`. */
const found = founder()
const dawn = (time: string) => `2026-03-04T${time}+08:00`

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journey-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

type Answers = {
  apply: { created: string[] }
  contacts: ContactsReport[]
  history: AccountHistory
  people: PersonEntry[]
  punches: PunchEntry[]
  sync: SyncReport
}

/** Runs one command in a process of its own on the company's database, clock and platforms. */
const commandsOf = (company: Told) => {
  const command = async (...argv: string[]) => {
    const process = await company.process()
    try {
      const ran = await run([...argv, '--json'], {
        outside: { clock: company.clock, openApp: async () => process.app },
      })
      return { code: ran.code, answer: JSON.parse(ran.stdout) as unknown }
    } finally {
      await process.stop()
    }
  }
  const read = async <A extends keyof Answers>(_: A, ...argv: string[]): Promise<Answers[A]> => {
    const { code, answer } = await command(...argv)
    expect([argv, code]).toEqual([argv, 0])
    return answer as Answers[A]
  }
  return {
    /** `code` 3: something waits for a person. */
    sync: async (code = 0, route = 'hq') => {
      const ran = await command('sync', '--route', route)
      expect([ran.code, ran.answer]).toEqual([code, expect.anything()])
      return ran.answer as SyncReport
    },
    contacts: async () => {
      const reports = await read('contacts', 'contacts')
      return reports.flatMap(({ changes }) => changes.map(({ kind, userId }) => `${kind} ${userId}`)).sort()
    },
    history: async (account: string) => (await read('history', 'contacts', '--history', account)).lives,
    people: (...argv: string[]) => read('people', 'people', ...argv),
    punchesOf: async (account: string) => {
      const span = ['--from', '2026-03-04', '--to', '2026-03-04']
      const punches = await read('punches', 'punches', ...span, '--person', account)
      return Object.fromEntries(
        punches.map(({ at, deliveries: [one] }) => [
          at,
          one && [one.state, one.reason].filter(Boolean).join(': '),
        ]),
      )
    },
    apply: async (text: string) => {
      const file = join(folder, 'setup.yaml')
      await writeFile(file, text)
      return read('apply', 'apply', '-f', file)
    },
    link: (a: string, b: string) => command('link', a, b),
  }
}

const named = ({ accounts }: PersonEntry) =>
  accounts.map(({ connection, userId }) => `${connection}:${userId}`).sort()
const whoHas = (people: readonly PersonEntry[], account: string) =>
  people.find((person) => named(person).includes(account))

test('rehired: who comes back to the same user ids is the same person, linked again', async () => {
  await using company = await found()
  const [who] = company.people as [Someone]
  const { sync, contacts, history, people } = commandsOf(company)
  await sync()
  const before = whoHas(await people(), `hq-dingtalk:${who.dingtalk}`)!
  company.sandbox.staff({ act: 'leave', dingtalk: who.dingtalk, wecom: who.wecom })
  expect(await contacts()).toEqual([`left ${who.dingtalk}`, `left ${who.wecom}`].sort())
  expect(whoHas(await people(), `hq-dingtalk:${who.dingtalk}`)).toBeUndefined()
  company.minutesPass(30)
  company.sandbox.staff({ act: 'rehire', dingtalk: who.dingtalk, wecom: who.wecom })
  expect(await contacts()).toEqual([`rehired ${who.dingtalk}`, `rehired ${who.wecom}`].sort())
  company.punches(who, dawn('04:20:01'))
  await sync()
  expect(company.stored(who)).toEqual([dawn('04:20:01')])
  const after = whoHas(await people(), `hq-dingtalk:${who.dingtalk}`)!
  expect([after.person, after.status, named(after)]).toEqual([before.person, 'linked', named(before)])
  const [life, ...others] = await history(`hq-dingtalk:${who.dingtalk}`)
  expect(others).toEqual([])
  expect(life!.versions.map(({ causes }) => causes)).toEqual([['joined'], ['rehired']])
})

test('a reused user id: a life of its own, and nobody’s punch under the link of the other', async () => {
  await using company = await found()
  const [who] = company.people as [Someone]
  const { sync, history, people, punchesOf, link } = commandsOf(company)
  await sync()
  expect(await link(`hq-dingtalk:${who.dingtalk}`, `hq-wecom:${who.wecom}`)).toMatchObject({ code: 0 })
  const fresh = { name: '欧阳不同', jobNumber: 'NEW-1', mobile: '13911112222' }
  company.sandbox.staff({ act: 'reuse', dingtalk: who.dingtalk, ...fresh })
  company.minutesPass(1)
  company.punches(who, dawn('04:20:00'))
  company.minutesPass(30)
  await sync(3)
  expect(company.stored(who)).toEqual([])
  expect(await punchesOf(`hq-dingtalk:${who.dingtalk}`)).toEqual({ [dawn('04:20:00')]: 'held: unlinked' })
  const lives = await history(`hq-dingtalk:${who.dingtalk}`)
  expect(lives).toMatchObject([{ name: who.name, endedBecause: { code: 'reused' } }, { name: '欧阳不同' }])
  const now = whoHas(await people(), `hq-dingtalk:${who.dingtalk}`)!
  expect([now.person, named(now)]).toEqual([lives[1]!.person, [`hq-dingtalk:${who.dingtalk}`]])
  expect(lives[0]!.person).not.toBe(lives[1]!.person)
})

test('a reused job number: the newcomer does not get the leaver’s account', async () => {
  await using company = await found()
  const [who] = company.people as [Someone]
  const { sync, people, punchesOf } = commandsOf(company)
  await sync()
  const { jobNumber } = company.sandbox.view().dingtalk.people.find(({ userId }) => userId === who.dingtalk)!
  company.sandbox.staff({ act: 'leave', dingtalk: who.dingtalk })
  company.sandbox.staff({ act: 'hire', dingtalk: 'newcomer', name: '欧阳不同', jobNumber })
  company.minutesPass(1)
  company.sandbox.punch({ platform: 'dingtalk', userId: 'newcomer', at: dawn('04:20:00') })
  company.minutesPass(30)
  await sync(3)
  expect(company.stored(who)).toEqual([])
  expect(Object.values(await punchesOf('hq-dingtalk:newcomer'))).toEqual([expect.stringMatching(/^held: /)])
  const newcomer = whoHas(await people(), 'hq-dingtalk:newcomer')!
  expect([newcomer.status === 'linked', named(newcomer)]).toEqual([false, ['hq-dingtalk:newcomer']])
})

test('a shared mobile: each gets their own punches, and people says what is shared', async () => {
  await using company = await found()
  const [one, other] = company.people as [Someone, Someone]
  const { sync, people } = commandsOf(company)
  shareMobile(company, one, other)
  company.punches(one, dawn('03:01:00'))
  company.punches(other, dawn('03:02:00'))
  await sync(3)
  expect(company.stored(one)).not.toContain(dawn('03:02:00'))
  expect(company.stored(other)).not.toContain(dawn('03:01:00'))
  const told = await people()
  for (const [who, stranger] of [
    [one, other],
    [other, one],
  ] as const) {
    const person = whoHas(told, `hq-dingtalk:${who.dingtalk}`)!
    expect(named(person)).not.toContain(`hq-wecom:${stranger.wecom}`)
  }
  expect(JSON.stringify(told)).toContain('现在的号码几人共用')
})

test('a leaver: the last punches travel, the account is history with its cause', async () => {
  await using company = await found()
  const [who] = company.people as [Someone]
  const { sync, history, people, punchesOf } = commandsOf(company)
  await sync()
  company.punches(who, dawn('03:11:01'))
  company.sandbox.staff({ act: 'leave', dingtalk: who.dingtalk })
  expect((await sync()).deliveries).toMatchObject({ written: 1, verified: 1, held: 0 })
  expect(company.stored(who)).toEqual([dawn('03:11:01')])
  expect(await punchesOf(`hq-dingtalk:${who.dingtalk}`)).toEqual({ [dawn('03:11:01')]: 'verified' })
  expect(await history(`hq-dingtalk:${who.dingtalk}`)).toMatchObject([{ endedBecause: { code: 'left' } }])
  expect(whoHas(await people(), `hq-dingtalk:${who.dingtalk}`)).toBeUndefined()
})

test('seconded: one person with four accounts, every punch in its corp, each subsidiary sees its own', async () => {
  await using company = await found()
  const [who] = company.people as [Someone]
  const { sync, people, apply } = commandsOf(company)
  const suzhou = await foundSubsidiary(company, async (_, text) => {
    expect((await apply(text)).created).toContain('route sz')
  })
  await sync()
  await sync(0, 'sz')
  const { mobile, jobNumber } = company.sandbox
    .view()
    .dingtalk.people.find(({ userId }) => userId === who.dingtalk)!
  company.minutesPass(60)
  const [name, dingtalk, wecom] = [who.name, 'seconded', 'seconded']
  suzhou.staff({ act: 'hire', ...{ dingtalk, wecom, name, mobile, jobNumber } })
  company.punches(who, dawn('05:30:07'))
  suzhou.punch({ platform: 'dingtalk', userId: 'seconded', at: dawn('05:31:09') })
  company.minutesPass(120)
  await sync()
  await sync(0, 'sz')
  const person = whoHas(await people(), `hq-dingtalk:${who.dingtalk}`)!
  const [own, theirs] = [
    [`hq-dingtalk:${who.dingtalk}`, `hq-wecom:${who.wecom}`],
    ['sz-dingtalk:seconded', 'sz-wecom:seconded'],
  ]
  expect(named(person)).toEqual([...own, ...theirs].sort())
  expect(company.stored(who)).toEqual([dawn('05:30:07')])
  const there = suzhou.records().filter(({ userid, origin }) => userid === 'seconded' && origin === 'api')
  expect(there.map(({ checkin_time }) => checkin_time)).toEqual([Date.parse(dawn('05:31:09')) / 1000])
  for (const [subsidiary, accounts] of [
    ['hq', own],
    ['sz', theirs],
  ] as const) {
    const seen = (await people('--subsidiary', subsidiary)).find((one) => one.person === person.person)!
    expect([named(seen), seen.alsoElsewhere]).toEqual([accounts, true])
  }
  suzhou.close()
})

test('NewUserID: links, history and what was delivered go along to the new user id', async () => {
  await using company = await found()
  const [who] = company.people as [Someone]
  const { sync, history, people, link } = commandsOf(company)
  await sync()
  await link(`hq-dingtalk:${who.dingtalk}`, `hq-wecom:${who.wecom}`)
  company.punches(who, dawn('03:01:00'))
  await sync()
  const { person } = whoHas(await people(), `hq-wecom:${who.wecom}`)!
  company.sandbox.staff({ act: 'changeUserid', wecom: who.wecom, to: 'Married.Name' })
  company.punches(who, dawn('03:02:00'))
  await sync()
  expect(company.stored({ ...who, wecom: 'Married.Name' })).toEqual([dawn('03:01:00'), dawn('03:02:00')])
  expect(whoHas(await people(), 'hq-wecom:Married.Name')).toMatchObject({ person, status: 'linked' })
  expect(await history(`hq-wecom:${who.wecom}`)).toMatchObject([
    { person, endedBecause: { code: 'userid-changed', to: 'Married.Name' } },
  ])
})
