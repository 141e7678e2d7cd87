import { describe, expect, test } from 'vitest'
import type { Clock } from '#domain/effects.ts'
import { accountKey, type PlatformName } from '#domain/ids.ts'
import type { PunchToWrite } from '#domain/punch.ts'
import { contentHash } from '#domain/punch-content.ts'
import { createDingtalkConnector } from '#platforms/dingtalk/connector.ts'
import { createGate } from '#platforms/gate.ts'
import type { Platform, WriteAnswer } from '#platforms/platform.ts'
import type { ConnectionFacts, Token } from '#platforms/ports.ts'
import { createWecomConnector } from '#platforms/wecom/connector.ts'
import type { PunchIn } from '#sandbox/punch-sides.ts'
import { createSandbox, type Sandbox } from '#sandbox/sandbox.ts'

/** Both platforms of one sandbox company, each behind a real gate and connector. Time stands, but for waits. */
function connect(
  faults: Record<string, unknown> = {},
  sandboxOptions: { limits?: 'on' | 'off'; punchIn?: PunchIn; start?: string } = {},
) {
  const { start = '2026-08-14T20:00+08:00', ...world } = sandboxOptions
  let now = Temporal.Instant.from(start)
  const clock: Clock = {
    now: () => now,
    sleep: async (ms) => {
      now = now.add({ milliseconds: Math.ceil(ms) })
    },
  }
  const sandbox = createSandbox({ seed: 7, people: 40, days: 7, now: () => now, faults, ...world })
  const { addresses, credentials } = sandbox.ready()
  const gateOf = (facts: ConnectionFacts) => {
    let token: Token | null = null
    return createGate({
      ...{ facts, transport: sandbox.transport, clock, pace: 1 },
      random: () => 0.5,
      callLog: { record: () => {} },
      quota: { take: async () => ({ granted: true, used: 0, quota: 5000 }) },
      tokens: {
        read: async () => token,
        save: async (saved) => {
          token = saved
        },
        drop: async () => {
          token = null
        },
        readRefusals: async () => ({ count: 0, pausedUntil: null }),
        saveRefusals: async () => {},
      },
    })
  }
  const common = { edition: ['standard'], clientId: '' }
  const dingtalk: ConnectionFacts = {
    ...common,
    key: 'hq-dingtalk',
    platform: 'dingtalk',
    corpId: credentials.dingtalk.corpId,
    clientId: credentials.dingtalk.clientId,
    secret: credentials.dingtalk.clientSecret,
    hosts: { oapi: addresses.dingtalk, api: addresses.dingtalk },
  }
  const wecom: ConnectionFacts = {
    ...common,
    key: 'hq-wecom',
    platform: 'wecom',
    corpId: credentials.wecom.corpId,
    secret: credentials.wecom.secret,
    hosts: { oapi: addresses.wecom, api: addresses.wecom },
  }
  const platforms: Record<PlatformName, Platform> = {
    dingtalk: createDingtalkConnector({ gate: gateOf(dingtalk), facts: dingtalk, clock }),
    wecom: createWecomConnector({
      gate: gateOf(wecom),
      contactsGate: gateOf({ ...wecom, key: 'hq-wecom-contacts', secret: credentials.wecom.contactsSecret }),
      facts: wecom,
      clock,
      jobNumber: { from: 'extattr', name: '工号' },
    }),
  }
  return { sandbox, platforms, clock }
}

const from = Temporal.Instant.from('2026-08-08T00:00+08:00')
const to = Temporal.Instant.from('2026-08-14T20:00+08:00')

/** Everybody's punches in the window, in the platform's own batches. */
async function readAll(platform: Platform) {
  const everybody = (await platform.readRoster()).map(({ userId }) => userId)
  const parts = []
  for (let at = 0; at < everybody.length; at += platform.batch.readPeople)
    parts.push(
      await platform.readPunches({ userIds: everybody.slice(at, at + platform.batch.readPeople), from, to }),
    )
  return {
    everybody,
    punches: parts.flatMap(({ punches }) => punches),
    unreadable: parts.flatMap(({ unreadable }) => unreadable),
    outside: parts.reduce((sum, part) => sum + part.outside, 0),
  }
}

