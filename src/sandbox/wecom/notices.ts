import { createHash } from 'node:crypto'
import * as wire from '#platforms/wecom/notices/wire.ts'
import type { StoredNotice } from '../notices.ts'
import type { World } from '../world.ts'
import { ok, refuse } from './answers.ts'
import { isVisible, members } from './members.ts'
import { route } from './route.ts'

const MINUTE = 60_000
const LARGEST_TEXT = 2048

/** A group robot: 20 messages a minute, then shut for a minute. From path/91770. */
export const robotPace = {
  max: 20,
  windowMs: MINUTE,
  closedMs: MINUTE,
  from: 'developer.work.weixin.qq.com/document/path/91770',
}

/** 群机器人: its key is all it knows; no token. */
export const robotSend = route('POST', 'webhook/send', wire.RobotRequest, null, {}, (ask, world, call) => {
  const { key } = world.credentials.wecom.robot
  if (call.query['key'] !== key) return refuse(call, 93000, 'invalid webhook url')
  if (ask.text.content === '') return refuse(call, 44004, 'empty content')
  if (Buffer.byteLength(ask.text.content) > LARGEST_TEXT)
    return refuse(call, 45002, 'content size out of limit')
  if (world.limits.enter(`wecom robot ${key}`, [robotPace], call.nowMs))
    return refuse(call, 45009, 'api freq out of limit')
  if (!call.effect.lost)
    world.notices.add({
      ...{ platform: 'wecom', via: 'robot', atMs: call.nowMs, to: [], dropped: [] },
      text: ask.text.content,
    })
  return ok({})
})

/** To one person from one app, a minute and an hour; the excess is dropped without a word. From path/90236. */
const silently = [
  { most: 30, windowMs: MINUTE },
  { most: 1000, windowMs: 60 * MINUTE },
]

/**
 * 发送应用消息: some receivers that are wrong or out of range are listed, all of them are 81013; `@all` is everybody in
 * range. Acceptance, not delivery.
 */
export const messageSend = route(
  'POST',
  'message/send',
  wire.MessageRequest,
  'agent',
  {},
  (ask, world, call) => {
    if (ask.agentid !== world.credentials.wecom.agentId)
      return refuse(call, 301002, 'not allow operate another agent')
    const users = listOf(ask.touser)
    if (users.length + listOf(ask.toparty).length + listOf(ask.totag).length === 0)
      return refuse(call, 82001, 'touser/toparty/totag all empty')
    if (users.length > 1000) return refuse(call, 40032, 'touser size > 1000')
    if (ask.text.content === '') return refuse(call, 44004, 'empty content')
    const inRange = members(world).filter(({ wecom }) => isVisible(world, wecom.userId))
    const there = new Map(inRange.map(({ wecom }) => [wecom.userId.toLowerCase(), wecom.userId]))
    const isToAll = users.includes('@all')
    const known = isToAll ? [...there.values()] : users.flatMap((id) => there.get(id.toLowerCase()) ?? [])
    const invalid = isToAll
      ? []
      : users.filter((id) => !there.has(id.toLowerCase())).map((id) => id.toLowerCase())
    if (users.length > 0 && known.length === 0) return refuse(call, 81013, 'user & party & tag all invalid')
    const text = Buffer.from(ask.text.content)
      .subarray(0, LARGEST_TEXT)
      .toString('utf8')
      .replace(/\uFFFD$/, '')
    const interval = Math.min(ask.duplicate_check_interval ?? 1800, 14_400) * 1000
    const dropped = known.flatMap((to) => {
      const because = droppedBecause(
        world,
        to,
        call.nowMs,
        ask.enable_duplicate_check ? { text, interval } : null,
      )
      return because ? [{ to, because }] : []
    })
    world.notices.add({ platform: 'wecom', via: 'app', atMs: call.nowMs, to: known, dropped, text })
    return ok({ ...(invalid.length > 0 && { invaliduser: invalid.join('|') }), msgid: `sandbox-${call.seq}` })
  },
)

function droppedBecause(
  { ledger }: World,
  userId: string,
  nowMs: number,
  check: { text: string; interval: number } | null,
): StoredNotice['dropped'][number]['because'] | null {
  if (check) {
    const words = createHash('sha256').update(check.text).digest('hex').slice(0, 16)
    if (ledger.count(`wecom notice ${userId} ${words}`, nowMs, check.interval) > 1) return 'duplicate'
  }
  const counts = silently.map(
    ({ most, windowMs }) => ledger.count(`wecom notices ${windowMs} ${userId}`, nowMs, windowMs) > most,
  )
  return counts.includes(true) ? 'rate' : null
}

const listOf = (text: string | undefined): string[] => (text ?? '').split('|').filter((part) => part !== '')
