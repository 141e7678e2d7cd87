import { type Failure, FailureError, failure, type PlatformFacts } from '#domain/failures.ts'
import { mask } from '#platforms/mask.ts'
import { type CallOutcome, policy, type Trouble } from '#platforms/trouble.ts'

const outcomes = new WeakMap<object, CallOutcome>()

/** What was noted about the request behind this error, if anything was. */
export const outcomeNoted = (error: unknown): CallOutcome | undefined =>
  typeof error === 'object' && error !== null ? outcomes.get(error) : undefined

/** Notes what became of the request, and hands the error back to be thrown. */
export function markOutcome<E>(error: E, outcome: CallOutcome): E {
  if (typeof error === 'object' && error !== null) outcomes.set(error, outcome)
  return error
}

/** What a failure needs beyond the trouble itself. */
export type Surroundings = {
  facts: Pick<PlatformFacts, 'platform' | 'connection' | 'api'>
  host: string
  timeoutMs: number
  userIds: string[]
  excerpt: string
  /** How long the pause that follows still lasts. */
  waitMs: number
  quota: { used: number; quota: number }
  freeAgainAt: string
  /** Secrets that must not show, wherever the platform echoes them. */
  secrets: readonly string[]
}

const longestText = 500

/** The facts every platform failure carries, masked. */
export const factsOf = (
  trouble: Trouble | null,
  near: Pick<Surroundings, 'facts' | 'secrets'>,
): PlatformFacts => ({
  ...near.facts,
  theirCode: mask(trouble?.code ?? '', near.secrets),
  theirText: mask(trouble?.text ?? '', near.secrets).slice(0, longestText),
  requestId: mask(trouble?.requestId ?? '', near.secrets),
})

/** The failure this trouble amounts to. */
export function failureOf(trouble: Trouble, near: Surroundings): Failure {
  const facts = factsOf(trouble, near)
  const { code } = policy[trouble.sort]
  switch (code) {
    case 'platform.no-permission':
      return failure(code, { ...facts, scopes: trouble.scopes })
    case 'platform.ip-not-trusted':
      return failure(code, { ...facts, ip: trouble.ip })
    case 'platform.out-of-calls':
      return failure(code, { ...facts, ...near.quota, freeAgainAt: near.freeAgainAt })
    case 'platform.rate-limited':
    case 'platform.banned':
      return failure(code, { ...facts, waitMs: near.waitMs })
    case 'platform.unreachable':
      return failure(code, { ...facts, host: near.host })
    case 'platform.timeout':
      return failure(code, { ...facts, timeoutMs: near.timeoutMs })
    case 'platform.unreadable-answer':
      return failure(code, { ...facts, status: trouble.status, excerpt: near.excerpt })
    case 'platform.person-refused':
      return failure(code, { ...facts, userIds: near.userIds })
    default:
      return { code, facts } as Failure
  }
}

/** The error for it, marked with what became of the request. */
export const errorOf = (failed: Failure, outcome: CallOutcome): FailureError =>
  markOutcome(new FailureError(failed), outcome)
