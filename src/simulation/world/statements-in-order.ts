import { Pool, type PoolClient, type PoolConfig } from 'pg'
import { prepared } from './prepared.ts'
import type { VirtualTime } from './virtual-time.ts'

/**
 * Pools whose statements reach the server one at a time, in the order in which they were asked for: what one process does
 * at once then happens in the same order every time. Time stands still meanwhile. Each statement is prepared once a
 * session: planning it anew was half of what a world cost.
 */
export function statementsInOrder(
  time: VirtualTime,
  makePool: (config: PoolConfig) => Pool = (c) => new Pool(c),
) {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> =>
    time.during(() => {
      const turn = last.then(work, work)
      last = turn.catch(() => {})
      return turn
    })
  return (config: PoolConfig): Pool => {
    const pool = makePool(config)
    pool.on('connect', (client: PoolClient) => {
      const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>
      client.query = ((...args: unknown[]) => inTurn(() => query(...prepared(args)))) as typeof client.query
    })
    const connect = pool.connect.bind(pool) as () => Promise<PoolClient>
    pool.connect = ((...args: unknown[]) =>
      args.length > 0
        ? (connect as (...rest: unknown[]) => unknown)(...args)
        : time.during(connect)) as typeof pool.connect
    return pool
  }
}
