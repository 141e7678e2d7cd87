import type { Operations } from '#cli/operations.ts'
import type { SyncReport } from '#domain/sync-report.ts'
import { punctual } from '#platforms/punctual.ts'
import type { PunchIn } from '#sandbox/punch-sides.ts'
import { createSandbox, type Sandbox } from '#sandbox/sandbox.ts'
import { openDatabase } from '#store/database.ts'
import { createSeal } from '#store/seal.ts'
import { ensureTenant } from '#store/setup.ts'
import { type AppOptions, noLog, noWakeUps } from '../app/parts.ts'
import { createApp } from '../app.ts'
import { createChance } from './chance.ts'
import { Mortal } from './crash.ts'
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts'

export type CompanyAsk = {
  /** A migrated database; every company is a tenant of its own in it. */
  database: Parameters<typeof openDatabase>[0]
  seed: number
  people?: number
  days?: number
  style?: 'sample' | 'plain'
  /** Where people with accounts on both sides punch; in DingTalk unless said otherwise. */
  punchIn?: PunchIn
  /** When the story begins. */
  start?: string
  faults?: Record<string, unknown>
  limits?: 'on' | 'off'
  edition?: string[]
  options?: Partial<AppOptions>
  /** Replaces parts of the sandbox's setup.yaml. */
  setup?: (yaml: string) => string
}

/** The product and both platforms in one process, under virtual time. */
export interface Company extends AsyncDisposable {
  sandbox: Sandbox
  clock: VirtualClock
  /** A process of the product with all its parts; it dies at its n-th step. */
  process(diesAt?: number): Promise<Process>
  /** A whole `sync` in a process of its own. */
  sync(ask?: { from?: string; to?: string; waitMs?: number; diesAt?: number }): Promise<SyncReport>
}

export type Process = { app: Operations; mortal: Mortal; stop(): Promise<void> }

/** What the product is made of in stories; a story may say otherwise. */
export const simulationOptions: AppOptions = {
  version: 'simulation',
  home: '',
  databaseKind: 'embedded',
  pace: 1,
  timeoutMs: 20_000,
  contactsMaxAgeMs: 3_600_000,
  visibilityMaxMs: 2_700_000,
  laneWaitMs: 60_000,
  callLogDays: 180,
  rawDays: 90,
  runHistoryDays: 400,
  eventDays: 30,
  streamConnections: 1,
  callbackMaxAgeMs: 900_000,
  domainProofs: [],
  writeBackMonths: 1,
  slotRadiusMs: 14_400_000,
  wrongProbeShare: 0.25,
  isDemo: false,
}

/** Founds a company: sandbox world, tenant, setup applied. */
export async function foundCompany(ask: CompanyAsk): Promise<Company> {
  const clock = createVirtualClock(Temporal.Instant.from(ask.start ?? '2026-03-04T12:00:00+08:00'))
  const sandbox = createSandbox({
    seed: ask.seed,
    people: ask.people ?? 12,
    days: ask.days ?? 2,
    style: ask.style ?? 'plain',
    ...(ask.punchIn && { punchIn: ask.punchIn }),
    now: () => clock.now(),
    sleep: (ms) => clock.sleep(ms),
    limits: ask.limits ?? 'on',
    edition: ask.edition ?? ['standard'],
    faults: ask.faults ?? {},
  })
  const chance = createChance(ask.seed)
  const seal = createSeal(Buffer.alloc(32, ask.seed))
  let processes = 0

  const start = async (tenantKey: string, diesAt = Number.POSITIVE_INFINITY): Promise<Process> => {
    const mortal = new Mortal(diesAt)
    const database = openDatabase({ ...ask.database, max: 4 }, mortal.pool)
    const tenant = await ensureTenant(database.kysely, tenantKey, tenantKey)
    const app = createApp({
      clock,
      random: chance,
      transport: mortal.transport(punctual(sandbox.transport, clock)),
      database,
      seal,
      tenant,
      holder: `process ${++processes}`,
      actor: 'simulation',
      env: {},
      openWakeUps: noWakeUps,
      onBug: String,
      log: noLog,
      options: { ...simulationOptions, ...ask.options },
    })
    return { app, mortal, stop: () => database.close().catch(() => {}) }
  }
  const tenantKey = `sim-${ask.seed}-${Math.floor(chance() * 1e12)}-${companies++}`
  const first = await start(tenantKey)
  const yaml = sandbox.ready().setupYaml
  await first.app.apply({ text: ask.setup ? ask.setup(yaml) : yaml, file: 'setup.yaml', dryRun: false })
  await first.stop()

  return {
    sandbox,
    clock,
    process: (diesAt) => start(tenantKey, diesAt),
    async sync({ diesAt, waitMs = 90_000, ...window } = {}) {
      const process = await start(tenantKey, diesAt)
      try {
        return await process.app.sync({
          route: 'hq',
          ...window,
          waitMs,
          signal: new AbortController().signal,
          onProgress: () => {},
        })
      } finally {
        await process.stop()
      }
    },
    async [Symbol.asyncDispose]() {
      sandbox.close()
    },
  }
}

let companies = 0
