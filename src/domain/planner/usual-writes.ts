import { dayNumberOf, dayOf, isRestDay } from './calendar.ts'
import type { PlanPolicy } from './policy.ts'

/** Records sent on a day (`YYYY-MM-DD`, Asia/Shanghai). */
export type WrittenDay = { day: string; records: number }

/** How far back days tell what is usual. */
export const usualDays = 14
/** A day of more than so many times the usual carried a backlog, and counts as a usual one. */
const oddTimes = 2

/**
 * Deliveries to expect on a working day: the mean of the working days since the first that is known, today left out
 * because it is not over. 0 while no working day has passed.
 */
export function usualWrites(
  days: readonly WrittenDay[],
  now: Temporal.Instant,
  { restDays }: Pick<PlanPolicy, 'restDays'>,
): number {
  const today = dayOf(now.epochMilliseconds)
  const known = new Map(days.map(({ day, records }) => [dayNumberOf(day), records]))
  const first = Math.max(today - usualDays, Math.min(...known.keys()))
  const working: number[] = []
  for (let day = first; day < today; day++) if (!isRestDay(day, restDays)) working.push(known.get(day) ?? 0)
  if (working.length === 0) return 0
  const middle = working.toSorted((a, b) => a - b)[Math.floor(working.length / 2)]!
  const most = Math.max(1, middle * oddTimes)
  return Math.round(working.reduce((sum, records) => sum + Math.min(records, most), 0) / working.length)
}
