import type { PunchVerdict } from '#domain/punch-verdict.ts'
import { dateOf, isNotSigned, msOf, originOf, resultOf, slotOf } from '#platforms/dingtalk/row-words.ts'
import type { DayRead, VerdictsRead } from '#platforms/platform.ts'
import { idOf, type Row, rowOf, secondOf, textOf } from '#platforms/read-row.ts'

/** Whose verdicts on which days were asked for, both ends inclusive. */
export type VerdictsAsked = { userIds: string[]; from: Temporal.PlainDate; to: Temporal.PlainDate }

/**
 * Rows of `attendance/list` in our words, by day and planned time. Rows of people or days nobody asked for are counted in
 * `outside`; unreadable ones are kept (`not-an-object`, `no-user`, `no-day`, `no-slot`). Pages may repeat a row: one stays.
 */
export function readVerdictRows(rows: readonly unknown[], asked: VerdictsAsked): Omit<VerdictsRead, 'raw'> {
  const people = new Set(asked.userIds)
  const days = new Map<number, Temporal.PlainDate>()
  const found = new Map<string, PunchVerdict>()
  const unreadable: VerdictsRead['unreadable'] = []
  let outside = 0
  for (const given of rows) {
    const row = rowOf(given)
    const userId = row && textOf(row['userId'])
    if (!row || !userId) {
      unreadable.push({ row: given, userId: null, because: row ? 'no-user' : 'not-an-object' })
      continue
    }
    const workDate = dateOf(row['workDate'], days)
    const verdict = workDate && toVerdict(row, userId, workDate)
    if (!verdict) {
      unreadable.push({ row: given, userId, because: workDate ? 'no-slot' : 'no-day' })
      continue
    }
    if (!people.has(userId) || isBefore(verdict.workDate, asked.from) || isBefore(asked.to, verdict.workDate))
      outside += 1
    else keep(found, verdict)
  }
  return { verdicts: inOrder([...found.values()]), outside, unreadable }
}

/** The three lists of `getupdatedata` in our words. */
export function readDayLists(
  lists: { results: readonly unknown[]; punches: readonly unknown[]; approvals: readonly unknown[] },
  asked: { userId: string; day: Temporal.PlainDate },
): Omit<DayRead, 'raw'> {
  const unreadable: DayRead['unreadable'] = []
  const found = new Map<string, PunchVerdict>()
  for (const given of lists.results) {
    const row = rowOf(given)
    const verdict = row && toVerdict(asInLists(row), asked.userId, asked.day)
    if (verdict) keep(found, verdict)
    else unreadable.push({ row: given, userId: asked.userId, because: row ? 'no-slot' : 'not-an-object' })
  }
  const punches: DayRead['punches'] = []
  for (const given of lists.punches) {
    const row = rowOf(given)
    const ms = row && msOf(row['user_check_time'])
    const [externalId, at] = [row && idOf(row['record_id']), ms === null ? null : secondOf(ms)]
    if (!row || !externalId || !at) {
      const because = !row ? 'not-an-object' : at ? 'no-id' : 'no-time'
      unreadable.push({ row: given, userId: asked.userId, because })
      continue
    }
    const invalid = textOf(row['invalid_record_type'])
    const voidReason = invalid === null ? null : (textOf(row['invalid_record_msg']) ?? invalid)
    punches.push({ externalId, at, isVoid: invalid !== null, voidReason })
  }
  punches.sort((a, b) => Temporal.Instant.compare(a.at, b.at) || (a.externalId < b.externalId ? -1 : 1))
  const approvals = lists.approvals.flatMap((given) => {
    const row = rowOf(given)
    if (!row) return []
    const name = textOf(row['sub_type']) ?? textOf(row['tag_name']) ?? ''
    const [from, to] = [textOf(row['begin_time']) ?? '', textOf(row['end_time']) ?? '']
    return [{ kind: approvalKinds.get(textOf(row['biz_type']) ?? '') ?? ('other' as const), name, from, to }]
  })
  return { verdicts: inOrder([...found.values()]), punches, approvals, unreadable }
}

const approvalKinds = new Map([
  ['1', 'overtime' as const],
  ['2', 'away' as const],
  ['3', 'leave' as const],
])

const listNames = ['record_id', 'source_type', 'plan_check_time', 'plan_id', 'user_check_time', 'check_type']
const renamed = [...listNames, 'time_result', 'location_result'].map(
  (name) => [name, name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())] as const,
)

/** The same row with the names that `attendance/list` uses. */
const asInLists = (row: Row): Row => Object.fromEntries(renamed.map(([name, ours]) => [ours, row[name]]))

/** Null when the row names neither a planned point nor a result by a number. */
function toVerdict(row: Row, userId: string, workDate: Temporal.PlainDate): PunchVerdict | null {
  const externalId = idOf(row['planId']) ?? idOf(row['id']) ?? idOf(row['recordId'])
  if (!externalId) return null
  const isMissing = isNotSigned(row['timeResult']) || isNotSigned(row['locationResult'])
  // the time of a slot nobody punched at repeats the planned one
  const ms = isMissing ? null : msOf(row['userCheckTime'])
  return {
    externalId,
    userId,
    workDate,
    slot: slotOf(row),
    punchId: isMissing ? null : idOf(row['recordId']),
    at: ms === null || ms <= 0 ? null : secondOf(ms),
    result: isMissing ? '未打卡' : resultOf(row),
    isMissing,
    origin: originOf(row),
  }
}

/** Two rows of one planned point: decided by what they say, so that their order changes nothing. */
function keep(found: Map<string, PunchVerdict>, verdict: PunchVerdict): void {
  const name = `${verdict.externalId} ${verdict.userId}`
  const known = found.get(name)
  if (!known || JSON.stringify(verdict) > JSON.stringify(known)) found.set(name, verdict)
}

const isBefore = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean =>
  Temporal.PlainDate.compare(a, b) < 0

const inOrder = (verdicts: PunchVerdict[]): PunchVerdict[] => {
  const plannedMs = ({ slot }: PunchVerdict) => slot?.plannedAt.epochMilliseconds ?? 0
  return verdicts.sort(
    (a, b) =>
      Temporal.PlainDate.compare(a.workDate, b.workDate) ||
      plannedMs(a) - plannedMs(b) ||
      (a.externalId < b.externalId ? -1 : 1),
  )
}
