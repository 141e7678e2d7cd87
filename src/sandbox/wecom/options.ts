import * as wire from '#platforms/wecom/wire.ts'
import { type Shift, type Slot, shifts } from '../shifts.ts'
import { ok } from './answers.ts'
import { route } from './route.ts'

/** 获取企业所有打卡规则: one rule a shift; the night shift's is 按班次. */
export const getCorpCheckinOption = route(
  'POST',
  'checkin/getcorpcheckinoption',
  wire.GetCorpCheckinOptionRequest,
  'checkin',
  { group: [] },
  (_, world) => ok({ group: Object.values(shifts).map((shift) => ruleOf(shift, world.origin.startMs)) }),
)

function ruleOf(shift: Shift, startMs: number) {
  const isByShift = shift.name === 'night'
  const flexible = {
    noneed_offwork: false,
    limit_aheadtime: 4 * 3_600_000,
    flex_on_duty_time: 0,
    flex_off_duty_time: 0,
    allow_flex: false,
    max_allow_arrive_early: 0,
    max_allow_arrive_late: 0,
    late_rule: { allow_offwork_after_time: false, timerules: [] },
  }
  return {
    groupid: shift.groupId % 1000,
    groupname: shift.group,
    grouptype: isByShift ? 2 : 1,
    checkin_method_type: 1,
    checkindate: isByShift ? [] : [{ workdays: [1, 2, 3, 4, 5], checkintime: sections(shift), ...flexible }],
    spe_workdays: [],
    spe_offdays: [],
    sync_holidays: !isByShift,
    need_photo: false,
    note_can_use_local_pic: true,
    allow_checkin_offworkday: true,
    allow_apply_offworkday: true,
    wifimac_infos: [],
    loc_infos: [
      {
        lat: 30285413,
        lng: 120017139,
        loc_title: '勤通大厦',
        loc_detail: '示例市高新区科技路 88 号',
        distance: 300,
      },
    ],
    range: { party_id: [1], userid: [], tagid: [] },
    white_users: ['boss'],
    type: 0,
    reporterinfo: { reporters: [], updatetime: 0 },
    allow_apply_bk_cnt: -1,
    allow_apply_bk_day_limit: -1,
    buka_limit_next_month: -1,
    option_out_range: 1,
    use_face_detect: false,
    span_day_time: 0,
    open_sp_checkin: true,
    schedulelist: isByShift
      ? [
          { schedule_id: 0, schedule_name: '休息', time_section: [] },
          {
            schedule_id: shift.classId % 1000,
            schedule_name: shift.title,
            time_section: sections(shift),
            ...flexible,
          },
        ]
      : [],
    create_time: Math.floor(startMs / 1000) - 90 * 86_400,
    create_userid: 'admin',
    update_userid: 'admin',
  }
}

/** One time section per pair of slots. */
function sections({ slots }: Shift) {
  const of = (kind: Slot['kind'], section: number) =>
    slots.find((s) => s.kind === kind && s.section === section)!
  return [...new Set(slots.map(({ section }) => section))].map((section) => {
    const start = of('in', section)
    const end = of('out', section)
    return {
      time_id: section,
      work_sec: start.planned,
      off_work_sec: end.planned,
      remind_work_sec: start.planned - 600,
      remind_off_work_sec: end.planned,
      earliest_work_sec: start.from,
      latest_work_sec: start.to,
      earliest_off_work_sec: end.from,
      latest_off_work_sec: end.to,
      no_need_checkon: false,
      no_need_checkoff: false,
    }
  })
}
