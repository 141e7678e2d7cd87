import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PlatformName } from '#domain/ids.ts'
import { createDingtalkConnector } from '#platforms/dingtalk/connector.ts'
import { createGate } from '#platforms/gate.ts'
import type { Platform } from '#platforms/platform.ts'
import type { ConnectionFacts, Token, Transport } from '#platforms/ports.ts'
import { createWecomConnector } from '#platforms/wecom/connector.ts'
import type { ReadyDocument } from '#sandbox/ready.ts'
import { createSandbox, type Sandbox } from '#sandbox/sandbox.ts'
import { simulationOptions } from '#simulation/company.ts'
import { statementsInOrder } from '#simulation/world/statements-in-order.ts'
import { createVirtualTime, type VirtualTime } from '#simulation/world/virtual-time.ts'
import { openDatabase } from '#store/database.ts'
import { startEmbedded } from '#store/embedded/embedded.ts'
import { migrate } from '#store/migrate.ts'
import { createSeal } from '#store/seal.ts'
import { ensureTenant } from '#store/setup.ts'
import { noLog, noWakeUps } from '../../src/app/parts.ts'
import { createApp } from '../../src/app.ts'

/**
 * The product beside a plain loop that pages through one side, maps and pushes to the other: no ledger, no look before or
 * after, nothing kept. Under the platforms' limits time is virtual, and what is compared is how long the calls take;
 * without limits time is the machine's, and the ratio is what care costs. Then sweeps beside what the documented rate
 * allows. Arguments: people (5000), days (7), people of the WeCom sweep (100000).
 */
const people = Number(process.argv[2] ?? 5_000)
const days = Number(process.argv[3] ?? 7)
const manyPeople = Number(process.argv[4] ?? 100_000)
const answerMs = 50
/** A Sunday night: nobody punches while the loop runs. */
const start = Temporal.Instant.from('2026-03-08T22:00:00+08:00')
const window = { from: '2026-03-02T00:00:00+08:00', to: '2026-03-08T21:59:59+08:00' }

type Call = { api: string; sentMs: number; endedMs: number }
type Scene = { sandbox: Sandbox; time: VirtualTime; calls: Call[]; transport: Transport; isVirtual: boolean }

const home = await mkdtemp(join(tmpdir(), 'qintong-plain-'))
const embedded = await startEmbedded({ home })
let tenants = 0
try {
  await beside()
  await sweeps()
} finally {
  await embedded.release()
  await rm(home, { recursive: true, force: true })
}

