/**
 * Wall clocks of both platforms: Asia/Shanghai, +08:00 without summer time since 1992, so plain arithmetic is exact.
 * A "day" is a whole number: days since 1970-01-01 on that wall.
 */
export const DAY_MS = 86_400_000
const OFFSET_MS = 8 * 3_600_000

/** The day of an instant. */
export const dayOf = (ms: number): number => Math.floor((ms + OFFSET_MS) / DAY_MS)
/** Midnight +08:00 of a day, epoch ms. */
export const dayStart = (day: number): number => day * DAY_MS - OFFSET_MS
/** 0 = Sunday … 6 = Saturday. */
export const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7

const wall = (ms: number): string => new Date(ms + OFFSET_MS).toISOString()
/** `2026-11-22` */
export const dateText = (day: number): string => wall(dayStart(day)).slice(0, 10)
/** `2026-11` */
export const monthText = (ms: number): string => wall(ms).slice(0, 7)
/** `2026-11-22 09:00:00` */
export const wallText = (ms: number): string => wall(ms).slice(0, 19).replace('T', ' ')
/** `2026-11-22T09:00:00+08:00`; milliseconds only where there are some. */
export function rfc3339(ms: number): string {
  const text = wall(ms)
  return `${text.slice(0, 19)}${text.slice(19, 23) === '.000' ? '' : text.slice(19, 23)}+08:00`
}

/** `yyyy-MM-dd HH:mm:ss` → epoch ms; null when it is not exactly that, or no such date exists. */
export function parseWallText(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return null
  const ms = Date.parse(`${text.replace(' ', 'T')}+08:00`)
  return Number.isNaN(ms) || wallText(ms) !== text ? null : ms
}

/** RFC 3339 with a zone → epoch ms; null otherwise. */
export function parseInstant(text: unknown): number | null {
  if (typeof text !== 'string') return null
  try {
    return Temporal.Instant.from(text).epochMilliseconds
  } catch {
    return null
  }
}
