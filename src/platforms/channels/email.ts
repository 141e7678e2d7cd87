import { type ChannelAnswer, channelLimitOf } from '#domain/alarms/channel.ts'
import { excerptOf } from '#platforms/mask.ts'
import type { ChannelAddress, MailSender, Send } from './ports.ts'

/** On the way: whether the server has it, nobody knows. */
const onTheWay = ['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EDNS', 'ECONNREFUSED', 'ECONNRESET', 'EPROTOCOL']

/** One mail to all receivers. A server that takes it for some of them has accepted it. */
export function email({ smtp, to }: Extract<ChannelAddress, { kind: 'email' }>, sendMail: MailSender): Send {
  const host = smtp.from.slice(smtp.from.lastIndexOf('@') + 1).replace(/[^\w.-]/g, '')
  return async ({ id, subject, text }) => {
    try {
      await sendMail(smtp, { to, subject, text, messageId: `<${id}@${host}>` })
      return { kind: 'accepted' }
    } catch (error) {
      return toAnswer(error, smtp.password === null ? [] : [smtp.password])
    }
  }
}

/** By the server's reply code, else by what happened on the way. What is neither is a bug. */
function toAnswer(error: unknown, secrets: readonly string[]): ChannelAnswer {
  if (!(error instanceof Error) || !('code' in error)) throw error
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown }
  const reply = Number(responseCode ?? 0)
  const because = excerptOf(`${reply || String(code)} ${error.message}`, secrets)
  if (reply >= 400 && reply < 500)
    return { kind: 'throttled', untilMs: channelLimitOf('email').mutedMs, because }
  if (reply === 0 && onTheWay.includes(String(code))) return { kind: 'lost', because }
  return { kind: 'refused', because }
}
