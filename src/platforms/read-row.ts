import type { PunchesRead } from '#platforms/platform.ts'

/**
 * Reading one row of an answer by hand: punch rows come in tens of thousands, and one odd row must never cost the
 * others. Every reader answers null for what it cannot read; the caller decides whether that matters.
 */

/** What a window of punch rows becomes; `raw` is added by the connector. */
export type RowsRead = Omit<PunchesRead, 'raw'>

/** Who and when was asked for; `key` makes two spellings of one user id equal. */
export type RowsAsked = {
  userIds: string[]
  from: Temporal.Instant
  to: Temporal.Instant
  /** Seconds asked beyond `to` for the platform's own sake; rows in them are neither kept nor counted. */
  slackSeconds: number
  /** The same before `from`. */
  leadSeconds?: number
}

export type Row = Readonly<Record<string, unknown>>

/** The row as an object, or null. */
export const rowOf = (value: unknown): Row | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : null

/** A finite number, from a number or from digits in quotes. */
export const numberOf = (value: unknown): number | null => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string' || !/^\s*-?\d+(\.\d+)?\s*$/.test(value)) return null
  return Number(value)
}

/** Trimmed text, from text or a number; '' is null. */
export const textOf = (value: unknown): string | null => {
  if (typeof value === 'string') return value.trim() || null
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null
}

/**
 * An id as text, digit for digit. A number too large for JavaScript was already rounded when it was parsed: null,
 * because two different records could then look like one.
 */
export const idOf = (value: unknown): string | null => {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : null
  return typeof value === 'string' ? value.trim() || null : null
}

const farthestMs = 8.64e15
/** An instant from epoch milliseconds, cut down to the whole second; null when there is no such instant. */
export const secondOf = (ms: number): Temporal.Instant | null =>
  Math.abs(ms) <= farthestMs ? Temporal.Instant.fromEpochMilliseconds(Math.floor(ms / 1000) * 1000) : null

/** Degrees, or null for both when either is missing or off the globe. */
export const coordinatesOf = (latitude: number | null, longitude: number | null) =>
  latitude === null || longitude === null || Math.abs(latitude) > 90 || Math.abs(longitude) > 180
    ? { latitude: null, longitude: null }
    : { latitude, longitude }

/** Sorted by instant, then user, then the text given; the instants are asked once, since a sort compares often. */
function sorted<T extends { userId: string }>(
  rows: readonly T[],
  instantOf: (row: T) => Temporal.Instant,
  textOf: (row: T) => string,
): T[] {
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  return rows
    .map((row) => ({ row, ms: instantOf(row).epochMilliseconds }))
    .sort(
      (a, b) => a.ms - b.ms || compare(a.row.userId, b.row.userId) || compare(textOf(a.row), textOf(b.row)),
    )
    .map(({ row }) => row)
}

/** The same rows in one order, whatever order they arrived in: neither platform promises any. */
export const inOrder = (read: RowsRead): RowsRead => ({
  ...read,
  punches: sorted(
    read.punches,
    ({ at }) => at,
    ({ externalId }) => externalId,
  ),
  approvedSlots: sorted(
    read.approvedSlots,
    ({ plannedAt }) => plannedAt,
    () => '',
  ),
  emptySlots: sorted(
    read.emptySlots,
    ({ plannedAt }) => plannedAt,
    ({ kind }) => kind,
  ),
})

/** Nothing read yet. */
export const nothingRead = (): RowsRead => ({
  punches: [],
  approvedSlots: [],
  emptySlots: [],
  outside: 0,
  unreadable: [],
})
