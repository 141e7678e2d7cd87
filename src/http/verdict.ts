import type { RouteStatus, StatusReport } from '#domain/status-report.ts'
import { toldStalls } from '#messages/tell-stalled.ts'

/** The whole status in one line: what somebody should know who reads nothing else. */
export type Verdict = {
  kind:
    | 'empty'
    | 'store'
    | 'never'
    | 'failed'
    | 'alarms'
    | 'stale'
    | 'waiting'
    | 'unknown'
    | 'people'
    | 'paused'
    | 'checking'
    | 'stalled'
    | 'clear'
  tone: Tone
  /** What the sentence counts; 0 where it counts nothing. */
  count: number
  /** The one route it is about, where there are others. */
  route?: string
}

export type Tone = 'good' | 'calm' | 'warn' | 'bad'

/** Every route is read at least daily; older news is no longer "all is well", whatever else is true. */
const staleAfterHours = 24

/** The worst that is true wins, so the order is the policy. `isStoreWell`: the database takes what is written. */
export function judgeStatus(
  { routes, alarms }: Pick<StatusReport, 'routes' | 'alarms'>,
  now: Temporal.Instant,
  { isStoreWell = true } = {},
): Verdict {
  const running = routes.filter((route) => !route.paused)
  const people = sum(running, unidentified)
  const unknown = sum(running, (route) => (route.completeTo === null ? 0 : route.unknownCount))
  const forPeople = sum(routes, (route) => heldForPeople(route) + keptBack(route).braked + route.refused)
  const failed = running.filter((route) => route.lastRun?.state === 'failed')
  const open = sum(routes, (route) => owed(route) + keptBack(route).outOfCalls + route.inDoubt)
  if (!isStoreWell) return { kind: 'store', tone: 'bad', count: 0 }
  if (routes.length === 0) return { kind: 'empty', tone: 'calm', count: 0 }
  if (failed.length > 0)
    return {
      kind: 'failed',
      tone: 'bad',
      count: failed.length,
      ...(routes.length > 1 && failed.length === 1 && { route: failed[0]!.route }),
    }
  const critical = alarms.filter(({ level }) => level === 'critical').length
  if (critical > 0) return { kind: 'alarms', tone: 'bad', count: critical }
  if (routes.every((route) => route.completeTo === null)) return { kind: 'never', tone: 'calm', count: 0 }
  if (running.some((route) => isStale(route, now))) return { kind: 'stale', tone: 'bad', count: 0 }
  const warnings = alarms.filter(({ level }) => level === 'warning').length
  if (warnings > 0) return { kind: 'alarms', tone: 'warn', count: warnings }
  if (forPeople > 0) return { kind: 'waiting', tone: 'warn', count: forPeople }
  if (unknown > 0) return { kind: 'unknown', tone: 'warn', count: unknown }
  if (people > 0) return { kind: 'people', tone: 'warn', count: people }
  if (running.length < routes.length)
    return { kind: 'paused', tone: 'warn', count: routes.length - running.length }
  const stalled = sum(running, ({ ways }) => sum(ways, (way) => toldStalls(way.stalled).length))
  if (stalled > 0) return { kind: 'stalled', tone: 'warn', count: stalled }
  if (open > 0) return { kind: 'checking', tone: 'calm', count: open }
  return { kind: 'clear', tone: 'good', count: 0 }
}

/** Held until a person settles who is who, or the like. */
export function heldForPeople({ held, heldBecause }: RouteStatus): number {
  const { outOfCalls: _, braked: __, ...forPeople } = heldBecause
  return Math.min(
    held,
    Object.values(forPeople).reduce((total, count) => total + count, 0),
  )
}

/** Decided, and kept from being written: the month's calls are short, or the brake is pulled. */
export const keptBack = ({ heldBecause }: RouteStatus): { outOfCalls: number; braked: number } => ({
  outOfCalls: heldBecause['outOfCalls'] ?? 0,
  braked: heldBecause['braked'] ?? 0,
})

/** Held only until the next run writes it. */
export function owed(route: RouteStatus): number {
  const { outOfCalls, braked } = keptBack(route)
  return Math.max(0, route.held - heldForPeople(route) - outOfCalls - braked)
}

/** People in scope of whom it is not certain who they are on the other side. */
export const unidentified = ({ people }: RouteStatus): number =>
  people.suggested + people.conflicting + people.unmatched

/** People in scope on the source side. */
export const everybody = (route: RouteStatus): number => route.people.linked + unidentified(route)

function isStale({ completeTo }: RouteStatus, now: Temporal.Instant): boolean {
  return completeTo !== null && now.since(completeTo).total('hours') > staleAfterHours
}

const sum = <T>(list: T[], count: (one: T) => number): number =>
  list.reduce((total, one) => total + count(one), 0)
