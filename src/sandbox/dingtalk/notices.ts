import { createHash, createHmac } from 'node:crypto'
import * as wire from '#platforms/dingtalk/notices/wire.ts'
import type { StoredNotice } from '../notices.ts'
import { DAY_MS, dayOf } from '../shanghai.ts'
import type { World } from '../world.ts'
import { ok, refuse } from './answers.ts'
import { route } from './route.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** A group robot: 20 messages a minute, then silence for ten. From custom-robots-send-group-messages (2026-07-14). */
export const robotPace = {
  max: 20,
  windowMs: MINUTE,
  closedMs: 10 * MINUTE,
  from: 'custom-robots-send-group-messages',
}

/** 自定义机器人, kept by a signature. Its token is its own: the app's has nothing to do with it. */
export const robotSend = route(
  'POST',
  '/robot/send',
  wire.RobotRequest,
  { scope: null },
  (ask, world, call) => {
    const { robot } = world.credentials.dingtalk
    if (call.query['access_token'] !== robot.accessToken) return refuse(call, 300005, 'token is not exist')
    const timestamp = call.query['timestamp'] ?? ''
    if (!/^\d{13}$/.test(timestamp) || Math.abs(Number(timestamp) - call.nowMs) > HOUR)
      return refuse(
        call,
        310000,
        'description:机器人发送签名过期;solution:签名生成时间和发送时间请保持在timestampms以内',
      )
    const expected = createHmac('sha256', robot.secret)
      .update(`${timestamp}\n${robot.secret}`)
      .digest('base64')
    if (call.query['sign'] !== expected) return refuse(call, 310000, 'sign not match')
    if (ask.text.content.trim() === '') return refuse(call, 400105, 'unsupported msgtype')
    if (world.limits.enter(`dingtalk robot ${robot.accessToken}`, [robotPace], call.nowMs))
      return refuse(call, 660026, 'sending too many messages per minute')
    const isRepeat =
      ask.msgUuid !== undefined && world.ledger.count(`dingtalk robot ${ask.msgUuid}`, call.nowMs, DAY_MS) > 1
    const dropped: StoredNotice['dropped'] = isRepeat ? [{ to: '', because: 'repeat' }] : []
    if (!call.effect.lost)
      world.notices.add({
        ...{ platform: 'dingtalk', via: 'robot', atMs: call.nowMs, to: [], dropped },
        text: ask.text.content,
      })
    return ok(call, {})
  },
)

/** Of one app to one person: a day's messages, the same words only once a day. Recipients of all calls: a minute's. */
const perDay = 500
const perMinute = 5000
const LARGEST_MSG = 2048

/** 发送工作通知. What is too much is still answered with success: the person is just not reached. */
export const workNotice = route(
  'POST',
  '/topapi/message/corpconversation/asyncsend_v2',
  wire.WorkNoticeRequest,
  { scope: 'qyapi_base', metered: true },
  (ask, world, call) => {
    if (ask.agent_id !== world.credentials.dingtalk.agentId) return refuse(call, 40056, '不合法的agentid')
    if (Buffer.byteLength(JSON.stringify(ask.msg)) > LARGEST_MSG) return refuse(call, 41101, '消息体过长')
    const users = listOf(ask.userid_list)
    const departments = listOf(ask.dept_id_list)
    if (users.length > 100 || departments.length > 20) return refuse(call, 41029, '接收者数量超过限制')
    if (users.length + departments.length === 0 && !ask.to_all_user)
      return refuse(call, 400002, '缺少参数：userid_list, dept_id_list, to_all_user')
    const known = users.filter((id) => world.company.byDingtalk.has(id))
    if (users.length > 0 && known.length === 0) return refuse(call, 33012, '无效的USERID')
    const dropped = known.flatMap((to) => {
      const because = droppedBecause(world, to, ask.msg.text.content, call.nowMs)
      return because ? [{ to, because }] : []
    })
    world.notices.add({
      ...{ platform: 'dingtalk', via: 'app', atMs: call.nowMs, to: known, dropped },
      text: ask.msg.text.content,
    })
    return ok(call, { task_id: 256_000_000_000 + call.seq })
  },
)

function droppedBecause(
  { ledger }: World,
  userId: string,
  content: string,
  nowMs: number,
): StoredNotice['dropped'][number]['because'] | null {
  const today = `${dayOf(nowMs)} ${userId}`
  const words = createHash('sha256').update(content).digest('hex').slice(0, 16)
  if (ledger.count('dingtalk notices', nowMs, MINUTE) > perMinute) return 'rate'
  if (ledger.count(`dingtalk notice ${today} ${words}`, nowMs, DAY_MS) > 1) return 'duplicate'
  return ledger.count(`dingtalk notices ${today}`, nowMs, DAY_MS) > perDay ? 'daily' : null
}

const listOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
