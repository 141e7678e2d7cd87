import type { Leg } from '#domain/direction.ts'
import { writesAllowed } from '#domain/planner/writes-allowed.ts'
import { Allowance, unlimited } from '#journey/allowance.ts'
import { laneState } from './lane-state.ts'
import { isMetered } from './metering.ts'
import type { AppParts } from './parts.ts'
import type { RouteWithEnds } from './route-ends.ts'
import { isTooSoon } from './too-soon.ts'

/**
 * How many records a run may write one way. `most`: what the planner has given where writing is metered; without it, what
 * the month's closings can spare. Nothing on a route whose brake is pulled, nor soon after a backup was put back.
 */
export async function allowanceOf(
  parts: AppParts,
  ends: RouteWithEnds,
  leg: Leg,
  most: number | undefined,
): Promise<Allowance> {
  const { route, dingtalk } = ends
  const isDear = isMetered(leg.target)
  // Only steps that deliver or look back may spend a call on looking: the planner has counted theirs.
  const mayLook = !isDear || most !== 0
  if (route.brake) return new Allowance(0, { because: 'braked', mayLook })
  if (isTooSoon(ends[leg.target], parts.clock.now())) return new Allowance(0, { because: null, mayLook })
  if (!isDear) return unlimited()
  if (most !== undefined) return new Allowance(most, { because: null, mayLook })
  const state = await laneState(parts, { tenant: parts.tenant, connection: dingtalk.id })
  const allowed = state ? writesAllowed(state, { route: route.key, leg }) : 0
  return new Allowance(allowed, { because: 'outOfCalls' })
}
