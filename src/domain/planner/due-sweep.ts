import { quietForMs } from '#domain/quiet-hours.ts'
import type { At } from './calendar.ts'
import { sweepCalls } from './costs.ts'
import { type Demand, demandsAround } from './demands.ts'
import { type Due, dueNowOr, heldBack, type Scene } from './due.ts'
import { duePoll } from './due-poll.ts'
import { callsBelowClosing, isKept, isKeptOn, rungOf, startedAtOf } from './plan-month.ts'
import { spansOf, sweepWindow } from './sweep-window.ts'
import type { LegState, SweepReason } from './types.ts'

/** Demands further away do not decide what happens now; a week is the longest gap between two closings. */
const daysAround = 8

/** The next full sweep of a leg: when it is due, over which window, what for, and what stands in its way. */
export function dueSweep(leg: LegState, scene: Scene): Due {
  const { now, policy } = scene
  const startedAt = startedAtOf(leg, now, policy)
  if (startedAt === null) {
    const isFirst = leg.lastSweep === null
    // A last sweep in the future tells nothing: everybody is read again.
    const ask: Ask = isFirst
      ? { dueAt: leg.since.epochMilliseconds, because: 'first', open: [] }
      : { dueAt: now, because: 'closing', open: [] }
    return outsideQuietHours(leg, scene, { due: sweepAt(leg, scene, ask), kept: [] })
  }

  const all = demandsAround(now, startedAt, leg, { policy, ahead: daysAround })
  const kept = all.filter((demand) => isWanted(demand, leg, scene, startedAt))
  const wantedAt = Math.min(...kept.map((demand) => demand.startAt))
  const pollAt = duePoll(leg, scene, { startedAt, wantedAt })
  const dueAt = Math.min(wantedAt, pollAt)
  // Whoever sweeps at that moment answers everything that is open then.
  const at = Math.max(now, dueAt)
  const open = all.filter((demand) => demand.from <= at)
  const answers = open.filter((demand) => kept.includes(demand))
  const because = reasonOf(answers)
  const due = sweepAt(leg, scene, { dueAt, because, open })
  return outsideQuietHours(leg, scene, { due, kept })
}

function isWanted(demand: Demand, leg: LegState, { plan, policy }: Scene, startedAt: At): boolean {
  if (!leg.source.isMetered) return true
  if (!isKept(demand, plan, startedAt, policy)) return false
  return demand.kind === 'closing' || sweepCalls(leg) <= callsBelowClosing(plan)
}

const reasonOf = (answers: Demand[]): SweepReason => {
  if (answers.some(({ kind }) => kind === 'closing')) return 'closing'
  return answers.length > 0 ? 'peak' : 'poll'
}

type Ask = { dueAt: At; because: SweepReason; open: Demand[] }

function sweepAt(leg: LegState, scene: Scene, { dueAt, because, open }: Ask): Due {
  const { plan, state } = scene
  const perSpan = sweepCalls(leg)
  const mostSpans = perSpan === 0 ? Number.POSITIVE_INFINITY : Math.floor((plan.free - plan.looks) / perSpan)
  const depthMs = depthOf(leg, scene, open)
  const isClosing = because === 'closing' || open.some(({ kind }) => kind === 'closing')
  const window = sweepWindow(leg, { now: state.now, isClosing, depthMs, mostSpans })
  const calls = sweepCalls(leg, spansOf(window, leg.source.readDays))
  const reason = because === 'closing' && depthMs > 0 ? 'late' : because
  const { route, leg: way } = leg
  const due = dueNowOr({ kind: 'sweep', route, leg: way, window, calls, because: reason }, dueAt)
  return mostSpans < 1 ? heldBack(due, plan.end, 'quota') : due
}

/** How far back the weekly deep closing looks, when it is among what is open and its further calls are there. */
function depthOf(leg: LegState, { plan }: Scene, open: Demand[]): number {
  const { share } = rungOf(plan, 'late')
  const depthMs = Math.max(
    0,
    ...open.map((demand) => (isKeptOn(demand.day, share) || !leg.source.isMetered ? demand.depthMs : 0)),
  )
  const spans = Math.ceil(depthMs / (leg.source.readDays * 86_400_000))
  return sweepCalls(leg, spans) <= plan.free - plan.looks ? depthMs : 0
}

/** Within quiet hours only a peak may have its sweep, and only one that is no catching up. */
function outsideQuietHours(leg: LegState, scene: Scene, { due, kept }: { due: Due; kept: Demand[] }): Due {
  const { now, state } = scene
  const quietMs = quietForMs(leg.quietHours, state.now)
  if (quietMs === 0 || due.step.kind !== 'sweep') return due
  const peakAt = Math.min(...kept.filter(({ kind }) => kind === 'peak').map((demand) => demand.startAt))
  const isBulk = due.step.because === 'first' || spansOf(due.step.window, leg.source.readDays) > 1
  if (peakAt <= now && !isBulk) return { ...due, step: { ...due.step, because: 'peak' } }
  return heldBack(due, isBulk ? now + quietMs : Math.min(now + quietMs, peakAt), 'quiet')
}
