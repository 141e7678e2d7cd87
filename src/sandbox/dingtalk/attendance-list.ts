import * as wire from '#platforms/dingtalk/wire.ts'
import { shuffle } from '../chance.ts'
import { dayOf, parseWallText } from '../shanghai.ts'
import { ok, refuse } from './answers.ts'
import { holdersOf } from './list-record.ts'
import { resultsOf } from './planned-points.ts'
import { route } from './route.ts'

const mostApart = 7
const historyDays = 180

/**
 * 打卡结果: fifty people, days that lie at most seven apart, pages of at most fifty rows. The pages are cut from one order;
 * within a page the rows come in any.
 */
export const attendanceList = route(
  'POST',
  '/attendance/list',
  wire.ListRequest,
  { scope: 'qyapi_get_attendance_data', metered: true },
  (ask, world, call) => {
    const { values } = world.faults
    if (ask.userIdList.length === 0 || ask.userIdList.length > 50)
      return refuse(call, 40035, '不合法的参数：userIdList')
    if (ask.limit < 1 || ask.limit > 50) return refuse(call, 40035, '不合法的参数：limit')
    if (ask.offset < 0) return refuse(call, 40035, '不合法的参数：offset')
    const [fromMs, toMs] = [parseWallText(ask.workDateFrom), parseWallText(ask.workDateTo)]
    if (fromMs === null || toMs === null)
      return refuse(call, 41100, '时间格式不合法，应为 yyyy-MM-dd HH:mm:ss')
    const [from, to] = [dayOf(fromMs), dayOf(toMs)]
    if (to < from) return refuse(call, 40035, '不合法的参数：workDateTo 早于 workDateFrom')
    if (to - from > (values.exactSevenDays === 'accept' ? mostApart : mostApart - 1))
      return refuse(call, 41041, '查询考勤数据的起始和结束日期相隔不能超过7天')
    const oldest = dayOf(call.nowMs) - historyDays
    if (from < oldest && values.historyEdge === '850002')
      return refuse(call, 850002, '禁止查询半年以前的数据')
    if (ask.isI18n === true) return ok(call, { hasMore: false, recordresult: [] })

    const all: wire.ResultRow[] = []
    for (const person of [...new Set(ask.userIdList)].flatMap((id) => holdersOf(world, id)))
      for (let day = Math.max(from, oldest); day <= to; day++)
        all.push(...resultsOf(world, person, day, call.nowMs))
    const page = all.slice(ask.offset, ask.offset + ask.limit)
    if (values.unknownEnums)
      for (const row of page) if (row.timeResult !== 'NotSigned') row.sourceType = 'SELF_SERVICE_KIOSK'
    if (values.shuffledRows) shuffle(page, call.chance)
    return ok(call, { hasMore: all.length > ask.offset + ask.limit, recordresult: page })
  },
)
