import * as wire from '#platforms/dingtalk/wire.ts'
import { hash32, shuffle } from '../chance.ts'
import { isThere, type Person } from '../company.ts'
import type { Call } from '../exchange.ts'
import { type Punch, worksOn } from '../punch-plan.ts'
import { DAY_MS, dayOf, dayStart, parseWallText } from '../shanghai.ts'
import { shifts } from '../shifts.ts'
import type { World } from '../world.ts'
import { ok, refuse } from './answers.ts'
import { isInRange } from './members.ts'
import { route } from './route.ts'

/**
 * 获取打卡详情, as the platform answers it: fifty people, seven days, half a year back, silence about the unknown, any
 * order, all in one answer.
 */
export const listRecord = route(
  'POST',
  '/attendance/listRecord',
  wire.ListRecordRequest,
  { scope: 'qyapi_get_attendance_data', metered: true },
  (ask, world, call) => {
    const { values } = world.faults
    if (ask.userIds.length === 0 || ask.userIds.length > 50)
      return refuse(call, 40035, '不合法的参数：userIds')
    const from = parseWallText(ask.checkDateFrom)
    const to = parseWallText(ask.checkDateTo)
    if (from === null || to === null) return refuse(call, 41100, '时间格式不合法，应为 yyyy-MM-dd HH:mm:ss')
    if (to < from) return refuse(call, 40035, '不合法的参数：checkDateTo 早于 checkDateFrom')
    const widest = values.exactSevenDays === 'accept' ? 7 * DAY_MS : 7 * DAY_MS - 1000
    if (to - from > widest) return refuse(call, 41041, '查询考勤数据的起始和结束日期相隔不能超过7天')
    const oldest = dayStart(dayOf(call.nowMs) - 180)
    if (from < oldest && values.historyEdge === '850002')
      return refuse(call, 850002, '禁止查询半年以前的数据')
    if (ask.isI18n === true) return ok(call, { recordresult: [] })

    const unwelcome = ask.userIds.find((id) => values.personRefused.includes(id))
    if (unwelcome !== undefined) return refuse(call, 33012, `无效的 userId：${unwelcome}`)

    const rows: wire.PunchRow[] = []
    const end = values.checkDateToExclusive ? to - 1 : to + 999
    const people = [...new Set(ask.userIds)].flatMap((id) => holdersOf(world, id))
    for (const person of people) {
      for (const punch of world.punches.shown(person, Math.max(from, oldest), end, call.nowMs))
        rows.push(rowOf(world, person, values.amendmentsIn === 'results' ? asMade(punch) : punch))
      if (values.notSignedRows) rows.push(...notSigned(world, person, from, end, call.nowMs))
    }
    if (values.rowsOutsideWindow) rows.push(...unasked(world, people, from, call))
    for (const row of rows)
      if (values.brokenRows.includes(row.userId)) row.userCheckTime = 'unreadable' as never
    if (values.unknownEnums) for (const row of rows) if (hash32(Number(row.id)) % 5 === 0) strange(row)
    if (values.shuffledRows) shuffle(rows, call.chance)
    return ok(call, { recordresult: rows })
  },
)

/** Where amendments change the result alone, the raw punch stays as the person made it, unless it was made void or moved. */
const asMade = (punch: Punch): Punch =>
  punch.before && !punch.voided && punch.at === punch.before.at ? punch.before : punch

/** Whoever has this user id, and whoever had it before: punches stay with the id. */
export function holdersOf(world: World, userId: string): Person[] {
  const { byDingtalk, formerHolders } = world.company
  const person = byDingtalk.get(userId)
  if (!person || !isInRange(world, userId)) return []
  const all = [...(formerHolders.get(userId) ?? []), person]
  if (world.faults.values.leaverRows === 'readable') return all
  return all.filter((one) => one.leavesAfter === null && isThere(one.dingtalk))
}

/** What a punch is called outside. Where an id is one within a person alone, people who punch in one second share theirs. */
export const shownId = ({ faults }: World, { id, at, before }: Punch): number =>
  faults.values.punchIds === 'corp' ? id : Math.floor((before?.at ?? at) / 1000)

