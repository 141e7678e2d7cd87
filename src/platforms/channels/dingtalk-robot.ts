import { createHmac } from 'node:crypto'
import type { z } from 'zod'
import { channelLimitOf } from '#domain/alarms/channel.ts'
import type { Clock } from '#domain/effects.ts'
import type { RobotRequest } from '#platforms/dingtalk/notices/wire.ts'
import type { Transport } from '#platforms/ports.ts'
import type { ChannelAddress, Send } from './ports.ts'
import { isAnswer, postJson, robotAnswer } from './post-json.ts'

export const dingtalkRobotBase = 'https://oapi.dingtalk.com'

/** 410100 by the documents, 660026 as seen: more than 20 in a minute, muted for ten. */
const tooMany = [410100, 660026]
/** The gateway's own: too many calls of one interface in a second, whoever makes them. */
const tooFast = [90002, 90018]
const tooFastMs = 60_000
const busy = [-1]

/**
 * 自定义机器人 of DingTalk, signed. 310000: keyword, signature, timestamp or address is not accepted; 300005, 400101: no such token; 400102: disabled; 43xxxx: content. Every message counts against the
 * organisation's webhook quota. Source: custom-robots-send-group-messages (2026-07-14).
 */
export function dingtalkRobot(
  { base, accessToken, secret }: Extract<ChannelAddress, { kind: 'dingtalk-robot' }>,
  { transport, clock }: { transport: Transport; clock: Clock },
): Send {
  const secrets = secret === null ? [accessToken] : [accessToken, secret]
  return async ({ id, text }) => {
    const request: z.infer<typeof RobotRequest> = {
      msgtype: 'text',
      msgUuid: id,
      text: { content: text },
    }
    const query = new URLSearchParams({ access_token: accessToken })
    if (secret !== null) {
      const timestamp = String(clock.now().epochMilliseconds)
      query.set('timestamp', timestamp)
      query.set('sign', signatureOf(timestamp, secret))
    }
    const exchanged = await postJson(transport, `${base}/robot/send?${query}`, JSON.stringify(request))
    if (isAnswer(exchanged)) return exchanged
    const said = robotAnswer(exchanged, secrets)
    if (isAnswer(said)) return said
    const because = `${said.code} ${said.text}`
    if (said.code === 0) return { kind: 'accepted' }
    if (tooMany.includes(said.code))
      return { kind: 'throttled', untilMs: channelLimitOf('dingtalk-robot').mutedMs, because }
    if (tooFast.includes(said.code)) return { kind: 'throttled', untilMs: tooFastMs, because }
    return { kind: busy.includes(said.code) ? 'lost' : 'refused', because }
  }
}

/** base64(HMAC-SHA256(secret, timestamp + "\n" + secret)). */
export const signatureOf = (timestamp: string, secret: string): string =>
  createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')
