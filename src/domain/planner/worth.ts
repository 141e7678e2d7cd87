import { type At, clockMs, dayMs, dayOf, isRestDay, startOf } from './calendar.ts'
import type { PlanPolicy } from './policy.ts'

type Hours = Pick<PlanPolicy, 'restDays' | 'poll'>
type Stretch = { until: At; weight: number }

/** Nothing is planned further ahead than the month and the one after. */
const mostDays = 64

/**
 * What the time between two instants is worth for freshness, milliseconds of working time: an hour at night or on a rest
 * day counts a part of one. Spare calls are spread evenly over worth, not over the clock.
 */
export function worthBetween(from: At, to: At, policy: Hours): number {
  let worth = 0
  let at = from
  for (const { until, weight } of stretches(from, policy)) {
    if (at >= to) break
    worth += (Math.min(until, to) - at) * weight
    at = until
  }
  return worth
}

/** The instant by which this much worth has passed since `from`; Infinity when that is beyond any plan. */
export function afterWorth(from: At, worth: number, policy: Hours): At {
  if (worth <= 0) return from
  let left = worth
  let at = from
  for (const { until, weight } of stretches(from, policy)) {
    const here = (until - at) * weight
    if (here >= left) return at + left / weight
    left -= here
    at = until
  }
  return Number.POSITIVE_INFINITY
}

function* stretches(from: At, { restDays, poll }: Hours): Generator<Stretch> {
  const [opens, closes] = [clockMs(poll.workingDay.from), clockMs(poll.workingDay.until)]
  const first = dayOf(from)
  for (let day = first; day < first + mostDays; day++) {
    const start = startOf(day)
    const inside = isRestDay(day, restDays) ? poll.offHoursWeight : 1
    for (const [end, weight] of [
      [start + opens, poll.offHoursWeight],
      [start + closes, inside],
      [start + dayMs, poll.offHoursWeight],
    ] as const)
      if (end > from) yield { until: end, weight }
  }
}
