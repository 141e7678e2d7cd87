import { z } from 'zod'
import { maybe, number, text } from '#platforms/tolerant.ts'

/** DingTalk's messages on the wire: the group robot and the work notification. Shared with the sandbox. */

const answer = { errcode: number, errmsg: maybe(text), request_id: maybe(text) }

/** POST oapi /robot/send?access_token=…&timestamp=…&sign=… (custom-robots-send-group-messages, 2026-07-14) */
export const RobotRequest = z.strictObject({
  msgtype: z.literal('text'),
  /** Repeats of one id show once. */
  msgUuid: z.string().optional(),
  text: z.strictObject({ content: z.string() }),
})
export const RobotResponse = z.object(answer)

/** POST oapi /topapi/message/corpconversation/asyncsend_v2 (asynchronous-sending-of-enterprise-session-messages, 2026-05-29) */
export const WorkNoticeRequest = z.strictObject({
  agent_id: z.int(),
  /** User ids joined by commas. */
  userid_list: z.string().optional(),
  dept_id_list: z.string().optional(),
  to_all_user: z.boolean().optional(),
  msg: z.strictObject({ msgtype: z.literal('text'), text: z.strictObject({ content: z.string() }) }),
})
export const WorkNoticeResponse = z.object({ ...answer, task_id: number })
