import { createHash, type Hash } from 'node:crypto'
import type { TenantId } from '#domain/ids.ts'
import type { LaneName } from '#engine/wake-ups.ts'
import { punctual } from '#platforms/punctual.ts'
import type { PunchIn } from '#sandbox/punch-sides.ts'
import { createSandbox, type Sandbox } from '#sandbox/sandbox.ts'
import { openDatabase } from '#store/database.ts'
import { createSeal } from '#store/seal.ts'
import { ensureTenant, readLaneNames } from '#store/setup.ts'
import { type AppOptions, type AppParts, noWakeUps } from '../../app/parts.ts'
import { createApp } from '../../app.ts'
import { createChance } from '../chance.ts'
import { simulationOptions } from '../company.ts'
import { Mortal } from '../crash.ts'
import type { WorldDatabase } from '../fresh-database.ts'
import { type DatabaseHealth, suffering } from './database-trouble.ts'
import { foundNeighbour, type Neighbour } from './neighbour.ts'
import { sessionOptions } from './prepared.ts'
import { spendBefore } from './spend-before.ts'
import { statementsInOrder } from './statements-in-order.ts'
import { createTold, type Told, tellingTransport } from './told.ts'
import { createVirtualTime, type VirtualTime } from './virtual-time.ts'
import { openWakeUpsInHand, type WakeUpsInHand } from './wake-ups-in-hand.ts'

export type WorldAsk = {
  /** A migrated database; a world is a tenant of its own in it. */
  database: WorldDatabase
  seed: number
  people: number
  /** Days that the story lasts; a part of one is a part of one. */
  days: number
  /** How long the product is left alone afterwards, hours; 30 unless said otherwise: every delay a platform has fits in. */
  calmHours?: number
  direction: 'dingtalk-to-wecom' | 'wecom-to-dingtalk' | 'both'
  style: 'sample' | 'plain'
  edition: string[]
  punchIn: PunchIn
  /** The wish for polling, e.g. `1h`; absent, the planner chooses. */
  pollEvery?: string
  /** When it begins; a Monday before anybody is up unless said otherwise. */
  start?: string
  /** Calls of the month that are left when it begins; absent, all. */
  callsLeft?: number
  /** The platforms tell of what happens. */
  hasEvents?: boolean
  /** Another tenant with the same setup and the same ids stands in the same database. */
  hasNeighbour?: boolean
  faults?: Record<string, unknown>
  /** What the machine takes in front of every statement, in real time: the story is to be the same without. */
  dawdle?: () => Promise<void>
  options?: Partial<AppOptions>
}

/** A process of the product: it dies or stands still at a step of its own, and another takes its place. */
export type WorldProcess = {
  parts: AppParts
  mortal: Mortal
  /** It is at work: from now on it suffers from what the database suffers from. */
  born(): void
  stop(): Promise<void>
}

/** The product, both platforms and the clock in one process. */
export interface World extends AsyncDisposable {
  ask: WorldAsk
  time: VirtualTime
  sandbox: Sandbox
  wakeUps: WakeUpsInHand
  tenant: TenantId
  lane: LaneName
  neighbour: Neighbour | null
  /** The humans with an account on both sides when it began. */
  pairs: readonly { dingtalk: string; wecom: string }[]
  /** WeCom accounts, in lower case, that a person said are not their twin's, and since when. */
  parted: Map<string, Temporal.Instant>
  health: DatabaseHealth
  /** Every call and what was answered, in order. */
  trace: Hash
  /** What was said: calls beyond a documented size, secrets that were handed out, lines that were logged. */
  told: Told
  /** `isSpared`: whatever the database suffers from, this one's sessions do not. */
  process(how?: { isSpared: boolean }): Promise<WorldProcess>
}

const firstDay = '2026-03-02T04:00:00+08:00'
let worlds = 0

/** The hours in which a world comes to rest. */
export const calmHoursOf = ({ calmHours = 30 }: Pick<WorldAsk, 'calmHours'>): number => calmHours

/** Founds a world: both platforms, a tenant with its setup, an empty queue. */
export async function foundWorld(ask: WorldAsk): Promise<World> {
  const start = Temporal.Instant.from(ask.start ?? firstDay)
  const time = createVirtualTime(start)
  const sandbox = sandboxOf(ask, time)
  const trace = createHash('sha256')
  const told = createTold(sandbox)
  const transport = tellingTransport(sandbox.transport, { trace, time, told })
  const seal = createSeal(Buffer.alloc(32, ask.seed % 251))
  const name = `${process.pid}-${ask.seed}-${worlds++}`
  let processes = 0
  const health: DatabaseHealth = { trouble: null }
  const begin = async (
    tenantKey: string,
    { of = transport, isSpared = false } = {},
  ): Promise<WorldProcess> => {
    const mortal = new Mortal(Number.POSITIVE_INFINITY)
    let isBorn = false
    const suffers = suffering(health, time, () => isBorn && !isSpared)
    const database = openDatabase(
      { ...ask.database, max: 6, options: sessionOptions },
      mortal.gated(suffers(statementsInOrder(time, mortal.pool, ask.dawdle))),
    )
    const parts: AppParts = {
      clock: mortal.clock(time),
      // A process of its own rolls dice of its own, the same in every telling of the story.
      random: createChance(ask.seed * 1_000 + processes),
      transport: mortal.transport(punctual(of, time)),
      database,
      seal,
      tenant: await ensureTenant(database.kysely, tenantKey, tenantKey),
      holder: `process ${++processes}`,
      actor: 'simulation',
      env: {},
      openWakeUps: noWakeUps,
      onBug: (error) => told.line(String(error)),
      log: { info: told.log, warn: told.log },
      options: { ...simulationOptions, contactsMaxAgeMs: 24 * 3_600_000, ...ask.options },
    }
    const born = () => {
      isBorn = true
    }
    return { parts, mortal, born, stop: () => database.close().catch(() => {}) }
  }
  const neighbour = ask.hasNeighbour
    ? await foundNeighbour(sandboxOf(ask, time), (of) => begin(`beside-${name}`, { of }))
    : null
  const first = await begin(`world-${name}`)
  await createApp(first.parts).apply({ text: setupOf(sandbox, ask), file: 'setup.yaml', dryRun: false })
  const { tenant } = first.parts
  if (ask.callsLeft !== undefined) await spendBefore(first.parts, sandbox, ask.callsLeft)
  const lane = (await readLaneNames(first.parts.database.kysely)).find((one) => one.tenant === tenant)!
  await first.stop()
  const wakeUps = await openWakeUpsInHand(ask.database, `world_${name.replaceAll('-', '_')}`, start)
  await wakeUps.now(lane)
  return {
    ...{ ask, time, sandbox, wakeUps, tenant, lane, neighbour, trace, told, health },
    pairs: sandbox.pairs(),
    parted: new Map(),
    process: (how) => begin(`world-${name}`, how),
    async [Symbol.asyncDispose]() {
      await wakeUps[Symbol.asyncDispose]()
      sandbox.close()
      neighbour?.sandbox.close()
    },
  }
}

const sandboxOf = (ask: WorldAsk, time: VirtualTime): Sandbox =>
  createSandbox({
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

const setupOf = (sandbox: Sandbox, { direction, pollEvery }: WorldAsk): string =>
  sandbox
    .ready()
    .setupYaml.replace(
      'direction: dingtalk-to-wecom',
      `direction: ${direction}${pollEvery ? `\n    pollEvery: ${pollEvery}` : ''}`,
    )
