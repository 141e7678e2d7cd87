import type { Leg } from '#domain/direction.ts'
import type { Span } from '#domain/spans.ts'
import type { LatenessModel } from './lateness.ts'

/** Everything the planner is told about one organisation's calls and the legs that spend them. */
export type LaneState = {
  now: Temporal.Instant
  quota: QuotaState
  /** A route that carries both ways stands here twice, once a leg. Their order does not matter. */
  legs: LegState[]
  /** Ways that their routes go no more: what was sent on them is looked for, and nothing else. */
  closed?: LegState[]
}

/** Metered calls of the organisation in the month of `now` (Asia/Shanghai). */
export type QuotaState = {
  /** As the edition of this very moment grants them; null where nothing is metered. */
  limit: number | null
  /** By everybody, whoever asked for them. */
  used: number
  /** Of `used`, what people asked for by hand: it is what the reserve is kept for, so it does not thin the plan out. */
  usedByHand?: number
}

/** What one call of a side's platform takes, and whether it counts against the quota. */
export type SideCost = {
  isMetered: boolean
  readPeople: number
  readDays: number
  writeRecords: number
}

/** Work that waits: how much, and since when (null: as if since now). */
export type Waiting = { count: number; oldest: Temporal.Instant | null }

/** One way of one route, as it stands. */
export type LegState = {
  /** The route's key. */
  route: string
  leg: Leg
  source: SideCost
  target: SideCost
  /** Source people in scope. */
  people: number
  /** Of them, those the platform refused last time: each is asked for alone, one call each. */
  apart?: number
  /** The wish; null leaves it to the planner. */
  pollEveryMs: number | null
  /** As in setup.yaml; bulk work stays out of them. */
  quietHours: readonly string[]
  isPaused: boolean
  /** The first instant of the route. */
  since: Temporal.Instant
  /** The source answers nothing older; asking for more is refused. */
  readableFrom: Temporal.Instant
  /** After a failure: nothing is done for this leg before. */
  retryAt: Temporal.Instant | null
  /** The newest full sweep by order of recording, whatever the clock said then; hinted ones do not count. */
  lastSweep: { startedAt: Temporal.Instant; finishedAt: Temporal.Instant; to: Temporal.Instant } | null
  lateness: LatenessModel
  /**
   * Accounts that events named and nobody looked at yet, and the arrival of the oldest of those events. A full sweep
   * answers every event that arrived before it began. `days`: persons' days of which the punches may not show all, each
   * of which takes a call of its own.
   */
  hints: Waiting & { days?: number }
  /** Deliveries decided and not sent. */
  owed: Waiting
  /**
   * Deliveries sent and not yet seen, and the earliest moment at which looking for one makes sense. `settlesAt`: from
   * then on a look settles all of them, seen or not. `isAgain`: each was looked for before.
   */
  inFlight: {
    count: number
    lookAt: Temporal.Instant | null
    settlesAt?: Temporal.Instant | null
    isAgain?: boolean
  }
  /** The target takes the next write then: whoever is heard of until shortly before goes along. Null: at once. */
  writableAt?: Temporal.Instant | null
  contactsReadAt: Temporal.Instant | null
  /** Where writing is metered: deliveries to expect on a working day. The month's plan keeps calls for them. */
  writesPerDay?: number
}

/** What a sweep is for, most important first: the order in which they are kept when calls are short. */
export const sweepReasons = ['first', 'closing', 'late', 'peak', 'poll'] as const
export type SweepReason = (typeof sweepReasons)[number]

/** What a lane does next. `calls`: metered calls it takes at most, failures of the platform aside. */
export type Step =
  /** Everybody in scope is read over `window`; `lastSweep` moves. */
  | { kind: 'sweep'; route: string; leg: Leg; window: Span; calls: number; because: SweepReason }
  /** Only those whom events named, at most `atMost`, and of their named days `days`; `lastSweep` stays. */
  | {
      kind: 'hinted'
      route: string
      leg: Leg
      window: Span
      atMost: number
      days?: number
      calls: number
    }
  /** Deliveries that are owed, at most `atMost`. */
  | { kind: 'deliver'; route: string; leg: Leg; atMost: number; calls: number }
  /** What was sent is looked for, at most `atMost` deliveries. */
  | { kind: 'readBack'; route: string; leg: Leg; atMost: number; calls: number }
  | { kind: 'contacts'; route: string; leg: Leg; calls: 0 }
  /** Nothing before `until`, which lies after `now`. News (an event, a changed setting) may end the wait earlier. */
  | { kind: 'wait'; until: Temporal.Instant; because: WaitReason }

/**
 * `due`: until the next thing is due. `quiet`: something is due, but bulk stays out of these hours. `quota`: something is
 * due and no call is left for it. `retry`: a failure is being sat out. `idle`: no leg is running.
 */
export type WaitReason = 'due' | 'quiet' | 'quota' | 'retry' | 'idle'
