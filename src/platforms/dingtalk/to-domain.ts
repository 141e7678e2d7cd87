import type { Account } from '#domain/person.ts'
import type { PunchOrigin, SourcePunch } from '#domain/punch.ts'
import { contentOf } from '#domain/punch-content.ts'
import { fromWallClock } from '#platforms/dingtalk/wall-clock.ts'
import type { User } from '#platforms/dingtalk/wire.ts'
import { toMobile } from '#platforms/mobile.ts'
import {
  coordinatesOf,
  idOf,
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

const machines = new Set(['ATM', 'DING_ATM', 'BEACON', 'CARD'])
const origins = new Map<string, PunchOrigin>([
  ['BOSS', 'correction'],
  ['SELF_SERVICE', 'correction'],
  ['APPROVE', 'approval'],
])
const timeWords = new Map([
  ['normal', '正常'],
  ['early', '早退'],
  ['leaveearly', '早退'],
  ['late', '迟到'],
  ['seriouslate', '严重迟到'],
  // late beyond the absence threshold, not a day away: 旷工 alone would accuse somebody who came
  ['absenteeism', '旷工迟到'],
])
const placeWords = new Map([
  ['normal', ''],
  ['outside', '外勤'],
])

/**
 * Rows of `listRecord` in our words. Rows of people or instants nobody asked for are counted in `outside`; rows that
 * cannot be read are kept in `unreadable` (`not-an-object`, `no-user`, `no-time`) and cost the others nothing.
 * A record sent twice counts once: the later `gmtModified` wins.
 */
export function readPunchRows(rows: readonly unknown[], asked: RowsAsked): RowsRead {
  const read = nothingRead()
  const people = new Set(asked.userIds)
  const [from, to] = [asked.from.epochMilliseconds, asked.to.epochMilliseconds]
  const found = new Map<string, { punch: SourcePunch; modified: number }>()
  const dates = new Map<number, Temporal.PlainDate>()

  for (const given of rows) {
    const row = rowOf(given)
    const userId = row && textOf(row['userId'])
    if (!row || !userId) {
      read.unreadable.push({ row: given, userId: null, because: row ? 'no-user' : 'not-an-object' })
      continue
    }
    const slot = slotOf(row)
    const ms = msOf(row['userCheckTime'])
    const isSynthetic = isMadeBySystem(row, ms)
    const at = ms === null || isSynthetic ? null : secondOf(ms)
    if (!at && !isSynthetic) {
      read.unreadable.push({ row: given, userId, because: 'no-time' })
      continue
    }
    const when = at ?? slot?.plannedAt
    if (!when) continue // made up, and without a slot: it says nothing
    const instant = when.epochMilliseconds
    if (!people.has(userId) || instant < from || instant > to) {
      const isSlack = people.has(userId) && instant > to && instant <= to + asked.slackSeconds * 1000
      if (!isSlack) read.outside += 1
      continue
    }
    if (slot && textOf(row['sourceType'])?.toUpperCase() === 'APPROVE')
      read.approvedSlots.push({ userId, plannedAt: slot.plannedAt })
    if (!at || ms === null) {
      if (slot) read.emptySlots.push({ userId, ...slot })
      continue
    }
    const punch = toPunch(row, { userId, ms, at, slot, workDate: dateOf(row['workDate'], dates) })
    const modified = msOf(row['gmtModified']) ?? 0
    const known = found.get(punch.externalId)
    if (!known || modified > known.modified || (modified === known.modified && isGreater(punch, known.punch)))
      found.set(punch.externalId, { punch, modified })
  }
  for (const { punch } of found.values()) read.punches.push(punch)
  return inOrder(read)
}

/** Which of two versions with one time of change wins: decided by their content, so that their order changes nothing. */
const isGreater = (a: SourcePunch, b: SourcePunch): boolean => contentOf(a, a.userId) > contentOf(b, b.userId)

type Read = {
  userId: string
  ms: number
  at: Temporal.Instant
  slot: SourcePunch['slot']
  workDate: Temporal.PlainDate | null
}

function toPunch(row: Row, { userId, ms, at, slot, workDate }: Read): SourcePunch {
  const source = textOf(row['sourceType'])?.toUpperCase() ?? ''
  const userAddress = textOf(row['userAddress'])
  const serial = textOf(row['deviceSN'])
  const byMachine = machines.has(source) || serial !== null || row['locationMethod'] === 'ATM'
  const invalid = textOf(row['invalidRecordType'])
  return {
    externalId: idOf(row['id']) ?? `t:${userId}:${ms}`,
    userId,
    at,
    workDate,
    origin: origins.get(source) ?? 'person',
    isVoid: invalid !== null,
    voidReason: invalid === null ? null : (textOf(row['invalidRecordMsg']) ?? invalid),
    result: resultOf(row),
    // for a machine's punch DingTalk writes the machine's name where the address stands otherwise
    device: byMachine ? (userAddress ?? serial) : null,
    address: byMachine ? textOf(row['baseAddress']) : userAddress,
    ...coordinatesOf(numberOf(row['userLatitude']), numberOf(row['userLongitude'])),
    slot,
  }
}

/**
 * Rows the attendance system makes up: a planned slot without a punch (`NotSigned`; its `userCheckTime` repeats the
 * planned time), and `SYSTEM` rows that show no trace of a person or a machine.
 */
function isMadeBySystem(row: Row, ms: number | null): boolean {
  if (isNotSigned(row['timeResult']) || isNotSigned(row['locationResult'])) return true
  const isSilent = ms === 0 || textOf(row['userCheckTime']) === null
  if (isSilent && slotOf(row)) return true
  if (textOf(row['sourceType'])?.toUpperCase() !== 'SYSTEM') return false
  return !['bizId', 'deviceId', 'deviceSN', 'userAddress', 'userLatitude', 'userSsid', 'userMacAddr'].some(
    (key) => textOf(row[key]) !== null,
  )
}

const isNotSigned = (value: unknown): boolean =>
  typeof value === 'string' && value.trim().toLowerCase() === 'notsigned'

/** The planned slot: its time before flexible rules, and whether it begins or ends the work. */
function slotOf(row: Row): SourcePunch['slot'] {
  const type = textOf(row['checkType'])?.toLowerCase()
  const kind = type === 'onduty' ? 'in' : type === 'offduty' ? 'out' : null
  const ms = msOf(row['planCheckTime']) ?? msOf(row['baseCheckTime'])
  const plannedAt = ms === null || ms <= 0 ? null : secondOf(ms)
  return kind && plannedAt ? { plannedAt, kind } : null
}

/** `迟到 外勤`; a literal we do not know is shown as it came; null when DingTalk gave no verdict (void punches). */
function resultOf(row: Row): string | null {
  const time = textOf(row['timeResult'])
  const place = textOf(row['locationResult'])
  const words = [
    time === null ? '' : (timeWords.get(time.toLowerCase()) ?? time),
    place === null ? '' : (placeWords.get(place.toLowerCase()) ?? place),
  ]
  return words.filter((word) => word !== '').join(' ') || null
}

/** Epoch milliseconds, from a number, digits in quotes, or wall-clock text at +08:00 (`/topapi` spells times so). */
function msOf(value: unknown): number | null {
  const ms = numberOf(value)
  return ms !== null || typeof value !== 'string' ? ms : fromWallClock(value)
}

/** The business date at +08:00; the shift's date, so it may precede the punch's own date. */
function dateOf(value: unknown, known: Map<number, Temporal.PlainDate>): Temporal.PlainDate | null {
  const ms = msOf(value)
  if (ms === null || ms <= 0) return null
  const seen = known.get(ms)
  if (seen) return seen
  const instant = secondOf(ms)
  if (!instant) return null
  const date = instant.toZonedDateTimeISO('Asia/Shanghai').toPlainDate()
  known.set(ms, date)
  return date
}

/** One employee as an account; `paths` are the names of the departments that the walk found the person in. */
export const toAccount = (user: User, paths: string[], departmentIds: string[]): Account => ({
  userId: user.userid.trim(),
  name: textOf(user.name) ?? '',
  mobile: toMobile(user.mobile, user.state_code),
  jobNumber: textOf(user.job_number),
  email: textOf(user.email) ?? textOf(user.org_email),
  departments: paths,
  departmentIds,
  isActive: user.active ?? true,
  title: textOf(user.title),
  hiredOn: dateOf(user.hired_date, new Map()),
  // user/get alone tells it, and a roster is not read one by one
  manager: textOf(user.manager_userid),
  humanId: textOf(user.unionid),
})
