import { dayZone } from './window.ts'

/**
 * How long until the quiet hours around `now` end, milliseconds; 0 outside of them. `HH:MM-HH:MM` in Asia/Shanghai, the
 * end not included; one that ends before it begins passes midnight.
 */
export function quietForMs(quietHours: readonly string[], now: Temporal.Instant): number {
  const time = now.toZonedDateTimeISO(dayZone).toPlainTime()
  const waits = quietHours.map((text) => {
    const [from, to] = text.split('-').map((part) => Temporal.PlainTime.from(part)) as [
      Temporal.PlainTime,
      Temporal.PlainTime,
    ]
    const passesMidnight = Temporal.PlainTime.compare(to, from) <= 0
    const isAfterFrom = Temporal.PlainTime.compare(time, from) >= 0
    const isBeforeTo = Temporal.PlainTime.compare(time, to) < 0
    const isQuiet = passesMidnight ? isAfterFrom || isBeforeTo : isAfterFrom && isBeforeTo
    if (!isQuiet) return 0
    const left = time.until(to).total('milliseconds')
    return left > 0 ? left : left + 86_400_000
  })
  return Math.max(0, ...waits)
}

/** When quiet hours last ended, at or before `now`; null where there are none. */
export function quietUntil(quietHours: readonly string[], now: Temporal.Instant): Temporal.Instant | null {
  const local = now.toZonedDateTimeISO(dayZone)
  const ends = quietHours.map((text) => {
    const end = local.withPlainTime(Temporal.PlainTime.from(text.split('-')[1]!)).toInstant()
    return Temporal.Instant.compare(end, now) <= 0 ? end : end.subtract({ hours: 24 })
  })
  return ends.toSorted(Temporal.Instant.compare).at(-1) ?? null
}
