import { type At, type DayNumber, dayMs, dayOf, isRestDay, monthOf, startOf } from './calendar.ts'
import { deliveryCalls, lookCalls, sweepCalls } from './costs.ts'
import { type Demand, dayRules, demandsOn, isOpen, peakRung } from './demands.ts'
import type { PlanPolicy } from './policy.ts'
import type { LaneState, LegState } from './types.ts'
import { worthBetween } from './worth.ts'

/** One kind of work of the rest of the month, in metered calls. */
export type Rung = {
  /** `closing`, `late`, `writes`, a peak's name, or `rest:` and a peak's name. */
  name: string
  calls: number
  /** How much of it is kept, 0 to 1. */
  share: number
}

/** What the calls that are left are for, until the month ends. Instants are epoch milliseconds. */
export type MonthPlan = {
  end: At
  /** Calls left of the quota; Infinity where nothing is metered. */
  free: number
  /** Of them, kept for the look that settles what was sent: nothing else takes these. */
  looks: number
  /** Of them, kept for repair by hand. */
  reserve: number
  /** Most important first: the order in which the calls are dealt out. */
  ladder: Rung[]
  /** Left after the reserve and the whole ladder: for polls and for what events name. */
  spare: number
  /** Every sweep that the ladder keeps and that is yet to come, over all metered legs. */
  sweeps: number
  /** What the rest of the month is worth (worth.ts). */
  worth: number
}

/** Deals out what is left of the month's quota: the ladder from the top, each rung wholly or as far as the calls go. */
export function planMonth(state: LaneState, policy: PlanPolicy): MonthPlan {
  const now = state.now.epochMilliseconds
  const { end, next } = monthOf(now)
  const { limit, used, usedByHand = 0 } = state.quota
  const free = limit === null ? Number.POSITIVE_INFINITY : Math.max(0, limit - used)
  const reserve = limit === null ? 0 : Math.max(0, Math.floor(limit * policy.reserveShare) - usedByHand)
  const { calls, sweeps } = wantedCalls(state, { policy, now, next })
  const looks = Math.min(free, looksAtAll(state))
  let left = free - looks
  const ladder = rungNames(policy).map((name): Rung => {
    // The record of every day comes first and may use the reserve; nothing after it may.
    const dealt = name === 'closing' ? left : Math.max(0, left - reserve)
    const wanted = calls.get(name) ?? 0
    const share = wanted <= dealt ? 1 : dealt / wanted
    left -= wanted * share
    return { name, calls: wanted, share }
  })
  const worth = worthBetween(now, end, policy)
  return { end, free, looks, reserve, ladder, spare: Math.max(0, left - reserve), sweeps, worth }
}

/** One look at everything that is in flight, ways that are closed included. */
const looksAtAll = ({ legs, closed = [] }: LaneState): number =>
  [...legs, ...closed].reduce((sum, leg) => sum + lookCalls(leg, leg.inFlight.count), 0)

/** The rungs from the most important to the first to go; polls, below all of them, live on what is spare. */
export function rungNames(policy: PlanPolicy): string[] {
  const peaks = [...new Set(policy.peaks.map((row) => row.name))]
  const ordinary = peaks.map((name) => peakRung(name, false))
  const onRestDays = peaks.map((name) => peakRung(name, true))
  return ['closing', 'late', 'writes', ...ordinary, ...onRestDays]
}

/**
 * Whether a rung that is kept in part is kept on this day. The fractional parts of day × golden ratio fill [0, 1) evenly,
 * so the kept days are spread, do not depend on when one asks, and only grow with the share.
 */
export const isKeptOn = (day: DayNumber, share: number): boolean =>
  share >= 1 || (share > 0 && (day * goldenRatio) % 1 < share)

const goldenRatio = (Math.sqrt(5) - 1) / 2

export const rungOf = (plan: MonthPlan, name: string): Rung =>
  plan.ladder.find((rung) => rung.name === name) ?? { name, calls: 0, share: 0 }

