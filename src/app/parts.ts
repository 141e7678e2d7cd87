import type { Clock, Random } from '#domain/effects.ts'
import type { TenantId } from '#domain/ids.ts'
import type { WakeUps } from '#engine/wake-ups.ts'
import type { AddressPace } from '#platforms/address-pace.ts'
import type { MailSender } from '#platforms/channels/ports.ts'
import type { OpenSocket } from '#platforms/dingtalk/stream/socket.ts'
import type { Transport } from '#platforms/ports.ts'
import type { Database } from '#store/database.ts'
import type { Seal } from '#store/seal.ts'
import type { BackupPlan } from './scheduled-backup.ts'

export interface Log {
  info(fields: Record<string, unknown>, event: string): void
  warn(fields: Record<string, unknown>, event: string): void
}

/** A log that nobody keeps, for tests and the simulation. */
export const noLog: Log = { info: () => {}, warn: () => {} }

/** For those who never serve: tests, the simulation of single runs, the benches. */
export const noWakeUps = (): Promise<WakeUps> => Promise.reject(new Error('nobody serves here'))

/** Everything the product is made of. main, the simulation and the tests bring different ones. */
export type AppParts = {
  clock: Clock
  random: Random
  transport: Transport
  /** The limits of this process's source address, kept for all connections together; absent: nobody counts. */
  addressPace?: AddressPace
  /** Hands mails to their server; absent: none are sent. */
  sendMail?: MailSender
  /** Opens the WebSockets of the Streams; absent: none are held. */
  openSocket?: OpenSocket
  database: Database
  seal: Seal
  tenant: TenantId
  /** Names this process where lanes are shown, e.g. `pid 4711`. */
  holder: string
  /** Who acts: the operating-system user until there is sign-in. */
  actor: string
  env: Readonly<Record<string, string | undefined>>
  options: AppOptions
  /** A person asked for what is being done: metered calls are counted as theirs. */
  isByHand?: boolean
  /** Called for every finished outward call, for metrics. */
  onCall?: (connection: string, api: string, outcome: string, durationMs: number) => void
  /** Called for every dated answer: the platform's clock minus ours, seconds; 0 within a minute. */
  onSkew?: (skew: { tenant: TenantId; connection: string; seconds: number }) => void
  /** Opens the queue of wake-ups; `onError` hears what it recovers from by itself. */
  openWakeUps: (onError: (error: unknown) => void) => Promise<WakeUps>
  /** Starts the home's own database again where it died under us. */
  revive?: () => Promise<void>
  /** Backups by the clock; absent: none are made. */
  backups?: BackupPlan
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
  visibilityMaxMs: number
  laneWaitMs: number
  /** How long a holder that says nothing keeps a lane; the engine's own three minutes when absent. */
  laneLeaseMs?: number
  callLogDays: number
  rawDays: number
  runHistoryDays: number
  eventDays: number
  /** Sockets one Stream holds at the same time. */
  streamConnections: number
  /** How far the stamp of a WeCom callback may be from our clock. */
  callbackMaxAgeMs: number
  /** Codes of WeCom's trusted-domain files. */
  domainProofs: readonly string[]
  /** Calendar months before this one that WeCom is still given punches for. */
  writeBackMonths: number
  /** Closing sweeps also ask DingTalk for the day's verdicts, as far as calls are spare. */
  closingVerdicts?: boolean
  slotRadiusMs: number
  wrongProbeShare: number
  publicUrl?: string | undefined
  /** Where a process that is a worker only has its figures, on loopback; absent: nowhere. */
  workerPort?: number | undefined
  isDemo: boolean
}
