import type { PlatformName } from '#domain/ids.ts'
import type { ChannelKind } from './alarm.ts'

/**
 * All that alarms are decided from. Null: nobody could tell just now, so whatever was said of it stays as it is; an
 * alarm is never over because nobody looked.
 */
export type AlarmFacts = {
  routes: RouteFacts[] | null
  connections: ConnectionFacts[] | null
  store: { roundTripMs: number; freeMegabytes: number | null } | null
  backup: BackupFacts | null
  channels: ChannelFacts[]
}

export type RouteFacts = {
  route: string
  isPaused: boolean
  /** `HH:MM-HH:MM`, Asia/Shanghai: bulk work stays out of them. */
  quietHours: readonly string[]
  completeTo: Temporal.Instant | null
  /** How often somebody wishes it to be read, milliseconds; null: the planner chooses. */
  everyMs: number | null
  /** Why it stands still, and since when; null while nothing fails. */
  trouble: { code: string; since: Temporal.Instant } | null
  /** Since when something of it has been due that nobody does; null: nothing, or nobody says. */
  overdueSince: Temporal.Instant | null
  /** The step that has brought nothing the longest; null while all bring something. */
  stalled: { step: string; tries: number; since: Temporal.Instant } | null
  inDoubt: { count: number; since: Temporal.Instant } | null
  refused: number
  /** Null: not counted this time. */
  waiting: { people: number; held: number } | null
  /** Deliveries that wait until there are calls for them; null: not counted this time. */
  outOfCalls: { count: number; freeAgainOn: string } | null
  /** Null: nobody watches it. */
  brake: { isPulled: boolean; writes: number; punches: number } | null
}

export type ConnectionFacts = {
  connection: string
  platform: PlatformName
  /** Why its credentials are refused; null when they are not. */
  secret: { code: string; until: Temporal.Instant | null } | null
  /** The platform's words; null when the address is let in. */
  ipRefusal: { theirText: string } | null
  /** Interfaces whose latest call was refused for want of a permission. */
  permissionRefusals: { api: string; theirCode: string; theirText: string }[]
  /** Null: not metered. `forecast` is what the month is heading for. */
  quota: { used: number; quota: number; freeAgainOn: string; lastsUntil: string | null } | null
  /** Deliveries of events this month. Null: not metered. */
  events: { used: number; quota: number; freeAgainOn: string } | null
  probes: { wrong: number; mostWrong: number } | null
  skewSeconds: number | null
  /** Null: nobody watches it. */
  stream: { isSilent: boolean; lastHeardAt: Temporal.Instant | null } | null
  /** With wrong signatures in the last `alarmThresholds.forgedMinutes`; null: nobody counts. */
  forgedCallbacks: number | null
}

export type BackupFacts = {
  lastAt: Temporal.Instant | null
  /** The latest attempt's trouble; null when it worked. */
  failure: string | null
  /** Older than this is too old, milliseconds; null: no backups are scheduled. */
  maxAgeMs: number | null
}

export type ChannelFacts = {
  channel: string
  kind: ChannelKind
  /** Null while it works. */
  failure: string | null
}