const aPunch = (userId: string, at: Temporal.Instant): PunchToWrite => ({
  userId,
  at,
  placeTitle: '前台考勤机',
  placeDetail: '总部 3 号门',
  note: '迟到',
  deviceName: '前台考勤机',
  byMachine: true,
  latitude: 30.285413,
  longitude: 120.017139,
})

/** Writes them in the platform's own batches. */
async function writeAll(platform: Platform, punches: PunchToWrite[]) {
  const { writeRecords } = platform.batch
  const answers: WriteAnswer[] = []
  for (let i = 0; i < punches.length; i += writeRecords)
    answers.push(await platform.writePunches(punches.slice(i, i + writeRecords)))
  return answers
}

/** One punch for each of the first members, in the last minutes of the window. */
async function fill(platform: Platform) {
  const members = (await platform.readRoster()).slice(0, 5)
  const punches = members.map(({ userId }, nth) => aPunch(userId, to.subtract({ minutes: nth + 1 })))
  for (const answer of await writeAll(platform, punches)) expect(answer).toEqual({ kind: 'accepted' })
  return punches
}

const readable = async (faults: Record<string, unknown> = {}) => {
  const company = connect(faults)
  await fill(company.platforms.wecom)
  return company
}

describe.for(['dingtalk', 'wecom'] as const)('a platform, %s', (name) => {
  test('shows everybody once, and nobody without an id', async () => {
    const roster = await connect().platforms[name].readRoster()
    const keys = roster.map(({ userId }) => accountKey(name, userId))
    expect(roster.length).toBeGreaterThan(20)
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys).not.toContain('')
  })

  test('shows only punches that were asked for, in one order, each once', async () => {
    const { platforms } = await readable()
    const { everybody, punches, unreadable } = await readAll(platforms[name])
    const asked = new Set(everybody.map((userId) => accountKey(name, userId)))
    expect(punches.length).toBeGreaterThan(0)
    expect(unreadable).toEqual([])
    expect(new Set(punches.map(({ externalId }) => externalId)).size).toBe(punches.length)
    for (const { userId, at } of punches) {
      expect(asked.has(accountKey(name, userId))).toBe(true)
      expect(Temporal.Instant.compare(at, from) >= 0 && Temporal.Instant.compare(at, to) <= 0).toBe(true)
      expect(at.epochMilliseconds % 1000).toBe(0)
    }
  })

  test.for([
    { when: 'rows come in any order', faults: { shuffledRows: true } },
    { when: 'every number is in quotes', faults: { stringNumbers: true } },
    { when: 'other rows come along', faults: { rowsOutsideWindow: true } },
    { when: 'made-up rows come along', faults: { notSignedRows: true, emitMissingRows: true } },
    { when: 'ids come back in lower case', faults: { lowercaseUserids: true } },
  ])('shows the same, hash for hash: $when', async ({ faults }) => {
    const calm = await readable({ shuffledRows: false, emitMissingRows: false })
    const rough = await readable(faults)
    const hashes = async ({ platforms }: typeof calm) =>
      (await readAll(platforms[name])).punches.map((punch) => contentHash(punch, punch.userId))
    expect(await hashes(rough)).toEqual(await hashes(calm))
  })

  test('bears values nobody has heard of', async () => {
    const calm = await readable()
    const rough = await readable({ unknownEnums: true })
    const ids = async ({ platforms }: typeof calm) => {
      const { punches, unreadable } = await readAll(platforms[name])
      expect(unreadable).toEqual([])
      return punches.map(({ externalId }) => externalId)
    }
    expect(await ids(rough)).toEqual(await ids(calm))
  })

  test('survives a token that is revoked early', async () => {
    const { platforms } = connect({ tokenRevokedEarly: { next: 1 } })
    expect((await platforms[name].readRoster()).length).toBeGreaterThan(20)
  })

  test('is found ready, and not ready when its address is not trusted', async () => {
    const ready = await connect().platforms[name].check()
    expect(ready.filter(({ status }) => status === 'fail')).toEqual([])
    const closed = await connect({ ipNotTrusted: { [name]: true } }).platforms[name].check()
    expect(closed.filter(({ status }) => status === 'fail')).toMatchObject([
      { code: 'ip', failure: { code: 'platform.ip-not-trusted' } },
    ])
  })

  test('finds the owner of a mobile number, and says null for nobody', async () => {
    const { platforms } = connect({ mobileHidden: { dingtalk: false, wecom: false } })
    const roster = await platforms[name].readRoster()
    const mobiles = roster.flatMap(({ mobile }) => mobile ?? [])
    const alone = roster.find(
      ({ mobile }) => mobile && mobiles.filter((other) => other === mobile).length === 1,
    )
    expect(await platforms[name].findByMobile(alone?.mobile ?? '')).toBe(alone?.userId)
    expect(await platforms[name].findByMobile('+8613999999999')).toBeNull()
  })

  test('shows what was written into it at its second, as an ordinary punch of that person', async () => {
    const { platforms } = connect()
    const before = await readAll(platforms[name])
    const written = await fill(platforms[name])
    const after = await readAll(platforms[name])
    const known = new Set(before.punches.map(({ externalId }) => externalId))
    const news = after.punches.filter(({ externalId }) => !known.has(externalId))
    const inShort = ({ userId, at }: { userId: string; at: Temporal.Instant }) =>
      `${accountKey(name, userId)} ${at}`
    expect(news.map(inShort).sort()).toEqual(written.map(inShort).sort())
    for (const { origin, isVoid } of news)
      expect({ origin, isVoid }).toEqual({ origin: 'person', isVoid: false })
  })

  test.for([
    { when: 'the answer is lost', faults: { answerLost: true }, kind: 'lost', stored: 1 },
    { when: 'the effect is lost', faults: { effectLost: true }, kind: 'accepted', stored: 0 },
    { when: 'it is busy before', faults: { busy: true }, kind: 'lost', stored: 0 },
    { when: 'it is busy afterwards', faults: { busy: { after: true } }, kind: 'lost', stored: 1 },
    { when: 'the answer is a page', faults: { garbage: true }, kind: 'lost', stored: 1 },
    { when: 'the address is banned', faults: { htmlBan: true }, kind: 'lost', stored: 0 },
    {
      when: 'the address is not trusted',
      faults: { ipNotTrusted: { [name]: true } },
      kind: 'notSent',
      stored: 0,
    },
    {
      when: 'the permission is missing',
      faults: { permissionMissing: { dingtalk: ['Pro.AttendanceRecord.Write'], wecom: ['checkin'] } },
      kind: 'notSent',
      stored: 0,
    },
  ])('says honestly what became of a write: $when', async ({ faults, kind, stored }) => {
    const { platforms, sandbox } = connect()
    const [someone] = await platforms[name].readRoster()
    const written = () => (name === 'wecom' ? sandbox.records() : sandbox.uploads()).length
    sandbox.set(faults)
    const answer = await platforms[name].writePunches([aPunch(someone!.userId, to)])
    expect(answer).toMatchObject({ kind })
    expect(written()).toBe(stored)
  })

  test('refuses a punch of nobody, by name', async () => {
    const { platforms } = connect()
    expect(await platforms[name].writePunches([aPunch('nobody-at-all', to)])).toMatchObject({
      kind: 'refused',
      failure: { code: 'platform.person-refused', facts: { userIds: ['nobody-at-all'] } },
    })
  })

  test('stays within every documented limit', async () => {
    const { sandbox, platforms } = await readable()
    await fill(platforms[name])
    await readAll(platforms[name])
    await platforms[name].check()
    expect(sandbox.violations()).toEqual([])
  })
})

