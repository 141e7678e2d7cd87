import { wecomMonthEnd } from '#platforms/wecom/limits.ts'

/** One question to `getcheckindata`, Unix seconds, both ends inclusive. */
export type ReadWindow = { starttime: number; endtime: number }

const { startHour, overnightHours } = wecomMonthEnd

/**
 * The windows in which punches at [from, to] are asked for, one after the other and at most `days` long. One is enough
 * but in one case: a window that begins in the first hours of a month misses last month's night shift (its punches after
 * midnight come only where the window began before it), so it begins on the day before; when it is too long then, the
 * first hours are asked for apart.
 */
export function windowsOf(from: Temporal.Instant, to: Temporal.Instant, days: number): ReadWindow[] {
  const [starttime, endtime] = [secondOf(from), secondOf(to)]
  const local = from.toZonedDateTimeISO('Asia/Shanghai')
  if (!mayBeHidden(from)) return [{ starttime, endtime }]
  const midnight = local.startOfDay()
  const earlier = secondOf(midnight.subtract({ days: 1 }).add({ hours: startHour }).toInstant())
  if (endtime - earlier <= days * 86_400) return [{ starttime: earlier, endtime }]
  const noon = secondOf(midnight.add({ hours: overnightHours }).toInstant())
  return [
    { starttime: earlier, endtime: noon },
    { starttime: noon + 1, endtime },
  ]
}

/** In the first hours of a month: a night shift's punch may show in no window at all. */
export function mayBeHidden(at: Temporal.Instant): boolean {
  const local = at.toZonedDateTimeISO('Asia/Shanghai')
  return local.day === 1 && local.hour < overnightHours
}

const secondOf = (at: Temporal.Instant): number => Math.floor(at.epochMilliseconds / 1000)
