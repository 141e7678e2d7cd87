import { describe, expect, test } from 'vitest'
import type { Clock } from '#domain/effects.ts'
import { accountKey, type PlatformName } from '#domain/ids.ts'
import { contentHash } from '#domain/punch-content.ts'
import { createDingtalkConnector } from '#platforms/dingtalk/connector.ts'
import { createGate } from '#platforms/gate.ts'
import type { Platform } from '#platforms/platform.ts'
import type { ConnectionFacts, Token } from '#platforms/ports.ts'
import { createWecomConnector } from '#platforms/wecom/connector.ts'
import { createSandbox, type Sandbox } from '#sandbox/sandbox.ts'

/** Both platforms of one sandbox company, each behind a real gate and connector. Time stands, but for waits. */
function connect(faults: Record<string, unknown> = {}, sandboxOptions: { limits?: 'on' | 'off' } = {}) {
  let now = Temporal.Instant.from('2026-08-14T20:00+08:00')
  const clock: Clock = {
    now: () => now,
    sleep: async (ms) => {
      now = now.add({ milliseconds: Math.ceil(ms) })
    },
  }
  const sandbox = createSandbox({ seed: 7, people: 40, days: 7, now: () => now, faults, ...sandboxOptions })
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

/** Gives WeCom something to read: one punch for each of the first members. */
async function fill(wecom: Platform) {
  const members = (await wecom.readRoster()).slice(0, 5)
  const written = await wecom.writePunches(
    members.map(({ userId }, nth) => ({
      userId,
      at: to.subtract({ minutes: nth + 1 }),
      placeTitle: '前台考勤机',
      placeDetail: '总部 3 号门',
      note: '迟到',
      deviceName: '前台考勤机',
      byMachine: true,
      latitude: 30.285413,
      longitude: 120.017139,
    })),
  )
  expect(written).toEqual({ kind: 'accepted' })
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

  test('stays within every documented limit', async () => {
    const { sandbox, platforms } = await readable()
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

test('an unknown member refuses the whole read and write, with the people who were asked for', async () => {
  const { platforms, sandbox } = connect()
  const ask = { userIds: ['nobody-at-all'], from, to }
  await expect(platforms.wecom.readPunches(ask)).rejects.toMatchObject({
    failure: { code: 'platform.person-refused', facts: { userIds: ['nobody-at-all'] } },
  })
  expect(
    await platforms.wecom.writePunches([
      {
        ...{ userId: 'nobody-at-all', at: to, placeTitle: 'x', placeDetail: 'x', note: '', deviceName: 'x' },
        ...{ byMachine: false, latitude: null, longitude: null },
      },
    ]),
  ).toMatchObject({ kind: 'refused', failure: { code: 'platform.person-refused' } })
  expect(sandbox.records()).toEqual([])
  expect((await platforms.dingtalk.readPunches(ask)).punches).toEqual([])
})
