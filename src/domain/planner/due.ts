import type { At } from './calendar.ts'
import type { MonthPlan } from './plan-month.ts'
import type { PlanPolicy } from './policy.ts'
import type { LaneState, Step, WaitReason } from './types.ts'

/** What every question about one wake-up shares. */
export type Scene = { state: LaneState; now: At; plan: MonthPlan; policy: PlanPolicy }

/** One thing to do, with when it fell or falls due and when it may run. Infinity: not as things stand. */
export type Due = {
  step: Exclude<Step, { kind: 'wait' }>
  dueAt: At
  runAt: At
  /** Why it may not run when it is due. */
  because: Exclude<WaitReason, 'due' | 'idle'> | null
}

/** Due, and free to run then. */
export const dueNowOr = (step: Due['step'], dueAt: At): Due => ({ step, dueAt, runAt: dueAt, because: null })

/** Due, but not before `runAt`. */
export const heldBack = (due: Due, runAt: At, because: NonNullable<Due['because']>): Due =>
  runAt > due.runAt ? { ...due, runAt, because } : due
