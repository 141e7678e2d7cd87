import { policy, type Trouble } from '#platforms/trouble.ts'

/** What was tried so far for one call. */
export type Tried = { limitWaits: number; retries: number; hasNewToken: boolean }

/** `renew`: again with a new token. `wait`: again once the limit has passed. `retry`: again after `afterMs`. */
export type NextStep =
  | { kind: 'renew' }
  | { kind: 'wait' }
  | { kind: 'retry'; afterMs: number }
  | { kind: 'give-up' }

const mostLimitWaits = 3

/**
 * What to do about an attempt that met trouble. The first rule that applies wins. A write whose outcome is not known
 * to be `notSent` is never repeated here: only a read-back may decide that.
 */
export function nextStep(
  met: Pick<Trouble, 'sort'>,
  call: { writes: boolean; hasToken: boolean; tokenKeepsScopes: boolean; retryWaitsMs: readonly number[] },
  tried: Tried,
): NextStep {
  const { outcome, again } = policy[met.sort]
  if (call.writes && outcome !== 'notSent') return { kind: 'give-up' }
  if (again === 'scopes' && call.hasToken && call.tokenKeepsScopes && !tried.hasNewToken)
    return { kind: 'renew' }
  if (again === 'token' && call.hasToken && !tried.hasNewToken) return { kind: 'renew' }
  if (again === 'wait' && tried.limitWaits < mostLimitWaits) return { kind: 'wait' }
  const afterMs = call.retryWaitsMs[tried.retries]
  if (again === 'soon' && afterMs !== undefined) return { kind: 'retry', afterMs }
  return { kind: 'give-up' }
}
