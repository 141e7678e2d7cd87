import { attendanceList, getUpdateData } from '#platforms/dingtalk/endpoints.ts'
import { readDayLists, readVerdictRows, type VerdictsAsked } from '#platforms/dingtalk/to-verdicts.ts'
import type { Gate } from '#platforms/gate.ts'
import type { DayRead, VerdictsRead } from '#platforms/platform.ts'
import type { ConnectionFacts } from '#platforms/ports.ts'
import { untrueAnswer } from '#platforms/refusals.ts'

const pageRows = attendanceList.limit.records ?? 1
/** No shift has more: five sections of two points for fifty people on seven days. */
const mostRows = 50 * 7 * 10

/** All pages of `attendance/list`, each a metered call. A page that promises another and brings nothing is unbelievable. */
export async function readVerdicts(
  gate: Gate,
  facts: ConnectionFacts,
  asked: VerdictsAsked,
): Promise<VerdictsRead> {
  const rows: unknown[] = []
  const texts: string[] = []
  for (let offset = 0; ; offset += pageRows) {
    const { data, text } = await gate.call(attendanceList, {
      workDateFrom: `${asked.from} 00:00:00`,
      workDateTo: `${asked.to} 00:00:00`,
      userIdList: asked.userIds,
      offset,
      limit: pageRows,
      isI18n: false,
    })
    const page = data.recordresult ?? []
    for (const row of page) rows.push(row)
    texts.push(text)
    if (data.hasMore !== true) return { ...readVerdictRows(rows, asked), raw: texts.join('\n') }
    if (page.length === 0 || offset >= mostRows) throw untrueAnswer(facts, attendanceList, text)
  }
}

/** One person's day: one metered call. */
export async function readDay(
  gate: Gate,
  asked: { userId: string; day: Temporal.PlainDate },
): Promise<DayRead> {
  const { data, text } = await gate.call(getUpdateData, {
    userid: asked.userId,
    work_date: asked.day.toString(),
  })
  const { attendance_result_list, check_record_list, approve_list } = data.result ?? {}
  const lists = {
    results: attendance_result_list ?? [],
    punches: check_record_list ?? [],
    approvals: approve_list ?? [],
  }
  return { ...readDayLists(lists, asked), raw: text }
}
