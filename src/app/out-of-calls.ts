import type { LaneState, LegState } from '#domain/planner/types.ts'
import { writesAllowed } from '#domain/planner/writes-allowed.ts'

/** The ways of a route on which something waits for a call, and the month has none to spare for it. */
const shortWays = (state: LaneState, route: string): LegState[] =>
  state.legs.filter((leg) => leg.route === route && leg.target.isMetered && writesAllowed(state, leg) === 0)

/** Whether deliveries of a route wait because the month's calls are short. */
export const isOutOfCalls = (state: LaneState, route: string): boolean => shortWays(state, route).length > 0

/** How many do. */
export const countOutOfCalls = (state: LaneState, route: string): number =>
  shortWays(state, route).reduce((count, { owed }) => count + owed.count, 0)
