import type { Leg } from '#domain/direction.ts'
import { affordableDeliveries } from './costs.ts'
import { callsForWriting, planMonth } from './plan-month.ts'
import { defaultPolicy, type PlanPolicy } from './policy.ts'
import type { LaneState } from './types.ts'

/**
 * How many deliveries one way may make now without taking calls that the month's closings need, each person looked at
 * before and after. Infinity where writing is not metered; 0 for a way that does not stand in the state.
 */
export function writesAllowed(
  state: LaneState,
  way: { route: string; leg: Leg },
  policy: PlanPolicy = defaultPolicy,
): number {
  const leg = state.legs.find((one) => one.route === way.route && one.leg.source === way.leg.source)
  if (!leg) return 0
  if (!leg.target.isMetered || state.quota.limit === null) return Number.POSITIVE_INFINITY
  const calls = callsForWriting(planMonth(state, policy))
  return affordableDeliveries(leg, calls * leg.target.writeRecords, calls)
}
