import { createHash } from 'node:crypto'
import { bundle } from '#domain/alarms/bundle.ts'
import { afterAnswer, type ChannelAnswer, channelLimitOf, freeAt } from '#domain/alarms/channel.ts'
import { type Owed, owedTo, type ToldAlarm } from '#domain/alarms/owed-to.ts'
import { alarmPolicies } from '#domain/alarms/policy.ts'
import { formatInstant } from '#domain/window.ts'
import type { Lang } from '#messages/messages.ts'
import { explainAlarm, noticeBlock, noticeHead, noticeText } from '#messages/tell-alarm.ts'
import type { Notice } from '#platforms/channels/ports.ts'
import { cutToBytes } from '#platforms/cut-text.ts'
import { mask } from '#platforms/mask.ts'
import type { OpenChannel } from './alarm-channels.ts'
import type { AppParts } from './parts.ts'

/** Where it is kept what was sent to whom: the database, or memory while there is none. */
export interface NoticeBook<A extends ToldAlarm> {
  sentAt(channel: OpenChannel, since: Temporal.Instant): Promise<Temporal.Instant[]>
  /** Writes a message down before it is sent, and gives what ends it. */
  begin(channel: OpenChannel, owed: readonly Owed<A>[], at: Temporal.Instant): Promise<EndNotice>
}
export type EndNotice = (
  answer: ChannelAnswer,
  health: OpenChannel['health'],
  at: Temporal.Instant,
) => Promise<void>

type Outside = Pick<AppParts, 'clock' | 'onBug' | 'log'>

/**
 * Tells every channel what it has yet to hear, all channels at the same time, each within its limits. What does not go out
 * now is owed the next time.
 */
export async function tellChannels<A extends ToldAlarm>(
  outside: Outside,
  channels: readonly OpenChannel[],
  alarms: readonly A[],
  book: NoticeBook<A>,
): Promise<void> {
  await Promise.all(channels.map((channel) => tellOne(outside, channel, alarms, book)))
}

async function tellOne<A extends ToldAlarm>(
  { clock, onBug, log }: Outside,
  channel: OpenChannel,
  alarms: readonly A[],
  book: NoticeBook<A>,
): Promise<void> {
  const owed = owedTo(channel, alarms, clock.now(), alarmPolicies)
  const { perSeconds } = channelLimitOf(channel.kind)
  for (const part of inMessages(owed, channel)) {
    const now = clock.now()
    const sentAt = await book.sentAt(channel, now.subtract({ seconds: perSeconds }))
    if (freeAt(channel.kind, channel.health, sentAt, now)) return
    const end = await book.begin(channel, part, now)
    const answer = await channel.send(noticeOf(part, channel, now)).catch((bug: unknown): ChannelAnswer => {
      onBug(bug)
      return { kind: 'lost', because: 'internal' }
    })
    channel.health = afterAnswer(channel.health, answer, clock.now())
    await end(answer, channel.health, clock.now())
    if (answer.kind === 'accepted') continue
    log.warn({ channel: channel.id, outcome: answer.kind, because: answer.because }, 'notice')
    return
  }
}

/** The blank line between two parts of a message, and room for the head, which says how many parts there are. */
const gapBytes = 2
const headBytes = 200

function inMessages<A extends ToldAlarm>(owed: readonly Owed<A>[], { kind, lang }: OpenChannel): Owed<A>[][] {
  const room = channelLimitOf(kind).maxBytes - headBytes
  return bundle(owed, (one) => Buffer.byteLength(noticeBlock(one, lang)) + gapBytes, room)
}

function noticeOf(owed: readonly Owed[], { id, kind, lang }: OpenChannel, now: Temporal.Instant): Notice {
  return {
    id: idOf(id, owed),
    subject: mask(noticeHead(owed, lang)),
    text: cutToBytes(mask(noticeText(owed, lang)), channelLimitOf(kind).maxBytes),
    document: documentOf(owed, lang, now),
  }
}

/** The same news over the same channel has the same id, whoever sends it and how often. */
function idOf(channel: string, owed: readonly Owed[]): string {
  const parts = owed.map(({ alarm, kind }) => [
    ...[alarm.code, alarm.key, alarm.since.toString(), kind],
    alarm.told[channel]?.at.toString() ?? '',
  ])
  return createHash('sha256')
    .update(JSON.stringify([channel, parts]))
    .digest('hex')
    .slice(0, 32)
}

const documentOf = (owed: readonly Owed[], lang: Lang, now: Temporal.Instant) => ({
  sentAt: formatInstant(now),
  notices: owed.map(({ alarm, kind }) => {
    const { title, hint } = explainAlarm(alarm, lang)
    return {
      kind,
      code: alarm.code,
      about: alarm.key,
      level: alarmPolicies[alarm.code].level,
      since: formatInstant(alarm.since),
      until: alarm.resolvedAt && formatInstant(alarm.resolvedAt),
      title: mask(title),
      whatToDo: mask(hint),
      facts: alarm.facts,
    }
  }),
})
