import type { Clock } from '#domain/effects.ts'
import type { SimulationReport } from '#domain/simulation-report.ts'
import type { Settings } from '#settings/settings.ts'
import type { Operations, Progress } from './operations.ts'

/** Everything the command line touches that is not an argument. src/main.ts brings the real one. */
export type Outside = {
  env: Readonly<Record<string, string | undefined>>
  version: string
  stdout: Stream
  stderr: Stream
  clock: Clock
  /** Aborted by the first SIGINT or SIGTERM; the second one never gets here. */
  signal: AbortSignal
  /** Rejects with the first error that nobody caught anywhere. */
  crashed: Promise<never>
  /** Opens the product; closing it is the command's last act. */
  openApp(settings: Settings & { tenant?: string | undefined }): Promise<Operations>
  serveSandbox(ask: SandboxAsk): Promise<SandboxServer>
  /** Everything of this home in one file. Failures: `backup.*`. */
  backUp(settings: Settings, ask: BackupAsk): Promise<BackupReport>
  /** Reads a backup whole and changes nothing. Failures: `backup.unreadable`. */
  checkBackup(ask: BackupAsk): Promise<Omit<BackupReport, 'bytes'>>
  /** Failures: `backup.*`, `store.in-use`, `store.not-empty`, `store.newer-schema`. */
  restore(settings: Settings, ask: BackupAsk & { isReplacing: boolean }): Promise<RestoreReport>
  /** Seals everything with a fresh key. Failures: `store.in-use`. */
  rotateKey(settings: Settings, to?: string): Promise<{ resealed: number; file: string; isVariable: boolean }>
  simulate(ask: SimulationAsk): Promise<SimulationReport>
  /** Program and first arguments that run this command line again: for the demo's own sandbox process. */
  command: [string, ...string[]]
}

export type Stream = {
  /** A promise when the reader is slower than we are. */
  write(text: string): void | Promise<void>
  /** A person is watching: bars are drawn. */
  isTerminal: boolean
}

export type BackupAsk = {
  file: string
  passphraseFile?: string | undefined
  onProgress: (progress: Progress) => void
}

/** `tables`: rows by table. */
export type BackupReport = {
  file: string
  bytes: number
  tables: Record<string, number>
  schema: string
  createdAt: string
  verified: true
}

/**
 * `before`: where what was there before stands now; null when there was nothing. `migrated`: what was applied to bring the
 * backup's schema forward. `key`: which key the data need (src/back-up.ts). `writesFrom`: nothing is written before.
 */
export type RestoreReport = Omit<BackupReport, 'bytes'> & {
  before: string | null
  migrated: string[]
  key: 'same' | 'adopted' | 'resealed'
  writesFrom: string
}

export type SimulationAsk = {
  /** Under which the throw-away database stands. */
  home: string
  seeds: number
  fromSeed: number
  days: number
  signal: AbortSignal
  onProgress: (done: number, of: number) => void
}

export type SandboxAsk = {
  host: string
  /** DingTalk's; WeCom is on the next one. */
  port: number
  seed?: number | undefined
  people?: number | undefined
  /** Where the world is kept; absent: memory only. */
  file?: string | undefined
  /** How the platforms tell of events; `off` when absent. */
  events?: 'off' | 'stream' | 'http' | undefined
}

/** What a running sandbox says of itself. */
export type SandboxReady = {
  addresses: { dingtalk: string; wecom: string }
  setupYaml: string
}

export type SandboxServer = { ready: SandboxReady; close(): Promise<void> }