/** The sandbox's own account of what DingTalk holds, in the words of a punch. */
const truth = (sandbox: Sandbox) =>
  sandbox
    .expectedPunches({ from: from.toString(), to: to.toString() })
    .filter(({ shown }) => shown)
    .map(({ id, userId, at, workDate, void: isVoid }) => `${id} ${userId} ${at} ${workDate} ${isVoid}`)
    .sort()

test('what is read from DingTalk is what its people did, night shifts and voids included', async () => {
  const { sandbox, platforms } = connect()
  const { punches, everybody } = await readAll(platforms.dingtalk)
  const seen = new Set(everybody)
  const told = punches.map(
    ({ externalId, userId, at, workDate, isVoid }) =>
      `${externalId} ${userId} ${at.epochMilliseconds / 1000} ${workDate} ${isVoid}`,
  )
  expect(told.sort()).toEqual(truth(sandbox).filter((line) => seen.has(line.split(' ')[1] ?? '')))
})

test('what is written into WeCom is read back at its second, with its place', async () => {
  const { platforms } = await readable()
  const { punches } = await readAll(platforms.wecom)
  const ours = punches.filter(({ address }) => address === '总部 3 号门')
  expect(ours).toHaveLength(5)
  for (const { latitude, longitude, origin } of ours)
    expect({ latitude, longitude, origin }).toEqual({
      latitude: 30.285413,
      longitude: 120.017139,
      origin: 'person',
    })
})

