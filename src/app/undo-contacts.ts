import type { UndoReport } from '#cli/contacts-report.ts'
import { fail } from '#domain/failures.ts'
import { formatInstant } from '#domain/window.ts'
import { inLanes } from '#engine/lane.ts'
import { rematch } from '#journey/3-match.ts'
import { readImport, readImports } from '#store/contacts.ts'
import { audit, readConnections } from '#store/setup.ts'
import { readWrittenUnder, undoImport } from '#store/undo-import.ts'
import type { AppParts } from './parts.ts'

/** Records named when an undo is refused; there may be more. */
const mostNamed = 20

/**
 * Takes the newest import of a connection back in one act. Fails with `usage.unknown-import`, with
 * `contacts.later-imports`, and with `contacts.already-written` where records went out under accounts it brought: the
 * platforms have no delete.
 */
export async function undoContacts(
  parts: AppParts,
  ask: { import: number; signal: AbortSignal },
): Promise<UndoReport> {
  const { database, tenant, clock, actor } = parts
  const made = await readImport(database.kysely, tenant, ask.import)
  if (!made || made.undoneAt) return fail('usage.unknown-import', { import: ask.import })
  const connection = (await readConnections(database.kysely, tenant)).find(
    (row) => row.id === made.connectionId,
  )!
  const where = { tenant, connection: connection.id }
  const { laneWaitMs, laneLeaseMs: leaseMs } = parts.options
  return inLanes(
    { ...parts, connections: [connection], what: connection.key, laneWaitMs, leaseMs, signal: ask.signal },
    (lanes) =>
      database.transaction(
        async (tx) => {
          await lanes.guard(tx)
          const later = (await readImports(tx, where)).filter((one) => one.id > made.id && !one.undoneAt)
          if (later.length > 0)
            fail('contacts.later-imports', { import: made.id, later: later.map(({ id }) => id) })
          const written = await readWrittenUnder(tx, where, { import: made.id, at: made.at }, mostNamed)
          if (written.length > 0)
            fail('contacts.already-written', {
              import: made.id,
              written: written.map(({ key, at, targetUser }) => ({
                account: `${connection.key}:${key}`,
                at: formatInstant(at),
                targetUser,
              })),
            })
          const at = clock.now()
          const accounts = await undoImport(tx, where, { import: made.id, at, actor })
          await audit(tx, tenant, {
            at,
            actor,
            act: 'contacts undo',
            subject: connection.key,
            details: { import: made.id, accounts },
          })
          await rematch(tx, tenant, at)
          return { import: made.id, connection: connection.key, accounts }
        },
        { isDurable: true },
      ),
  )
}
