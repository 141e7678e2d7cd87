import type { Clock } from '#domain/effects.ts'

/** Time that passes only when somebody sleeps: the earliest sleeper wakes as soon as everyone else has had their turn. */
export interface VirtualClock extends Clock {
  advance(ms: number): void
}

/** Starts at `start`. Deterministic as long as the work between sleeps is. */
export function createVirtualClock(start: Temporal.Instant): VirtualClock {
  let nowMs = start.epochMilliseconds
  const sleepers: { at: number; wake: () => void }[] = []
  const tick = () => {
    sleepers.sort((a, b) => a.at - b.at)
    const next = sleepers.shift()
    if (!next) return
    nowMs = Math.max(nowMs, next.at)
    next.wake()
    if (sleepers.length > 0) setImmediate(tick)
  }
  return {
    now: () => Temporal.Instant.fromEpochMilliseconds(nowMs),
    advance(ms) {
      nowMs += ms
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        sleepers.push({ at: nowMs + ms, wake: () => (signal?.aborted ? reject(signal.reason) : resolve()) })
        if (sleepers.length === 1) setImmediate(tick)
      }),
  }
}
