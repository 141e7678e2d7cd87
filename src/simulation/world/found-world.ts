import { createHash, type Hash } from 'node:crypto'
import type { TenantId } from '#domain/ids.ts'
import type { LaneName } from '#engine/wake-ups.ts'
import type { Transport } from '#platforms/ports.ts'
import type { PunchIn } from '#sandbox/punch-sides.ts'
import { createSandbox, type Sandbox } from '#sandbox/sandbox.ts'
import { openDatabase } from '#store/database.ts'
import { createSeal } from '#store/seal.ts'
import { ensureTenant, readLaneNames } from '#store/setup.ts'
import { type AppOptions, type AppParts, noLog, noWakeUps } from '../../app/parts.ts'
import { createApp } from '../../app.ts'
import { createChance } from '../chance.ts'
import { simulationOptions } from '../company.ts'
import { Mortal } from '../crash.ts'
import { statementsInOrder } from './statements-in-order.ts'
import { createVirtualTime, type VirtualTime } from './virtual-time.ts'
import { openWakeUpsInHand, type WakeUpsInHand } from './wake-ups-in-hand.ts'

export type WorldAsk = {
  /** A migrated database; a world is a tenant of its own in it. */
  database: { host: string; port: number; user: string; password: string; database: string }
  seed: number
  people: number
  /** Days that the story lasts. */
  days: number
  direction: 'dingtalk-to-wecom' | 'wecom-to-dingtalk' | 'both'
  style: 'sample' | 'plain'
  edition: string[]
  punchIn: PunchIn
  /** The wish for polling, e.g. `1h`; absent, the planner chooses. */
  pollEvery?: string
  faults?: Record<string, unknown>
  options?: Partial<AppOptions>
}

/** A process of the product: it dies at a step of its own, and another takes its place. */
export type WorldProcess = { parts: AppParts; mortal: Mortal; stop(): Promise<void> }

/** The product, both platforms and the clock in one process. */
export interface World extends AsyncDisposable {
  ask: WorldAsk
  time: VirtualTime
  sandbox: Sandbox
  wakeUps: WakeUpsInHand
  tenant: TenantId
  lane: LaneName
  /** Every call and what was answered, in order. */
  trace: Hash
  process(): Promise<WorldProcess>
}

/** Worlds begin on a Monday, before anybody is up. */
const firstDay = '2026-03-02T04:00:00+08:00'
let worlds = 0

/** Founds a world: both platforms, a tenant with its setup, an empty queue. */
export async function foundWorld(ask: WorldAsk): Promise<World> {
  const start = Temporal.Instant.from(firstDay)
  const time = createVirtualTime(start)
  const sandbox = createSandbox({
    seed: ask.seed,
    people: ask.people,
    days: 1,
    style: ask.style,
    punchIn: ask.punchIn,
    now: () => time.now(),
    sleep: (ms) => time.sleep(ms),
    limits: 'on',
    edition: ask.edition,
    faults: { duplicates: 'store', ...ask.faults },
  })
  const trace = createHash('sha256')
  const traced = told(sandbox.transport, trace, time)
  const seal = createSeal(Buffer.alloc(32, ask.seed % 251))
  const tenantKey = `world-${process.pid}-${ask.seed}-${worlds++}`
  let processes = 0
  const start1 = async (): Promise<WorldProcess> => {
    const mortal = new Mortal(Number.POSITIVE_INFINITY)
    const database = openDatabase({ ...ask.database, max: 6 }, statementsInOrder(time, mortal.pool))
    const parts: AppParts = {
      clock: time,
      // A process of its own rolls dice of its own, the same in every telling of the story.
      random: createChance(ask.seed * 1_000 + processes),
      transport: mortal.transport(traced),
      database,
      seal,
      tenant: await ensureTenant(database.kysely, tenantKey, tenantKey),
      holder: `process ${++processes}`,
      actor: 'simulation',
      env: {},
      openWakeUps: noWakeUps,
      onBug: String,
      log: noLog,
      options: { ...simulationOptions, contactsMaxAgeMs: 24 * 3_600_000, ...ask.options },
    }
    return { parts, mortal, stop: () => database.close().catch(() => {}) }
  }
  const first = await start1()
  const app = createApp(first.parts)
  const yaml = sandbox
    .ready()
    .setupYaml.replace(
      'direction: dingtalk-to-wecom',
      `direction: ${ask.direction}${ask.pollEvery ? `\n    pollEvery: ${ask.pollEvery}` : ''}`,
    )
  await app.apply({ text: yaml, file: 'setup.yaml', dryRun: false })
  const { tenant } = first.parts
  const lane = (await readLaneNames(first.parts.database.kysely)).find((one) => one.tenant === tenant)!
  await first.stop()
  const wakeUps = await openWakeUpsInHand(ask.database, `w${process.pid}_${worlds}`, start)
  await wakeUps.now(lane)
  return {
    ask,
    time,
    sandbox,
    wakeUps,
    tenant,
    lane,
    trace,
    process: start1,
    async [Symbol.asyncDispose]() {
      await wakeUps[Symbol.asyncDispose]()
      sandbox.close()
    },
  }
}

/** The same transport, writing down what was asked and answered. Tokens differ by nothing but their own names. */
function told(transport: Transport, trace: Hash, time: VirtualTime): Transport {
  return async (request) => {
    const url = new URL(request.url)
    const asked = `${time.now().epochMilliseconds} ${url.pathname} ${request.body ?? ''}`
    try {
      const answer = await transport(request)
      trace.update(`${asked} ${answer.status} ${answer.text.length}\n`)
      return answer
    } catch (error) {
      trace.update(`${asked} lost\n`)
      throw error
    }
  }
}
