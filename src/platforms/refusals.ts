import { type Failure, FailureError, failure, type PlatformFacts } from '#domain/failures.ts'
import type { CheckItem } from '#platforms/platform.ts'
import type { ConnectionFacts, Endpoint } from '#platforms/ports.ts'

/** True when the platform itself said no with one of these codes of its own. */
export function isRefusedWith(error: unknown, codes: readonly string[]): boolean {
  const facts = error instanceof FailureError ? error.failure.facts : null
  return facts !== null && 'theirCode' in facts && codes.includes(facts.theirCode)
}

/** The outcome of a call whose secret, or token, the platform does not know. */
export const refusedSecret = 'platform.bad-credentials'

/** True when the platform did not take a secret. */
export const isSecretRefused = (error: unknown): boolean =>
  error instanceof FailureError && error.failure.code === refusedSecret

/** The failure of an expected error; anything else is a bug and is thrown on. */
export function failureOf(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure
  throw error
}

/**
 * The same error, except where the platform refused a person: then one that carries the people who were asked for,
 * since it rarely says whom it means. `codes`: its own codes that mean a person in this call, whatever elsewhere.
 */
export function namingPeople(error: unknown, userIds: string[], codes: readonly string[] = []): unknown {
  if (!(error instanceof FailureError)) return error
  const { code, facts } = error.failure
  if (code === 'platform.person-refused' && facts.userIds.length > 0) return error
  if (code !== 'platform.person-refused' && !isRefusedWith(error, codes)) return error
  const { platform, connection, api, theirCode, theirText, requestId } = facts as PlatformFacts
  return new FailureError(
    failure('platform.person-refused', {
      ...{ platform, connection, api, theirCode, theirText, requestId },
      userIds: [...new Set(userIds)],
    }),
    { cause: error },
  )
}

/** An answer that parses but cannot be true, e.g. a page that promises another and does not say which. */
export const untrueAnswer = (
  facts: ConnectionFacts,
  endpoint: Pick<Endpoint<never, unknown>, 'name'>,
  excerpt: string,
): FailureError =>
  new FailureError(
    failure('platform.unreadable-answer', { ...factsOf(facts, endpoint.name), status: 200, excerpt }),
  )

const factsOf = (facts: ConnectionFacts, api: string): PlatformFacts => ({
  platform: facts.platform,
  connection: facts.key,
  api,
  theirCode: '',
  theirText: '',
  requestId: '',
})

type Kind = { code: string; where: string }

/** What a failure is about, whatever was being asked when it came; null when it is about the question itself. */
function kindOf(failed: Failure, isDingtalk: boolean): Kind | null {
  switch (failed.code) {
    case 'platform.bad-credentials':
    case 'platform.credentials-paused':
    case 'platform.app-disabled':
      return { code: 'token', where: isDingtalk ? 'dingtalk.credentials' : 'wecom.secret' }
    case 'platform.ip-not-trusted':
      return { code: 'ip', where: isDingtalk ? 'dingtalk.ip-list' : 'wecom.trusted-ip' }
    case 'platform.clock-skew':
      return { code: 'clock', where: 'host.clock' }
    case 'platform.out-of-calls':
      return { code: 'quota', where: 'dingtalk.quota' }
    case 'platform.unreachable':
    case 'platform.timeout':
    case 'platform.broken-off':
    case 'platform.busy':
    case 'platform.rate-limited':
    case 'platform.banned':
    case 'platform.unreadable-answer':
      return { code: 'network', where: 'host.network' }
    default:
      return null
  }
}

/** Largest difference between their clock and ours that does not yet misfile a punch at a window's edge. */
const tolerableSkewSeconds = 60

const rank: Record<CheckItem['status'], number> = { pass: 0, warn: 1, fail: 2 }

/** Collects the readiness items of one connection: one a code, and the worst stands. The words are found in messages/. */
export function createChecklist(facts: ConnectionFacts) {
  const items: CheckItem[] = []
  const add = (status: CheckItem['status'], code: string, where: string, failed: Failure | null = null) => {
    const known = items.findIndex((item) => item.code === code)
    const item = { code, status, failure: failed, where }
    if (known === -1) items.push(item)
    else if (rank[status] > rank[items[known]!.status]) items[known] = item
  }
  return {
    items,
    pass: (code: string, where: string) => add('pass', code, where),
    warn: (code: string, where: string, failed: Failure | null = null) => add('warn', code, where, failed),
    /**
     * Notes an expected failure of a question, under what it is really about. Answers true when nothing after it can
     * be expected to work: wrong secret, closed address, no network.
     */
    failed(error: unknown, code: string, where: string): boolean {
      const failed = failureOf(error)
      const kind = kindOf(failed, facts.platform === 'dingtalk')
      add('fail', kind?.code ?? code, kind?.where ?? where, failed)
      return kind !== null && kind.code !== 'quota'
    },
    /** The clock item: a skew above a minute would put punches into the wrong window. */
    clock(skewSeconds: number) {
      if (Math.abs(skewSeconds) <= tolerableSkewSeconds) add('pass', 'clock', 'host.clock')
      else {
        const failed = failure('platform.clock-skew', { ...factsOf(facts, ''), skewSeconds })
        add('fail', 'clock', 'host.clock', failed)
      }
    },
  }
}

export type Checklist = ReturnType<typeof createChecklist>
