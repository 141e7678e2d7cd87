import { expect, test } from 'vitest'
import type { Operations } from '#cli/operations.ts'
import { founder, onlyNamesAreKnown, type Someone, type Told, wholeWindow } from './founder.ts'

const found = founder()
const morning = '2026-03-04T02:58:07+08:00'
const noon = '2026-03-04T03:10:00+08:00'
const later = '2026-03-04T03:40:00+08:00'

const account = {
  dingtalk: (who: Someone) => `hq-dingtalk:${who.dingtalk}`,
  wecom: (who: Someone) => `hq-wecom:${who.wecom}`,
}
const linkTo = (company: Told, from: Someone, to: Someone) =>
  company.does((app) => app.link(account.dingtalk(from), account.wecom(to)))

test('a wrong link is taken apart: what went out under it is listed, what had not is held, and nothing more goes', async () => {
  await using company = await found(onlyNamesAreKnown)
  const [zhang, li] = company.people as [Someone, Someone]
  await company.sync()
  await linkTo(company, zhang, li)
  company.punches(zhang, morning)
  company.punches(zhang, noon)
  expect((await company.sync()).deliveries).toMatchObject({ verified: 2 })
  company.punches(zhang, later)

  const report = await company.does((app) => app.unlink(account.dingtalk(zhang)))
  expect(report).toMatchObject({
    removed: 1,
    from: [{ connection: 'hq-wecom', userId: li.wecom }],
    recalled: 0,
    delivered: { count: 2, states: { verified: 2 } },
  })
  expect(report.delivered.records.map(({ punch: _, ...record }) => record)).toEqual(
    [morning, noon].map((at) => ({
      ...{ route: 'hq', at, state: 'verified' },
      source: { connection: 'hq-dingtalk', userId: zhang.dingtalk },
      target: { connection: 'hq-wecom', userId: li.wecom },
    })),
  )
  expect((await company.sync()).deliveries).toMatchObject({ written: 0, held: 1 })
  expect(company.stored(li)).toEqual([morning, noon])
  expect(await everDelivered(company, li)).toEqual([morning, noon])
})

test('what was held flows within one sync of the right link being made', async () => {
  await using company = await found(onlyNamesAreKnown)
  const [zhang] = company.people as [Someone]
  company.punches(zhang, morning)
  company.punches(zhang, noon)
  expect((await company.sync()).deliveries).toMatchObject({ held: 2, written: 0 })
  expect(await linkTo(company, zhang, zhang)).toMatchObject({
    changed: true,
    released: 2,
    act: expect.any(Number),
  })
  expect((await company.sync()).deliveries).toMatchObject({ held: 0, written: 2, verified: 2 })
  expect(company.stored(zhang)).toEqual([morning, noon])
})

test('a wrong link that gives way to the right one tells what went to the wrong person', async () => {
  await using company = await found(onlyNamesAreKnown)
  const [zhang, li] = company.people as [Someone, Someone]
  await company.sync()
  await linkTo(company, zhang, li)
  company.punches(zhang, morning)
  await company.sync()
  const report = await linkTo(company, zhang, zhang)
  expect(report.delivered).toMatchObject({ count: 1, states: { verified: 1 } })
  // And whoever had the right account until now is named.
  const moved = await linkTo(company, li, zhang)
  expect(moved.displaced).toEqual([{ connection: 'hq-dingtalk', userId: zhang.dingtalk }])
})

test('a link that is taken apart while a sync is about to use it: the batch goes without what was meant for the wrong person', async () => {
  await using company = await found(onlyNamesAreKnown)
  const [zhang, li, wang] = company.people as [Someone, Someone, Someone]
  await company.sync()
  await linkTo(company, zhang, li)
  await linkTo(company, wang, wang)
  company.punches(zhang, morning)
  company.punches(wang, morning)
  // It knows by now whom it would write for, and stands still in its last read before it does.
  const frozen = await freeze(company, 'getcheckindata')
  const { recalled } = await company.does((app) => app.unlink(account.dingtalk(zhang)))
  frozen.thaw()
  const { deliveries } = await frozen.report
  expect(deliveries).toMatchObject({ written: 1, verified: 1, held: 1, inDoubt: 0 })
  expect(company.stored(li)).toEqual([])
  expect(company.stored(wang)).toEqual([morning])
  expect(recalled).toBe(0)
  expect(await company.ledger(zhang)).toEqual({ [morning]: 'held: unlinked' })
})

