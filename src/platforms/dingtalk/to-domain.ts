import type { Account } from '#domain/person.ts'
import type { SourcePunch } from '#domain/punch.ts'
import { contentOf } from '#domain/punch-content.ts'
import { dateOf, isNotSigned, msOf, originOf, resultOf, slotOf } from '#platforms/dingtalk/row-words.ts'
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
    // nobody says that an id is never two people's
    const name = `${punch.externalId} ${userId}`
    const known = found.get(name)
    if (!known || modified > known.modified || (modified === known.modified && isGreater(punch, known.punch)))
      found.set(name, { punch, modified })
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
    origin: originOf(row),
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
