import { alarmThresholds as thresholds } from '#domain/alarms/policy.ts'
import type { Clock } from '#domain/effects.ts'
import type { Metrics } from '#http/metrics.ts'

/** Callbacks of this process whose signature was wrong, by connection. */
export type ForgedCallbacks = {
  /** The figures with every callback also counted here. */
  counting(metrics: Metrics): Metrics
  /** In the last `alarmThresholds.forgedMinutes`; zero for each that was ever counted and is quiet now. */
  counts(): Record<string, number>
}

/** Counts per minute, so that a flood takes no more room than a trickle. */
export function countForgedCallbacks(clock: Clock): ForgedCallbacks {
  const minutes = new Map<string, Map<number, number>>()
  const minuteNow = () => Math.floor(clock.now().epochMilliseconds / 60_000)
  const forget = (of: Map<number, number>) => {
    for (const minute of of.keys()) if (minute <= minuteNow() - thresholds.forgedMinutes) of.delete(minute)
  }
  return {
    counting: (metrics) => ({
      ...metrics,
      recordCallback(connection, outcome) {
        metrics.recordCallback(connection, outcome)
        if (outcome !== 'bad-signature' || connection === '') return
        const of = minutes.get(connection) ?? new Map<number, number>()
        minutes.set(connection, of)
        forget(of)
        of.set(minuteNow(), (of.get(minuteNow()) ?? 0) + 1)
      },
    }),
    counts: () =>
      Object.fromEntries(
        [...minutes].map(([connection, of]) => {
          forget(of)
          return [connection, [...of.values()].reduce((sum, count) => sum + count, 0)]
        }),
      ),
  }
}
