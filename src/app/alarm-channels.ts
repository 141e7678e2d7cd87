import type { Channel, ChannelHealth } from '#domain/alarms/channel.ts'
import type { Lang } from '#messages/messages.ts'
import { openChannel } from '#platforms/channels/channel.ts'
import { dingtalkRobotBase } from '#platforms/channels/dingtalk-robot.ts'
import type { ChannelAddress, MailSender, Send } from '#platforms/channels/ports.ts'
import { wecomRobotBase } from '#platforms/channels/wecom-robot.ts'
import type { SetupChannel } from '#settings/setup-alarms.ts'
import { type ChannelRow, saveChannel } from '#store/alarm-channels.ts'
import type { Executor } from '#store/database.ts'
import type { AppParts } from './parts.ts'

/** A channel ready to be told something. */
export type OpenChannel = Channel & { lang: Lang; health: ChannelHealth; send: Send }

/** For processes that were given no mail server to speak to: tests, the simulation. */
const noMail: MailSender = () => Promise.reject(Object.assign(new Error('no-mail'), { code: 'no-mail' }))

/** Channels as they are kept, with their secrets in hand. */
export function openChannels(parts: AppParts, rows: readonly ChannelRow[]): OpenChannel[] {
  const outside = { ...parts, bans: parts.addressPace?.bans, sendMail: parts.sendMail ?? noMail }
  return rows.map(({ key, kind, lang, level, since, sealed, quietUntil, failures, failure }) => ({
    ...{ id: key, kind, lang, level, since },
    health: { quietUntil, failures, failure },
    send: openChannel(JSON.parse(parts.seal.open(sealed)) as ChannelAddress, outside),
  }))
}

/** Declares the channels of a setup file. */
export async function applyChannels(
  { tenant, seal, clock }: AppParts,
  tx: Executor,
  channels: readonly SetupChannel[],
  before: readonly ChannelRow[],
  note: (name: string, was: unknown, is: unknown) => boolean,
): Promise<void> {
  for (const channel of channels) {
    const { id: key, kind, lang, level } = channel
    const { address, facts } = split(channel)
    const secrets = JSON.stringify(address)
    const secretPrint = seal.print(secrets)
    const was = before.find((row) => row.key === key)
    const isNews = note(
      channelName(key),
      was && { kind: was.kind, lang: was.lang, level: was.level, facts: was.facts, print: was.secretPrint },
      { kind, lang, level, facts, print: secretPrint },
    )
    if (!isNews) continue
    const row = { key, kind, lang, level, facts, sealed: seal.seal(secrets), secretPrint }
    await saveChannel(tx, tenant, row, clock.now())
  }
}

/** What a channel is called where the things of a setup file are listed. */
export const channelName = (key: string): string => `alarm ${key}`

/** How it is reached, which is sealed whole, and what may be shown of it. */
function split(channel: SetupChannel): { address: ChannelAddress; facts: Record<string, unknown> } {
  switch (channel.kind) {
    case 'wecom-robot': {
      const { kind, key, endpoint } = channel
      return { address: { kind, key, base: endpoint ?? wecomRobotBase }, facts: { endpoint } }
    }
    case 'dingtalk-robot': {
      const { kind, accessToken, secret, endpoint } = channel
      const address = { kind, accessToken, secret, base: endpoint ?? dingtalkRobotBase }
      return { address, facts: { endpoint, isSigned: secret !== null } }
    }
    case 'email': {
      const { kind, smtp, to } = channel
      const { password, ...server } = smtp
      return { address: { kind, smtp, to }, facts: { ...server, to } }
    }
    case 'webhook': {
      const { kind, url, secret } = channel
      return { address: { kind, url, secret }, facts: { host: new URL(url).host } }
    }
  }
}
