import type { AlarmsReport, ChannelTest } from '#cli/alarms-report.ts'
import type { AlarmEntry } from '#domain/alarms/alarm.ts'
import { afterAnswer, type ChannelAnswer, channelLimitOf, freeAt } from '#domain/alarms/channel.ts'
import { alarmPolicies } from '#domain/alarms/policy.ts'
import { fail } from '#domain/failures.ts'
import { formatInstant } from '#domain/window.ts'
import { messagesIn } from '#messages/messages.ts'
import { readChannels, saveChannelHealth } from '#store/alarm-channels.ts'
import {
  type AlarmRow,
  beginNotice,
  endNotice,
  readOpenAlarms,
  readResolvedAlarms,
  readSentAt,
} from '#store/alarms.ts'
import { type OpenChannel, openChannels } from './alarm-channels.ts'
import type { AppParts } from './parts.ts'

/** What stands now, the longest first. */
export const openAlarms = async ({ database, tenant }: AppParts): Promise<AlarmEntry[]> =>
  (await readOpenAlarms(database.kysely, tenant)).map(entryOf)

/** What stands, what stood, and who is told. */
export async function alarms(parts: AppParts, { limit }: { limit: number }): Promise<AlarmsReport> {
  const { database, tenant } = parts
  const channels = await readChannels(database.kysely, tenant)
  return {
    open: await openAlarms(parts),
    past: (await readResolvedAlarms(database.kysely, tenant, limit)).map(entryOf),
    channels: channels.map(({ key, kind, level, acceptedAt, failure, quietUntil }) => ({
      channel: key,
      kind,
      level,
      acceptedAt: acceptedAt && formatInstant(acceptedAt),
      failure,
      quietUntil: quietUntil && formatInstant(quietUntil),
    })),
  }
}

const entryOf = ({ code, key, facts, since, resolvedAt, told }: AlarmRow): AlarmEntry => ({
  code,
  facts,
  about: key,
  level: alarmPolicies[code].level,
  since: formatInstant(since),
  until: resolvedAt && formatInstant(resolvedAt),
  told: Object.fromEntries(
    Object.entries(told).map(([channel, { kind, at }]) => [channel, { kind, at: formatInstant(at) }]),
  ),
})

/** Sends each channel a test message, those that are off as well; what comes of it counts for the channel. */
export async function testAlarms(
  parts: AppParts,
  ask: { channel?: string | undefined },
): Promise<ChannelTest[]> {
  const { database, tenant } = parts
  const all = openChannels(parts, await readChannels(database.kysely, tenant))
  const known = all.map(({ id }) => id)
  if (known.length === 0) fail('usage.no-channels', {})
  if (ask.channel !== undefined && !known.includes(ask.channel))
    fail('usage.unknown-channel', { channel: ask.channel, known })
  const chosen = all.filter(({ id }) => ask.channel === undefined || id === ask.channel)
  return Promise.all(
    chosen.map(async (channel) => {
      const answer = await testOne(parts, channel)
      const because = answer.kind === 'accepted' ? null : answer.because
      return { channel: channel.id, kind: channel.kind, outcome: answer.kind, because }
    }),
  )
}

/** A channel that wants to be left alone for its rate is; one that failed is tried, for that is what a test is for. */
async function testOne({ database, tenant, clock }: AppParts, channel: OpenChannel): Promise<ChannelAnswer> {
  const { id, kind, lang } = channel
  const db = database.kysely
  const now = clock.now()
  const since = now.subtract({ seconds: channelLimitOf(kind).perSeconds })
  const health = channel.health.failure === null ? channel.health : { ...channel.health, quietUntil: null }
  const free = freeAt(kind, health, await readSentAt(db, tenant, id, since), now)
  if (free)
    return {
      kind: 'throttled',
      untilMs: free.epochMilliseconds - now.epochMilliseconds,
      because: 'muted',
    }
  const { brand, test } = messagesIn(lang).alarms
  const subject = `【${brand}】${test.title}`
  const notice = await beginNotice(db, tenant, { channel: id, at: now, parts: [] })
  const answer = await channel.send({
    id: `test-${now.epochMilliseconds}-${id}`,
    subject,
    text: `${subject}\n\n${test.text(id)}`,
    document: { sentAt: formatInstant(now), test: true, notices: [] },
  })
  await database.transaction(async (tx) => {
    const isAccepted = answer.kind === 'accepted'
    await endNotice(tx, tenant, notice, {
      ...{ channel: id, at: now, parts: [], outcome: answer.kind },
      because: isAccepted ? '' : answer.because,
    })
    const after = afterAnswer(channel.health, answer, clock.now())
    await saveChannelHealth(tx, tenant, id, after, isAccepted ? now : null)
  })
  return answer
}
