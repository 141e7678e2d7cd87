import type { AlarmLevel, ChannelKind } from './alarm.ts'

/** What a channel lets through, from its maker's documents. */
export type ChannelLimit = {
  kind: ChannelKind
  /** Messages in any `perSeconds`. */
  messages: number
  perSeconds: number
  /** How long it stays shut after one too many. */
  mutedMs: number
  /** Bytes of one message's text, UTF-8. */
  maxBytes: number
  validFrom: string
  source: string
}

/** A newer row of the same kind goes below the older one. */
export const channelLimits: readonly ChannelLimit[] = [
  {
    kind: 'wecom-robot',
    messages: 20,
    perSeconds: 60,
    mutedMs: 60_000,
    maxBytes: 2_048,
    validFrom: '2024-01-01',
    source: 'developer.work.weixin.qq.com/document/path/91770; 99110',
  },
  {
    // no bound is published for the text; what a phone shows without unfolding is less than this
    kind: 'dingtalk-robot',
    messages: 20,
    perSeconds: 60,
    mutedMs: 600_000,
    maxBytes: 4_096,
    validFrom: '2026-07-14',
    source: 'open.dingtalk.com custom-robots-send-group-messages',
  },
  // The two below have no platform behind them: a bound of our own, so that nobody's mailbox is flooded.
  {
    kind: 'email',
    messages: 30,
    perSeconds: 3_600,
    mutedMs: 600_000,
    maxBytes: 65_536,
    validFrom: '2026-11-01',
    source: 'ours',
  },
  {
    kind: 'webhook',
    messages: 60,
    perSeconds: 60,
    mutedMs: 60_000,
    maxBytes: 65_536,
    validFrom: '2026-11-01',
    source: 'ours',
  },
]

/** The limit in force. */
export const channelLimitOf = (kind: ChannelKind): ChannelLimit =>
  channelLimits.findLast((row) => row.kind === kind)!

/** How one channel is doing. */
export type ChannelHealth = {
  /** Nothing is sent before. */
  quietUntil: Temporal.Instant | null
  /** Failed attempts in a row. */
  failures: number
  /** Why the latest attempt failed; null while the channel works. */
  failure: string | null
}

export const goodHealth: ChannelHealth = { quietUntil: null, failures: 0, failure: null }

export type Channel = {
  id: string
  kind: ChannelKind
  /** It is told of nothing less urgent; `off`: of nothing. */
  level: AlarmLevel | 'off'
  /** What was over before then is no news here. */
  since: Temporal.Instant
}

/** What came of one message. `because` is a word of `ChannelTrouble`, or their own text. */
export type ChannelAnswer =
  | { kind: 'accepted' }
  | { kind: 'throttled'; untilMs: number; because: string }
  /** It will not be taken like this: somebody has to change something. */
  | { kind: 'refused'; because: string }
  /** Nobody knows whether it arrived. */
  | { kind: 'lost'; because: string }

// Minutes to stay away after the n-th failure in a row; the last one for all that follow.
const waitMinutes = { refused: [10, 30, 60], lost: [1, 2, 5, 10, 30, 60] }

/** A channel that only ever says "later" does not work either. */
const throttledTooOften = 4

/** How a channel is doing after an answer. One that is throttled works: it only has to wait. */
export function afterAnswer(
  health: ChannelHealth,
  answer: ChannelAnswer,
  now: Temporal.Instant,
): ChannelHealth {
  switch (answer.kind) {
    case 'accepted':
      return goodHealth
    case 'throttled': {
      const failures = health.failures + 1
      return {
        failures,
        failure: failures >= throttledTooOften ? answer.because : health.failure,
        quietUntil: now.add({ milliseconds: Math.ceil(answer.untilMs) }),
      }
    }
    default: {
      const failures = health.failures + 1
      const waits = waitMinutes[answer.kind]
      const minutes = waits[Math.min(failures, waits.length) - 1]!
      return { failures, failure: answer.because, quietUntil: now.add({ minutes }) }
    }
  }
}

/** When the next message may go; null: now. `sentAt` are this channel's latest attempts, in any order. */
export function freeAt(
  kind: ChannelKind,
  health: ChannelHealth,
  sentAt: readonly Temporal.Instant[],
  now: Temporal.Instant,
): Temporal.Instant | null {
  if (health.quietUntil && Temporal.Instant.compare(health.quietUntil, now) > 0) return health.quietUntil
  const { messages, perSeconds } = channelLimitOf(kind)
  const windowStart = now.subtract({ seconds: perSeconds })
  const recent = sentAt
    .filter((at) => Temporal.Instant.compare(at, windowStart) > 0)
    .toSorted(Temporal.Instant.compare)
  const oldest = recent.at(-messages)
  return oldest ? oldest.add({ seconds: perSeconds }) : null
}
