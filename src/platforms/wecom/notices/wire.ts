import { z } from 'zod'
import { maybe, number, text } from '#platforms/tolerant.ts'

/** WeCom's messages on the wire: the group robot and the application message. Shared with the sandbox. */

/** POST /cgi-bin/webhook/send?key=… (91770, 99110) */
export const RobotRequest = z.strictObject({
  msgtype: z.literal('text'),
  text: z.strictObject({ content: z.string() }),
})
export const RobotResponse = z.object({ errcode: number, errmsg: maybe(text) })

/** POST /cgi-bin/message/send (90236) */
export const MessageRequest = z.strictObject({
  /** User ids joined by |. */
  touser: z.string().optional(),
  toparty: z.string().optional(),
  totag: z.string().optional(),
  msgtype: z.literal('text'),
  agentid: z.int(),
  text: z.strictObject({ content: z.string() }),
  enable_duplicate_check: z.literal([0, 1]).optional(),
  duplicate_check_interval: z.int().optional(),
})
/** Those who could not be reached, joined by |; the rest were sent to. */
export const MessageResponse = z.object({
  errcode: number,
  errmsg: maybe(text),
  invaliduser: maybe(text),
  unlicenseduser: maybe(text),
  msgid: maybe(text),
})
