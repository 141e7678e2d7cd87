import { endpoint } from '#platforms/endpoint.ts'
import type { Gate } from '#platforms/gate.ts'
import { limitsOf } from '#platforms/limits.ts'
import * as wire from './wire.ts'

/**
 * 发送应用消息: text to at most 1,000 members. Members that are wrong are listed and the rest is sent to; all wrong is 81013.
 * Above 30 a minute or 1,000 an hour to one member the excess is dropped without a word. Source: 90236.
 */
export const messageSend = endpoint({
  name: 'message/send',
  method: 'POST',
  host: 'api',
  path: '/cgi-bin/message/send',
  request: wire.MessageRequest,
  response: wire.MessageResponse,
  limit: limitsOf('wecom.message/send'),
  metered: false,
  writes: true,
  token: 'query',
})

/** Sends one text to these members, in as many calls as they take; gives those who could not be reached, ids in lower case. */
export async function sendMessage(
  gate: Gate,
  { agentId, userIds, text }: { agentId: string; userIds: readonly string[]; text: string },
): Promise<{ unreached: string[] }> {
  const unreached: string[] = []
  const most = messageSend.limit.people!
  for (let at = 0; at < userIds.length; at += most) {
    const { data } = await gate.call(messageSend, {
      touser: userIds.slice(at, at + most).join('|'),
      msgtype: 'text',
      agentid: Number(agentId),
      text: { content: text },
    })
    for (const list of [data.invaliduser, data.unlicenseduser])
      unreached.push(...(list ?? '').split('|').filter((id) => id !== ''))
  }
  return { unreached: unreached.map((id) => id.toLowerCase()) }
}
