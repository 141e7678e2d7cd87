import * as wire from '#platforms/dingtalk/wire.ts'
import type { Person } from '../company.ts'
import type { Punch } from '../punch-plan.ts'
import { DAY_MS, dateText, dayOf, dayStart, parseWallText, wallText } from '../shanghai.ts'
import { shifts } from '../shifts.ts'
import type { World } from '../world.ts'
import { ok, refuse } from './answers.ts'
import { holdersOf, shownId } from './list-record.ts'
import { resultsOf, sourceOf } from './planned-points.ts'
import { route } from './route.ts'

const historyDays = 180

/** 考勤更新数据: one person's day whole. Times are texts, and so are coordinates. An unknown person has three empty lists. */
export const getUpdateData = route(
  'POST',
  '/topapi/attendance/getupdatedata',
  wire.GetUpdateDataRequest,
  { scope: 'qyapi_get_attendance_data', metered: true },
  (ask, world, call) => {
    const date = ask.work_date.trim()
    const midnight = parseWallText(date.length === 10 ? `${date} 00:00:00` : date)
    if (midnight === null) return refuse(call, 41100, '时间格式不合法，应为 yyyy-MM-dd')
    const day = dayOf(midnight)
    if (day < dayOf(call.nowMs) - historyDays) return refuse(call, 850002, '禁止查询半年以前的数据')

    const people = holdersOf(world, ask.userid)
    const punches = people.flatMap((person) =>
      world.punches
        .shown(person, dayStart(day), dayStart(day) + 2 * DAY_MS, call.nowMs)
        .filter((punch) => punch.day === day),
    )
    return ok(call, {
      result: {
        work_date: dateText(day),
        userid: ask.userid,
        corpId: world.credentials.dingtalk.corpId,
        attendance_result_list: people.flatMap((person) => dayResults(world, person, day, call.nowMs)),
        check_record_list: punches.map((punch) => dayPunch(world, punch)),
        approve_list: punches.flatMap(({ approval, at, modifiedAt }): wire.DayApprovalRow[] =>
          approval
            ? [
                {
                  ...{
                    duration_unit: 'hour',
                    duration: '1',
                    sub_type: '补卡',
                    tag_name: '外出',
                    biz_type: 2,
                  },
                  ...{ procInst_id: approval.procInstId, begin_time: wallText(at), end_time: wallText(at) },
                  gmt_finished: wallText(modifiedAt),
                },
              ]
            : [],
        ),
        class_setting_info: { rest_time_vo_list: [] },
      },
    })
  },
)

const dayResults = (world: World, person: Person, day: number, nowMs: number): wire.DayResultRow[] =>
  resultsOf(world, person, day, nowMs).map((row) => {
    const told: wire.DayResultRow = {
      source_type: row.sourceType!,
      plan_check_time: wallText(Number(row.baseCheckTime)),
      class_id: shifts[person.shift].classId,
      location_result: row.locationResult!,
      plan_id: row.planId!,
      group_id: row.groupId!,
      user_check_time: wallText(Number(row.userCheckTime)),
      check_type: row.checkType!,
      time_result: row.timeResult!,
    }
    if (row.recordId !== undefined) told.record_id = row.recordId
    if (row.procInstId !== undefined) told.procInst_id = row.procInstId
    return told
  })

function dayPunch(world: World, punch: Punch): wire.DayPunchRow {
  const row: wire.DayPunchRow = {
    record_id: shownId(world, punch),
    source_type: sourceOf(world, punch),
    valid_matched: punch.voided === null,
    user_check_time: wallText(punch.at),
  }
  if (punch.place) {
    row.user_latitude = String(punch.place.latitude)
    row.user_longitude = String(punch.place.longitude)
    row.user_accuracy = '65'
  }
  if (punch.voided) {
    row.invalid_record_type = punch.voided.type
    row.invalid_record_msg = punch.voided.message
  }
  return row
}
