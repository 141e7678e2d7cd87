import { expect, test } from 'vitest'
import { founder, onlyNamesAreKnown, type Someone, type Told } from './founder.ts'

const found = founder()
const at = '2026-03-04T02:58:07+08:00'

test('an equal name alone carries nothing: the punch is held for a person to look at', async () => {
  await using company = await found(onlyNamesAreKnown)
  for (const who of company.people) company.punches(who, at)
  const { people, deliveries } = await company.sync()
  expect(people).toMatchObject({ linked: 0, suggested: 3 })
  expect(deliveries).toMatchObject({ written: 0, held: 3, heldBecause: { suggested: 3 } })
  expect(company.sandbox.records()).toEqual([])
})

test('held punches flow the moment a link is made, however old the window they came in', async () => {
  await using company = await found(onlyNamesAreKnown)
  const [who, other] = company.people
  company.punches(who!, at)
  company.punches(other!, at)
  await company.sync()
  await company.link(who!)
  company.minutesPass(9 * 24 * 60)
  await company.sync({ from: '2026-03-12' })
  expect(company.stored(who!)[0]).toBe(at)
  expect(company.stored(other!)).toEqual([])
  expect((await company.ledger(other!))[at]).toBe('held: suggested')
})

test('a link taken apart holds what has not travelled yet', async () => {
  await using company = await found({ people: 2 })
  const [who, other] = company.people
  await company.sync()
  await company.does((app) => app.unlink(`hq-dingtalk:${who!.dingtalk}`))
  company.punches(who!, at)
  company.punches(other!, at)
  await company.sync()
  expect(company.stored(who!)).toEqual([])
  expect(company.stored(other!)).toEqual([at])
})

test('ids that differ by case alone are two people in DingTalk, and neither gets the other’s punch', async () => {
  await using company = await found({ style: 'sample', people: 18 })
  const lower = company.people.find(({ dingtalk }) => dingtalk === 'lina')!
  const upper = company.people.find(({ dingtalk }) => dingtalk === 'LiNa')!
  company.punches(lower, '2026-03-04T01:01:01+08:00')
  company.punches(upper, '2026-03-04T02:02:02+08:00')
  await company.sync()
  expect(company.stored(lower)).toEqual(['2026-03-04T01:01:01+08:00'])
  expect(company.stored(upper)).toEqual(['2026-03-04T02:02:02+08:00'])
})

test('a pilot carries its people alone: a department with all below it, one person more, the exceptions never', async () => {
  const scope = (yaml: string) =>
    `${yaml.trimEnd()}\n    scope: { departments: [研发中心], people: [PILOT], except: [NEVER] }\n`
  await using plain = await found({ people: 60 })
  const inside = (who: { dingtalk: string }) =>
    plain.sandbox
      .view()
      .dingtalk.people.find(({ userId }) => userId === who.dingtalk)!
      .departments.some((path) => path.includes('研发中心'))
  const insiders = plain.people.filter(inside)
  const outsiders = plain.people.filter((who) => !inside(who))
  const [never, ...rest] = insiders
  const [pilot, ...others] = outsiders
  await using company = await found({
    people: 60,
    seed: plain.sandbox.view().seed,
    setup: (yaml) => scope(yaml).replace('PILOT', pilot!.dingtalk).replace('NEVER', never!.dingtalk),
  })
  for (const who of company.people) company.punches(who, at)
  const { people } = await company.sync()
  expect(people.linked).toBe(rest.length + 1)
  for (const who of [pilot!, ...rest]) expect(company.stored(who)).toEqual([at])
  for (const who of [never!, ...others]) expect(company.stored(who)).toEqual([])
})

test('what a person says while a run resolves is not overwritten by what the run had read before', async () => {
  await using company = await found({
    ...onlyNamesAreKnown,
    // Twenty people are enough for one question that may find nobody.
    people: 20,
    faults: { mobileHidden: { dingtalk: false, wecom: true } },
  })
  const [who, other] = company.people
  const { transport } = company.sandbox
  let isSaid = false
  company.sandbox.transport = async (request) => {
    if (request.url.includes('getuserid') && !isSaid) {
      isSaid = true
      // Wrongly, but that is theirs to say.
      await company.does((app) => app.link(`hq-dingtalk:${who!.dingtalk}`, `hq-wecom:${other!.wecom}`))
    }
    return transport(request)
  }
  await company.does((app) => app.contacts({ isAccepted: false, signal: new AbortController().signal }))
  await company.sync()
  expect(isSaid).toBe(true)
  const people = await company.does((app) => app.people({}))
  const person = people.find(({ accounts }) => accounts.some(({ userId }) => userId === who!.dingtalk))
  expect(person?.accounts.map(({ userId }) => userId)).toEqual([who!.dingtalk, other!.wecom])
})

test('WeCom is asked who owns a mobile where that settles a case, once, and stops far from its limit', async () => {
  await using company = await found({
    ...onlyNamesAreKnown,
    people: 60,
    faults: { mobileHidden: { dingtalk: false, wecom: true } },
  })
  const before = (await company.sync()).people
  const asked = company.called('getuserid')
  expect(asked).toBeGreaterThan(40)
  expect(before.linked).toBeGreaterThan(50)
  await company.sync()
  expect(company.called('getuserid')).toBe(asked)
  const { routes } = await company.does((app) => app.status())
  expect(routes[0]!.probes).toMatchObject([
    { connection: 'hq-dingtalk', asked: 0 },
    { connection: 'hq-wecom', asked, mostWrong: 3 },
  ])
  expect(routes[0]!.probes[1]!.wrong).toBeLessThanOrEqual(3)
})

