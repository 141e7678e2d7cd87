import { arrangedDays } from '#domain/day-kinds.ts'

/**
 * Days of Asia/Shanghai as whole numbers, instants as epoch milliseconds: a month is planned at every wake-up, and the
 * zone has had no daylight saving since 1991 and one offset, so plain arithmetic is exact.
 */
const offsetMs = 8 * 3_600_000
export const dayMs = 86_400_000

/** Days since 1970-01-01 in Asia/Shanghai. */
export type DayNumber = number
/** Milliseconds since the epoch. */
export type At = number

export const dayOf = (at: At): DayNumber => Math.floor((at + offsetMs) / dayMs)
export const startOf = (day: DayNumber): At => day * dayMs - offsetMs

/** 1 = Monday … 7 = Sunday; 1970-01-01 was a Thursday. */
export const weekdayOf = (day: DayNumber): number => ((((day + 3) % 7) + 7) % 7) + 1

export const dateOf = (day: DayNumber): Temporal.PlainDate =>
  new Temporal.PlainDate(1970, 1, 1).add({ days: day })
/** `YYYY-MM-DD`. */
export const dayNumberOf = (date: string): DayNumber => new Temporal.PlainDate(1970, 1, 1).until(date).days

const arranged: ReadonlyMap<DayNumber, boolean> = new Map(
  [...arrangedDays].map(([date, kind]) => [dayNumberOf(date), kind !== 'workday']),
)

/** Whether few come on a day: as the State Council arranged it, else by its weekday. */
export const isRestDay = (day: DayNumber, restDays: readonly number[]): boolean =>
  arranged.get(day) ?? restDays.includes(weekdayOf(day))

/** The month around an instant: its first day, the first day of the next, and the next one's first instant. */
export function monthOf(at: At): { first: DayNumber; next: DayNumber; end: At } {
  const today = dateOf(dayOf(at))
  const first = dayOf(at) - today.day + 1
  const next = first + today.daysInMonth
  return { first, next, end: startOf(next) }
}

/** `HH:MM` as milliseconds after midnight. */
export function clockMs(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return (hours * 60 + minutes) * 60_000
}

export const instantOf = (at: At): Temporal.Instant => Temporal.Instant.fromEpochMilliseconds(at)
