import { hash32 } from '../chance.ts'
import type { Punch } from '../punch-plan.ts'
import { dateText } from '../shanghai.ts'
import type { StaffAct } from '../staff.ts'

/** What an event says, without who says it when. */
export type EventBody = { eventType: string; data: Record<string, unknown> }

/** 员工打卡事件: a hint that somebody punched. No verdict, no plan, no record id; the group's key is not the pull API's number. */
export function punchBody(corpId: string, userId: string, punch: Punch): EventBody {
  const isMachine = punch.place === null
  const row = {
    userId,
    corpId,
    checkTime: punch.at,
    address: punch.place?.address ?? punch.device,
    ...(punch.place && { latitude: punch.place.latitude, longitude: punch.place.longitude }),
    locationMethod: isMachine ? 'ATM' : 'MAP',
    groupId: hash32(1, 'group').toString(16).padStart(32, '0'),
    bizId: hash32(punch.id, 'biz').toString(16).padStart(32, '0'),
    ...(isMachine && { deviceSN: hash32(1, punch.device).toString(16), deviceName: punch.device }),
    checkByUser: true,
  }
  return { eventType: 'attendance_check_record', data: { dataList: [row] } }
}

/** 考勤结果变更: an administrator has set a result, of the shift's day, which may be the day before the punch. */
export const bossCheckBody = (userId: string, punch: Punch, planId: number | null): EventBody => ({
  eventType: 'attend_bossCheck_change',
  data: {
    userId,
    ...(planId !== null && { planId }),
    workDate: `${dateText(punch.day)} 00:00:00`,
    action: 'attend_bossCheck_update',
  },
})

/** What human resources did, as far as it touched this platform. Contact events name ids and nothing else. */
export function staffBodies(act: StaffAct): EventBody[] {
  const userId = 'dingtalk' in act ? act.dingtalk : undefined
  if (userId === undefined) return []
  const told = (eventType: string): EventBody => ({
    eventType,
    data: { timeStamp: String(act.at), userId: [userId] },
  })
  switch (act.act) {
    case 'hire':
    case 'rehire':
      return [told('user_add_org'), ...(act.active === false ? [] : [told('user_active_org')])]
    case 'leave':
      return [told('user_leave_org')]
    case 'reuse':
      return [told('user_leave_org'), told('user_add_org')]
    case 'rename':
    case 'change':
      return [told('user_modify_org')]
    case 'changeUserid':
      return []
  }
}

/** Contact and role events are not counted against the month's deliveries. */
export const isFree = (eventType: string): boolean => /^(?:user_|org_|label_)/.test(eventType)
