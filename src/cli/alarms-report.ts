import type { AlarmEntry, AlarmLevel, ChannelKind } from '#domain/alarms/alarm.ts'

/** What stands, what stood (the latest first), and the channels that are told. */
export type AlarmsReport = { open: AlarmEntry[]; past: AlarmEntry[]; channels: ChannelEntry[] }

export type ChannelEntry = {
  channel: string
  kind: ChannelKind
  level: AlarmLevel | 'off'
  /** When it last accepted something; null: never. */
  acceptedAt: string | null
  /** Why the latest message failed: a word of ours or the receiver's text; null while it works. */
  failure: string | null
  /** Nothing is sent before. */
  quietUntil: string | null
}

/** What came of one test message. */
export type ChannelTest = {
  channel: string
  kind: ChannelKind
  outcome: 'accepted' | 'throttled' | 'refused' | 'lost'
  because: string | null
}
