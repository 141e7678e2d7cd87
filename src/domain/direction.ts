import type { ConnectionId, PlatformName } from './ids.ts'

/** Which way a route carries punches. */
export const directions = ['dingtalk-to-wecom', 'wecom-to-dingtalk', 'both'] as const
export type Direction = (typeof directions)[number]

/** One way on a route: where punches are read, and where they are written. */
export type Leg = { source: PlatformName; target: PlatformName }

const legs: Record<Exclude<Direction, 'both'>, Leg> = {
  'dingtalk-to-wecom': { source: 'dingtalk', target: 'wecom' },
  'wecom-to-dingtalk': { source: 'wecom', target: 'dingtalk' },
}

/** The ways of a route in the order they are carried: attendance usually starts in DingTalk. */
export const legsOf = (direction: Direction): Leg[] =>
  direction === 'both' ? [legs['dingtalk-to-wecom'], legs['wecom-to-dingtalk']] : [legs[direction]]

/** The connections of a route's two ends, and how punches go between them. */
type RouteEnds = { direction: Direction; dingtalkId: ConnectionId; wecomId: ConnectionId }

/** Which connection each platform is on a route. */
export const endsOf = ({
  dingtalkId,
  wecomId,
}: Omit<RouteEnds, 'direction'>): Record<PlatformName, ConnectionId> => ({
  dingtalk: dingtalkId,
  wecom: wecomId,
})

/** The way of this route that reads this connection; undefined where none does. */
export const legFrom = (route: RouteEnds, connection: ConnectionId): Leg | undefined =>
  legsOf(route.direction).find((leg) => endsOf(route)[leg.source] === connection)

/** The ways between its two ends that a route does not go. */
export const closedLegsOf = (direction: Direction): Leg[] =>
  Object.values(legs).filter((leg) => !legsOf(direction).includes(leg))

/** The name of one way, as `sync --json` prints it. */
export const legName = ({ source, target }: Leg): string => `${source}-to-${target}`
