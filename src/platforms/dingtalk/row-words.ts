import type { PunchOrigin, SourcePunch } from '#domain/punch.ts'
import { fromWallClock } from '#platforms/dingtalk/wall-clock.ts'
import { numberOf, type Row, secondOf, textOf } from '#platforms/read-row.ts'

/** What DingTalk's attendance rows have in common, whichever call they came by: enums, planned slots, times. */

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

/** How a row came about; by the person, unless it says otherwise. */
export const originOf = (row: Row): PunchOrigin =>
  origins.get(textOf(row['sourceType'])?.toUpperCase() ?? '') ?? 'person'

/** A planned slot that nobody punched at. */
export const isNotSigned = (value: unknown): boolean =>
  typeof value === 'string' && value.trim().toLowerCase() === 'notsigned'

/** The planned slot: its time before flexible rules, and whether it begins or ends the work. */
export function slotOf(row: Row): SourcePunch['slot'] {
  const type = textOf(row['checkType'])?.toLowerCase()
  const kind = type === 'onduty' ? 'in' : type === 'offduty' ? 'out' : null
  const ms = msOf(row['planCheckTime']) ?? msOf(row['baseCheckTime'])
  const plannedAt = ms === null || ms <= 0 ? null : secondOf(ms)
  return kind && plannedAt ? { plannedAt, kind } : null
}

/** `迟到 外勤`; a literal we do not know is shown as it came; null when DingTalk gave no verdict (void punches). */
export function resultOf(row: Row): string | null {
  const time = textOf(row['timeResult'])
  const place = textOf(row['locationResult'])
  const words = [
    time === null ? '' : (timeWords.get(time.toLowerCase()) ?? time),
    place === null ? '' : (placeWords.get(place.toLowerCase()) ?? place),
  ]
  return words.filter((word) => word !== '').join(' ') || null
}

/** Epoch milliseconds, from a number, digits in quotes, or wall-clock text at +08:00 (`/topapi` spells times so). */
export function msOf(value: unknown): number | null {
  const ms = numberOf(value)
  return ms !== null || typeof value !== 'string' ? ms : fromWallClock(value)
}

/** The business date at +08:00; the shift's date, so it may precede the punch's own date. */
export function dateOf(value: unknown, known: Map<number, Temporal.PlainDate>): Temporal.PlainDate | null {
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
