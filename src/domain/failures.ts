import type { PlatformName } from '#domain/ids.ts'

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
  'platform.timeout': PlatformFacts & { timeoutMs: number }
  'platform.broken-off': PlatformFacts
  'platform.busy': PlatformFacts
  'platform.unreadable-answer': PlatformFacts & { status: number; excerpt: string }
  'platform.person-refused': PlatformFacts & { userIds: string[] }
  'platform.bad-request': PlatformFacts
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
  'usage.unknown-route': { route: string; known: string[] }
  'usage.unknown-connection': { connection: string; known: string[] }
  'usage.unknown-account': { account: string }
  'usage.window-reversed': { from: string; to: string }
  'usage.window-too-old': { from: string; oldest: string; platform: PlatformName }
  'usage.bad-date': { value: string }
  'usage.not-yet': { what: string }
  'usage.route-paused': { route: string }
  'usage.nothing-set-up': Record<string, never>
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
  | { kind: 'not-yet'; what: string }

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
