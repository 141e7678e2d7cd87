import type { PlatformName } from '#domain/ids.ts'

type About = { connection: string; platform: PlatformName }

/** Every alarm we know, and the facts each one carries. Instants are RFC 3339 text, as they are kept and sent. */
export type AlarmKinds = {
  /** `completeTo` null: never read. `because`: the code of the failure it stands still for. */
  'route-behind': { route: string; completeTo: string | null; because: string | null }
  /** `step`: a kind of the planner's steps, the one that has brought nothing the longest. */
  'steps-stalled': { route: string; step: string; tries: number; since: string }
  'stream-silent': About & { lastHeardAt: string | null }
  /** `code` is the failure's; `until`: nothing is tried before. */
  'secret-refused': About & { code: string; until: string | null }
  'ip-not-trusted': About & { theirText: string }
  'permission-missing': About & { api: string; theirCode: string; theirText: string }
  'quota-nearly-spent': About & { used: number; quota: number }
  'quota-spent': About & { used: number; quota: number; freeAgainOn: string }
  'events-nearly-spent': About & { used: number; quota: number }
  'events-spent': About & { used: number; quota: number; freeAgainOn: string }
  'quota-short': About & { used: number; quota: number; lastsUntil: string }
  /** Older than the longest time a write may take to show. */
  'deliveries-in-doubt': { route: string; count: number; since: string }
  'deliveries-refused': { route: string; count: number }
  /** Writing costs calls, and the month has none to spare for it. */
  'deliveries-out-of-calls': { route: string; count: number; freeAgainOn: string }
  'people-waiting': { route: string; people: number; held: number }
  'probes-near-limit': About & { wrong: number; mostWrong: number }
  'brake-pulled': { route: string; writes: number; punches: number }
  'store-gone': { reason: string }
  'store-full': { freeMegabytes: number }
  'store-slow': { roundTripMs: number }
  'store-read-only': { reason: string }
  /** Theirs minus ours: positive when ours is slow. */
  'clock-skewed': About & { skewSeconds: number }
  'backup-failed': { reason: string }
  'backup-old': { lastAt: string | null }
  'callbacks-forged': About & { count: number; minutes: number }
  'channel-failing': { channel: string; kind: ChannelKind; because: string }
}

export type AlarmCode = keyof AlarmKinds
export type AlarmLevel = 'notice' | 'warning' | 'critical'

/** Ways out of the house. */
export type ChannelKind = 'wecom-robot' | 'dingtalk-robot' | 'email' | 'webhook'

/** Something that is wrong now. `key` tells it from others of its code: the route, the connection, the channel. */
export type Condition = {
  [C in AlarmCode]: { code: C; key: string; facts: AlarmKinds[C]; standsForMs?: number }
}[AlarmCode]

/** What stands and what stood. One alarm of a code and key is open at a time. */
export type Alarm = Omit<Condition, 'standsForMs'> & {
  /** When the condition was first seen. */
  since: Temporal.Instant
  /** Null: it has not stood long enough for anybody to be told. */
  raisedAt: Temporal.Instant | null
  /** Not seen since; null while it stands. */
  awaySince: Temporal.Instant | null
  resolvedAt: Temporal.Instant | null
}

/** An alarm as it is listed and shown; instants are RFC 3339 text. */
export type AlarmEntry = Pick<Alarm, 'code' | 'facts'> & {
  about: string
  level: AlarmLevel
  since: string
  until: string | null
  /** By channel, what it last accepted about this alarm. */
  told: Record<string, { kind: string; at: string }>
}

/** Builds a condition; the compiler checks its facts. */
export const condition = <C extends AlarmCode>(
  code: C,
  key: string,
  facts: AlarmKinds[C],
  standsForMs?: number,
): Condition => ({ code, key, facts, ...(standsForMs !== undefined && { standsForMs }) }) as Condition

/** What an alarm is known by while it is open. */
export const alarmId = ({ code, key }: Pick<Alarm, 'code' | 'key'>): string => `${code} ${key}`
