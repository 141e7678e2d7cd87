import { type At, clockMs, type DayNumber, dateOf, dayMs, dayOf, startOf, weekdayOf } from './calendar.ts'
import { sweepCalls } from './costs.ts'
import { latenessAt, lookBackMs, settledQuantile } from './lateness.ts'
import { type PlanPolicy, peaksOn } from './policy.ts'
import type { LegState } from './types.ts'

/**
 * That everybody of a leg is read at some moment in [from, by]. It is answered by any sweep that starts in time, and
 * after `by` by the next one: late is better than never, except for a peak that nobody waits for any more.
 */
export type Demand = {
  kind: 'closing' | 'peak'
  /** The step of the ladder it stands on (plan-month.ts). */
  rung: string
  day: DayNumber
  from: At
  by: At
  /** The latest good moment to start: whatever else falls due before it is answered by the same sweep. */
  startAt: At
  /** A closing that is kept however short the calls are. */
  isForced: boolean
  /** A closing that looks back this far instead of one call's days; 0 when one call's days are enough. */
  depthMs: number
}

/** The name of a peak's rung; those on rest days stand below all others. */
export const peakRung = (name: string, isRestDay: boolean): string => (isRestDay ? `rest:${name}` : name)

/** What is to be read of a leg on a day, earliest first: the closing of the day before, then the peaks. */
export function demandsOn(day: DayNumber, leg: LegState, policy: PlanPolicy): Demand[] {
  const date = dateOf(day)
  const isRestDay = policy.restDays.includes(weekdayOf(day))
  const durationMs =
    sweepCalls({ ...leg, source: { ...leg.source, isMetered: true } }) * policy.msPerCall +
    leg.people * policy.msPerPerson
  const startBy = (from: At, by: At) => Math.max(from, by - durationMs * 1.5 - policy.marginMs)
  const peaks = peaksOn(policy, date.toString()).map((row): Demand => {
    const by = startOf(day) + clockMs(row.freshBy)
    const from = by - row.toleranceMinutes * 60_000
    const rung = peakRung(row.name, isRestDay)
    return { kind: 'peak', rung, day, from, by, startAt: startBy(from, by), isForced: false, depthMs: 0 }
  })
  const { closing } = policy
  const by = startOf(day) + clockMs(closing.by)
  const from = startOf(day) + settleMs(leg, policy)
  const isDeep = weekdayOf(day) === closing.deepOn
  return [
    {
      kind: 'closing' as const,
      rung: 'closing',
      day,
      from,
      by,
      startAt: startBy(from, by),
      isForced: closing.monthEndRechecks.includes(date.day),
      depthMs: isDeep ? deepMs(leg) : 0,
    },
    ...peaks,
  ].toSorted((a, b) => a.from - b.from)
}

/** Whether a sweep that started at `startedAt` (null: none did) left the demand open, and somebody still waits for it. */
export function isOpen(
  demand: Demand,
  startedAt: At | null,
  now: At,
  policy: Pick<PlanPolicy, 'peakStaleMs'>,
): boolean {
  if (startedAt !== null && startedAt >= demand.from) return false
  return demand.kind === 'closing' || now <= demand.by + policy.peakStaleMs
}

function settleMs(leg: LegState, { closing }: PlanPolicy): number {
  const settled = latenessAt(leg.lateness, settledQuantile)
  return Math.min(closing.settleAtMostMs, Math.max(closing.settleAtLeastMs, settled))
}

/** Uploads that a daily closing with one call's days would never see: they need more calls once a week. */
function deepMs(leg: LegState): number {
  const lateMs = lookBackMs(leg.lateness)
  return lateMs <= (leg.source.readDays - 1) * dayMs ? 0 : lateMs + dayMs
}

/** The demands of a leg that matter at `now`: still open, or coming up within `ahead` days. */
export function demandsAround(
  now: At,
  startedAt: At | null,
  leg: LegState,
  { policy, ahead }: { policy: PlanPolicy; ahead: number },
): Demand[] {
  const today = dayOf(now)
  const earliest = startedAt === null ? today - ahead : Math.max(dayOf(startedAt), today - ahead)
  const found: Demand[] = []
  for (let day = earliest; day <= today + ahead; day++)
    for (const demand of demandsOn(day, leg, policy))
      if (isOpen(demand, startedAt, now, policy)) found.push(demand)
  return found
}
