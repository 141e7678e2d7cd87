import { elapsedMs } from '#domain/effects.ts'
import { openFailedEvents } from '#journey/failed-events.ts'
import { readLastCallAt } from '#store/calls.ts'
import { openInbox } from './inbox.ts'
import type { AppParts } from './parts.ts'
import type { OpenSide } from './sides.ts'

/** The call the list is read with; it counts against the quota, so once a day is enough: sweeps find everything anyway. */
const api = 'get_call_back_failed_result'
const everyMs = 24 * 3_600_000

/** Fetches what the platform could not deliver, once a day, where events are wanted. Runs in the connection's lane. */
export async function fetchUndelivered(
  parts: AppParts,
  { connection, platform }: OpenSide,
  signal: AbortSignal,
): Promise<void> {
  const wantsEvents = (connection.facts['events'] ?? 'off') !== 'off'
  if (!platform.readFailedEvents || !wantsEvents) return
  const lastAt = await readLastCallAt(parts.database.kysely, parts.tenant, connection.id, api)
  if (lastAt && elapsedMs(parts.clock, lastAt) < everyMs) return
  const keep = openInbox(parts).keeper(connection)
  await openFailedEvents({ platform, keep, clock: parts.clock }).fetch(signal)
}
