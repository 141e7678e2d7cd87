import { sql } from 'kysely'
import type { RouteId, TenantId } from '#domain/ids.ts'
import { type Executor, rowsOf } from './database.ts'

/** Two accounts on a route, by their keys and as their rosters spell them. */
export type PairRow = {
  routeId: RouteId
  sourceKey: string
  sourceUser: string
  targetKey: string
  targetUser: string
}

const asRows = (pairs: readonly PairRow[]) => sql`jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb)
  as r("routeId" int, "sourceKey" text, "sourceUser" text, "targetKey" text, "targetUser" text)`

/** Makes many explicit links, or moves them; a pair that a person had taken apart is not apart any more. */
export async function savePairs(
  db: Executor,
  tenant: TenantId,
  pairs: readonly PairRow[],
  origin: string,
  at: Temporal.Instant,
): Promise<void> {
  if (pairs.length === 0) return
  await rowsOf(
    sql`delete from parted_pair using ${asRows(pairs)}
     where parted_pair.tenant_id = ${tenant} and parted_pair.route_id = r."routeId"
       and parted_pair.source_key = r."sourceKey" and parted_pair.target_key = r."targetKey"`,
    db,
  )
  await rowsOf(
    sql`insert into explicit_link (tenant_id, route_id, source_key, source_user, target_key, target_user, origin, made_at)
    select ${tenant}, r."routeId", r."sourceKey", r."sourceUser", r."targetKey", r."targetUser", ${origin}, ${at.toString()}::timestamptz
      from ${asRows(pairs)}
    on conflict (tenant_id, route_id, source_key) do update set target_key = excluded.target_key,
       target_user = excluded.target_user, origin = excluded.origin, made_at = excluded.made_at`,
    db,
  )
}

/** Drops the explicit links that others have to these targets: an account is the twin of one other account of a route. */
export async function releaseTargets(
  db: Executor,
  tenant: TenantId,
  pairs: readonly PairRow[],
): Promise<void> {
  await rowsOf(
    sql`delete from explicit_link using ${asRows(pairs)}
     where explicit_link.tenant_id = ${tenant} and explicit_link.route_id = r."routeId"
       and explicit_link.target_key = r."targetKey" and explicit_link.source_key <> r."sourceKey"`,
    db,
  )
}

/** Takes many pairs apart for good: their explicit links go, and no evidence brings them together again. */
export async function partPairs(
  db: Executor,
  tenant: TenantId,
  pairs: readonly PairRow[],
  word: { by: string; at: Temporal.Instant },
): Promise<void> {
  if (pairs.length === 0) return
  await rowsOf(
    sql`delete from explicit_link using ${asRows(pairs)}
     where explicit_link.tenant_id = ${tenant} and explicit_link.route_id = r."routeId"
       and explicit_link.source_key = r."sourceKey" and explicit_link.target_key = r."targetKey"`,
    db,
  )
  await rowsOf(
    sql`insert into parted_pair (tenant_id, route_id, source_key, target_key, parted_at, parted_by)
    select ${tenant}, r."routeId", r."sourceKey", r."targetKey", ${word.at.toString()}::timestamptz, ${word.by} from ${asRows(pairs)}
    on conflict do nothing`,
    db,
  )
}
