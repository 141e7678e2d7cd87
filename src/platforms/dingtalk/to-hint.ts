import type { EventHint, PlatformEvent } from '#domain/platform-event.ts'
import { callbackBounds } from '#platforms/callback.ts'
import { hintBounds, userIdsIn } from '#platforms/hint-ids.ts'
import { isObject, readJsonObject } from '#platforms/read-json.ts'

type Fields = Record<string, unknown>

const other: EventHint[] = [{ kind: 'other' }]

/**
 * What a DingTalk event may mean; one that names nobody has no user ids and may concern anybody. Takes every form an
 * event comes in: the new and the legacy envelope, a Stream frame or its `data`, a row of the failed list. Never throws.
 * Source: contract 4.3, 4.5 (catalogue), 4.6
 */
export function toDingtalkHints({ type, body }: Pick<PlatformEvent, 'type' | 'body'>): EventHint[] {
  const read = readJsonObject(body, callbackBounds.depth)
  const meaning = Object.hasOwn(meanings, type) ? meanings[type] : undefined
  if (!read.ok || !meaning) return other
  const hints = meaning(fieldsOf(read.value, type))
  return hints.length > 0 ? hints.slice(0, hintBounds.ids) : other
}

const contacts = (fields: Fields): EventHint[] => [{ kind: 'contacts', userIds: peopleIn(fields) }]
const schedule = (fields: Fields): EventHint[] => [{ kind: 'schedule', userIds: peopleIn(fields) }]
const approval = (fields: Fields): EventHint[] => [{ kind: 'approval', userIds: peopleIn(fields) }]

/** A verdict changed, which may show a punch that was not there before: `at` is the midnight its work date begins with. */
function verdict(fields: Fields): EventHint[] {
  const at = dayStart(fields['workDate'])
  const day = at?.toZonedDateTimeISO('Asia/Shanghai').toPlainDate().toString()
  return [{ kind: 'punch', userIds: peopleIn(fields), at, ...(day !== undefined && { day }) }]
}

/** `checkByUser` false: replayed because of a new schedule, nobody punched. */
const punch = (row: Fields): EventHint =>
  isFalse(row['checkByUser'])
    ? { kind: 'schedule', userIds: peopleIn(row) }
    : { kind: 'punch', userIds: peopleIn(row), at: instantOf(row['checkTime']) }

const meanings: Record<string, (fields: Fields) => EventHint[]> = {
  attendance_check_record: (fields) => rowsOf(fields).map(punch),
  attend_bossCheck_change: verdict,
  attend_user_daily_summary_refresh: verdict,
  attendance_schedule_change: (fields) => rowsOf(fields).flatMap(schedule),
  attend_group_change: schedule,
  attend_shift_change: schedule,
  attendance_approve_status_change: approval,
  attendance_overtime_duration: (fields) => rowsOf(fields).flatMap(approval),
  leave_record_change: approval,
  bpms_instance_change: approval,
  user_add_org: contacts,
  user_modify_org: contacts,
  user_leave_org: contacts,
  user_active_org: contacts,
  org_dept_create: contacts,
  org_dept_modify: contacts,
  org_dept_remove: contacts,
}

/** The event's own fields, out of whatever it was wrapped in. */
function fieldsOf(body: Fields, type: string): Fields {
  // A Stream frame's data is JSON in a text; the failed list keys it by event or by family.
  for (const key of ['data', type, 'bpmsCallBackData', 'roleLabelChange', 'callbackData']) {
    const inner = Object.hasOwn(body, key) ? body[key] : undefined
    if (isObject(inner)) return inner
    if (typeof inner !== 'string') continue
    const read = readJsonObject(inner, callbackBounds.depth)
    if (read.ok) return read.value
  }
  return body
}

function rowsOf(fields: Fields): Fields[] {
  const rows = fields['dataList'] ?? fields['DataList']
  return Array.isArray(rows) ? rows.filter(isObject).slice(0, hintBounds.ids) : [fields]
}

/** The same field goes by many spellings. `staffId`: who handed in the form. */
function peopleIn(fields: Fields): string[] {
  for (const key of ['userId', 'UserId', 'userid', 'userIds', 'staffId']) {
    const found = userIdsIn(fields[key])
    if (found.length > 0) return found
  }
  return []
}

const isFalse = (value: unknown): boolean => value === false || value === 'false'

/** Epoch ms, quoted or not. */
function instantOf(value: unknown): Temporal.Instant | null {
  const ms = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof ms !== 'number' || !Number.isSafeInteger(ms) || Math.abs(ms) > 8.64e15) return null
  return Temporal.Instant.fromEpochMilliseconds(ms)
}

/** Midnight at +08:00 of `2026-11-22`, with or without a time behind it. */
function dayStart(value: unknown): Temporal.Instant | null {
  if (typeof value !== 'string') return instantOf(value)
  try {
    return Temporal.Instant.from(`${value.slice(0, 10)}T00:00:00+08:00`)
  } catch {
    return instantOf(value)
  }
}
