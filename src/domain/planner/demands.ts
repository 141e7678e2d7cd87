import {
  type At,
  clockMs,
  type DayNumber,
  dayMs,
  dayNumberOf,
  dayOf,
  isRestDay,
  monthOf,
  startOf,
  weekdayOf,
} from './calendar.ts'
import { sweepCalls } from './costs.ts'
import { latenessAt, lookBackMs, settledQuantile } from './lateness.ts'
import type { PlanPolicy } from './policy.ts'
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
export const peakRung = (name: string, isOnRestDay: boolean): string => (isOnRestDay ? `rest:${name}` : name)

/** What the days of a leg have in common, worked out once a wake-up. Milliseconds after midnight unless named otherwise. */
export type DayRules = {
  peaks: { name: string; from: number; by: number; firstDay: DayNumber; endDay: DayNumber }[]
  closing: { from: number; by: number; forcedOn: ReadonlySet<DayNumber>; deepMs: number }
  /** How long before its end a demand's sweep must start. */
  leadMs: number
  policy: PlanPolicy
}

/** The rules of a leg's days around `now`, a month each way. */
export function dayRules(leg: LegState, now: At, policy: PlanPolicy): DayRules {
  const { closing } = policy
  const durationMs =
    sweepCalls({ ...leg, source: { ...leg.source, isMetered: true } }) * policy.msPerCall +
    leg.people * policy.msPerPerson
  const month = monthOf(now)
  const months = [monthOf(startOf(month.first - 1)), month, monthOf(month.end)]
  return {
    peaks: policy.peaks.map((row) => {
      const newer = policy.peaks.filter(
        ({ name, validFrom }) => name === row.name && validFrom > row.validFrom,
      )
      const by = clockMs(row.freshBy)
      return {
        name: row.name,
        from: by - row.toleranceMinutes * 60_000,
        by,
        firstDay: dayNumberOf(row.validFrom),
        endDay: Math.min(...newer.map(({ validFrom }) => dayNumberOf(validFrom))),
      }
    }),
    closing: {
      from: settleMs(leg, policy),
      by: clockMs(closing.by),
      forcedOn: new Set(
        months.flatMap(({ first }) => closing.monthEndRechecks.map((day) => first + day - 1)),
      ),
      deepMs: deepMs(leg),
    },
    leadMs: durationMs * 1.5 + policy.marginMs,
    policy,
  }
}

/** What is to be read of a leg on a day: the closing of the day before, then the peaks. */
export function demandsOn(day: DayNumber, rules: DayRules): Demand[] {
  const { closing, leadMs, policy } = rules
  const midnight = startOf(day)
  const weekday = weekdayOf(day)
  const between = (fromMs: number, byMs: number) => {
    const [from, by] = [midnight + fromMs, midnight + byMs]
    return { day, from, by, startAt: Math.max(from, by - leadMs) }
  }
  return [
    {
      ...between(closing.from, closing.by),
      kind: 'closing' as const,
      rung: 'closing',
      isForced: closing.forcedOn.has(day),
      depthMs: weekday === policy.closing.deepOn ? closing.deepMs : 0,
    },
    ...rules.peaks
      .filter(({ firstDay, endDay }) => firstDay <= day && day < endDay)
      .map(({ name, from, by }) => ({
        ...between(from, by),
        kind: 'peak' as const,
        rung: peakRung(name, isRestDay(day, policy.restDays)),
        isForced: false,
        depthMs: 0,
      })),
  ]
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

/** The demands of a leg that matter at `now`: still open of the last `ahead` days, or coming up within as many. */
export function demandsAround(
  now: At,
  startedAt: At | null,
  leg: LegState,
  { policy, ahead }: { policy: PlanPolicy; ahead: number },
): Demand[] {
  const today = dayOf(now)
  const earliest = startedAt === null ? today - ahead : Math.max(dayOf(startedAt), today - ahead)
  const rules = dayRules(leg, now, policy)
  const found: Demand[] = []
  for (let day = earliest; day <= today + ahead; day++)
    for (const demand of demandsOn(day, rules)) if (isOpen(demand, startedAt, now, policy)) found.push(demand)
  return found
}
