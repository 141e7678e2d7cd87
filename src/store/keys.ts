import { sql } from 'kysely'
import { fail } from '#domain/failures.ts'
import { type Executor, processName, rowOf, rowsOf } from './database.ts'
import type { Seal } from './seal.ts'

/** Where sealed things stand; a test holds this list against the catalogue. */
export const sealedColumns = [
  { table: 'connection', column: 'sealed', key: ['tenant_id', 'id'] },
  { table: 'token', column: 'sealed', key: ['tenant_id', 'connection_id'] },
  { table: 'alarm_channel', column: 'sealed', key: ['tenant_id', 'key'] },
] as const

/**
 * What fingerprints are made with, once the key was changed: the first key's own, so that a fingerprint stays what it
 * was. Null while the first key is in use.
 */
export async function readPrintKey(db: Executor, seal: Pick<Seal, 'open'>): Promise<Buffer | null> {
  const row = await rowOf(
    sql<{ sealed: Buffer | null }>`select print_key as sealed from tenant where key = 'default'`,
    db,
  )
  return row?.sealed ? Buffer.from(seal.open(row.sealed), 'base64') : null
}

/** Anything that is sealed: a key that opens it is the right one. Null while nothing is sealed. */
export async function readAnySealed(db: Executor): Promise<Buffer | null> {
  const row = await rowOf(
    sql<{ sealed: Buffer }>`
    select print_key as sealed from tenant where print_key is not null
    union all (select sealed from connection limit 1) union all (select sealed from alarm_channel limit 1) limit 1`,
    db,
  )
  return row?.sealed ?? null
}

/** Seals everything of every tenant anew, and keeps what fingerprints are made with. Gives how many things were sealed. */
export async function resealAll(
  tx: Executor,
  ask: { from: Seal; to: Seal; printKey: Buffer },
): Promise<number> {
  let count = 0
  for (const { table, column, key } of sealedColumns) {
    const name = sql.table(table)
    const rows = await rowsOf(
      sql<{ id: unknown[]; sealed: Buffer }>`
      select jsonb_build_array(${sql.join(key.map((part) => sql.ref(part)))}) as id, ${sql.ref(column)} as sealed
        from ${name} where ${sql.ref(column)} is not null for update`,
      tx,
    )
    for (const { id, sealed } of rows) {
      const anew = ask.to.seal(ask.from.open(sealed))
      await rowsOf(
        sql`update ${name} set ${sql.ref(column)} = ${anew}
          where jsonb_build_array(${sql.join(key.map((part) => sql.ref(part)))}) = ${JSON.stringify(id)}::jsonb`,
        tx,
      )
      count++
    }
  }
  await rowsOf(
    sql`update tenant set print_key = ${ask.to.seal(ask.printKey.toString('base64'))} where key = 'default'`,
    tx,
  )
  return count
}

/** How long we wait for somebody's transaction before we say who it is. */
const patienceMs = 5_000

/**
 * Nobody else of ours is connected, and whoever comes waits at the door until this transaction has ended. Fails with
 * `store.in-use`, naming who is there.
 */
export async function keepOthersOut(tx: Executor): Promise<void> {
  await refuseOthers(tx)
  try {
    await sql.raw(`set local lock_timeout = ${patienceMs}`).execute(tx)
    await sql`lock table tenant in access exclusive mode`.execute(tx)
    await sql`set local lock_timeout = 0`.execute(tx)
  } catch (error) {
    if ((error as { code?: unknown }).code !== lockNotAvailable) throw error
    fail('store.in-use', { processes: ['?'] }, error)
  }
  // Whoever came between the look and the lock has read what is about to change.
  await refuseOthers(tx)
}

const lockNotAvailable = '55P03'

/** Our other sessions go by the name of this process, so it does not refuse itself. */
async function refuseOthers(tx: Executor): Promise<void> {
  // Within a transaction the list of sessions stays what it was at the first look.
  await sql`select pg_stat_clear_snapshot()`.execute(tx)
  const rows = await rowsOf(
    sql<{ name: string }>`select distinct application_name as name from pg_stat_activity
      where datname = current_database() and application_name like 'qintong%' and application_name <> ${processName}
      order by 1`,
    tx,
  )
  if (rows.length > 0) fail('store.in-use', { processes: rows.map(({ name }) => name) })
}
