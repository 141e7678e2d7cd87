import type { Clock } from '#domain/effects.ts'
import type { Limit } from '#platforms/ports.ts'

/** A documented rate and the share of it that is used. */
export type Rate = { calls: number; perSeconds: number; pace: number }

/**
 * Calls let go at once after a quiet time. Half of what the pace leaves unused; the other half is for the network,
 * which may deliver evenly spaced calls closer together than they were sent.
 */
export const burstOf = ({ calls, pace }: Rate): number => Math.max(1, Math.floor((calls - calls * pace) / 2))

/** A window may count both of its ends: a millisecond, and a hundredth for what adding fractions loses. */
const bothEndsMs = 1.01

/** Milliseconds between two calls in the long run. */
export const spacingMs = ({ calls, perSeconds, pace }: Rate): number =>
  (perSeconds * 1000 + bothEndsMs) / (calls * pace)

/**
 * The generic cell rate algorithm. `dueAt`: when the next evenly spaced call would be due, epoch ms. Reserves the
 * next place: the call may go `waitMs` (whole) from now, and `next` replaces `dueAt`.
 * Law: whatever the arrivals, no window of `perSeconds`, both ends included, holds more than `calls` of them.
 */
export function gcra(dueAt: number, now: number, rate: Rate): { waitMs: number; next: number } {
  const spacing = spacingMs(rate)
  const allowedAt = dueAt - (burstOf(rate) - 1) * spacing
  const waitMs = Math.max(0, Math.ceil(allowedAt - now))
  // Counted from when it was due and not from the whole millisecond it leaves at: a twentieth of a second is no number
  // of whole milliseconds, and what each call loses adds up to two in a hundred.
  return { waitMs, next: Math.max(now, dueAt) + spacing }
}

/** A new process does not know what the last one just did: one call may go now, the burst has to be earned. */
export const gentleStart = (now: number, rate: Rate): number => now + (burstOf(rate) - 1) * spacingMs(rate)

/** `dueAt` after these calls (epoch ms, any order), made by somebody who may not have kept the pace. */
export const dueAfter = (calls: readonly number[], rate: Rate): number =>
  calls.toSorted((a, b) => a - b).reduce((dueAt, at) => Math.max(dueAt, at) + spacingMs(rate), 0)

/** Why calls wait longer than their pace. `banned` is never waited for inside a call. */
export type PauseReason = 'rate-limited' | 'banned'
export type Pause = { until: number; because: PauseReason }

/** Paces one connection's calls, per API; in memory, since one lane has one worker. */
export interface Pacer {
  /** Reserves the next place of this API and waits for it. */
  wait(api: string, limit: Pick<Limit, 'calls' | 'perSeconds'>): Promise<void>
  /** No call of this API (null: of the whole connection) before `until`, epoch ms. A longer pause stays. */
  pause(api: string | null, until: number, because: PauseReason): void
  /** The pause that holds this API now, if any. */
  pauseOf(api: string): Pause | null
  /** What an earlier process called lately. Give it before the first call of this process. */
  seed(calls: readonly { api: string; at: Temporal.Instant }[]): void
}

export function createPacer(options: {
  clock: Clock
  pace: number | 'off'
  signal?: AbortSignal | undefined
}): Pacer {
  const { clock, pace, signal } = options
  const dueAt = new Map<string, number>()
  const seeds = new Map<string, number[]>()
  const pauses = new Map<string | null, Pause>()
  const now = () => clock.now().epochMilliseconds

  const startOf = (api: string, rate: Rate): number =>
    Math.max(gentleStart(now(), rate), dueAfter(seeds.get(api) ?? [], rate))

  return {
    async wait(api, limit) {
      if (pace === 'off') return
      const rate: Rate = { calls: limit.calls, perSeconds: limit.perSeconds, pace }
      // a clock set back must not stop the lane: nothing legitimate is due later than a few places from now
      const latest = now() + (burstOf(rate) + 64) * spacingMs(rate)
      const { waitMs, next } = gcra(Math.min(dueAt.get(api) ?? startOf(api, rate), latest), now(), rate)
      dueAt.set(api, next)
      // a timer may fire early by a fraction of a millisecond
      for (let goAt = now() + waitMs, left = waitMs; left > 0; left = goAt - now())
        await clock.sleep(left, signal)
    },
    pause(api, until, because) {
      const known = pauses.get(api)
      if (!known || known.until < until || because === 'banned') pauses.set(api, { until, because })
    },
    pauseOf(api) {
      const found = [pauses.get(null), pauses.get(api)].filter(
        (pause) => pause && pause.until > now(),
      ) as Pause[]
      return (
        found.find(({ because }) => because === 'banned') ??
        found.toSorted((a, b) => b.until - a.until)[0] ??
        null
      )
    },
    seed(calls) {
      for (const { api, at } of calls) {
        seeds.set(api, [...(seeds.get(api) ?? []), at.epochMilliseconds])
        dueAt.delete(api)
      }
    },
  }
}
