import type { RosterDoubt } from '#domain/doubt-roster.ts'
import type { PlatformName } from '#domain/ids.ts'
import type { BadEntry } from '#domain/mapping-entry.ts'
import type { SheetProblem } from '#domain/sheet-problem.ts'

/** Where a platform failure happened; every platform failure carries these. */
export type PlatformFacts = {
  platform: PlatformName
  /** The connection's key in setup.yaml. */
  connection: string
  /** Last path segment(s) of the call, e.g. `listRecord`, `user/list`. */
  api: string
  /** The platform's own code and text, verbatim (masked of secrets and mobiles); '' when there is none. */
  theirCode: string
  theirText: string
  /** request_id (DingTalk) or hint (WeCom), for the platform's support; '' when there is none. */
  requestId: string
}

/** Every failure we expect, and the facts each one carries. What is not here is a bug. */
export type Failures = {
  // the platforms, as the gate tells them
  'platform.bad-credentials': PlatformFacts
  'platform.credentials-paused': PlatformFacts & { until: string }
  'platform.no-permission': PlatformFacts & { scopes: string[] }
  'platform.ip-not-trusted': PlatformFacts & { ip: string }
  'platform.out-of-calls': PlatformFacts & { used: number; quota: number; freeAgainAt: string }
  'platform.rate-limited': PlatformFacts & { waitMs: number }
  'platform.banned': PlatformFacts & { waitMs: number }
  'platform.unreachable': PlatformFacts & { host: string }
  /** Never sent: the process stood still, or the wait was longer than its right to write lasts. */
  'platform.too-late': PlatformFacts
  'platform.timeout': PlatformFacts & { timeoutMs: number }
  'platform.broken-off': PlatformFacts
  'platform.busy': PlatformFacts
  'platform.unreadable-answer': PlatformFacts & { status: number; excerpt: string }
  'platform.person-refused': PlatformFacts & { userIds: string[] }
  'platform.bad-request': PlatformFacts
  /** Never sent: older than the platform takes (`oldest`), or still to come. RFC 3339. */
  'platform.time-not-taken': PlatformFacts & { at: string; oldest: string }
  'platform.app-disabled': PlatformFacts
  'platform.unknown-code': PlatformFacts
  'platform.too-large': PlatformFacts
  /** The platform's clock minus ours, seconds: positive when ours is slow. */
  'platform.clock-skew': PlatformFacts & { skewSeconds: number }
  // configuration and use
  'setup.invalid': {
    file: string
    problems: { line: number; column: number; path: string; problem: SetupProblem }[]
  }
  'setup.unreadable': { file: string; reason: string }
  'usage.invalid': { what: string; instead: string }
  'store.in-use': { processes: string[] }
  'store.not-empty': { punches: number }
  'backup.exists': { file: string }
  'backup.not-written': { file: string; reason: string }
  'backup.unreadable': { file: string; because: 'not-a-backup' | 'passphrase-needed' | 'damaged' }
  'usage.unknown-tenant': { tenant: string; known: string[] }
  'usage.unknown-route': { route: string; known: string[] }
  'usage.unknown-subsidiary': { subsidiary: string; known: string[] }
  'usage.unknown-connection': { connection: string; known: string[] }
  'usage.no-channels': Record<string, never>
  'usage.unknown-channel': { channel: string; known: string[] }
  'usage.unknown-account': { account: string }
  /** There is no such import, or it was taken back already. */
  'usage.unknown-import': { import: number }
  /** Two accounts of one connection are two people. */
  'usage.same-connection': { connection: string }
  /** Nothing is suggested for it, or not what was named; `candidates` are what is. */
  'usage.no-suggestion': { account: string; candidates: string[] }
  'usage.which-suggestion': { account: string; candidates: string[] }
  /** There is no such act, or it was taken back already. */
  'usage.unknown-act': { act: number }
  /** What it left is not what stands now; `later` are the acts that came between, newest first, none when it was no act. */
  'usage.act-overtaken': { act: number; later: number[] }
  'usage.window-reversed': { from: string; to: string }
  'usage.window-too-old': { from: string; oldest: string; platform: PlatformName }
  'usage.bad-date': { value: string }
  'usage.not-yet': { what: string }
  'usage.route-paused': { route: string }
  'usage.nothing-set-up': Record<string, never>
  // workbooks
  'sheet.unreadable': { file: string; problem: SheetProblem }
  'sheet.unwritable': { file: string; reason: string }
  /** `first` holds as many bad rows as a person reads; `marked` is the file in which all of them are. */
  'links.refused': { file: string; marked: string; rows: number; first: BadEntry[] }
  // contacts
  /** A roster read that nobody should believe without looking. */
  'contacts.not-believed': { connection: string; platform: PlatformName; doubt: RosterDoubt }
  'contacts.later-imports': { import: number; later: number[] }
  'contacts.already-written': {
    import: number
    written: { account: string; at: string; targetUser: string }[]
  }
  // the lane and the run
  'lane.busy': { route: string; holder: string; waitedSeconds: number }
  'lane.lost': { connection: string }
  'run.interrupted': { route: string }
  // our own house
  'store.gone': { reason: string }
  'store.newer-schema': { schema: string; build: string }
  'store.too-old-server': { version: string }
  'store.disk-full': { reason: string }
  'store.read-only': { reason: string }
  /** No answer in time: a statement or a wait for a lock was given up. */
  'store.slow': { reason: string }
  /** No PostgreSQL is packaged for this machine: it needs DATABASE_URL. */
  'store.no-embedded': { platform: string }
  'home.not-writable': { path: string; reason: string }
  'home.bad-key': { source: string }
  'server.port-taken': { port: number; host: string }
  'server.not-loopback': { host: string }
  internal: { reference: string }
}

export type FailureCode = keyof Failures
export type Failure = { [C in FailureCode]: { code: C; facts: Failures[C] } }[FailureCode]

/** What is wrong with one place of a setup file. */
export type SetupProblem =
  | { kind: 'syntax'; text: string }
  | { kind: 'unknown-key'; key: string; suggestion: string | null; known: string[] }
  | { kind: 'missing'; key: string; example: string }
  | { kind: 'bad-value'; value: string; expected: string; example: string }
  | { kind: 'duplicate-id'; id: string; firstLine: number }
  | { kind: 'dangling'; id: string; what: string; suggestion: string | null; known: string[] }
  | { kind: 'missing-environment'; name: string }

/** Builds a failure value; the compiler checks its facts. */
export const failure = <C extends FailureCode>(code: C, facts: Failures[C]): Failure =>
  ({ code, facts }) as Failure

/** The only error the product throws on purpose. Its words are found in messages/. */
export class FailureError extends Error {
  override name = 'FailureError'
  readonly failure: Failure
  constructor(failed: Failure, options?: ErrorOptions) {
    super(failed.code, options)
    this.failure = failed
  }
}

/** Throws a FailureError. */
export function fail<C extends FailureCode>(code: C, facts: Failures[C], cause?: unknown): never {
  throw new FailureError(failure(code, facts), cause === undefined ? undefined : { cause })
}
