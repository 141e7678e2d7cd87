import { dayZone } from '#domain/window.ts'
import type { Alarm, AlarmCode } from './alarm.ts'
import type { Channel } from './channel.ts'
import { type AlarmPolicy, compareLevels, digestAt } from './policy.ts'

/** What a channel last accepted about an alarm. */
export type Told = { kind: NoticeKind; at: Temporal.Instant }
/** An alarm and what each channel knows of it, by channel id. */
export type ToldAlarm = Alarm & { told: Record<string, Told> }

/** `passed`: it was raised and is over, and the channel hears of it only now. */
export type NoticeKind = 'raised' | 'reminder' | 'resolved' | 'passed'
export type Owed<A extends ToldAlarm = ToldAlarm> = { alarm: A; kind: NoticeKind }

/**
 * What a channel has yet to hear, the most urgent first and then the oldest. It follows from what stands and what was
 * accepted, so whatever is throttled, refused or killed in between is simply owed again.
 */
export function owedTo<A extends ToldAlarm>(
  channel: Channel,
  alarms: readonly A[],
  now: Temporal.Instant,
  policies: Record<AlarmCode, AlarmPolicy>,
): Owed<A>[] {
  const { level } = channel
  if (level === 'off') return []
  return alarms
    .flatMap((alarm) => {
      const policy = policies[alarm.code]
      if (compareLevels(policy.level, level) < 0) return []
      // A channel that fails cannot tell of itself.
      if (alarm.code === 'channel-failing' && alarm.key === channel.id) return []
      const kind =
        policy.remindEvery === 'daily'
          ? digestOwed(alarm, alarm.told[channel.id], now)
          : owed(alarm, alarm.told[channel.id], channel, policy.remindEvery, now)
      return kind ? [{ alarm, kind }] : []
    })
    .toSorted(
      (a, b) =>
        compareLevels(policies[b.alarm.code].level, policies[a.alarm.code].level) ||
        Temporal.Instant.compare(a.alarm.since, b.alarm.since),
    )
}

function owed(
  { raisedAt, resolvedAt }: Alarm,
  told: Told | undefined,
  { since }: Channel,
  remindEveryMs: number,
  now: Temporal.Instant,
): NoticeKind | null {
  if (raisedAt === null) return null
  const knowsOfEnd = told?.kind === 'resolved' || told?.kind === 'passed'
  if (resolvedAt) {
    if (told) return knowsOfEnd ? null : 'resolved'
    return Temporal.Instant.compare(resolvedAt, since) > 0 ? 'passed' : null
  }
  if (!told) return 'raised'
  return now.epochMilliseconds - told.at.epochMilliseconds >= remindEveryMs ? 'reminder' : null
}

/** Told at the digest's hour while it stands; its end is no news. */
function digestOwed(
  { raisedAt, resolvedAt }: Alarm,
  told: Told | undefined,
  now: Temporal.Instant,
): NoticeKind | null {
  if (raisedAt === null || resolvedAt) return null
  const known = told?.at ?? raisedAt
  return Temporal.Instant.compare(known, lastDigest(now)) < 0 ? (told ? 'reminder' : 'raised') : null
}

function lastDigest(now: Temporal.Instant): Temporal.Instant {
  const today = now.toZonedDateTimeISO(dayZone).withPlainTime(Temporal.PlainTime.from(digestAt)).toInstant()
  return Temporal.Instant.compare(today, now) <= 0 ? today : today.subtract({ hours: 24 })
}
