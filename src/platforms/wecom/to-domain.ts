import type { Account } from '#domain/person.ts'
import type { PunchOrigin, SourcePunch } from '#domain/punch.ts'
import { toMobile } from '#platforms/mobile.ts'
import {
  coordinatesOf,
  inOrder,
  nothingRead,
  numberOf,
  type Row,
  type RowsAsked,
  type RowsRead,
  rowOf,
  secondOf,
  textOf,
} from '#platforms/read-row.ts'
import type { User } from '#platforms/wecom/wire.ts'

/** Where this corp keeps its job numbers 工号: WeCom has no field for them. */
export type JobNumberSource = { from: 'extattr'; name: string } | { from: 'userid' } | { from: 'none' }

/**
 * Rows of `getcheckindata` in our words. There is no record id: person and second are the identity, everything else
 * may change, and two rows with one identity are one punch, merged the same way in whatever order they come.
 * WeCom has no void punches: what it objects to (时间异常, 地点异常, wifi异常, 非常用设备) is a verdict on a punch that stands.
 * Rows of people or instants nobody asked for are counted in `outside`; rows that cannot be read are kept in
 * `unreadable` (`not-an-object`, `no-user`, `no-time`).
 */
export function readPunchRows(rows: readonly unknown[], asked: RowsAsked): RowsRead {
  const read = nothingRead()
  const people = new Set(asked.userIds.map((userId) => userId.toLowerCase()))
  const [from, to] = [asked.from.epochMilliseconds, asked.to.epochMilliseconds]
  const found = new Map<string, SourcePunch[]>()

  for (const given of rows) {
    const row = rowOf(given)
    const userId = row && textOf(row['userid'])
    if (!row || !userId) {
      read.unreadable.push({ row: given, userId: null, because: row ? 'no-user' : 'not-an-object' })
      continue
    }
    const key = userId.toLowerCase()
    const type = textOf(row['checkin_type']) ?? ''
    const exceptions = exceptionsOf(row)
    const planned = instantOf(row['sch_checkin_time'])
    const kind = type.includes('上班') ? 'in' : type.includes('下班') ? 'out' : null
    // what checkin_time holds for a slot nobody filled is unknown (believed: the planned time), so it is not a time
    const isEmpty = exceptions.includes('未打卡')
    const at = isEmpty ? null : instantOf(row['checkin_time'])
    const isApproved = isFromApproval(row)
    if (!at && !isEmpty && !(isApproved && planned)) {
      read.unreadable.push({ row: given, userId, because: 'no-time' })
      continue
    }
    const when = at ?? planned ?? instantOf(row['checkin_time'])
    if (!when) continue // an empty slot of no time says nothing
    const instant = when.epochMilliseconds
    if (!people.has(key) || instant < from || instant > to) {
      const isSlack =
        people.has(key) &&
        instant >= from - (asked.leadSeconds ?? 0) * 1000 &&
        instant <= to + asked.slackSeconds * 1000
      if (!isSlack) read.outside += 1
      continue
    }
    if (isApproved) read.approvedSlots.push({ userId, plannedAt: planned ?? when })
    if (!at) {
      if (!isApproved && kind) read.emptySlots.push({ userId, plannedAt: planned ?? when, kind })
      continue
    }
    const punch: SourcePunch = {
      externalId: `${key}@${at.epochMilliseconds / 1000}`,
      userId,
      at,
      workDate: null,
      origin: isApproved ? 'approval' : isCorrection(type, exceptions) ? 'correction' : 'person',
      isVoid: false,
      voidReason: null,
      result: resultOf(type, exceptions),
      // deviceid is a phone's or a machine's number and names neither
      device: null,
      address: textOf(row['location_detail']) ?? textOf(row['location_title']),
      ...degreesOf(row),
      slot: planned && kind ? { plannedAt: planned, kind } : null,
    }
    const same = found.get(punch.externalId)
    if (same) same.push(punch)
    else found.set(punch.externalId, [punch])
  }
  for (const same of found.values()) read.punches.push(same.length === 1 ? same[0]! : merge(same))
  return inOrder(read)
}

