import { dayZone } from '#domain/window.ts'

/** Where a month's quota is heading. Days are in Asia/Shanghai, where the month is counted. */
export type QuotaForecast =
  | { kind: 'unmetered' }
  | { kind: 'gone'; freeAgainOn: Temporal.PlainDate }
  | { kind: 'early' }
  | { kind: 'enough' | 'tight'; expected: number }
  | { kind: 'short'; lastsUntil: Temporal.PlainDate }

/** Less of the month than this says nothing about the rest of it: a first sync alone would look like a trend. */
const leastHours = 48
/** More of the quota than this expected by the month's end leaves little for what nobody foresees. */
const tightShare = 0.85

/** The month's end at the month's average pace so far. */
export function forecastQuota(use: { used: number; quota: number }, now: Temporal.Instant): QuotaForecast {
  if (!Number.isFinite(use.quota) || use.quota <= 0) return { kind: 'unmetered' }
  const local = now.toZonedDateTimeISO(dayZone)
  const start = local.with({ day: 1 }).startOfDay()
  const end = start.add({ months: 1 })
  if (use.used >= use.quota) return { kind: 'gone', freeAgainOn: end.toPlainDate() }
  const passed = local.epochMilliseconds - start.epochMilliseconds
  if (passed < leastHours * 3_600_000) return { kind: 'early' }
  const expected = Math.round((use.used * (end.epochMilliseconds - start.epochMilliseconds)) / passed)
  if (expected > use.quota) {
    const lastsMs = Math.floor((passed * use.quota) / use.used)
    return { kind: 'short', lastsUntil: start.add({ milliseconds: lastsMs }).toPlainDate() }
  }
  return { kind: expected > use.quota * tightShare ? 'tight' : 'enough', expected }
}
