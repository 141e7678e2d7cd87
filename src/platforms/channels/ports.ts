import type { ChannelAnswer } from '#domain/alarms/channel.ts'

/** How a channel is reached. Secrets are in clear, in memory only. */
export type ChannelAddress =
  | { kind: 'wecom-robot'; base: string; key: string }
  /** `secret` null: the robot is kept by keywords or addresses instead of a signature. */
  | { kind: 'dingtalk-robot'; base: string; accessToken: string; secret: string | null }
  | { kind: 'email'; smtp: Smtp; to: string[] }
  | { kind: 'webhook'; url: string; secret: string }

export type Smtp = {
  host: string
  port: number
  /** `implicit`: from the first byte; `starttls`: refused unless the server offers it; `off`: in clear. */
  tls: 'implicit' | 'starttls' | 'off'
  user: string | null
  password: string | null
  from: string
}

/** One message, already in words. */
export type Notice = {
  /** The same for the same news: a receiver that knows it may drop a repeat. */
  id: string
  subject: string
  text: string
  /** What a machine gets instead of the words. */
  document: unknown
}

/** Sends one message and says what came of it. Throws only what is a bug. */
export type Send = (notice: Notice, signal?: AbortSignal) => Promise<ChannelAnswer>

/** Hands one mail to a server. Rejects with an error that has nodemailer's `code` and `responseCode`. */
export type MailSender = (
  smtp: Smtp,
  mail: { to: string[]; subject: string; text: string; messageId: string },
) => Promise<{ accepted: number; rejected: number }>
