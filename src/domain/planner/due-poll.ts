import type { At } from './calendar.ts'
import { sweepCalls } from './costs.ts'
import type { Scene } from './due.ts'
import type { LegState } from './types.ts'
import { afterWorth } from './worth.ts'

/**
 * When a leg is swept although nothing demands it: as often as wished, and not oftener than the spare calls last when
 * they are spread evenly, between the sweeps that are planned anyway, over what the month is still worth. Infinity: not
 * before the next demanded sweep.
 */
export function duePoll(leg: LegState, scene: Scene, last: { startedAt: At; wantedAt: At }): At {
  const { policy, plan } = scene
  const { startedAt, wantedAt } = last
  const finishedAt = Math.min(leg.lastSweep?.finishedAt.epochMilliseconds ?? startedAt, scene.now)
  if (!leg.source.isMetered)
    return Math.max(finishedAt, startedAt + (leg.pollEveryMs ?? policy.poll.unmeteredMs))
  if (sweepCalls(leg) > plan.spare) return Number.POSITIVE_INFINITY
  const wishedAt = startedAt + Math.max(policy.poll.leastMs, leg.pollEveryMs ?? 0)
  const evenAt = afterWorth(startedAt, evenWorth(scene), policy)
  const at = Math.max(finishedAt, wishedAt, evenAt)
  // Close before a sweep that comes anyway, a poll would be spent for little.
  return wantedAt - at < (at - startedAt) / 2 ? Number.POSITIVE_INFINITY : at
}

/** When looking at `calls` calls' worth of hinted people is no dearer than events may be, counted from `oldest`. */
export function dueHints(oldest: At, calls: number, { plan, policy }: Scene): At {
  const share = plan.spare * policy.poll.hintShare
  if (calls === 0 || !Number.isFinite(share)) return oldest
  return share < calls ? Number.POSITIVE_INFINITY : afterWorth(oldest, (calls * plan.worth) / share, policy)
}

/** Worth between two sweeps of a leg when all there will be, planned and spare, are spread evenly. */
function evenWorth({ state, plan }: Scene): number {
  if (!Number.isFinite(plan.spare)) return 0
  const metered = state.legs.filter(({ isPaused, source }) => !isPaused && source.isMetered)
  const roundCalls = metered.reduce((sum, leg) => sum + sweepCalls(leg), 0)
  if (roundCalls === 0) return 0
  // What events take is taken from the rest of the month: a little less each day beats a rush on the last.
  return plan.worth / (plan.spare / roundCalls + plan.sweeps / metered.length)
}
