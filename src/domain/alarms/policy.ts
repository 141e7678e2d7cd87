import type { AlarmCode, AlarmLevel } from './alarm.ts'

/** How one kind of alarm behaves. Milliseconds. */
export type AlarmPolicy = {
  level: AlarmLevel
  /** A condition must stand this long before anybody is told; 0 where it cannot flap. */
  standsForMs: number
  /** It must have been away this long before it counts as over. */
  clearsAfterMs: number
  /** Each channel is told again after this long; `daily`: at the digest's hour and never in between. */
  remindEvery: number | 'daily'
}

const minutes = (count: number) => count * 60_000
const hours = (count: number) => count * 3_600_000

// biome-ignore format: a table is read by its columns
/** Every kind and its behaviour. Ours, to be changed here. */
export const alarmPolicies: Record<AlarmCode, AlarmPolicy> = {
  'route-behind':        row('critical', 0,           0,           hours(4)),
  'steps-stalled':       row('warning',  0,           minutes(5),  hours(24)),
  'stream-silent':       row('warning',  minutes(2),  minutes(5),  hours(6)),
  'secret-refused':      row('critical', 0,           minutes(5),  hours(6)),
  'ip-not-trusted':      row('critical', 0,           minutes(5),  hours(6)),
  'permission-missing':  row('warning',  0,           minutes(5),  hours(24)),
  'quota-nearly-spent':  row('warning',  0,           0,           hours(24)),
  'quota-spent':         row('critical', 0,           0,           hours(24)),
  'events-nearly-spent': row('warning',  0,           0,           hours(48)),
  'events-spent':        row('warning',  0,           0,           hours(48)),
  'quota-short':         row('warning',  hours(6),    hours(6),    hours(48)),
  'deliveries-in-doubt': row('warning',  0,           minutes(5),  hours(24)),
  'deliveries-refused':  row('warning',  0,           0,           hours(24)),
  'deliveries-out-of-calls': row('warning', 0,      0,           hours(24)),
  'people-waiting':      row('notice',   0,           0,           'daily'),
  'probes-near-limit':   row('warning',  0,           minutes(5),  hours(24)),
  'brake-pulled':        row('critical', 0,           0,           hours(4)),
  'store-gone':          row('critical', minutes(1),  minutes(1),  hours(1)),
  'store-full':          row('critical', 0,           minutes(10), hours(4)),
  'store-slow':          row('warning',  minutes(5),  minutes(10), hours(6)),
  'store-read-only':     row('critical', minutes(1),  minutes(1),  hours(1)),
  'clock-skewed':        row('warning',  minutes(10), minutes(10), hours(24)),
  'backup-failed':       row('warning',  0,           0,           hours(24)),
  'backup-old':          row('warning',  0,           0,           hours(24)),
  'callbacks-forged':    row('warning',  0,           minutes(30), hours(6)),
  'channel-failing':     row('warning',  0,           0,           hours(24)),
}

function row(
  level: AlarmLevel,
  standsForMs: number,
  clearsAfterMs: number,
  remindEvery: AlarmPolicy['remindEvery'],
): AlarmPolicy {
  return { level, standsForMs, clearsAfterMs, remindEvery }
}

/** From where on something is wrong. */
export const alarmThresholds = {
  /** A route is behind when it has missed one interval: this many have passed since all was read. */
  intervals: 2,
  /** The same where the planner chooses: it reads everybody at least daily while calls are left. */
  unwishedMs: hours(26),
  /** What fails is tried again by itself; after this long somebody should know. */
  standsStillMs: minutes(15),
  overdueMs: minutes(15),
  /** What brings nothing is tried ever more rarely: by then about eight times. */
  stalledMs: minutes(15),
  /** What was sent is looked for again at most this much later than it could be seen. */
  doubtSlackMs: minutes(30),
  quotaNearlyShare: 0.9,
  /** Of the wrong questions that we allow ourselves. */
  probesNearShare: 0.8,
  slowRoundTripMs: 1_000,
  leastFreeMegabytes: 1_024,
  skewSeconds: 60,
  /** What an answer told of the clocks is worth for so long. */
  skewHours: 1,
  /** A Stream that gives no sign of life for longer is silent, however open its sockets are. */
  silentMs: minutes(5),
  /** Forged callbacks in `forgedMinutes`. */
  forgedCallbacks: 10,
  forgedMinutes: 10,
} as const

/** When the daily digest goes out, Asia/Shanghai. */
export const digestAt = '09:00'

const ranks: Record<AlarmLevel, number> = { notice: 0, warning: 1, critical: 2 }
/** Negative when `a` is the less urgent one. */
export const compareLevels = (a: AlarmLevel, b: AlarmLevel): number => ranks[a] - ranks[b]