test('an unknown member refuses the whole read in WeCom, and shows nothing in DingTalk', async () => {
  const { platforms } = connect()
  const ask = { userIds: ['nobody-at-all'], from, to }
  await expect(platforms.wecom.readPunches(ask)).rejects.toMatchObject({
    failure: { code: 'platform.person-refused', facts: { userIds: ['nobody-at-all'] } },
  })
  expect((await platforms.dingtalk.readPunches(ask)).punches).toEqual([])
})

test.for(['wecom', 'both'] as const)(
  'what is read from WeCom is what its people did there, where people punch in %s',
  async (punchIn) => {
    const { sandbox, platforms } = connect({}, { punchIn })
    const { punches, everybody } = await readAll(platforms.wecom)
    const seen = new Set(everybody.map((userId) => userId.toLowerCase()))
    const told = punches.map(({ externalId, isVoid }) => `${externalId} ${isVoid}`)
    const truth = sandbox
      .expectedCheckins({ from: from.toString(), to: to.toString() })
      .filter(({ userId, shown }) => shown && seen.has(userId.toLowerCase()))
      .map(({ userId, at }) => `${userId.toLowerCase()}@${at} false`)
    expect(truth.length).toBeGreaterThan(100)
    expect(told.sort()).toEqual([...new Set(truth)].sort())
    for (const { origin } of punches) expect(origin).toBe('person')
  },
)

test('a company that punches in WeCom shows nothing in DingTalk but those who have no WeCom', async () => {
  const { sandbox } = connect({}, { punchIn: 'wecom' })
  const own = sandbox.expectedPunches({ from: from.toString(), to: to.toString() })
  expect(own.filter(({ wecomUserid }) => wecomUserid !== null)).toEqual([])
})

test('people who punch on both sides do it now and then within one minute, seldom in one second', async () => {
  const { sandbox } = connect({}, { punchIn: 'both' })
  const window = { from: from.toString(), to: to.toString() }
  const here = sandbox.expectedPunches(window).filter((punch) => punch.wecomUserid && !punch.void)
  const there = sandbox.expectedCheckins(window).filter((punch) => punch.dingtalkUserId)
  const key = (id: string | null, at: number) => `${id} ${at}`
  const seconds = new Set(here.map(({ userId, at }) => key(userId, at)))
  const minutes = new Set(here.map(({ userId, at }) => key(userId, Math.floor(at / 60))))
  const sameMinute = there.filter(({ dingtalkUserId: id, at }) => minutes.has(key(id, Math.floor(at / 60))))
  const sameSecond = there.filter(({ dingtalkUserId: id, at }) => seconds.has(key(id, at)))
  expect(sameMinute.length).toBeGreaterThan(10)
  expect(sameSecond.length).toBeGreaterThan(0)
  expect(sameSecond.length).toBeLessThan(sameMinute.length / 2)
  expect(there.length - sameMinute.length).toBeGreaterThan(10)
})

test('last month’s night shift is read however the window lies', async () => {
  const faults = { monthEndOvernightBug: 'cutAtMidnight' }
  const { sandbox, platforms } = connect(faults, { punchIn: 'wecom', start: '2026-08-01T20:00+08:00' })
  const everybody = (await platforms.wecom.readRoster()).map(({ userId }) => userId)
  const first = { from: '2026-08-01T00:00:00+08:00', to: '2026-08-01T20:00:00+08:00' }
  const window = { from: Temporal.Instant.from(first.from), to: Temporal.Instant.from(first.to) }
  const read = await platforms.wecom.readPunches({ userIds: everybody, ...window })
  const truth = sandbox.expectedCheckins(first).filter(({ userId }) => everybody.includes(userId))
  const early = truth.filter(({ at }) => at * 1000 < window.from.add({ hours: 8 }).epochMilliseconds)
  expect(early.length).toBeGreaterThan(0)
  expect(read.punches.map(({ externalId }) => externalId).sort()).toEqual(
    truth.map(({ userId, at }) => `${userId.toLowerCase()}@${at}`).sort(),
  )
})