test('a link that is taken apart while its batch waits for its turn: the planned deliveries are recalled', async () => {
  await using company = await found({
    people: 200,
    days: 2,
    start: '2026-03-04T12:00:00+08:00',
    limits: 'off',
  })
  // Two batches are on their way, the third is planned and waits in this process's memory.
  const frozen = await freeze(company, 'add_checkin_record', 2)
  const one = await company.does((app) => firstIn(app, 'waiting'))
  const report = await company.does((app) => app.unlink(`hq-dingtalk:${one.userId}`))
  expect(report.removed).toBe(1)
  expect(report.recalled).toBeGreaterThan(0)
  frozen.thaw()
  const { deliveries } = await frozen.report
  // What it planned for them after the unlink, knowing nothing of it, stays behind as well.
  expect(deliveries.held).toBeGreaterThanOrEqual(report.recalled)
  expect(deliveries).toMatchObject({ planned: deliveries.verified + deliveries.held, inDoubt: 0, refused: 0 })
  const who = company.people.find(({ dingtalk }) => dingtalk === one.userId)!
  expect(company.stored(who)).toHaveLength(report.delivered.count)
})

test('the link of somebody who has left is taken apart too: their last punches go to nobody', async () => {
  await using company = await found()
  const [zhang] = company.people as [Someone]
  await company.sync()
  company.punches(zhang, morning)
  company.sandbox.staff({ act: 'leave', dingtalk: zhang.dingtalk })
  await company.does((app) => app.contacts({ isAccepted: false, signal: new AbortController().signal }))
  expect(await company.does((app) => app.unlink(account.dingtalk(zhang)))).toMatchObject({ removed: 1 })
  expect((await company.sync()).deliveries).toMatchObject({ written: 0, held: 1 })
  expect(company.stored(zhang)).toEqual([])
})

test('an unlink in the middle of the call cannot call it back, and says so', async () => {
  await using company = await found(onlyNamesAreKnown)
  const [zhang, li] = company.people as [Someone, Someone]
  await company.sync()
  await linkTo(company, zhang, li)
  company.punches(zhang, morning)
  const frozen = await freeze(company, 'add_checkin_record')
  const report = await company.does((app) => app.unlink(account.dingtalk(zhang)))
  expect(report).toMatchObject({ recalled: 0, delivered: { count: 1, states: { sending: 1 } } })
  frozen.thaw()
  await frozen.report
  expect(company.stored(li)).toEqual([morning])
  expect(await everDelivered(company, zhang)).toEqual([morning])
})

test('an act that was taken back leaves things as they were, and releases and recalls in turn', async () => {
  await using company = await found(onlyNamesAreKnown)
  const [zhang, li] = company.people as [Someone, Someone]
  company.punches(zhang, morning)
  await company.sync()
  const made = await linkTo(company, zhang, li)
  const undone = await company.does((app) => app.undo(made.act!))
  expect(undone).toMatchObject({ undone: made.act, kind: 'link', released: 0 })
  expect((await company.sync()).deliveries).toMatchObject({ held: 1, written: 0 })
  const again = await company.does((app) => app.undo(undone.act!))
  expect(again).toMatchObject({ undone: undone.act, kind: 'undo', released: 1 })
  expect((await company.sync()).deliveries).toMatchObject({ held: 0, written: 1 })
  const [last, second, first] = await company.does((app) => app.acts({ limit: 10 }))
  expect([last, second, first].map((act) => [act!.kind, act!.undoneBy])).toEqual([
    ['undo', null],
    ['undo', last!.id],
    ['link', null],
  ])
  expect((await company.does((app) => app.undo(made.act!))).delivered).toMatchObject({ count: 1 })
})

