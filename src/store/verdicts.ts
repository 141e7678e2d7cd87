import { sql } from 'kysely'
import type { ConnectionId, TenantId } from '#domain/ids.ts'
import type { PunchOrigin } from '#domain/punch.ts'
import { columnOf } from './columns.ts'
import { type Executor, rowsOf } from './database.ts'

/**
 * What the source's row hashed to. What was learned of a punch elsewhere stands behind a `+` in its hash, so that the
 * same row read again is the same row, and takes nothing of it back. Needs `punch`.
 */
export const rowHash = sql`split_part(punch.hash, '+', 1)`

/** A verdict on a punch, by the punch's natural key. `hash`: of what it says. */
export type VerdictRow = {
  externalId: string
  accountKey: string
  result: string
  workDate: string
  origin: PunchOrigin
  hash: string
}

/**
 * Gives punches whose verdict has become another a new revision, and answers their ids. Instant and validity stay as they
 * are. A punch that the ledger does not have, or has of somebody else, is left to the sweep.
 */
export async function reviseByVerdict(
  db: Executor,
  where: { tenant: TenantId; connection: ConnectionId },
  verdicts: readonly VerdictRow[],
  now: Temporal.Instant,
): Promise<number[]> {
  const rows = await rowsOf(
    sql<{ id: number }>`
    update punch set result = r.result, work_date = r."workDate", origin = case when r.origin = 'person' then punch.origin else r.origin end,
           hash = ${rowHash} || '+' || r.hash, landed_at = ${now.toString()}::timestamptz
      from unnest(
        ${columnOf(verdicts, (row) => row.externalId)}::text[], ${columnOf(verdicts, (row) => row.accountKey)}::text[],
        ${columnOf(verdicts, (row) => row.result)}::text[], ${columnOf(verdicts, (row) => row.workDate)}::date[],
        ${columnOf(verdicts, (row) => row.origin)}::text[], ${columnOf(verdicts, (row) => row.hash)}::text[]
      ) as r("externalId", "accountKey", result, "workDate", origin, hash)
     where punch.tenant_id = ${where.tenant} and punch.external_id = r."externalId" and punch.connection_id = ${where.connection}
       and punch.account_key = r."accountKey"
       and (punch.result is distinct from r.result or punch.work_date is distinct from r."workDate"
            or (r.origin <> 'person' and punch.origin <> r.origin))
    returning punch.id`,
    db,
  )
  return rows.map(({ id }) => id)
}

/** Where the latest revision of these punches stands in the raw store. */
export const pointToRaw = (db: Executor, tenant: TenantId, ids: readonly number[], rawId: number) =>
  rowsOf(
    sql`update punch set raw_id = ${rawId} where tenant_id = ${tenant} and id = any(${columnOf(ids, (id) => id)}::int8[])`,
    db,
  )

/** Which of these natural keys the ledger does not have. */
export async function readUnknown(
  db: Executor,
  where: { tenant: TenantId; connection: ConnectionId },
  externalIds: readonly string[],
): Promise<Set<string>> {
  const rows = await rowsOf(
    sql<{ id: string }>`
    select asked.id from unnest(${columnOf(externalIds, (id) => id)}::text[]) as asked(id)
     where not exists (select 1 from punch where punch.tenant_id = ${where.tenant} and punch.external_id = asked.id
                         and punch.connection_id = ${where.connection})`,
    db,
  )
  return new Set(rows.map(({ id }) => id))
}
