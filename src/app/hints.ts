import { accountKey, type ConnectionId, type PlatformName } from '#domain/ids.ts'
import type { EventHint } from '#domain/platform-event.ts'
import { type OpenHints, readOpenHints } from '#store/inbox.ts'
import type { AppParts } from './parts.ts'

/** More wait for their turn: what one step can read is far less. */
const eventsAtOnce = 2_000

/** What events of one connection ask to be looked at. */
export type Hints = {
  /** Accounts whose punches may have changed. */
  accounts: Set<string>
  oldest: Temporal.Instant | null
  /** Events that are settled once these accounts were read. */
  events: number[]
  /** Events that are settled once the roster was read. */
  rosterEvents: number[]
  /** User ids that have become others. */
  renames: { event: number; from: string; to: string }[]
}

/** Reads what is open, oldest first, until `atMost` accounts are named. */
export async function readHints(
  { database, tenant }: AppParts,
  connection: { id: ConnectionId; platform: PlatformName },
  atMost = Number.POSITIVE_INFINITY,
): Promise<Hints> {
  const ask = { tenant, connection: connection.id, limit: eventsAtOnce }
  const found: Hints = { accounts: new Set(), oldest: null, events: [], rosterEvents: [], renames: [] }
  for (const event of await readOpenHints(database.kysely, ask)) {
    const rename = event.hints.find((hint) => hint.kind === 'userIdChanged')
    const keys = event.hints.flatMap(usersOf).map((userId) => accountKey(connection.platform, userId))
    if (rename) found.renames.push({ event: event.id, from: rename.from, to: rename.to })
    else if (event.hints.some(({ kind }) => kind === 'contacts')) found.rosterEvents.push(event.id)
    else if (!add(found, event, keys, atMost)) break
  }
  return found
}

function add(found: Hints, event: OpenHints, keys: string[], atMost: number): boolean {
  const isFull = found.accounts.size + keys.length > atMost && found.events.length > 0
  if (isFull) return false
  for (const key of keys) found.accounts.add(key)
  found.events.push(event.id)
  found.oldest ??= event.receivedAt
  return true
}

const usersOf = (hint: EventHint): string[] =>
  hint.kind === 'punch' || hint.kind === 'schedule' || hint.kind === 'approval' ? hint.userIds : []
