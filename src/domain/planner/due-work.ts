import { quietForMs } from '#domain/quiet-hours.ts'
import { affordableDeliveries, deliveryCalls, hintedCalls, lookCalls, sweepCalls } from './costs.ts'
import { type Due, dueNowOr, heldBack, type Scene } from './due.ts'
import { dueHints } from './due-poll.ts'
import { dueSweep } from './due-sweep.ts'
import { callsForWriting, startedAtOf } from './plan-month.ts'
import { hintedWindow, sweepWindow } from './sweep-window.ts'
import type { LegState, Waiting } from './types.ts'

/** Everything a leg has to do, now or later. */
export function dueWork(leg: LegState, scene: Scene): Due[] {
  const { now } = scene
  const beginsAt = leg.since.epochMilliseconds
  const contacts = dueContacts(leg, scene)
  if (beginsAt > now) return [heldBack(contacts, beginsAt, 'retry')]
  const dues = [
    contacts,
    dueSweep(leg, scene),
    dueHinted(leg, scene),
    dueDelivery(leg, scene),
    dueReadBack(leg, scene),
  ].filter((due) => due !== null)
  return afterRetry(dues, leg, scene)
}

/** Of a way that its route goes no more: what was sent is still looked for. */
export function dueLooks(leg: LegState, scene: Scene): Due[] {
  const due = dueReadBack(leg, scene)
  return due ? afterRetry([due], leg, scene) : []
}

function afterRetry(dues: Due[], leg: LegState, { now, policy }: Scene): Due[] {
  const retryAt = leg.retryAt?.epochMilliseconds ?? now
  // The longest a failure is sat out is the rest of the month: a moment further ahead was told by a wrong clock.
  return retryAt > now + policy.longestRetryMs ? dues : dues.map((due) => heldBack(due, retryAt, 'retry'))
}

function dueContacts(leg: LegState, { state, now, policy }: Scene): Due {
  const readAt = leg.contactsReadAt?.epochMilliseconds ?? null
  const isKnown = readAt !== null && readAt <= now + policy.clockToleranceMs
  const dueAt = isKnown ? readAt + policy.contactsEveryMs : leg.since.epochMilliseconds
  const due = dueNowOr({ kind: 'contacts', route: leg.route, leg: leg.leg, calls: 0 }, dueAt)
  const quietMs = quietForMs(leg.quietHours, state.now)
  return quietMs > 0 ? heldBack(due, now + quietMs, 'quiet') : due
}

/** Only those whom events named; when that costs as much as everybody, everybody, unless bulk must stay out. */
function dueHinted(leg: LegState, scene: Scene): Due | null {
  const { hints, route, source } = leg
  const { state, now, plan, policy } = scene
  if (hints.count === 0) return null
  const affordable = Math.floor(plan.spare)
  const atMost = source.isMetered ? Math.min(hints.count, affordable * source.readPeople) : hints.count
  // Too dear for an event: the closing sweep answers it.
  if (atMost === 0) return null
  const calls = hintedCalls(leg, atMost)
  // What came before the last full sweep was answered by it, whether or not that was noted.
  const answeredAt = startedAtOf(leg, now, policy) ?? Number.NEGATIVE_INFINITY
  const oldest = Math.max(answeredAt, sinceOf(hints, now))
  const writableAt = leg.writableAt?.epochMilliseconds ?? Number.NEGATIVE_INFINITY
  const togetherAt = Math.max(oldest + policy.hintBatchMs, writableAt - policy.hintLeadMs)
  const spare = Math.max(0, Math.floor(plan.spare * policy.poll.hintShare) - calls)
  const days = source.isMetered ? Math.min(hints.days ?? 0, policy.hintDaysAtMost, spare) : 0
  const dueAt = Math.max(togetherAt, dueHints(oldest, calls + days, scene))
  // A sweep reads punches alone: where a named day is asked about, it would not answer the event.
  const isDear = source.isMetered && days === 0 && calls >= sweepCalls(leg)
  if (isDear && oldest > answeredAt && leg.lastSweep && quietForMs(leg.quietHours, state.now) === 0) {
    const window = sweepWindow(leg, { now: state.now, isClosing: true, depthMs: 0, mostSpans: 1 })
    return dueNowOr(
      { kind: 'sweep', route, leg: leg.leg, window, calls: sweepCalls(leg), because: 'poll' },
      dueAt,
    )
  }
  const window = hintedWindow(leg, state.now, oldest, policy.hintLookBackMs)
  const step = { kind: 'hinted', route, leg: leg.leg, window, atMost } as const
  return dueNowOr(days > 0 ? { ...step, days, calls: calls + days } : { ...step, calls }, dueAt)
}

/** What is owed is sent at once; where writing is metered, in company, and never with calls that closings need. */
function dueDelivery(leg: LegState, scene: Scene): Due | null {
  const { owed, route, target } = leg
  const { now, plan, policy } = scene
  if (owed.count === 0) return null
  const oldest = sinceOf(owed, now)
  const step = (atMost: number, calls: number) =>
    ({ kind: 'deliver', route, leg: leg.leg, atMost, calls }) as const
  if (!target.isMetered) return dueNowOr(step(owed.count, 0), oldest)
  const atMost = affordableDeliveries(leg, owed.count, callsForWriting(plan))
  if (atMost === 0) return heldBack(dueNowOr(step(1, deliveryCalls(leg, 1)), oldest), plan.end, 'quota')
  const isFull = owed.count >= target.readPeople
  const inCompanyAt = Math.min(oldest + policy.deliveryBatchMs, dueHints(oldest, 2, scene))
  return dueNowOr(step(atMost, deliveryCalls(leg, atMost)), isFull ? oldest : inCompanyAt)
}

/**
 * What was sent is looked for as soon as looking makes sense; as many as the calls reach. A look that settles nothing yet
 * is made again only with calls that are spare, and never with those that are kept for the look that settles.
 */
function dueReadBack(leg: LegState, { now, plan }: Scene): Due | null {
  const { inFlight, route, target } = leg
  if (inFlight.count === 0) return null
  const lookAt = inFlight.lookAt?.epochMilliseconds ?? now
  const atMost = target.isMetered
    ? Math.min(inFlight.count, Math.max(1, Math.floor(plan.free)) * target.readPeople)
    : inFlight.count
  const calls = lookCalls(leg, atMost)
  const due = dueNowOr({ kind: 'readBack', route, leg: leg.leg, atMost, calls }, lookAt)
  if (calls > plan.free) return heldBack(due, plan.end, 'quota')
  const isDear = plan.free - calls < plan.looks || (inFlight.isAgain === true && calls > plan.spare)
  return calls > 0 && isDear ? heldBack(due, inFlight.settlesAt?.epochMilliseconds ?? now, 'quota') : due
}

/** Since when something waits; a moment ahead of now was told by a wrong clock. */
const sinceOf = ({ oldest }: Waiting, now: number): number => Math.min(now, oldest?.epochMilliseconds ?? now)
