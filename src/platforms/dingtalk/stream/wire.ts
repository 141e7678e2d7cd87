import { z } from 'zod'
import { maybe, text } from '#platforms/tolerant.ts'

/**
 * DingTalk's Stream on the wire: registration, frames and answers. No logic lives here; the sandbox shares this file.
 * Source: https://open.dingtalk.com/document/direction/stream-mode-protocol-access-description
 */

/** POST api /v1.0/gateway/connections/open, without a token. */
export const OpenConnectionRequest = z.strictObject({
  clientId: z.string(),
  clientSecret: z.string(),
  ua: z.string().optional(),
  localIp: z.string().optional(),
  subscriptions: z
    .array(z.strictObject({ type: z.enum(['EVENT', 'CALLBACK', 'SYSTEM']), topic: z.string() }))
    .min(1),
})
/** `endpoint`: where the WebSocket is opened. `ticket`: good for one connection within 90 s. */
export const OpenConnectionResponse = z.object({ endpoint: z.string(), ticket: z.string().min(1) })

/** A frame from the platform. `data` is JSON in a string; the `event…` headers stand on `EVENT` only, all as strings. */
export const DownFrame = z.object({
  specVersion: maybe(text),
  type: z.string(),
  headers: z.object({
    topic: z.string(),
    messageId: maybe(text),
    eventType: maybe(text),
    eventId: maybe(text),
    eventCorpId: maybe(text),
    eventBornTime: maybe(text),
  }),
  data: z.unknown().optional(),
})

/** Our answer to a frame, under the same message id. */
export type UpFrame = {
  code: number
  headers: { messageId: string; contentType: 'application/json' }
  message: string
  data: string
}
/** `data` of the answer to an `EVENT`: taken, or to be sent again. */
export type EventAnswer = { status: 'SUCCESS' | 'LATER'; message: string }

export type DownFrame = z.infer<typeof DownFrame>
export type OpenConnectionRequest = z.infer<typeof OpenConnectionRequest>
export type OpenConnectionResponse = z.infer<typeof OpenConnectionResponse>
