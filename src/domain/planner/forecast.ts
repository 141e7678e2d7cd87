import { dayZone } from '#domain/window.ts'
import { type DayNumber, dayOf, isRestDay, monthOf, startOf, weekdayOf } from './calendar.ts'
import { defaultPolicy } from './policy.ts'

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
/** A weekday is believed to differ from others of its kind as far as so many weeks of it say so. */
const weekdayTrust = 2
/** A day of more than so many times the usual was a backlog or a repair, and will not come again. */
const oddTimes = 2
/** Days that add up to the month's use but for this share are believed. */
const unloggedShare = 0.05

export type QuotaSpent = {
  used: number
  quota: number
  /** Metered calls of the month's days so far, the 1st first, today last and unfinished. Absent, or short of `used`: the average pace. */
  daily?: readonly number[]
}

/** What the month is heading for. */
export function forecastQuota(spent: QuotaSpent, now: Temporal.Instant): QuotaForecast {
  const { used, quota } = spent
  if (!Number.isFinite(quota) || quota <= 0) return { kind: 'unmetered' }
  const month = monthOf(now.epochMilliseconds)
  if (used >= quota) return { kind: 'gone', freeAgainOn: dateAt(month.end) }
  const passedMs = now.epochMilliseconds - startOf(month.first)
  if (passedMs < leastHours * 3_600_000) return { kind: 'early' }
  const outlook = callsByDay(spent, now)
  let sum = used
  for (const [day, calls] of outlook) {
    sum += calls
    // Whole calls are made: half a call too many is none.
    if (Math.round(sum) > quota) return { kind: 'short', lastsUntil: dateAt(startOf(day)) }
  }
  const expected = Math.round(sum)
  return { kind: expected > quota * tightShare ? 'tight' : 'enough', expected }
}

/** Metered calls by the month's end, as its days so far let expect. */
export const expectedByDays = (spent: QuotaSpent, now: Temporal.Instant): number =>
  Math.round([...callsByDay(spent, now).values()].reduce((sum, calls) => sum + calls, spent.used))

/** The calls still to be expected today and on each day after it, until the month ends. */
function callsByDay({ used, daily }: QuotaSpent, now: Temporal.Instant): Map<DayNumber, number> {
  const { first, next, end } = monthOf(now.epochMilliseconds)
  const today = dayOf(now.epochMilliseconds)
  const outlook = new Map<DayNumber, number>()
  if (!daily || daily.length < 2 || !tellsAll(daily, used)) {
    const perMs = used / Math.max(1, now.epochMilliseconds - startOf(first))
    for (let day = today; day < next; day++) {
      const from = Math.max(now.epochMilliseconds, startOf(day))
      outlook.set(day, (Math.min(end, startOf(day + 1)) - from) * perMs)
    }
    return outlook
  }
  const usual = usualCalls(daily.slice(0, today - first), first)
  for (let day = today; day < next; day++)
    outlook.set(day, Math.max(0, usual(day) - (day === today ? (daily[today - first] ?? 0) : 0)))
  return outlook
}

/** A log that was cut, or calls that others made, leave days that say too little. */
const tellsAll = (daily: readonly number[], used: number): boolean =>
  Math.abs(daily.reduce((sum, calls) => sum + calls, 0) - used) <= used * unloggedShare

/** What a day usually takes: the mean of its kind, working or rest, drawn towards its own weekday as that is known. */
function usualCalls(past: readonly number[], first: DayNumber): (day: DayNumber) => number {
  const known = past.map((calls, i) => ({
    calls,
    weekday: weekdayOf(first + i),
    isRest: isRest(first + i),
  }))
  const kinds = new Map<boolean, typeof known>()
  for (const isRest of [true, false]) {
    const own = known.filter((day) => day.isRest === isRest)
    // With no rest day seen yet, a working day is the careful guess, and the other way round.
    kinds.set(isRest, withoutOdd(own.length > 0 ? own : known))
  }
  return (day) => {
    const kind = kinds.get(isRest(day))!
    const mean = meanOf(kind)
    const same = kind.filter(({ weekday }) => weekday === weekdayOf(day))
    return (mean * weekdayTrust + meanOf(same) * same.length) / (weekdayTrust + same.length)
  }
}

function withoutOdd<D extends { calls: number }>(days: D[]): D[] {
  const middle =
    days.map(({ calls }) => calls).toSorted((a, b) => a - b)[Math.floor((days.length - 1) / 2)] ?? 0
  return days.filter(({ calls }) => calls <= middle * oddTimes)
}

const meanOf = (days: readonly { calls: number }[]): number =>
  days.length === 0 ? 0 : days.reduce((sum, { calls }) => sum + calls, 0) / days.length

const isRest = (day: DayNumber): boolean => isRestDay(day, defaultPolicy.restDays)

const dateAt = (at: number): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(dayZone).toPlainDate()
