import type { WritingPlan } from '#cli/operations.ts'
import { legName, legsOf } from '#domain/direction.ts'
import { dayOf, isRestDay } from '#domain/planner/calendar.ts'
import { deliveryCalls } from '#domain/planner/costs.ts'
import { defaultPolicy } from '#domain/planner/policy.ts'
import { type Choice, priceOfWriting } from '#domain/planner/price-of-writing.ts'
import { writesAllowed } from '#domain/planner/writes-allowed.ts'
import type { Span } from '#domain/spans.ts'
import type { SyncReport } from '#domain/sync-report.ts'
import { dayZone } from '#domain/window.ts'
import { editionsAbove } from '#platforms/dingtalk/limits.ts'
import { laneState } from './lane-state.ts'
import { isMetered } from './metering.ts'
import type { AppParts } from './parts.ts'
import type { RouteWithEnds } from './route-ends.ts'

/**
 * What a route's writing takes where each record costs a call: for this window, and month by month, with the choices left
 * where the quota does not suffice. Null for a route that writes nowhere of the kind.
 */
export async function priceWriting(
  parts: AppParts,
  { route, dingtalk }: RouteWithEnds,
  window: Span,
  report: SyncReport,
): Promise<WritingPlan | null> {
  const way = legsOf(route.direction).find(({ target }) => isMetered(target))
  const state = way && (await laneState(parts, { tenant: parts.tenant, connection: dingtalk.id }))
  const known = state?.legs.find((one) => one.route === route.key && one.leg.source === way!.source)
  if (!way || !state || !known) return null
  const { deliveries, people } = report.byDirection?.[legName(way)] ?? report
  // Before the first sync the rehearsal alone has seen who there is.
  const seen = people.linked + people.suggested + people.conflicting + people.unmatched
  const leg = { ...known, people: Math.max(known.people, seen) }
  const today = state.now.toZonedDateTimeISO(dayZone).toPlainDate()
  const price = priceOfWriting({
    state,
    leg,
    punchesPerWorkingDay: leg.writesPerDay || perWorkingDay(deliveries, window),
    punchesPerRestDay: 0,
    offers: editionsAbove(dingtalk.facts['edition'] as string[], today),
  })
  if (price.kind === 'unmetered') return null
  const { kind, callsPerMonth, left } = price
  const records = deliveries.planned
  return {
    enough: kind === 'affordable',
    records,
    calls: deliveryCalls(leg, records),
    allowedNow: Math.min(records, writesAllowed(state, leg)),
    callsThisMonth: price.calls,
    callsPerMonth,
    left,
    ...(kind === 'tooDear' && {
      lastsUntil: price.lastsUntil.toString(),
      choices: price.choices.map(written),
    }),
  }
}

/** What a working day of the window brought to this way, sent or not. */
function perWorkingDay(
  { planned, verified, inDoubt, held }: SyncReport['deliveries'],
  { from, to }: Span,
): number {
  let days = 0
  for (let day = dayOf(from.epochMilliseconds); day <= dayOf(to.epochMilliseconds); day++)
    if (!isRestDay(day, defaultPolicy.restDays)) days++
  return Math.ceil((planned + verified + inDoubt + held) / Math.max(1, days))
}

const written = (choice: Choice): NonNullable<WritingPlan['choices']>[number] => {
  if (choice.kind === 'nextMonth') return { kind: choice.kind, from: choice.from.toString() }
  return choice.kind === 'raiseEdition' ? { kind: choice.kind, ...choice.offer } : choice
}