const entryOf = async (company: Told, account: string, ask: { route?: string } = {}) => {
  const people = await company.does((app) => app.people(ask))
  return people.find(({ accounts }) =>
    accounts.some(({ connection, userId }) => `${connection}:${userId}` === account),
  )!
}

test('a suggestion is told on both sides, with the other account as its candidate', async () => {
  await using company = await found(onlyNamesAreKnown)
  const [who] = company.people as [Someone]
  await company.sync()
  for (const [mine, connection, userId] of [
    [`hq-dingtalk:${who.dingtalk}`, 'hq-wecom', who.wecom],
    [`hq-wecom:${who.wecom}`, 'hq-dingtalk', who.dingtalk],
  ] as const) {
    const entry = await entryOf(company, mine)
    expect(entry.status).toBe('suggested')
    expect(entry.because.map(({ code }) => code)).toContain('same-name')
    expect(entry.candidates).toMatchObject([{ connection, userId, probability: entry.probability }])
  }
})

test('two people whom a person parted say who did and when, on both sides, and that a link is the way back', async () => {
  await using company = await found({ people: 2 })
  const [who] = company.people as [Someone]
  const pair = [`hq-dingtalk:${who.dingtalk}`, `hq-wecom:${who.wecom}`] as const
  await company.sync()
  await company.does((app) => app.unlink(pair[0]))
  for (const [account, userId] of [
    [pair[0], who.wecom],
    [pair[1], who.dingtalk],
  ] as const) {
    const entry = await entryOf(company, account)
    expect(entry).toMatchObject({ status: 'unmatched', candidates: [] })
    expect(entry.because).toEqual([
      { code: 'parted', userId, by: 'simulation', at: expect.stringMatching(/^2026-03-04T/) },
    ])
    expect(entry.wouldChange).toContainEqual({ code: 'link', accounts: [...pair] })
  }
})

test('who is left out by a narrower scope is not waited for any more', async () => {
  await using company = await found(onlyNamesAreKnown)
  const [inside, ...others] = company.people as [Someone, Someone, Someone]
  for (const who of company.people) company.punches(who, at)
  await company.sync()
  const held = async () => (await company.does((app) => app.status())).routes[0]!.held
  expect(await held()).toBe(3)
  const scopeOf = (scope: string) =>
    company.does((app) =>
      app.apply({
        text: company.sandbox.ready().setupYaml.trimEnd().concat(`\n    scope: ${scope}\n`),
        file: 'setup.yaml',
        dryRun: false,
      }),
    )
  await scopeOf(`{ people: [${inside.dingtalk}] }`)
  expect(await held()).toBe(1)
  // And back: nothing of it was forgotten.
  await scopeOf(`{ except: [${others[0].dingtalk}] }`)
  expect(await held()).toBe(2)
})

test('DingTalk is asked who owns a mobile where it hides them and WeCom does not, once', async () => {
  await using company = await found({
    ...onlyNamesAreKnown,
    people: 60,
    faults: { mobileHidden: { dingtalk: true, wecom: false } },
  })
  const { people } = await company.sync()
  const asked = company.called('getbymobile')
  expect(asked).toBeGreaterThan(20)
  expect(company.called('getuserid')).toBe(0)
  expect(people.linked).toBeGreaterThan(50)
  await company.sync()
  expect(company.called('getbymobile')).toBe(asked)
  const { routes } = await company.does((app) => app.status())
  expect(routes[0]!.probes).toMatchObject([
    { connection: 'hq-dingtalk', asked, mostWrong: 3 },
    { connection: 'hq-wecom', asked: 0 },
  ])
})

test('where a route carries both ways, people who punch at the same seconds on both sides are known by it', async () => {
  await using company = await found({
    ...onlyNamesAreKnown,
    setup: (yaml) => onlyNamesAreKnown.setup!(yaml).replace('dingtalk-to-wecom', 'both'),
  })
  const [who, other] = company.people as [Someone, Someone]
  for (const second of ['01:11', '02:22', '03:33', '04:44']) {
    const then = `2026-03-04T03:${second}+08:00`
    company.punches(who, then)
    company.sandbox.punch({ platform: 'wecom', userId: who.wecom, at: then })
    company.punches(other, then.replace('T03', 'T02'))
  }
  await company.sync()
  await company.sync()
  const entry = await entryOf(company, `hq-dingtalk:${who.dingtalk}`)
  expect(entry).toMatchObject({ status: 'linked' })
  expect(entry.because).toContainEqual({ code: 'punched-together', times: 4 })
  expect((await entryOf(company, `hq-dingtalk:${other.dingtalk}`)).status).toBe('suggested')
})

test('our own writes are no evidence: a link that is taken back leaves the pair as open as before', async () => {
  await using company = await found({
    ...onlyNamesAreKnown,
    setup: (yaml) => onlyNamesAreKnown.setup!(yaml).replace('dingtalk-to-wecom', 'both'),
  })
  const [who] = company.people as [Someone]
  await company.sync()
  const made = await company.does((app) => app.link(`hq-dingtalk:${who.dingtalk}`, `hq-wecom:${who.wecom}`))
  for (const second of ['01:11', '02:22', '03:33']) company.punches(who, `2026-03-04T03:${second}+08:00`)
  await company.sync()
  // What we wrote has come back from WeCom by now.
  await company.sync()
  await company.does((app) => app.undo(made.act!))
  await company.sync()
  const entry = await entryOf(company, `hq-dingtalk:${who.dingtalk}`)
  expect(entry.status).toBe('suggested')
  expect(entry.because.map(({ code }) => code)).not.toContain('punched-together')
})
