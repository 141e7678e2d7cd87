import { setImmediate } from 'node:timers/promises'
import type { Clock } from '#domain/effects.ts'

/** For tests: time that passes only when the test says so, sleeper by sleeper, everybody having their turn in between. */
export function clockByHand(
  start = '2026-11-02T09:00:00+08:00',
): Clock & { pass(ms: number): Promise<void> } {
  let now = Temporal.Instant.from(start).epochMilliseconds
  const sleepers = new Set<{ at: number; wake: () => void }>()
  const sleep: Clock['sleep'] = (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const stop = () => {
        sleepers.delete(sleeper)
        reject(signal?.reason)
      }
      const wake = () => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }
      const sleeper = { at: now + ms, wake }
      sleepers.add(sleeper)
      signal?.addEventListener('abort', stop, { once: true })
    })
  return {
    now: () => Temporal.Instant.fromEpochMilliseconds(now),
    sleep,
    async pass(ms) {
      const end = now + ms
      for (;;) {
        await setImmediate()
        const next = [...sleepers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
        if (!next) break
        sleepers.delete(next)
        now = Math.max(now, next.at)
        next.wake()
      }
      now = end
    },
  }
}
