import { sql } from 'kysely'
import type { ConnectionId, PlatformName, RouteId, TenantId } from '#domain/ids.ts'
import type { Match } from '#domain/match.ts'
import { type AccountRow, holderColumns } from './account-row.ts'
import { columnOf } from './columns.ts'
import { type Executor, rowOf, rowsOf } from './database.ts'

export type IdentityRow = Omit<Match, 'twin'> & {
  routeId: RouteId
  sourceKey: string
  targetKey: string | null
}

const identityColumns = sql`select route_id as "routeId", source_key as "sourceKey", status, target_key as "targetKey", because,
  candidates, probability, weight, weights, would_change as "wouldChange"`

/** Every account ever seen on these connections, as its latest holder; those that are not there any more have `goneAt`. */
export const readAccounts = (db: Executor, tenant: TenantId, connections: ConnectionId[]) =>
  rowsOf(
    sql<AccountRow>`
    select connection_id as "connectionId", ${holderColumns}, gone_at as "goneAt", gone_because as "goneBecause"
      from account where tenant_id = ${tenant} and connection_id = any(${connections}) order by connection_id, key`,
    db,
  )

/** The same of these accounts alone. */
export async function readAccountsNamed(
  db: Executor,
  tenant: TenantId,
  connection: ConnectionId,
  keys: readonly string[],
): Promise<AccountRow[]> {
  if (keys.length === 0) return []
  return rowsOf(
    sql<AccountRow>`
    select connection_id as "connectionId", ${holderColumns}, gone_at as "goneAt", gone_because as "goneBecause"
      from account where tenant_id = ${tenant} and connection_id = ${connection} and key = any(${columnOf(keys, (key) => key)}::text[])
     order by key`,
    db,
  )
}

/** A connection's accounts of these persons. */
export const readAccountsOfPersons = (
  db: Executor,
  tenant: TenantId,
  connection: ConnectionId,
  persons: readonly string[],
) =>
  rowsOf(
    sql<AccountRow>`
    select connection_id as "connectionId", ${holderColumns}, gone_at as "goneAt", gone_because as "goneBecause"
      from account where tenant_id = ${tenant} and connection_id = ${connection}
       and person_id = any(${columnOf(persons, (person) => person)}::text[])
     order by key`,
    db,
  )

/** How many accounts of a connection are there now. */
export async function countAccounts(
  db: Executor,
  tenant: TenantId,
  connection: ConnectionId,
): Promise<number> {
  const row = await rowOf(
    sql<{ count: number }>`select count(*)::int8 as count from account
      where tenant_id = ${tenant} and connection_id = ${connection} and gone_at is null`,
    db,
  )
  return row!.count
}

export const readIdentities = (db: Executor, tenant: TenantId, route: RouteId) =>
  rowsOf(
    sql<IdentityRow>`${identityColumns} from identity where tenant_id = ${tenant} and route_id = ${route} order by source_key`,
    db,
  )

/** The rows that say something of these accounts; DingTalk keys, or WeCom keys, linked or among the candidates. */
export const readIdentitiesOf = (
  db: Executor,
  tenant: TenantId,
  route: RouteId,
  { keys, side }: { keys: readonly string[]; side: PlatformName },
) => {
  const named = sql`any(${columnOf(keys, (key) => key)}::text[])`
  const isAbout =
    side === 'dingtalk'
      ? sql`source_key = ${named}`
      : sql`(target_key = ${named} or exists (
          select 1 from jsonb_array_elements(candidates) as candidate where candidate ->> 'key' = ${named}))`
  return rowsOf(
    sql<IdentityRow>`${identityColumns} from identity where tenant_id = ${tenant} and route_id = ${route} and ${isAbout}
      order by source_key`,
    db,
  )
}

/** Keeps the outcome of matching; unchanged outcomes are not written again, vanished accounts keep their last one. */
export const saveIdentities = (
  db: Executor,
  tenant: TenantId,
  route: RouteId,
  identities: Omit<IdentityRow, 'routeId'>[],
  now: Temporal.Instant,
) =>
  rowsOf(
    sql`
    insert into identity (tenant_id, route_id, source_key, status, target_key, because, candidates, probability, weight, weights,
                          would_change, decided_at)
    select ${tenant}, ${route}, r."sourceKey", r.status, r."targetKey", r.because, r.candidates, r.probability, r.weight, r.weights,
           r."wouldChange", ${now.toString()}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(identities)}::jsonb)
        as r("sourceKey" text, status text, "targetKey" text, because jsonb, candidates jsonb, probability float8, weight float8,
             weights jsonb, "wouldChange" jsonb)
    on conflict (tenant_id, route_id, source_key) do update set status = excluded.status, target_key = excluded.target_key,
       because = excluded.because, candidates = excluded.candidates, probability = excluded.probability,
       weight = excluded.weight, weights = excluded.weights, would_change = excluded.would_change, decided_at = excluded.decided_at,
       before_word = null
     where (identity.status, identity.target_key, identity.because, identity.candidates, identity.probability, identity.weights,
            identity.would_change, identity.before_word)
        is distinct from (excluded.status, excluded.target_key, excluded.because, excluded.candidates, excluded.probability,
                          excluded.weights, excluded.would_change, null)`,
    db,
  )

export type ProbeRow = { mobilePrint: string; foundKey: string | null; askedAt: Temporal.Instant }

/** What a platform already answered about mobiles, negatives included. */
export const readProbes = (db: Executor, tenant: TenantId, connection: ConnectionId) =>
  rowsOf(
    sql<ProbeRow>`select mobile_print as "mobilePrint", found_key as "foundKey", asked_at as "askedAt"
      from mobile_probe where tenant_id = ${tenant} and connection_id = ${connection}`,
    db,
  )

/** How many questions about mobiles were asked, how many found nobody, and how many people there are. */
export async function countProbes(
  db: Executor,
  tenant: TenantId,
  connection: ConnectionId,
): Promise<{ asked: number; wrong: number; headCount: number }> {
  const row = await rowOf(
    sql<{ asked: number; wrong: number; headCount: number }>`
    select count(*)::int8 as asked, (count(*) filter (where found_key is null))::int8 as wrong,
           (select count(*)::int8 from account
             where tenant_id = ${tenant} and connection_id = ${connection} and gone_at is null) as "headCount"
      from mobile_probe where tenant_id = ${tenant} and connection_id = ${connection}`,
    db,
  )
  return row!
}

export const saveProbe = (db: Executor, tenant: TenantId, connection: ConnectionId, probe: ProbeRow) =>
  rowsOf(
    sql`insert into mobile_probe (tenant_id, connection_id, mobile_print, found_key, asked_at)
    values (${tenant}, ${connection}, ${probe.mobilePrint}, ${probe.foundKey}, ${probe.askedAt.toString()}::timestamptz)
    on conflict (tenant_id, connection_id, mobile_print) do update set found_key = excluded.found_key, asked_at = excluded.asked_at`,
    db,
  )

export type PartedRow = {
  sourceKey: string
  targetKey: string
  /** Who said so; null where nobody wrote it down. */
  by: string | null
  at: Temporal.Instant
}

/** Pairs that a person has taken apart on this route. */
export const readPartedPairs = (db: Executor, tenant: TenantId, route: RouteId) =>
  rowsOf(
    sql<PartedRow>`select source_key as "sourceKey", target_key as "targetKey", parted_by as by, parted_at as at from parted_pair
      where tenant_id = ${tenant} and route_id = ${route} order by parted_at, source_key, target_key`,
    db,
  )
