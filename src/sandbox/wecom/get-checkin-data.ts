import * as wire from '#platforms/wecom/wire.ts'
import { shuffle } from '../chance.ts'
import type { Person } from '../company.ts'
import type { World } from '../world.ts'
import { ok, refuse } from './answers.ts'
import { judgedRows } from './judge.ts'
import { isVisible, memberOf, members } from './members.ts'
import { route } from './route.ts'

const empty = { checkindata: [] }
const DAY_SEC = 86_400

/** 获取打卡记录数据: one to a hundred people, at most thirty days, as judged by the rules, all in one answer. */
export const getCheckinData = route(
  'POST',
  'checkin/getcheckindata',
  wire.GetCheckinDataRequest,
  'checkin',
  empty,
  (ask, world, call) => {
    const { values } = world.faults
    const { opencheckindatatype: type, starttime: from, endtime: to, useridlist } = ask
    if (type < 1 || type > 3)
      return refuse(call, 40058, 'invalid Request Parameter opencheckindatatype', empty)
    if (useridlist.length < 1 || useridlist.length > 100)
      return refuse(call, 301023, 'useridlist empty or more than 100', empty)
    const isReversed = to < from || (to === from && values.equalTimes === 'refuse')
    if (from === 0 || isReversed || to - from > 30 * DAY_SEC)
      return refuse(call, 301024, 'invalid time range', empty)

    const people = new Set<Person>()
    for (const userid of useridlist) {
      const person = memberOf(world, userid)
      const isSeen = person !== null && isVisible(world, userid)
      if (isSeen) people.add(person)
      else if ((person ? values.outOfScope : values.unknownUserid) === 'error301021')
        return refuse(call, 301021, `invalid userid ${userid}`, empty)
    }
    // Nobody here punches while out on business, so type 2 alone is empty.
    if (type === 2) return ok(empty)
    const rows: wire.CheckinRow[] = []
    for (const person of people)
      for (const row of judgedRows(world, person, from, to, call.nowMs)) rows.push(row)
    if (values.rowsOutsideWindow) rows.push(...unasked(world, people, from, to, call.nowMs))
    if (values.unknownEnums) for (const row of rows) if (Number(row.checkin_time) % 5 === 0) strange(row)
    if (values.shuffledRows) shuffle(rows, call.chance)
    return ok({ checkindata: rows })
  },
)

/** Rows nobody asked for: the day before of those asked, and somebody else's. */
function unasked(
  world: World,
  asked: Set<Person>,
  from: number,
  to: number,
  nowMs: number,
): wire.CheckinRow[] {
  const [first] = asked
  const other = members(world).find((person) => !asked.has(person))
  const before = first ? judgedRows(world, first, Math.max(1, from - DAY_SEC), from - 1, nowMs) : []
  return [...before, ...(other ? judgedRows(world, other, from, to, nowMs) : [])]
}

function strange(row: wire.CheckinRow): void {
  if (row.exception_type === '未打卡') return
  row.checkin_type = '仅记录打卡时间和位置'
  row.exception_type = '设备异常;人脸异常'
}
