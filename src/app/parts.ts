import type { Clock, Random } from '#domain/effects.ts'
import type { TenantId } from '#domain/ids.ts'
import type { Transport } from '#platforms/ports.ts'
import type { Database } from '#store/database.ts'
import type { Seal } from '#store/seal.ts'

export interface Log {
  info(fields: Record<string, unknown>, event: string): void
  warn(fields: Record<string, unknown>, event: string): void
}

/** A log that nobody keeps, for tests and the simulation. */
export const noLog: Log = { info: () => {}, warn: () => {} }

/** Everything the product is made of. main, the simulation and the tests bring different ones. */
export type AppParts = {
  clock: Clock
  random: Random
  transport: Transport
  database: Database
  seal: Seal
  tenant: TenantId
  /** Names this process where lanes are shown, e.g. `pid 4711`. */
  holder: string
  /** Who acts: the operating-system user until there is sign-in. */
  actor: string
  env: Readonly<Record<string, string | undefined>>
  options: AppOptions
  /** Called for every finished outward call, for metrics. */
  onCall?: (connection: string, api: string, outcome: string, durationMs: number) => void
  /** Starts the home's own database again where it died under us. */
  revive?: () => Promise<void>
  /** What operations may want to read later. Fields never hold secrets or mobiles. */
  log: Log
  /** Keeps an error that nobody expected, whole, and gives the reference a reader is told. */
  onBug: (error: unknown) => string
}

export type AppOptions = {
  version: string
  home: string
  databaseKind: 'embedded' | 'external'
  pace: number | 'off'
  timeoutMs: number
  contactsMaxAgeMs: number
  pollEveryMs: number
  visibilityMaxMs: number
  laneWaitMs: number
  callLogDays: number
  rawDays: number
  runHistoryDays: number
  /** Calendar months before this one that WeCom is still given punches for. */
  writeBackMonths: number
  slotRadiusMs: number
  wrongProbeShare: number
  publicUrl?: string | undefined
  isDemo: boolean
}
