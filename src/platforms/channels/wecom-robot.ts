import type { z } from 'zod'
import { channelLimitOf } from '#domain/alarms/channel.ts'
import type { Clock } from '#domain/effects.ts'
import type { Transport } from '#platforms/ports.ts'
import type { RobotRequest } from '#platforms/wecom/notices/wire.ts'
import type { ChannelAddress, Send } from './ports.ts'
import { isAnswer, postJson, robotAnswer } from './post-json.ts'

export const wecomRobotBase = 'https://qyapi.weixin.qq.com'

/** 45009: too many in the minute; -1: the platform is busy. Everything else wants a person. */
const tooMany = [45009]
const busy = [-1]

/**
 * 群机器人 of WeCom: text, at most 2,048 bytes, 20 a minute; the key in the address is the only secret. 93000: wrong or
 * deleted key; 93004: disabled; 93008: not in the group. Source: 91770, 99110.
 */
export function wecomRobot(
  { base, key }: Extract<ChannelAddress, { kind: 'wecom-robot' }>,
  { transport, clock }: { transport: Transport; clock: Clock },
): Send {
  return async ({ text }) => {
    const request: z.infer<typeof RobotRequest> = { msgtype: 'text', text: { content: text } }
    const url = `${base}/cgi-bin/webhook/send?key=${encodeURIComponent(key)}`
    const exchanged = await postJson(transport, url, JSON.stringify(request))
    if (isAnswer(exchanged)) return exchanged
    const said = robotAnswer(exchanged, [key])
    if (isAnswer(said)) return said
    const because = `${said.code} ${said.text}`
    if (said.code === 0) return { kind: 'accepted' }
    if (tooMany.includes(said.code)) return { kind: 'throttled', untilMs: waitMs(clock), because }
    return { kind: busy.includes(said.code) ? 'lost' : 'refused', because }
  }
}

/** The ban lasts as long as the window, which the platform aligns to whole minutes: to the end of the next one. */
const waitMs = (clock: Clock): number => {
  const { mutedMs } = channelLimitOf('wecom-robot')
  return mutedMs + (mutedMs - (clock.now().epochMilliseconds % mutedMs))
}
