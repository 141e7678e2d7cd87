import type { AlarmEntry } from '#domain/alarms/alarm.ts'
import type { Reason } from '#domain/evidence.ts'
import type { Failure } from '#domain/failures.ts'
import type { UnknownBecause } from '#domain/freshness.ts'
import type { LinkStatus } from '#domain/person.ts'

/**
 * What the pages ask of the product; the command line's operations answer it as they are. Instants are RFC 3339 text.
 * Every method may throw a FailureError; anything else is a bug.
 */
export interface Sources {
  status(): Promise<StatusReport>
  /** Newest first. */
  runs(ask: { limit: number }): Promise<RunEntry[]>
  people(ask: { route?: string | undefined }): Promise<PersonEntry[]>
}

export type StatusReport = {
  version: string
  home: string
  /** `embedded` or `external`. */
  database: string
  routes: RouteStatus[]
  /** What stands now, the longest first. */
  alarms?: AlarmEntry[]
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
  people: Record<LinkStatus, number>
  /** Set while nothing is written because the route wrote in a circle; `resume` lets it go on. */
  brake?: { pulledAt: string; writes: number; punches: number } | null
  /** Not written yet: those with a reason wait for a person, the rest for the next run. */
  held: number
  heldBecause?: Record<string, number | undefined>
  refused: number
  inDoubt: number
  inDoubtBecause?: Record<string, number | undefined>
  quota: QuotaUse[]
  /** Questions to the target about mobiles: too many that find nobody are punished with a day's ban. */
  probes: ProbeUse[]
  lastRun: { state: string; finishedAt: string | null; code: string | null } | null
}

/** The monthly meter of one organisation. */
export type QuotaUse = {
  connection: string
  used: number
  quota: number
  /** By the month's end, as planned. */
  expected?: number
  /** Events that were delivered this month, and how many may be. */
  events?: { used: number; quota: number }
  /** The fewest calls with which anybody could have read what was due so far. */
  least?: number
}

/** `wrong` found nobody; we stop at `mostWrong`. */
export type ProbeUse = { connection: string; asked: number; wrong: number; mostWrong: number }

export type RunEntry = {
  id: number
  route: string
  state: string
  window: { from: string; to: string }
  requestedAt: string
  startedAt: string | null
  finishedAt: string | null
  report: RunReport | null
  failure: Failure | null
}

export type RunReport = {
  punches: { read: number }
  deliveries: {
    written: number
    verified: number
    alreadyThere: number
    held: number
    refused: number
    inDoubt: number
  }
  durationMs: number
}

export type PersonEntry = {
  person: string
  name: string
  status: LinkStatus
  /** Certain; the first is the person's own. */
  accounts: AccountName[]
  candidates: (AccountName & { because: Reason[] })[]
  because: Reason[]
}

export type AccountName = { connection: string; userId: string }

/** An error as outsiders get it: RFC 9457 with our stable `code`, a sentence, and what to do next. */
export type Problem = { type: string; title: string; status: number; code: string; hint: string }
