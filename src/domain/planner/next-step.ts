import { type At, instantOf } from './calendar.ts'
import type { Due } from './due.ts'
import { dueLooks, dueWork } from './due-work.ts'
import { planMonth } from './plan-month.ts'
import { defaultPolicy, type PlanPolicy } from './policy.ts'
import type { LaneState, Step, WaitReason } from './types.ts'

/**
 * Whatever fell due first goes first, so nothing waits for ever however much else arrives; a head start lets what
 * somebody is waiting for pass what only has to happen today.
 */
const headStartMs: Record<Due['step']['kind'], number> = {
  readBack: 60_000,
  deliver: 60_000,
  hinted: 60_000,
  sweep: 0,
  contacts: 0,
}

/**
 * What a lane does next: one piece of work that may run now, or a wait that ends after now. Never plans a metered call
 * beyond the quota. A pure function of what it is told, so a changed edition, a wrong clock or a lost wake-up is met by
 * asking again. After a failure the caller sets `retryAt`; work that is done must show in the next state.
 */
export function planNext(state: LaneState, policy: PlanPolicy = defaultPolicy): Step {
  const now = state.now.epochMilliseconds
  const running = state.legs.filter((leg) => !leg.isPaused)
  const plan = planMonth(state, policy)
  const scene = { state, now, plan, policy }
  const closed = (state.closed ?? []).filter((leg) => !leg.isPaused)
  const dues = [
    ...running.flatMap((leg) => dueWork(leg, scene)),
    ...closed.flatMap((leg) => dueLooks(leg, scene)),
  ]
  const ready = dues.filter((due) => due.runAt <= now).toSorted(byTurn)
  if (ready[0]) return ready[0].step
  const latest = now + policy.longestWaitMs
  const until = Math.ceil(
    Math.max(now + policy.leastWaitMs, Math.min(latest, ...dues.map((due) => due.runAt))),
  )
  return {
    kind: 'wait',
    until: instantOf(until),
    because: running.length === 0 ? 'idle' : whyWait(dues, now),
  }
}

const byTurn = (a: Due, b: Due): number => turnOf(a) - turnOf(b) || (nameOf(a) < nameOf(b) ? -1 : 1)
const turnOf = ({ step, dueAt }: Due): At => dueAt - headStartMs[step.kind]
const nameOf = ({ step }: Due): string => `${step.kind} ${step.route} ${step.leg.source}`

/** What holds back the work that is due; `due` when nothing is. */
function whyWait(dues: Due[], now: At): WaitReason {
  const held = dues.filter(({ dueAt }) => dueAt <= now).toSorted((a, b) => a.runAt - b.runAt)
  return held[0]?.because ?? 'due'
}
