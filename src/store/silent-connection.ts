import type { Socket } from 'node:net'
import type { PoolClient } from 'pg'

/**
 * Ends a connection on which a statement has heard nothing for so long: a network may swallow everything and tell nobody,
 * and whoever waits would wait for hours. Silence is what counts, not how long a statement takes its answer to come; a
 * connection that is asked nothing may be as silent as it likes.
 */
export function endWhenSilent(client: PoolClient, silentAfterMs: number): void {
  // Neither is in pg's types; both are what its own pool goes by.
  const { connection } = client as unknown as { connection: { stream: Socket } }
  connection.stream.setTimeout(silentAfterMs, () => {
    const { readyForQuery } = client as unknown as { readyForQuery: boolean }
    if (!readyForQuery) connection.stream.destroy(new Error('timeout exceeded: the database is silent'))
  })
}
