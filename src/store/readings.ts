import { sql } from 'kysely'
import type { Reading, UnknownBecause } from '#domain/freshness.ts'
import type { ConnectionId, RouteId, TenantId } from '#domain/ids.ts'
import { type Executor, rowsOf } from './database.ts'

/** One way of a route: readings are kept per source. */
type Where = { tenant: TenantId; route: RouteId; source: ConnectionId }

/** A person's reading; `known` is null for somebody this route has never read. */
export type KeptReading = { key: string; known: Reading | null }

/**
 * Whose reading a run may change: those never read, those with something amiss, those now read from an earlier day, and
 * whoever is in `troubled`. Of everybody else a run changes nothing; `isEveryone` asks for them all the same.
 */
export async function readReadings(
  db: Executor,
  where: Where,
  ask: { keys: string[]; troubled: string[]; from: Temporal.Instant; isEveryone: boolean },
): Promise<KeptReading[]> {
  const rows = await rowsOf(
    sql<Reading & { key: string; isKnown: boolean }>`
    select asked.key, reading.source_key is not null as "isKnown", reading.read_from as "from", reading.read_to as "to",
           reading.because, reading.detail
      from unnest(${ask.keys}::text[]) as asked(key)
      left join reading on reading.tenant_id = ${where.tenant} and reading.route_id = ${where.route}
                       and reading.source_id = ${where.source} and reading.source_key = asked.key
     where reading.source_key is null or reading.because is not null
        or reading.read_from > ${ask.from.toString()}::timestamptz
        or asked.key = any(${ask.troubled}::text[]) or ${ask.isEveryone}`,
    db,
  )
  return rows.map(({ key, isKnown, ...known }) => ({ key, known: isKnown ? known : null }))
}

/** Keeps readings; unchanged ones are not written again. */
export const saveReadings = (
  db: Executor,
  where: Where,
  readings: (Reading & { key: string })[],
  now: Temporal.Instant,
) =>
  rowsOf(
    sql`
    insert into reading (tenant_id, route_id, source_id, source_key, read_from, read_to, because, detail, changed_at)
    select ${where.tenant}, ${where.route}, ${where.source}, r.key, r."from", r."to", r.because, r.detail, ${now.toString()}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(readings)}::jsonb)
        as r(key text, "from" timestamptz, "to" timestamptz, because text, detail text)
    on conflict (tenant_id, route_id, source_id, source_key) do update set read_from = excluded.read_from, read_to = excluded.read_to,
       because = excluded.because, detail = excluded.detail, changed_at = excluded.changed_at
     where (reading.read_from, reading.read_to, reading.because, reading.detail)
        is distinct from (excluded.read_from, excluded.read_to, excluded.because, excluded.detail)`,
    db,
  )

/** Accounts the platform would not answer for in the last run that asked. */
export async function readRefusedKeys(db: Executor, where: Where): Promise<string[]> {
  const rows = await rowsOf(
    sql<{ key: string }>`select source_key as key from reading
      where tenant_id = ${where.tenant} and route_id = ${where.route} and source_id = ${where.source} and because = 'refused'`,
    db,
  )
  return rows.map(({ key }) => key)
}

/** An account of which not everything up to the route's watermark was read. */
export type UnknownRow = {
  key: string
  because: UnknownBecause
  detail: string
  /** Everything from the beginning to here was read; null: nothing was. */
  completeTo: Temporal.Instant | null
}

/**
 * Accounts there now, in scope or not, of which not everything from `since` to the watermark was read. Somebody who
 * joined after the first roster owes nothing from before.
 */
export const readUnknown = (db: Executor, where: Where, ask: { since: Temporal.Instant }) =>
  rowsOf(
    sql<UnknownRow>`
    select account.key, coalesce(reading.because, case when reading.source_key is null then 'never-read' else 'gap' end) as because,
           coalesce(reading.detail, '') as detail, case when reading.read_from <= account.owed then reading.read_to end as "completeTo"
      from (select key, gone_at,
                   case when first_seen_at > min(first_seen_at) over () then greatest(first_seen_at, ${ask.since.toString()}::timestamptz)
                        else ${ask.since.toString()}::timestamptz end as owed
              from account where tenant_id = ${where.tenant} and connection_id = ${where.source}) account
      left join reading on reading.tenant_id = ${where.tenant} and reading.route_id = ${where.route}
                       and reading.source_id = ${where.source} and reading.source_key = account.key
     where account.gone_at is null
       and (reading.source_key is null or reading.because is not null or reading.read_from > account.owed)
     order by account.key`,
    db,
  )
