import type { EventEmitter } from 'node:events'
import type { Pool, PoolClient } from 'pg'

/**
 * A session that takes no writes is not used again: it may have been told so when it began, and would go on refusing
 * them after the database takes writes again.
 */
export function leaveReadOnlySessions(pool: Pool): void {
  const readOnly = new WeakSet<object>()
  pool.on('connect', (client) => {
    // Not in pg's types.
    const { connection } = client as unknown as { connection: EventEmitter }
    connection.on('errorMessage', ({ code }: { code?: string }) => {
      if (code === '25006') readOnly.add(client)
    })
  })
  pool.on('release', (_error: unknown, client: PoolClient) => {
    // The pool lets go of what is ending.
    if (readOnly.has(client)) (client as unknown as { end(): Promise<void> }).end().catch(() => {})
  })
}
