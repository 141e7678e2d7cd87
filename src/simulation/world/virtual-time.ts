import type { Clock } from '#domain/effects.ts'

/**
 * Time that stands still while anything is under way outside: it moves to the earliest sleeper only when nobody waits
 * for a database. So the same seed meets the same instants, however fast the machine is.
 */
export interface VirtualTime extends Clock {
  /** Moves to an instant ahead; whoever should have woken before wakes first. Never moves back. */
  advanceTo(instant: Temporal.Instant): void
  /** Something outside is under way until this is done. */
  during<T>(work: () => Promise<T>): Promise<T>
}

type Sleeper = { at: number; order: number; wake: () => void }

/** Starts at `start`. */
export function createVirtualTime(start: Temporal.Instant): VirtualTime {
  let nowMs = start.epochMilliseconds
  let underWay = 0
  let orders = 0
  let isLooking = false
  const sleepers: Sleeper[] = []
  const look = () => {
    if (isLooking) return
    isLooking = true
    setImmediate(() => {
      isLooking = false
      if (underWay > 0 || sleepers.length === 0) return
      sleepers.sort((a, b) => a.at - b.at || a.order - b.order)
      const next = sleepers.shift()!
      nowMs = Math.max(nowMs, next.at)
      next.wake()
      look()
    })
  }
  return {
    now: () => Temporal.Instant.fromEpochMilliseconds(nowMs),
    advanceTo(instant) {
      nowMs = Math.max(nowMs, instant.epochMilliseconds)
    },
    async during(work) {
      underWay++
      try {
        return await work()
      } finally {
        underWay--
        look()
      }
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const wake = () => (signal?.aborted ? reject(signal.reason) : resolve())
        sleepers.push({ at: nowMs + ms, order: orders++, wake })
        look()
      }),
  }
}
