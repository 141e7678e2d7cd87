import type { AlarmEntry } from './alarms/alarm.ts'
import type { Failure } from './failures.ts'
import type { UnknownBecause } from './freshness.ts'
import type { SyncReport } from './sync-report.ts'

/** How everything stands. Instants are RFC 3339 text as `formatInstant` writes it. */
export type StatusReport = {
  version: string
  home: string
  /** `embedded` or `external`. */
  database: string
  routes: RouteStatus[]
  /** What stands now, the longest first. */
  alarms: AlarmEntry[]
}

/** Somebody whose punches are not all read; those before `completeTo` are. */
export type UnknownPerson = {
  person: string
  name: string
  because: UnknownBecause
  /** The platform's code, when it refuses to answer for this person. */
  theirCode: string | null
  completeTo: string | null
}

/** One way of a route: what is known of one source. */
export type WayStatus = {
  /** The connections it goes from and to, and the subsidiary of the first. */
  from: string
  to: string
  subsidiary: string
  /** As of the route, for this source alone. */
  completeTo: string | null
  completeFor: number
  of: number
  /** Why it stands still, and when it is tried next; null while all is well. */
  standsStill: { failure: Failure; since: string; retryAt: string } | null
  /** Steps that were taken again and again and brought nothing, the longest first; each waits longer every time. */
  stalled?: StalledStep[]
}

/** `step`: `sweep`, `hinted`, `deliver`, `readBack` or `contacts`. */
export type StalledStep = { step: string; since: string; tries: number; retryAt: string }

export type RouteStatus = {
  route: string
  direction: string
  paused: boolean
  /** All before this instant was read for `completeFor` of `people`; null before the first run. */
  completeTo: string | null
  completeFor: number
  /** Of whom not everything up to `completeTo` was read, the longest unread first; some of `unknownCount`. */
  unknown: UnknownPerson[]
  unknownCount: number
  unknownBecause: Partial<Record<UnknownBecause, number>>
  /** A `sync --from` this day reads what was left out in between; null when nothing was. */
  gapFrom: string | null
  /** Each way the route goes. */
  ways: WayStatus[]
  people: SyncReport['people']
  /** Set while nothing is written because the route wrote in a circle; `resume` lets it go on. */
  brake?: { pulledAt: string; writes: number; punches: number } | null
  /** What waits for a person. */
  held: number
  heldBecause: Record<string, number>
  refused: number
  inDoubt: number
  inDoubtBecause: Record<string, number>
  quota: QuotaUse[]
  /** Questions to either platform about mobiles: too many that find nobody are punished with a day's ban in WeCom. */
  probes: ProbeUse[]
  lastRun: { state: string; finishedAt: string | null; code: string | null } | null
}

/** The monthly meter of one organisation; `needed` by this plan. */
export type QuotaUse = {
  connection: string
  used: number
  quota: number
  needed?: number
  /** Of `used`, by runs that people asked for. */
  byHand?: number
  /** By the month's end, as planned. */
  expected?: number
  /** Events that were delivered this month, and how many may be: when they are used up, none come until the next. */
  events?: { used: number; quota: number }
  /** The fewest calls with which anybody could have read what was due so far. */
  least?: number
}

/** `wrong` found nobody; we stop at `mostWrong`. */
export type ProbeUse = { connection: string; asked: number; wrong: number; mostWrong: number }
