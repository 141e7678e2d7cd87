import type { Clock, Random } from '#domain/effects.ts'
import { FailureError } from '#domain/failures.ts'
import type { ConnectionFacts, Endpoint, TokenStore } from '#platforms/ports.ts'
import { isSecretRefused } from '#platforms/refusals.ts'

/** One platform's way to ask for a token, by the gate's own call. */
export type AskForToken = (
  call: <Q, A>(endpoint: Endpoint<Q, A>, input: Q) => Promise<{ data: A }>,
  facts: ConnectionFacts,
) => Promise<{ value: string; lifeSeconds: number }>

/** Keeps one connection's token fresh. */
export interface TokenKeeper {
  /** A token that should be good: from memory, from the store, or newly asked for; at most one asking at a time. */
  get(): Promise<string>
  /** The platform refused this token: forgets it, unless a newer one took its place. */
  drop(value: string): Promise<void>
}

const refreshBeforeMs = 300_000
const refreshJitterMs = 30_000
/** Refusals of the secret in a row after which nobody asks for a while. */
const refusalsBeforePause = 2
const firstPauseMs = 300_000
const longestPauseMs = 4 * 3_600_000

/** The pause after the n-th refusal of the secret in a row: none, then 5 minutes, tripling up to 4 hours. */
export const refusalPauseMs = (refusals: number): number =>
  refusals < refusalsBeforePause
    ? 0
    : Math.min(firstPauseMs * 3 ** Math.min(refusals - refusalsBeforePause, 8), longestPauseMs)

type Held = { value: string; expiresAt: number; refreshAt: number }

/**
 * Refreshes when less than five minutes remain. Once a secret was refused twice in a row it stops asking for a growing
 * pause, kept in the store so that a restart does not hammer: WeCom bans an address that keeps sending a wrong secret.
 * `paused` makes the failure of that time. A secret that was changed has a store of its own, so it starts afresh.
 */
export function createTokenKeeper(options: {
  store: TokenStore
  clock: Clock
  random: Random
  /** `isProven`: the platform has taken this secret before, and not refused it since. */
  ask: (isProven: boolean) => Promise<{ value: string; lifeSeconds: number }>
  paused: (until: Temporal.Instant) => FailureError
}): TokenKeeper {
  const { store, clock, random, ask, paused } = options
  const now = () => clock.now().epochMilliseconds
  // spread, so that the connections of one house do not all ask in the same second
  const margin = refreshBeforeMs + Math.round(random() * refreshJitterMs)
  let held: Held | null = null
  let asking: Promise<string> | null = null

  const renew = async (): Promise<string> => {
    const stored = await store.read()
    if (stored && stored.expiresAt.epochMilliseconds - margin > now()) {
      const expiresAt = stored.expiresAt.epochMilliseconds
      held = { value: stored.value, expiresAt, refreshAt: expiresAt - margin }
      return held.value
    }
    const refusals = await store.readRefusals()
    if (refusals.pausedUntil && refusals.pausedUntil.epochMilliseconds > now())
      throw paused(refusals.pausedUntil)
    const askedAt = now()
    try {
      const { value, lifeSeconds } = await ask((stored ?? held) !== null && refusals.count === 0)
      const expiresAt = askedAt + lifeSeconds * 1000
      // near its end a platform may answer the same token again: then half of what remains passes before asking anew
      held = { value, expiresAt, refreshAt: Math.max(expiresAt - margin, askedAt + lifeSeconds * 500) }
      await store.save({ value, expiresAt: Temporal.Instant.fromEpochMilliseconds(Math.round(expiresAt)) })
      if (refusals.count > 0) await store.saveRefusals({ count: 0, pausedUntil: null })
      return value
    } catch (error) {
      if (!isSecretRefused(error)) {
        // passing trouble costs nothing while the old token still lives
        if (error instanceof FailureError && held && now() < held.expiresAt) return held.value
        throw error
      }
      const count = refusals.count + 1
      const pauseMs = refusalPauseMs(count)
      const pausedUntil = pauseMs > 0 ? Temporal.Instant.fromEpochMilliseconds(now() + pauseMs) : null
      await store.saveRefusals({ count, pausedUntil })
      throw error
    }
  }

  return {
    async get() {
      if (held && now() < held.refreshAt) return held.value
      asking ??= renew().finally(() => {
        asking = null
      })
      return asking
    },
    async drop(value) {
      if (held?.value === value) held = null
      await store.drop(value)
    },
  }
}
