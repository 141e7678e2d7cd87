import { Pool, type PoolClient, type PoolConfig } from 'pg'
import { prepared } from './prepared.ts'
import type { VirtualTime } from './virtual-time.ts'

/** A machine that is busy with other worlds opens a session late. */
const patienceMs = 120_000

/**
 * Pools whose statements reach the server one at a time, in the order in which they were asked for: what one process does
 * at once then happens in the same order every time. Time stands still meanwhile. A session that has to be opened takes
 * its turn as well, and none is closed for having been idle: how long either takes is the machine's affair. Each
 * statement is prepared once a session: planning it anew was half of what a world cost. `dawdle`: makes the machine slower.
 */
export function statementsInOrder(
  time: VirtualTime,
  makePool: (config: PoolConfig) => Pool = (c) => new Pool(c),
  dawdle: (() => Promise<void>) | null = null,
) {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> =>
    time.during(() => {
      const begin = dawdle ? () => dawdle().then(work) : work
      const turn = last.then(begin, begin)
      last = turn.catch(() => {})
      return turn
    })
  return (config: PoolConfig): Pool => {
    const pool = makePool({ ...config, idleTimeoutMillis: 0, connectionTimeoutMillis: patienceMs })
    pool.on('connect', (client: PoolClient) => {
      const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>
      client.query = ((...args: unknown[]) => inTurn(() => query(...prepared(args)))) as typeof client.query
    })
    const connect = pool.connect.bind(pool) as () => Promise<PoolClient>
    /** Sessions that are being opened, and idle ones that somebody is about to get. */
    let [opening, promised] = [0, 0]
    pool.connect = (async (...args: unknown[]) => {
      if (args.length > 0) return (connect as (...rest: unknown[]) => unknown)(...args)
      if (pool.idleCount <= promised && pool.totalCount + opening < (config.max ?? 1)) {
        opening++
        return inTurn(() => connect()).finally(() => opening--)
      }
      promised++
      return time.during(() => connect()).finally(() => promised--)
    }) as typeof pool.connect
    return pool
  }
}