const strength: Record<PunchOrigin, number> = { approval: 2, correction: 1, person: 0 }

/** Several rows of one person and second: the one that says most leads, the others fill what it leaves open. */
function merge(rows: SourcePunch[]): SourcePunch {
  const weight = (row: SourcePunch) => (row.slot ? 4 : 0) + strength[row.origin]
  const sorted = rows
    .map((row) => ({ row, text: JSON.stringify(row) }))
    .sort((a, b) => weight(b.row) - weight(a.row) || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ row }) => row)
  const lead = sorted[0]!
  const first = <T>(pick: (row: SourcePunch) => T | null): T | null => {
    for (const row of sorted) {
      const value = pick(row)
      if (value !== null) return value
    }
    return null
  }
  const placed = sorted.find((row) => row.latitude !== null)
  return {
    ...lead,
    origin: sorted.reduce<PunchOrigin>(
      (origin, row) => (strength[row.origin] > strength[origin] ? row.origin : origin),
      'person',
    ),
    result: first((row) => row.result),
    address: first((row) => row.address),
    latitude: placed?.latitude ?? null,
    longitude: placed?.longitude ?? null,
  }
}

/** `时间异常;地点异常` with any of the separators seen; empty means normal. */
const exceptionsOf = (row: Row): string[] =>
  (textOf(row['exception_type']) ?? '')
    .split(/[;；,，、]/)
    .map((word) => word.trim())
    .filter((word) => word !== '')

/** The verdict in WeCom's own words, with the kind of punch where it is not an ordinary one. */
function resultOf(type: string, exceptions: string[]): string {
  const verdict = exceptions.length === 0 ? '正常' : exceptions.join(' ')
  return type === '' || type === '上班打卡' || type === '下班打卡' ? verdict : `${verdict} ${type}`
}

/** 审批打卡: named in the row's words, or the row carries an approval number. */
function isFromApproval(row: Row): boolean {
  const says = (key: string) => textOf(row[key])?.includes('审批') ?? false
  const number = textOf(row['sp_number']) ?? textOf(row['sp_no'])
  return (
    says('checkin_type') || says('exception_type') || says('notes') || (number !== null && number !== '0')
  )
}

const isCorrection = (type: string, exceptions: string[]): boolean =>
  type.includes('补卡') || exceptions.some((word) => word.includes('补卡'))

/** Unix seconds; 0 means that there is none. */
function instantOf(value: unknown): Temporal.Instant | null {
  const seconds = numberOf(value)
  return seconds === null || seconds <= 0 ? null : secondOf(seconds * 1000)
}

function degreesOf(row: Row) {
  const [lat, lng] = [numberOf(row['lat']), numberOf(row['lng'])]
  return coordinatesOf(lat === null ? null : lat / 1e6, lng === null ? null : lng / 1e6)
}

/** One member as an account; `paths` are the names of the departments this app sees the person in. */
export const toAccount = (
  user: User,
  paths: string[],
  departmentIds: string[],
  jobNumber: JobNumberSource,
): Account => ({
  userId: user.userid.trim(),
  name: textOf(user.name) ?? '',
  mobile: toMobile(user.mobile),
  jobNumber: jobNumberOf(user, jobNumber),
  email: textOf(user.email) ?? textOf(user.biz_mail),
  departments: paths,
  departmentIds,
  isActive: (user.status ?? 1) === 1,
  title: textOf(user.position),
  // neither is told: hire dates stand in the HR roster, and open_userid belongs to third-party apps
  hiredOn: null,
  humanId: null,
  manager: textOf(user.direct_leader?.[0]),
})

function jobNumberOf(user: User, source: JobNumberSource): string | null {
  if (source.from === 'none') return null
  if (source.from === 'userid') return user.userid.trim()
  const wanted = source.name.trim()
  const attribute = user.extattr?.attrs?.find((candidate) => candidate.name?.trim() === wanted)
  return textOf(attribute?.text?.value) ?? textOf(attribute?.value)
}