/** Whether the plan keeps this demand; `startedAt` is the leg's last sweep. */
export function isKept(demand: Demand, plan: MonthPlan, startedAt: At | null, policy: PlanPolicy): boolean {
  if (isKeptOn(demand.day, rungOf(plan, demand.rung).share)) return true
  if (demand.kind === 'peak') return false
  const gap = startedAt === null ? Number.POSITIVE_INFINITY : demand.day - dayOf(startedAt)
  return demand.isForced || gap >= policy.closing.longestGapDays
}

/** Metered calls that work of less weight than a closing sweep may take: not the reserve, not what closings need. */
export function callsBelowClosing(plan: MonthPlan): number {
  const closing = rungOf(plan, 'closing')
  return Math.max(0, plan.free - plan.looks - plan.reserve - closing.calls * closing.share)
}

/** Metered calls that deliveries may take: the reserve too, but not what closings need. */
export function callsForWriting(plan: MonthPlan): number {
  const closing = rungOf(plan, 'closing')
  return Math.max(0, Math.floor(plan.free - plan.looks - closing.calls * closing.share))
}

/**
 * Metered calls this month will have taken when it goes on as planned: the ladder, the look at what is in flight, wished-for
 * polls as far as calls are spare, and repair by hand at the pace so far.
 */
export function expectedCalls(state: LaneState, policy: PlanPolicy): number {
  const plan = planMonth(state, policy)
  const { limit, used, usedByHand = 0 } = state.quota
  const planned = plan.ladder.reduce((sum, rung) => sum + rung.calls * rung.share, 0)
  const now = state.now.epochMilliseconds
  const passed = worthBetween(startOf(monthOf(now).first), now, policy)
  const byHand = passed > 0 ? (usedByHand * plan.worth) / passed : 0
  const extra = Math.min(plan.spare, wishedPolls(state, plan, policy))
  return Math.min(limit ?? Number.POSITIVE_INFINITY, Math.round(used + plan.looks + planned + extra + byHand))
}

/** What polling as often as wished takes beyond the ladder; without a wish, all that is spare. */
function wishedPolls(state: LaneState, plan: MonthPlan, policy: PlanPolicy): number {
  const restMs = plan.end - state.now.epochMilliseconds
  return running(state)
    .filter(({ source }) => source.isMetered)
    .reduce((sum, leg) => {
      const everyMs = Math.max(policy.poll.leastMs, leg.pollEveryMs ?? 0)
      return sum + Math.max(0, restMs / everyMs - plan.sweeps) * sweepCalls(leg)
    }, 0)
}

const running = (state: LaneState): LegState[] => state.legs.filter((leg) => !leg.isPaused)

function wantedCalls(
  state: LaneState,
  { policy, now, next }: { policy: PlanPolicy; now: At; next: DayNumber },
): { calls: Map<string, number>; sweeps: number } {
  const calls = new Map<string, number>()
  let sweeps = 0
  const add = (name: string, count: number) => calls.set(name, (calls.get(name) ?? 0) + count)
  for (const leg of running(state)) {
    const startedAt = startedAtOf(leg, now, policy)
    const rules = dayRules(leg, now, policy)
    for (let day = dayOf(now); day < next; day++) {
      if (!isRestDay(day, policy.restDays))
        add('writes', deliveryCalls(leg, leg.target.isMetered ? (leg.writesPerDay ?? 0) : 0))
      if (!leg.source.isMetered) continue
      for (const demand of demandsOn(day, rules)) {
        if (!isOpen(demand, startedAt, now, policy)) continue
        sweeps++
        add(demand.rung, sweepCalls(leg))
        if (demand.depthMs > 0)
          add('late', sweepCalls(leg, Math.ceil(demand.depthMs / (leg.source.readDays * dayMs)) - 1))
      }
    }
  }
  return { calls, sweeps }
}

/**
 * When the last sweep began, as far as that can be believed: a little ahead of now is now, further ahead was a wrong
 * clock and counts for nothing.
 */
export function startedAtOf(
  { lastSweep }: Pick<LegState, 'lastSweep'>,
  now: At,
  { clockToleranceMs }: Pick<PlanPolicy, 'clockToleranceMs'>,
): At | null {
  if (!lastSweep) return null
  const at = lastSweep.startedAt.epochMilliseconds
  return at > now + clockToleranceMs ? null : Math.min(at, now)
}