test('an act that later ones stand upon is not taken back alone', async () => {
  await using company = await found(onlyNamesAreKnown)
  const [zhang, li, wang] = company.people as [Someone, Someone, Someone]
  await company.sync()
  const first = await linkTo(company, zhang, li)
  const second = await linkTo(company, wang, li)
  const undo = (act: number) => company.does((app) => app.undo(act))
  await expect(undo(first.act!)).rejects.toMatchObject({
    failure: { code: 'usage.act-overtaken', facts: { act: first.act, later: [second.act] } },
  })
  await undo(second.act!)
  await undo(first.act!)
  await expect(undo(first.act!)).rejects.toMatchObject({ failure: { code: 'usage.unknown-act' } })
})

test('what is suggested is confirmed by one name, and unknown suggestions are refused in words', async () => {
  await using company = await found(onlyNamesAreKnown)
  const [zhang, li] = company.people as [Someone, Someone]
  await company.sync()
  const people = await company.does((app) => app.people({}))
  const suggested = people.find(({ accounts }) => accounts.some(({ userId }) => userId === zhang.dingtalk))!
  expect(suggested.status).toBe('suggested')
  await expect(
    company.does((app) => app.confirm(account.dingtalk(zhang), account.wecom(li))),
  ).rejects.toMatchObject({ failure: { code: 'usage.no-suggestion' } })
  expect(await company.does((app) => app.confirm(account.dingtalk(zhang)))).toMatchObject({
    changed: true,
    accounts: [{ userId: zhang.dingtalk }, { userId: zhang.wecom }],
  })
  await expect(company.does((app) => app.confirm(account.dingtalk(zhang)))).rejects.toMatchObject({
    failure: { code: 'usage.no-suggestion' },
  })
})

test('punches that went to the wrong person go to the right one within one sync of the right link, once, and both stay told', async () => {
  await using company = await found(onlyNamesAreKnown)
  const [zhang, li] = company.people as [Someone, Someone]
  await company.sync()
  await linkTo(company, zhang, li)
  company.punches(zhang, morning)
  company.punches(zhang, noon)
  await company.sync()
  await company.does((app) => app.unlink(account.dingtalk(zhang)))
  expect((await company.sync()).deliveries).toMatchObject({ written: 0, verified: 2 })

  expect(await linkTo(company, zhang, zhang)).toMatchObject({ redirected: 2, released: 0 })
  expect((await company.sync()).deliveries).toMatchObject({ written: 2, verified: 2, held: 0 })
  expect(company.stored(zhang)).toEqual([morning, noon])
  expect((await company.sync()).deliveries).toMatchObject({ written: 0, verified: 2 })
  // What stands in the wrong person's name stays in the ledger.
  expect(company.stored(li)).toEqual([morning, noon])
  const told = await company.does(async (app) => {
    const records = []
    for await (const block of app.delivered({ account: account.dingtalk(zhang) })) records.push(...block)
    return records.map(({ at, target, state }) => `${at.slice(11, 16)} ${target.userId} ${state}`)
  })
  expect(told.sort()).toEqual(
    [`02:58 ${li.wecom}`, `02:58 ${zhang.wecom}`, `03:10 ${li.wecom}`, `03:10 ${zhang.wecom}`]
      .map((line) => `${line} verified`)
      .sort(),
  )
})

test('a right link that is moved by mistake and moved back writes nothing twice', async () => {
  await using company = await found(onlyNamesAreKnown)
  const [zhang, li] = company.people as [Someone, Someone]
  await company.sync()
  await linkTo(company, zhang, zhang)
  company.punches(zhang, morning)
  await company.sync()
  const moved = await linkTo(company, zhang, li)
  expect(moved).toMatchObject({ redirected: 1, delivered: { link: 'wrong', count: 1 } })
  await company.does((app) => app.undo(moved.act!))
  expect((await company.sync()).deliveries).toMatchObject({ written: 0, verified: 1 })
  expect(company.stored(li)).toEqual([])

  await linkTo(company, zhang, li)
  await company.sync()
  expect(company.stored(li)).toEqual([morning])
  await linkTo(company, zhang, zhang)
  expect((await company.sync()).deliveries).toMatchObject({ written: 0, alreadyThere: 1 })
  expect(company.stored(zhang)).toEqual([morning])
})