async function beside(): Promise<void> {
  console.log('| limits | work | plain loop, s | product, read back too, s | ratio | allowed |')
  console.log('|---|---|---|---|---|---|')
  for (const limits of ['on', 'off'] as const) {
    const company = { people, days, limits } as const
    const plain = await plainLoop(setScene(company))
    const whole = await product(setScene(company))
    if (plain.records !== whole.records)
      throw new Error(`not the same work: ${plain.records}, ${whole.records} records`)
    const cells = [
      ...[limits, `${people} people × ${days} days, ${plain.records} records`, seconds(plain.ms)],
      ...[seconds(whole.ms), (whole.ms / plain.ms).toFixed(3), limits === 'on' ? '1.02' : '–'],
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
}

async function sweeps(): Promise<void> {
  console.log('\n| sweep | calls | seconds | the rate allows | ratio | allowed | throttled calls |')
  console.log('|---|---|---|---|---|---|---|')
  const rows = [
    {
      side: 'dingtalk',
      count: people,
      api: 'listRecord',
      direction: 'dingtalk-to-wecom',
      perCall: 50,
      perSecond: 20,
    },
    {
      side: 'wecom',
      count: manyPeople,
      api: 'getcheckindata',
      direction: 'wecom-to-dingtalk',
      perCall: 100,
      perSecond: 10,
    },
  ] as const
  for (const { side, count, api, direction, perCall, perSecond } of rows) {
    const scene = setScene({ people: count, days: 1, limits: 'on', punchIn: side })
    // The morning before anybody came: everybody is read, and nothing else is to be done.
    const early = { from: '2026-03-08T00:00:00+08:00', to: '2026-03-08T05:00:00+08:00' }
    await product(scene, { direction, window: early })
    const calls = scene.calls.filter((call) => call.api === api)
    const ms = Math.max(...calls.map((call) => call.endedMs)) - Math.min(...calls.map((call) => call.sentMs))
    const allowedMs = (count / perCall / perSecond) * 1000
    const cells = [
      ...[
        `${side}, ${count} people`,
        calls.length,
        seconds(ms),
        seconds(allowedMs),
        (ms / allowedMs).toFixed(3),
      ],
      ...['1.02', scene.sandbox.violations().length],
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
}

function setScene(ask: {
  people: number
  days: number
  limits: 'on' | 'off'
  punchIn?: 'dingtalk' | 'wecom'
}): Scene {
  const time = createVirtualTime(start)
  const sandbox = createSandbox({
    ...{ seed: 1, style: 'plain', edition: ['standard'], compact: true, ...ask },
    now: () => time.now(),
    sleep: (ms) => time.sleep(ms),
    faults:
      ask.limits === 'on'
        ? { slow: { probability: 1, ms: answerMs, effect: 'before' }, quotaGraceDays: 5 }
        : {},
  })
  const calls: Call[] = []
  const transport: Transport = async (request) => {
    const call = {
      api: new URL(request.url).pathname.split('/').at(-1)!,
      sentMs: time.now().epochMilliseconds,
      endedMs: 0,
    }
    calls.push(call)
    const answer = await sandbox.transport(request)
    call.endedMs = time.now().epochMilliseconds
    return answer
  }
  return { sandbox, time, calls, transport, isVirtual: ask.limits === 'on' }
}

/** Virtual where the limits hold, from the first punches asked for; the machine's where they do not, from nothing. */
function stopwatch({ time, calls, isVirtual }: Scene): () => number {
  const began = performance.now()
  return () => {
    if (!isVirtual) return performance.now() - began
    const first = calls.find(({ api }) => api === 'listRecord')!
    return time.now().epochMilliseconds - first.sentMs
  }
}

/** What one writes on an afternoon: read the rosters, page through the punches, push them in full batches. */
async function plainLoop(scene: Scene): Promise<{ ms: number; records: number }> {
  const elapsed = stopwatch(scene)
  const { dingtalk, wecom } = connectors(scene)
  const roster = await dingtalk.readRoster()
  const twins = new Map((await wecom.readRoster()).map((account) => [account.jobNumber, account.userId]))
  const userOf = new Map(roster.map((account) => [account.userId, twins.get(account.jobNumber)!]))
  const { readPeople } = dingtalk.batch
  const { writeRecords } = wecom.batch
  let waiting: Parameters<Platform['writePunches']>[0] = []
  let pushing: Promise<unknown> = Promise.resolve()
  let records = 0
  const push = (batch: typeof waiting) => {
    pushing = pushing.then(() => wecom.writePunches(batch))
    records += batch.length
  }
  const span = { from: Temporal.Instant.from(window.from), to: Temporal.Instant.from(window.to) }
  for (let i = 0; i < roster.length; i += readPeople) {
    const userIds = roster.slice(i, i + readPeople).map((account) => account.userId)
    for (const punch of (await dingtalk.readPunches({ userIds, ...span })).punches) {
      if (punch.isVoid) continue
      waiting.push({
        ...{ userId: userOf.get(punch.userId)!, at: punch.at, byMachine: false, note: '', deviceName: '' },
        ...{ placeTitle: '', placeDetail: punch.address ?? '', latitude: null, longitude: null },
      })
      if (waiting.length < writeRecords) continue
      push(waiting)
      waiting = []
    }
  }
  if (waiting.length > 0) push(waiting)
  await pushing
  const ms = elapsed()
  scene.sandbox.close()
  return { ms, records }
}

/** One `sync`, until everything was read back. */
async function product(
  scene: Scene,
  ask: { direction?: string; window?: typeof window } = {},
): Promise<{ ms: number; records: number }> {
  const { sandbox, time, transport, isVirtual } = scene
  const database = openDatabase(embedded.config, isVirtual ? statementsInOrder(time) : undefined)
  await migrate(database)
  const app = createApp({
    ...{ clock: time, random: () => 0.5, transport, database, seal: createSeal(Buffer.alloc(32, 1)) },
    tenant: await ensureTenant(database.kysely, `plain-${++tenants}`, 'plain'),
    ...{ holder: 'bench', actor: 'bench', env: {}, openWakeUps: noWakeUps, log: noLog, onBug: String },
    options: { ...simulationOptions, pace: isVirtual ? 1 : 'off', writeBackMonths: 1 },
  })
  const { setupYaml } = sandbox.ready()
  const text = ask.direction
    ? setupYaml.replace('direction: dingtalk-to-wecom', `direction: ${ask.direction}`)
    : setupYaml
  await app.apply({ text, file: 'setup.yaml', dryRun: false })
  const signal = new AbortController().signal
  const elapsed = stopwatch(scene)
  await app.sync({ route: 'hq', ...(ask.window ?? window), waitMs: 600_000, signal, onProgress: () => {} })
  const ms = scene.calls.some(({ api }) => api === 'listRecord') || !isVirtual ? elapsed() : 0
  const records = sandbox.records().filter((record) => record.origin === 'api').length
  await database.close()
  return { ms, records }
}

/** Both connectors behind gates that remember nothing. */
function connectors({ sandbox, time, transport, isVirtual }: Scene): Record<PlatformName, Platform> {
  const pace = isVirtual ? 1 : 'off'
  const { credentials, addresses } = sandbox.ready() as ReadyDocument
  const gateOf = (facts: ConnectionFacts) => {
    let token: Token | null = null
    return createGate({
      ...{ facts, transport, clock: time, random: () => 0.5, pace, callLog: { record: () => {} } },
      quota: { take: async () => ({ granted: true, used: 0, quota: 0 }) },
      tokens: {
        read: async () => token,
        save: async (given) => {
          token = given
        },
        drop: async () => {
          token = null
        },
        readRefusals: async () => ({ count: 0, pausedUntil: null }),
        saveRefusals: async () => {},
      },
    })
  }
  const dingtalk: ConnectionFacts = {
    ...{
      key: 'plain-dingtalk',
      platform: 'dingtalk',
      edition: ['standard'],
      corpId: credentials.dingtalk.corpId,
    },
    ...{ clientId: credentials.dingtalk.clientId, secret: credentials.dingtalk.clientSecret },
    hosts: { oapi: addresses.dingtalk, api: addresses.dingtalk },
  }
  const wecom: ConnectionFacts = {
    ...{ key: 'plain-wecom', platform: 'wecom', edition: [], corpId: credentials.wecom.corpId, clientId: '' },
    secret: credentials.wecom.secret,
    hosts: { oapi: addresses.wecom, api: addresses.wecom },
  }
  return {
    dingtalk: createDingtalkConnector({ gate: gateOf(dingtalk), facts: dingtalk, clock: time }),
    wecom: createWecomConnector({
      ...{ gate: gateOf(wecom), facts: wecom, clock: time },
      jobNumber: { from: 'extattr', name: '工号' },
    }),
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(ms < 10_000 ? 2 : 1)
}
