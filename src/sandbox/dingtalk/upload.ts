import * as wire from '#platforms/dingtalk/wire.ts'
import { isThere, type Person } from '../company.ts'
import type { Call } from '../exchange.ts'
import { DAY_MS, dayOf } from '../shanghai.ts'
import { slotAt } from '../wecom/judge.ts'
import type { World } from '../world.ts'
import { ok, refuse } from './answers.ts'
import { isInRange } from './members.ts'
import { route } from './route.ts'

/** Below this a timestamp counts seconds: the platform says yes to it and does nothing. */
const leastMs = 10 ** 12
const historyDays = 180

/**
 * 上传打卡记录: one punch of one person, into the raw stream like a machine's. No id comes back. The codes of its refusals
 * are published nowhere: these are ours.
 */
export const upload = route(
  'POST',
  '/topapi/attendance/record/upload',
  wire.UploadRequest,
  { scope: 'Pro.AttendanceRecord.Write', metered: true },
  (ask, world, call) => {
    for (const name of ['userid', 'device_name', 'device_id'] as const)
      if (ask[name].trim() === '') return refuse(call, 40035, `缺少参数：${name}`)
    const done = ok(call, { success: true })
    if (ask.user_check_time < leastMs) return done

    const { uploadUnknownUserid, uploadOutsideGroup, uploadDuplicates } = world.faults.values
    const person = world.company.byDingtalk.get(ask.userid)
    if (!person || !isThere(person.dingtalk))
      return uploadUnknownUserid === 'ignore' ? done : refuse(call, 60121, '找不到该用户')
    if (!isInRange(world, ask.userid)) return refuse(call, 50002, '请求的员工userid不在授权范围内')
    if (ask.user_check_time > call.nowMs)
      return refuse(call, 40035, '不合法的参数：user_check_time 晚于当前时间')
    if (ask.user_check_time < call.nowMs - historyDays * DAY_MS)
      return refuse(call, 850002, '禁止上传半年以前的数据')
    if (person.exempt && uploadOutsideGroup !== 'accept')
      return uploadOutsideGroup === 'ignore' ? done : refuse(call, 850003, '员工不在任何考勤组')
    const isAgain =
      world.punches.held(person, ask.user_check_time, ask.user_check_time, call.nowMs).length > 0
    if (isAgain && uploadDuplicates === 'refuse') return refuse(call, 850004, '打卡记录已存在')

    if (!call.effect.lost && world.faults.strike('effectLost', call)) call.effect.lost = true
    if (!call.effect.lost && !(isAgain && uploadDuplicates === 'merge')) store(world, call, person, ask)
    return done
  },
)

function store(world: World, call: Call, person: Person, ask: wire.UploadRequest): void {
  const { uploadVisibilityDelay: delay, uploadOutsideHours } = world.faults.values
  const waitSec = typeof delay === 'number' ? delay : delay.min + call.chance() * (delay.max - delay.min)
  const storedAt = call.nowMs + call.effect.delayMs
  const createdAt = storedAt + Math.round(waitSec * 1000)
  const at = ask.user_check_time
  const slot = slotAt(world, person, Math.floor(at / 1000))
  world.punches.add(ask.userid, {
    at,
    day: slot?.day ?? dayOf(at),
    slot: slot && { kind: slot.slot.kind, section: slot.slot.section, planned: slot.planned * 1000 },
    sourceType: 'ATM',
    voided:
      slot || person.exempt || uploadOutsideHours === 'plain'
        ? null
        : { type: 'Other', message: '当前不在可打卡的时间范围，请和管理员联系' },
    outside: null,
    place: null,
    device: ask.device_name,
    createdAt,
    modifiedAt: createdAt,
    verdict: null,
    approval: null,
    upload: { deviceId: ask.device_id, storedAt, batch: call.seq },
  })
}
