import type { ConnectionId } from '#domain/ids.ts'
import type { LaneName, WakeUps } from '#engine/wake-ups.ts'
import { readLanesOf } from '#store/setup.ts'
import type { AppParts } from './parts.ts'

/** A burst of events wakes a lane this often; the last of them always does. */
const restMs = 200

/**
 * Wakes the lanes that a connection's events concern. It never fails and keeps nobody waiting: an event is safe in the
 * inbox, and every lane is looked at within a minute whatever becomes of its wake-up.
 */
export function wakeOnNews(
  { clock, database, tenant }: Pick<AppParts, 'clock' | 'database' | 'tenant'>,
  wakeUps: Pick<WakeUps, 'now'>,
  onError: (error: unknown) => void,
): (connection: ConnectionId) => void {
  /** Connections that were just woken, and whether there has been news since. */
  const resting = new Map<ConnectionId, boolean>()
  const wake = async (connection: ConnectionId): Promise<void> => {
    do {
      resting.set(connection, false)
      const lanes: LaneName[] = await readLanesOf(database.kysely, tenant, connection)
      for (const lane of lanes) await wakeUps.now(lane)
      await clock.sleep(restMs)
    } while (resting.get(connection))
  }
  return (connection) => {
    if (resting.has(connection)) {
      resting.set(connection, true)
      return
    }
    wake(connection)
      .catch(onError)
      .finally(() => resting.delete(connection))
  }
}
