import { hostname } from 'node:os'
import { Kysely, PostgresDialect, type RawBuilder, sql, type Transaction } from 'kysely'
import { Pool, type PoolConfig, types } from 'pg'
import { fail } from '#domain/failures.ts'
import { type SharedSession, shareSession } from './lock-session.ts'
import { leaveReadOnlySessions } from './read-only-session.ts'
import { endWhenSilent } from './silent-connection.ts'

/** A connection pool or a running transaction: what a query is executed on. */
export type Executor = Kysely<unknown> | Transaction<unknown>

export interface Database {
  readonly kysely: Kysely<unknown>
  /**
   * All or nothing. A commit survives the death of our processes at once; it survives a power cut, or a kill of the server
   * itself, at once only when `isDurable`, else within a second. What those may take can be read from the platforms again; intents to write
   * and what a person decided cannot, so those are durable, and a durable commit carries everything before it along.
   */
  transaction<T>(work: (tx: Executor) => Promise<T>, how?: { isDurable: boolean }): Promise<T>
  /** For locks that live and die with this process. */
  readonly locks: SharedSession
  close(): Promise<void>
}

/** PostgreSQL's text for an instant (`2026-11-22 09:00:00.5+00`, session in UTC) as a Temporal.Instant. */
export const instantOf = (text: string): Temporal.Instant =>
  Temporal.Instant.from(`${text.slice(0, 10)}T${text.slice(11).replace(/\+00$/, 'Z')}`)

const parsers = new Map<number, (text: string) => unknown>([
  [types.builtins.INT8, Number],
  [types.builtins.TIMESTAMPTZ, instantOf],
  [types.builtins.DATE, (text: string) => Temporal.PlainDate.from(text)],
])

/** A session that holds a lane is idle for long: a firewall must not forget it, and a machine that is gone is found out. */
const keepAliveAfterMs = 30_000

/** By which the server knows this process' sessions; those of its queue have a name of their own. */
export const processName = `qintong ${hostname().slice(0, 30)} ${process.pid}`

/**
 * Opens a pool on any PostgreSQL. int8 arrives as a number, timestamptz as Temporal.Instant, date as Temporal.PlainDate.
 * With `silentAfterMs`, a server that says nothing for so long is taken for gone.
 */
export function openDatabase(
  config: PoolConfig,
  makePool: (config: PoolConfig) => Pool = (c) => new Pool(c),
  silentAfterMs?: number,
): Database {
  const pool = makePool({
    max: 8,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveAfterMs,
    application_name: processName,
    options: '-c timezone=UTC -c synchronous_commit=off -c jit=off',
    ...config,
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        parsers.get(oid) ?? types.getTypeParser(oid, format)) as typeof types.getTypeParser,
    },
  })
  // A server that goes away ends idle sessions: the next query says so, in words.
  pool.on('error', () => {})
  pool.on('connect', (client) => {
    // The same of a session that is in use: whoever uses it hears of it from the next statement, too.
    client.on('error', () => {})
    if (silentAfterMs) endWhenSilent(client, silentAfterMs)
  })
  leaveReadOnlySessions(pool)
  const locks = shareSession(() => pool.connect())
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  return {
    kysely,
    transaction: (work, how) =>
      inWords(() =>
        kysely.transaction().execute(async (tx) => {
          if (how?.isDurable) await sql`set local synchronous_commit = on`.execute(tx)
          return work(tx)
        }),
      ),
    locks,
    async close() {
      await locks.end()
      await kysely.destroy()
    },
  }
}

/** Runs a query and returns its rows; a server that is gone, slow, full or read-only becomes a failure with advice. */
export async function rowsOf<T>(query: RawBuilder<T>, on: Executor): Promise<T[]> {
  return inWords(async () => (await query.execute(on)).rows)
}

/** The first row, or undefined. */
export async function rowOf<T>(query: RawBuilder<T>, on: Executor): Promise<T | undefined> {
  return (await rowsOf(query, on))[0]
}

/** Does something with the database; a server that is gone, slow, full or read-only becomes a failure with advice. */
export async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw storeTrouble(error)
  }
}

const gone =
  /terminat|ECONNRESET|ECONNREFUSED|E(?:HOST|NET)(?:UNREACH|DOWN)|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|ENOENT|EPIPE|Connection ended|closed the connection|timeout exceeded|timed out|read timeout|not queryable|not (?:yet|currently) accepting|shutting down|starting up/i

/** A server that is gone, slow, full or read-only, as a failure with advice; anything else as it is. */
export function storeTrouble(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  const reason = error.message
  if (code === '53100' || code === 'ENOSPC') return caught(() => fail('store.disk-full', { reason }, error))
  if (code === '57014' || code === '55P03') return caught(() => fail('store.slow', { reason }, error))
  if (code === '25006') return caught(() => fail('store.read-only', { reason }, error))
  if (
    code.startsWith('08') ||
    code.startsWith('57P') ||
    code === '53300' ||
    code === '28P01' ||
    gone.test(`${code} ${reason}`)
  )
    return caught(() => fail('store.gone', { reason }, error))
  return error
}

function caught(work: () => never): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}
