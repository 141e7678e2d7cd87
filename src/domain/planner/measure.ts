import { type At, type DayNumber, dayOf, startOf } from './calendar.ts'
import { dayRules, demandsOn } from './demands.ts'
import { type DemandGroup, leastCallsFor } from './lower-bound.ts'
import { defaultPolicy, type PlanPolicy } from './policy.ts'
import type { LegState } from './types.ts'

/** From `first` to the day before `next`. */
export type Days = { first: DayNumber; next: DayNumber }

/**
 * The fewest metered calls with which anybody could close these days and meet their peaks for everybody on these legs,
 * even knowing the future: what the planner is measured against. Polls are not in it, they are nobody's demand.
 */
export function leastCallsOfDays(legs: readonly LegState[], days: Days, policy = defaultPolicy): number {
  const metered = legs.filter(({ source }) => source.isMetered)
  const capacity = Math.max(1, ...metered.map(({ source }) => source.readPeople))
  return leastCallsFor(
    metered.map((leg) => demandGroup(leg, days, policy)),
    capacity,
  )
}

/** What is demanded for the people of one leg on these days. */
export function demandGroup(leg: LegState, { first, next }: Days, policy: PlanPolicy): DemandGroup {
  const rules = dayRules(leg, startOf(first), policy)
  const days = Array.from({ length: Math.max(0, next - first) }, (_, i) => first + i)
  return { people: leg.people, intervals: days.flatMap((day) => demandsOn(day, rules)) }
}

/**
 * The same for what fell due between two instants: what a month, or the part of it in which anybody called, has needed so
 * far. Nothing is demanded before a route's first instant.
 */
export function leastCallsBetween(
  legs: readonly LegState[],
  { from, to }: { from: At; to: At },
  policy = defaultPolicy,
): number {
  const metered = legs.filter(({ source }) => source.isMetered)
  const capacity = Math.max(1, ...metered.map(({ source }) => source.readPeople))
  const days = { first: dayOf(from), next: dayOf(to) + 1 }
  const groups = metered.map((leg) => {
    const { people, intervals } = demandGroup(leg, days, policy)
    const first = Math.max(from, leg.since.epochMilliseconds)
    return { people, intervals: intervals.filter((one) => one.from >= first && one.by <= to) }
  })
  return leastCallsFor(groups, capacity)
}
