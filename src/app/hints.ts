import { accountKey, type ConnectionId, type PlatformName, type RouteId } from '#domain/ids.ts'
import { earliestNamed, type NamedDay, namedDays } from '#domain/named-days.ts'
import type { EventHint } from '#domain/platform-event.ts'
import type { Span } from '#domain/spans.ts'
import { readOpenHints } from '#store/inbox.ts'
import type { AppParts } from './parts.ts'

/** More wait for their turn: what one step can read is far less. */
const eventsAtOnce = 2_000

/** An event that names accounts whose punches may have changed. */
type PunchEvent = {
  /** Routes that have looked at it. */
  lookedBy?: RouteId[]
  id: number
  receivedAt: Temporal.Instant
  keys: string[]
  days: (NamedDay & { key: string })[]
  /** The earliest moment it speaks of; absent where it names none. */
  from?: Temporal.Instant | null
}

/** What events of one connection ask to be looked at. */
export type Hints = {
  /** Events about punches, oldest first. */
  events: PunchEvent[]
  /** Events that are settled once the roster was read. */
  rosterEvents: number[]
  /** User ids that have become others. */
  renames: { event: number; from: string; to: string }[]
}

/** Reads what is open, oldest first; with `route`, what that one has not looked at yet. */
export async function readHints(
  { database, tenant }: AppParts,
  connection: { id: ConnectionId; platform: PlatformName },
  route?: RouteId,
): Promise<Hints> {
  const ask = { tenant, connection: connection.id, limit: eventsAtOnce }
  const found: Hints = { events: [], rosterEvents: [], renames: [] }
  for (const { id, receivedAt, hints, lookedBy } of await readOpenHints(database.kysely, ask)) {
    const rename = hints.find((hint) => hint.kind === 'userIdChanged')
    if (rename) found.renames.push({ event: id, from: rename.from, to: rename.to })
    else if (hints.some(({ kind }) => kind === 'contacts')) found.rosterEvents.push(id)
    else if (route === undefined || !lookedBy.includes(route)) {
      const keys = hints.flatMap(usersOf).map((userId) => accountKey(connection.platform, userId))
      const days = namedDays(hints).map((one) => ({
        ...one,
        key: accountKey(connection.platform, one.userId),
      }))
      found.events.push({ id, receivedAt, keys, days, lookedBy, from: earliestNamed(hints) })
    }
  }
  return found
}

/** What concerns one way: the accounts among `theirs`, and the events that are settled once these were read. */
export type WayHints = {
  accounts: Set<string>
  oldest: Temporal.Instant | null
  events: number[]
  /** Days of which more may have changed than the punches show. */
  days: NamedDay[]
  /** The earliest moment they speak of. */
  from: Temporal.Instant | null
}

/** Every account that is named. */
export const keysOf = ({ events }: Hints): ReadonlySet<string> => new Set(events.flatMap(({ keys }) => keys))

/** The hints about these accounts, oldest first, until `atMost` accounts are named. */
export function hintsAmong(
  { events }: Hints,
  theirs: { has(key: string): boolean },
  atMost = Number.POSITIVE_INFINITY,
): WayHints {
  const found: WayHints = { accounts: new Set(), oldest: null, events: [], days: [], from: null }
  for (const { id, receivedAt, keys, days, from = null } of events) {
    const own = keys.filter((key) => theirs.has(key))
    if (own.length === 0) continue
    if (found.events.length > 0 && found.accounts.size + own.length > atMost) break
    for (const key of own) found.accounts.add(key)
    found.events.push(id)
    found.days.push(...days.filter(({ key }) => theirs.has(key)))
    found.oldest ??= receivedAt
    found.from = earlier(found.from, from)
  }
  return found
}

/** Of these events those that speak of a time within the span. */
export const speakingOf = (hints: Hints, { from, to }: Span): Hints => ({
  ...hints,
  events: hints.events.filter(
    ({ from: named }) =>
      named && Temporal.Instant.compare(named, from) >= 0 && Temporal.Instant.compare(named, to) <= 0,
  ),
})

const earlier = (a: Temporal.Instant | null, b: Temporal.Instant | null): Temporal.Instant | null =>
  a && b ? (Temporal.Instant.compare(a, b) <= 0 ? a : b) : (a ?? b)

const usersOf = (hint: EventHint): string[] =>
  hint.kind === 'punch' || hint.kind === 'schedule' || hint.kind === 'approval' ? hint.userIds : []