const days = { from: Temporal.PlainDate.from('2026-08-08'), to: Temporal.PlainDate.from('2026-08-14') }

/** Everybody's verdicts, in batches. */
async function verdictsOf(platform: Platform) {
  const everybody = (await platform.readRoster()).map(({ userId }) => userId)
  const { readPeople } = platform.batch
  const verdicts = []
  for (let i = 0; i < everybody.length; i += readPeople)
    verdicts.push(
      ...(await platform.readVerdicts!({ userIds: everybody.slice(i, i + readPeople), ...days })).verdicts,
    )
  return verdicts
}

test.for([
  { when: 'plainly', faults: {} },
  { when: 'with numbers in quotes', faults: { stringNumbers: true } },
])('DingTalk’s verdicts name the punches they were given for, told $when', async ({ faults }) => {
  const { platforms } = connect(faults)
  const { punches } = await readAll(platforms.dingtalk)
  const verdicts = await verdictsOf(platforms.dingtalk)
  const known = new Map(punches.map((punch) => [punch.externalId, punch]))
  const given = verdicts.filter(({ punchId }) => punchId !== null)
  expect(given.length).toBeGreaterThan(200)
  for (const { punchId, at, result, slot, workDate } of given) {
    const punch = known.get(punchId!)
    // a night shift's last punch lies after the window of instants
    if (punch)
      expect({ at, result, slot, workDate }).toEqual({
        at: punch.at,
        result: punch.result,
        slot: punch.slot,
        workDate: punch.workDate,
      })
  }
  const missing = verdicts.filter(({ isMissing }) => isMissing)
  expect(missing.length).toBeGreaterThan(0)
  for (const { at, punchId } of missing) expect({ at, punchId }).toEqual({ at: null, punchId: null })
})

test('a verdict that changes without a new punch is seen, though the raw punch stays as it was', async () => {
  const { sandbox, platforms, clock } = connect({ amendmentsIn: 'results' })
  const before = await verdictsOf(platforms.dingtalk)
  const late = before.find(({ result, punchId }) => result === '迟到' && punchId !== null)!
  const rawBefore = await readAll(platforms.dingtalk)
  sandbox.punch({
    platform: 'dingtalk',
    userId: late.userId,
    amend: { id: Number(late.punchId), timeResult: 'Normal' },
  })
  await clock.sleep(1000)
  expect(await readAll(platforms.dingtalk)).toEqual(rawBefore)
  const after = await verdictsOf(platforms.dingtalk)
  const changed = after.filter((verdict, i) => JSON.stringify(verdict) !== JSON.stringify(before[i]))
  expect(changed).toEqual([{ ...late, result: '正常', origin: 'correction' }])
  const day = await platforms.dingtalk.readDay!({ userId: late.userId, day: late.workDate })
  expect(day.verdicts.find(({ externalId }) => externalId === late.externalId)).toEqual(changed[0])
  expect(day.punches.map(({ externalId }) => externalId)).toContain(late.punchId)
})

test('a machine that comes back online days later is found by its upload, under the key it will have', async () => {
  const { sandbox, platforms, clock } = connect()
  const [someone] = await platforms.wecom.readRoster()
  const userIds = [someone!.userId]
  const at = '2026-08-11T08:58:00+08:00'
  sandbox.punch({
    platform: 'wecom',
    userId: userIds[0],
    at,
    device: '车间考勤机',
    appearsAt: '2026-08-14T20:30+08:00',
  })
  const lastHour = () => ({ userIds, from: clock.now().subtract({ hours: 1 }), to: clock.now() })
  expect((await platforms.wecom.readLateUploads!(lastHour())).punches).toEqual([])
  await clock.sleep(45 * 60_000)
  const late = await platforms.wecom.readLateUploads!(lastHour())
  expect(late.punches).toMatchObject([{ device: '车间考勤机', origin: 'person' }])
  const { punches } = await platforms.wecom.readPunches({ userIds, from, to })
  expect(punches.map(({ externalId }) => externalId)).toContain(late.punches[0]!.externalId)
})
