import type { Clock } from '#domain/effects.ts'
import { listRecord, upload, userCount } from '#platforms/dingtalk/endpoints.ts'
import { dingtalkUpload } from '#platforms/dingtalk/limits.ts'
import {
  type ContactsRead,
  isWhole,
  type Range,
  readContacts,
  readRange,
} from '#platforms/dingtalk/read-roster.ts'
import { toWallClock } from '#platforms/dingtalk/wall-clock.ts'
import { type Gate, outcomeOf } from '#platforms/gate.ts'
import type { CheckItem } from '#platforms/platform.ts'
import type { ConnectionFacts } from '#platforms/ports.ts'
import { type Checklist, createChecklist, failureOf, isRefusedWith } from '#platforms/refusals.ts'

type Parts = { gate: Gate; facts: ConnectionFacts; clock: Clock }

/**
 * Token, address, range and fields of the contacts, then one punch read of one person over the last day and one upload
 * for nobody: the only metered calls of it all, two units. Stops where nothing further can work.
 */
export async function checkDingtalk(parts: Parts): Promise<CheckItem[]> {
  const { gate, facts } = parts
  const list = createChecklist(facts)
  const range = await askRange(gate, list)
  if (range !== 'stop') {
    const contacts = await askContacts(parts, list, range)
    if (contacts !== 'stop') {
      await askScope(gate, list, range, contacts)
      await askAttendance(parts, list, contacts)
      await askUpload(parts, list)
    }
  }
  list.clock(gate.skewSeconds())
  return list.items
}

async function askRange(gate: Gate, list: Checklist): Promise<Range | null | 'stop'> {
  let range: Range | null = null
  try {
    range = await readRange(gate)
  } catch (error) {
    if (list.failed(error, 'scope', 'dingtalk.permissions')) return 'stop'
  }
  // even a refusal of the question proves that the token and the address were accepted
  list.pass('token', 'dingtalk.credentials')
  list.pass('ip', 'dingtalk.ip-list')
  return range
}

async function askContacts(
  { gate, facts }: Parts,
  list: Checklist,
  range: Range | null,
): Promise<ContactsRead | null | 'stop'> {
  try {
    const contacts = await readContacts(gate, facts, range ?? undefined)
    list.pass('contacts', 'dingtalk.permissions')
    return contacts
  } catch (error) {
    return list.failed(error, 'contacts', 'dingtalk.permissions') ? 'stop' : null
  }
}

/** Whole organisation or part of it, by the app's range and by counting heads; and whether mobiles are among the fields. */
async function askScope(gate: Gate, list: Checklist, range: Range | null, contacts: ContactsRead | null) {
  try {
    const total = (await gate.call(userCount, { only_active: false })).data.result.count
    const visible = contacts?.accounts.length ?? 0
    const seesAll = (range === null || isWhole(range)) && visible >= total && contacts?.skipped === 0
    const part = range && !isWhole(range) ? ` departments=${range.departments.join(',')}` : ''
    const where = `dingtalk.contacts-scope visible=${visible} total=${total}${part}`
    if (seesAll) list.pass('scope', where)
    else list.warn('scope', where)
  } catch (error) {
    list.failed(error, 'scope', 'dingtalk.permissions')
  }
  const hasMobiles =
    range?.fields.includes('mobile') || contacts?.accounts.some((account) => account.mobile !== null)
  if (hasMobiles) list.pass('mobile', 'dingtalk.permissions')
  else list.warn('mobile', 'dingtalk.permissions field=mobile')
}

async function askAttendance({ gate, clock }: Parts, list: Checklist, contacts: ContactsRead | null) {
  const someone = contacts?.accounts[0]?.userId
  if (someone === undefined) {
    list.warn('attendance-read', 'dingtalk.contacts-scope visible=0')
    return
  }
  const now = clock.now()
  try {
    await gate.call(listRecord, {
      userIds: [someone],
      checkDateFrom: toWallClock(now.subtract({ hours: 24 })),
      checkDateTo: toWallClock(now),
      isI18n: false,
    })
    list.pass('attendance-read', 'dingtalk.permissions')
  } catch (error) {
    list.failed(error, 'attendance-read', 'dingtalk.permissions')
  }
}

/**
 * An upload for nobody can store nothing, and is refused for its permission before it is refused for its emptiness. Who
 * only reads from DingTalk needs no such permission: without it there is a warning.
 */
async function askUpload({ gate, clock }: Parts, list: Checklist) {
  try {
    await gate.call(upload, {
      userid: '',
      device_name: dingtalkUpload.nameMark,
      device_id: dingtalkUpload.deviceId,
      user_check_time: clock.now().epochMilliseconds,
    })
    list.pass('attendance-write', 'dingtalk.permissions')
  } catch (error) {
    const isForNobody = outcomeOf(error) === 'refused' || isRefusedWith(error, ['50002'])
    if (isForNobody) list.pass('attendance-write', 'dingtalk.permissions')
    else list.warn('attendance-write', 'dingtalk.permissions', failureOf(error))
  }
}