/** One punch in the platform's words. A void one, or one that met no planned point, lacks the schedule's fields. */
export function rowOf(world: World, person: Person, punch: Punch): wire.PunchRow {
  const { at, day, slot, sourceType, voided, outside, place, device, createdAt, modifiedAt, approval } = punch
  const { uploadShownAs, writtenTexts } = world.faults.values
  const row: wire.PunchRow = {
    id: shownId(world, punch),
    corpId: world.credentials.dingtalk.corpId,
    userId: person.dingtalk!.userId,
    workDate: dayStart(day),
    userCheckTime: at,
    sourceType: punch.upload ? uploadShownAs : sourceType,
    gmtCreate: createdAt,
    gmtModified: modifiedAt,
  }
  if (place) {
    row.locationMethod = 'MAP'
    row.userAddress = place.address
    row.userLatitude = place.latitude
    row.userLongitude = place.longitude
    row.userAccuracy = 65
    row.deviceId = `phone${person.index}`
  } else if (punch.upload) {
    row.locationMethod = 'ATM'
    if (writtenTexts === 'kept') {
      row.userAddress = device
      row[uploadShownAs === 'ATM' ? 'deviceSN' : 'deviceId'] = punch.upload.deviceId
    }
  } else if (device !== '') {
    row.locationMethod = 'ATM'
    row.userAddress = device
    row.deviceSN = `SN${hash32(device.length, device)}`
  }
  if (outside !== null) row.outsideRemark = outside
  if (approval) {
    row.approveId = approval.approveId
    row.procInstId = approval.procInstId
  }
  if (voided) {
    row.invalidRecordType = voided.type
    row.invalidRecordMsg = voided.message
    return row
  }
  const timeResult = punch.verdict ?? verdictOf(at, slot)
  row.timeResult = timeResult
  row.locationResult = outside === null ? 'Normal' : 'Outside'
  row.isLegal = timeResult === 'Normal' && outside === null ? 'Y' : 'N'
  row.bizId = `${punch.id.toString(16).toUpperCase()}E`
  if (slot) {
    const shift = shifts[person.shift]
    row.checkType = slot.kind === 'in' ? 'OnDuty' : 'OffDuty'
    row.groupId = shift.groupId
    row.classId = shift.classId
    row.planId = planIdOf(person, day, slot)
    row.planCheckTime = slot.planned
    row.baseCheckTime = slot.planned
  }
  return row
}

/** Consecutive for the points of one day. */
export const planIdOf = (
  person: Person,
  day: number,
  { kind, section }: { kind: 'in' | 'out'; section: number },
): number =>
  144_000_000_000 + (person.index * 40_000 + (day % 10_000) * 4) + (section - 1) * 2 + (kind === 'in' ? 0 : 1)

/** What the clock alone says of a punch. */
export function verdictOf(at: number, slot: Punch['slot']): string {
  if (!slot) return 'Normal'
  const lateMs = slot.kind === 'in' ? at - slot.planned : slot.planned - at
  if (lateMs < (slot.kind === 'in' ? 60_000 : 1)) return 'Normal'
  if (slot.kind === 'out') return 'Early'
  return lateMs > 30 * 60_000 ? 'SeriousLate' : 'Late'
}

/** Synthetic rows for planned points nobody punched at: they carry the planned time as if it were a punch. */
function notSigned(world: World, person: Person, from: number, to: number, nowMs: number): wire.PunchRow[] {
  const rows: wire.PunchRow[] = []
  for (let day = dayOf(from) - 1; day <= dayOf(to); day++) {
    if (!worksOn(world.company, person, day, world.firstDay)) continue
    const start = dayStart(day)
    const punched = world.punches.shown(person, start, start + 2 * DAY_MS, nowMs)
    for (const { kind, planned, to: closes, section } of shifts[person.shift].slots) {
      const at = start + planned * 1000
      if (
        at < from ||
        at > to ||
        start + closes * 1000 > nowMs ||
        punched.some(({ slot }) => slot?.planned === at)
      )
        continue
      const made = rowOf(world, person, {
        ...synthetic,
        id: planIdOf(person, day, { kind, section }),
        at,
        day,
        slot: { kind, section, planned: at },
        createdAt: at,
        modifiedAt: at,
      })
      rows.push({ ...made, locationResult: 'NotSigned', isLegal: 'N' })
    }
  }
  return rows
}
const synthetic = {
  sourceType: 'SYSTEM',
  voided: null,
  outside: null,
  place: null,
  device: '',
  verdict: 'NotSigned',
  approval: null,
} as const

/** Rows nobody asked for: the day before of the first person, and today of somebody else. */
function unasked(world: World, asked: Person[], from: number, { nowMs }: Call): wire.PunchRow[] {
  const first = asked[0]
  const other = world.company.people.find((person) => person.dingtalk && !asked.includes(person))
  const before = first
    ? world.punches.shown(first, from - DAY_MS, from - 1000, nowMs).map((p) => rowOf(world, first, p))
    : []
  const others = other
    ? world.punches.shown(other, from, from + DAY_MS, nowMs).map((p) => rowOf(world, other, p))
    : []
  return [...before, ...others]
}

function strange(row: wire.PunchRow): void {
  row.sourceType = 'SELF_SERVICE_KIOSK'
  if (row.timeResult) row.timeResult = 'FlexNormal'
  if (row.locationMethod) row.locationMethod = 'UWB'
}
