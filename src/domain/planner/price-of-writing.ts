import { dateOf, dayOf, isRestDay, monthOf, startOf } from './calendar.ts'
import { deliveryCalls } from './costs.ts'
import { planMonth, rungOf } from './plan-month.ts'
import { defaultPolicy, type PlanPolicy } from './policy.ts'
import type { LaneState, LegState } from './types.ts'

/** What an edition would grant the organisation a month, as the dated rows of its platform have it. */
export type EditionOffer = {
  /** As in setup.yaml: the base and its packs. */
  edition: readonly string[]
  meteredCalls: number
  /** Yuan in fen a year, on top of what is there; null where nobody published a price. */
  yearlyFen: number | null
}

export type WritingAsk = {
  /** The organisation as it stands, with or without the leg in question. */
  state: LaneState
  /** The leg that would write where writing is metered. */
  leg: LegState
  /** Deliveries to expect of everybody in scope together. */
  punchesPerWorkingDay: number
  punchesPerRestDay: number
  offers: readonly EditionOffer[]
}

/** Whether a leg whose writing is metered can be afforded for the rest of this month, and in a whole month. */
export type PriceOfWriting =
  | { kind: 'unmetered' }
  | ({ kind: 'affordable' } & Bill)
  /** Some of the month's deliveries would not be made. `lastsUntil`: the day on which the calls would be gone. */
  | ({ kind: 'tooDear'; lastsUntil: Temporal.PlainDate; choices: Choice[] } & Bill)

/** Metered calls. */
type Bill = {
  /** For writing from now to the month's end, looking before and after included. */
  calls: number
  /** For writing in a whole month. */
  callsPerMonth: number
  /** Left for writing, after the closing sweeps. */
  left: number
}

/** What can be done about it, in the order in which it should be offered. */
export type Choice =
  /** A whole month can be carried, only what is left of this one cannot. */
  | { kind: 'nextMonth'; from: Temporal.PlainDate }
  /** The cheapest edition that carries a whole month. */
  | { kind: 'raiseEdition'; offer: EditionOffer }
  /** So many of the people in scope can be carried, this month and in a whole one. */
  | { kind: 'narrowScope'; people: number }
  /** Punches keep travelling the other way, which costs no call a punch. */
  | { kind: 'oneWay' }

/** Weighs a leg's writing against the quota. Nothing is refused here: the result is for people to decide by. */
export function priceOfWriting(ask: WritingAsk, policy: PlanPolicy = defaultPolicy): PriceOfWriting {
  const { state, leg } = ask
  if (!leg.target.isMetered || state.quota.limit === null) return { kind: 'unmetered' }
  const left = leftForWriting(state, leg, policy)
  const perMonth = leftForWriting(wholeMonth(state, state.quota.limit), leg, policy)
  const { rest, whole } = callsOf(ask, leg.people, policy)
  const bill: Bill = { calls: sum(rest), callsPerMonth: sum(whole), left }
  if (bill.calls <= left && bill.callsPerMonth <= perMonth) return { kind: 'affordable', ...bill }
  const now = state.now.epochMilliseconds
  const lastsUntil =
    bill.calls > left ? lastDay(rest, left, dayOf(now)) : lastDay(whole, perMonth, monthOf(now).first)
  return { kind: 'tooDear', ...bill, lastsUntil, choices: choicesOf(ask, { bill, perMonth }, policy) }
}

/** Closings come first and the reserve stays; peaks and polls give way to deliveries. */
function leftForWriting(state: LaneState, leg: LegState, policy: PlanPolicy): number {
  const others = state.legs.filter((one) => one.route !== leg.route || one.leg.source !== leg.leg.source)
  const plan = planMonth({ ...state, legs: others }, policy)
  const above = ['closing', 'late'].reduce((calls, name) => calls + rungOf(plan, name).calls, 0)
  return Math.max(0, Math.floor(plan.free - plan.reserve - above))
}

const wholeMonth = (state: LaneState, limit: number): LaneState => {
  const { first } = monthOf(state.now.epochMilliseconds)
  return { ...state, now: Temporal.Instant.fromEpochMilliseconds(startOf(first)), quota: { limit, used: 0 } }
}

/** Metered calls of each day when so many of the people are in scope: of the days that are left, and of all. */
function callsOf(
  { state, leg, punchesPerWorkingDay, punchesPerRestDay }: WritingAsk,
  people: number,
  policy: PlanPolicy,
): { rest: number[]; whole: number[] } {
  const now = state.now.epochMilliseconds
  const { first, next } = monthOf(now)
  const share = leg.people === 0 ? 0 : people / leg.people
  const onDay = (day: number) => (isRestDay(day, policy.restDays) ? punchesPerRestDay : punchesPerWorkingDay)
  const whole = Array.from({ length: next - first }, (_, i) =>
    deliveryCalls(leg, Math.ceil(onDay(first + i) * share)),
  )
  return { rest: whole.slice(dayOf(now) - first), whole }
}

const sum = (days: readonly number[]): number => days.reduce((total, calls) => total + calls, 0)

function lastDay(days: readonly number[], left: number, from: number): Temporal.PlainDate {
  let spent = 0
  const over = days.findIndex((calls) => {
    spent += calls
    return spent > left
  })
  const day = from + (over < 0 ? days.length - 1 : over)
  return dateOf(day)
}

function choicesOf(
  ask: WritingAsk,
  { bill, perMonth }: { bill: Bill; perMonth: number },
  policy: PlanPolicy,
): Choice[] {
  const { state, leg, offers } = ask
  const dear = ({ yearlyFen }: EditionOffer) => yearlyFen ?? Number.MAX_SAFE_INTEGER
  const carrying = offers
    .filter(
      ({ meteredCalls }) =>
        leftForWriting(wholeMonth(state, meteredCalls), leg, policy) >= bill.callsPerMonth,
    )
    .toSorted((a, b) => dear(a) - dear(b) || a.meteredCalls - b.meteredCalls)
  const { next } = monthOf(state.now.epochMilliseconds)
  const people = mostPeople(leg.people, (count) => {
    const { rest, whole } = callsOf(ask, count, policy)
    return sum(rest) <= bill.left && sum(whole) <= perMonth
  })
  return [
    ...(bill.callsPerMonth <= perMonth ? [{ kind: 'nextMonth' as const, from: dateOf(next) }] : []),
    ...(carrying[0] ? [{ kind: 'raiseEdition' as const, offer: carrying[0] }] : []),
    ...(people > 0 ? [{ kind: 'narrowScope' as const, people }] : []),
    { kind: 'oneWay' },
  ]
}

/** The most people below `all` that fit; fewer always fit as well. */
function mostPeople(all: number, fits: (count: number) => boolean): number {
  let [low, high] = [0, all]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle
  }
  return low
}
