import type { Pool, PoolClient, PoolConfig } from 'pg'
import type { Clock } from '#domain/effects.ts'

/** What a database may suffer from. `full` and `readOnly` refuse whatever changes something; `slow` takes its time. */
export type DatabaseTrouble = 'full' | 'readOnly' | 'gone' | 'slow'

/** How a database fares that all processes share. */
export interface DatabaseHealth {
  trouble: DatabaseTrouble | null
}

/** As the server puts it, or the socket to it. */
const refusals: Record<Exclude<DatabaseTrouble, 'slow'>, { code: string; message: string }> = {
  full: { code: '53100', message: 'could not extend file "base/1/2": No space left on device' },
  readOnly: { code: '25006', message: 'cannot execute this in a read-only transaction' },
  gone: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' },
}
/** What every statement takes while it is slow: a run of some eighty then outlasts a lease. */
const slowMs = 4_000

const changes = /\b(?:insert|update|delete|nextval)\b|\bfor (?:update|share)\b/i
const ends = /^(?:begin|commit|rollback)$/

/** The same pools, whose sessions suffer from what the database suffers from once `isOpen`. */
export const suffering =
  (health: DatabaseHealth, clock: Clock, isOpen: () => boolean) =>
  (makePool: (config: PoolConfig) => Pool) =>
  (config: PoolConfig): Pool => {
    const pool = makePool(config)
    pool.on('connect', (client: PoolClient) => {
      const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>
      client.query = (async (...args: unknown[]) => {
        const { trouble } = health
        const text = String((args[0] as { text?: string }).text ?? args[0])
        if (trouble && isOpen()) {
          if (trouble === 'slow') await clock.sleep(slowMs)
          else if (trouble === 'gone' ? text !== 'rollback' : changes.test(text) && !ends.test(text))
            throw Object.assign(new Error(refusals[trouble].message), { code: refusals[trouble].code })
        }
        return query(...args)
      }) as typeof client.query
    })
    return pool
  }
