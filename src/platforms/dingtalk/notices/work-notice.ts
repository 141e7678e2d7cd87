import { endpoint } from '#platforms/endpoint.ts'
import type { Gate } from '#platforms/gate.ts'
import { limitsOf } from '#platforms/limits.ts'
import * as wire from './wire.ts'

/**
 * 发送工作通知: text to at most 100 people. Success is acceptance only: the same words to the same person on one day, and
 * the 501st of a day, are dropped without a word. Metered.
 * Source: asynchronous-sending-of-enterprise-session-messages (2026-05-29)
 */
export const asyncSend = endpoint({
  name: 'asyncsend_v2',
  method: 'POST',
  host: 'oapi',
  path: '/topapi/message/corpconversation/asyncsend_v2',
  request: wire.WorkNoticeRequest,
  response: wire.WorkNoticeResponse,
  limit: limitsOf('dingtalk.asyncsend_v2'),
  metered: true,
  writes: true,
  token: 'query',
})

/** Sends one text to these people, in as many calls as they take; gives the platform's task numbers. */
export async function sendWorkNotice(
  gate: Gate,
  { agentId, userIds, text }: { agentId: string; userIds: readonly string[]; text: string },
): Promise<number[]> {
  const tasks: number[] = []
  const most = asyncSend.limit.people!
  for (let at = 0; at < userIds.length; at += most) {
    const { data } = await gate.call(asyncSend, {
      agent_id: Number(agentId),
      userid_list: userIds.slice(at, at + most).join(','),
      msg: { msgtype: 'text', text: { content: text } },
    })
    tasks.push(data.task_id)
  }
  return tasks
}