test('a call that was under way when the link was found wrong is looked for first, then its punch goes to the right person', async () => {
  await using company = await found(onlyNamesAreKnown)
  const [zhang, li] = company.people as [Someone, Someone]
  await company.sync()
  await linkTo(company, zhang, li)
  company.punches(zhang, morning)
  const frozen = await freeze(company, 'add_checkin_record')
  await company.does((app) => app.unlink(account.dingtalk(zhang)))
  expect(await linkTo(company, zhang, zhang)).toMatchObject({ redirected: 0 })
  frozen.thaw()
  await frozen.report
  await company.sync()
  await company.sync()
  expect(company.stored(zhang)).toEqual([morning])
  expect(company.stored(li)).toEqual([morning])
})

test('where a route carries both ways, a record in the wrong person’s name never becomes that person’s own punch', async () => {
  await using company = await found({
    ...onlyNamesAreKnown,
    setup: (yaml) => onlyNamesAreKnown.setup!(yaml).replace('dingtalk-to-wecom', 'both'),
  })
  const [zhang, li] = company.people as [Someone, Someone]
  await company.sync()
  await linkTo(company, zhang, li)
  company.punches(zhang, morning)
  await company.sync()
  await linkTo(company, zhang, zhang)
  await linkTo(company, li, li)
  await company.sync()
  expect(company.stored(zhang)).toEqual([morning])
  expect((await company.sync()).punches.skipped).toMatchObject({ echo: 2 })
  expect(company.called('upload')).toBe(0)
})

test('taking a confirmation back says that the link is open, not that anybody is wrong', async () => {
  await using company = await found(onlyNamesAreKnown)
  const [zhang] = company.people as [Someone]
  await company.sync()
  const { act } = await company.does((app) => app.confirm(account.dingtalk(zhang)))
  company.punches(zhang, morning)
  await company.sync()
  const undone = await company.does((app) => app.undo(act!))
  expect(undone.delivered).toMatchObject({ link: 'open', count: 1 })
  expect((await company.does((app) => app.undo(undone.act!))).redirected).toBe(0)
  const parted = await company.does((app) => app.unlink(account.dingtalk(zhang)))
  expect(parted.delivered).toMatchObject({ link: 'wrong', count: 1 })
})

test('two accounts that are apart already are not taken apart again', async () => {
  await using company = await found(onlyNamesAreKnown)
  const [zhang, li] = company.people as [Someone, Someone]
  await company.sync()
  const part = () => company.does((app) => app.unlink(account.dingtalk(zhang), account.wecom(li)))
  expect((await part()).act).toEqual(expect.any(Number))
  expect((await part()).act).toBeNull()
})

test('two accounts of one connection are never one person', async () => {
  await using company = await found()
  const [zhang, li] = company.people as [Someone, Someone]
  await company.sync()
  await expect(
    company.does((app) => app.link(account.wecom(zhang), account.wecom(li))),
  ).rejects.toMatchObject({ failure: { code: 'usage.same-connection' } })
})

async function everDelivered(company: Told, who: Someone): Promise<string[]> {
  return company.does(async (app) => {
    const found: string[] = []
    for (const name of [account.wecom(who), account.dingtalk(who)])
      for await (const block of app.delivered({ account: name })) found.push(...block.map(({ at }) => at))
    return [...new Set(found)].sort()
  })
}

/** A sync that stands still when so many calls of this API are about to be made. */
async function freeze(company: Told, api: string, calls = 1) {
  let waiting = 0
  const { transport } = company.sandbox
  const { promise: thawed, resolve: thaw } = Promise.withResolvers<void>()
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
  company.sandbox.transport = async (request) => {
    if (request.url.includes(api)) {
      if (++waiting === calls) arrive()
      await thawed
    }
    return transport(request)
  }
  const process = await company.process()
  company.sandbox.transport = transport
  const report = process.app.sync(wholeWindow()).finally(() => process.stop())
  await Promise.race([arrived, report])
  return { thaw, report }
}

/** Somebody with a punch in this state, as soon as there is one. */
async function firstIn(app: Operations, state: string): Promise<{ userId: string }> {
  const span = {
    from: Temporal.Instant.from('2026-01-01T00:00:00Z'),
    to: Temporal.Instant.from('2026-12-31T00:00:00Z'),
  }
  for (;;)
    for await (const page of app.punches(span))
      for (const punch of page) if (punch.deliveries.some((one) => one.state === state)) return punch
}
