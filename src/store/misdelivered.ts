import { sql } from 'kysely'
import type { ConnectionId, PlatformName, RouteId, TenantId } from '#domain/ids.ts'
import type { LinkedPair } from './claim-rows.ts'
import { columnOf } from './columns.ts'
import { type Executor, rowOf, rowsOf } from './database.ts'
import { effectiveState } from './delivery-state.ts'

const pairsIn = (
  pairs: readonly LinkedPair[],
) => sql`unnest(${columnOf([...pairs], (pair) => pair.routeId)}::int[],
  ${columnOf([...pairs], (pair) => pair.sourceKey)}::text[], ${columnOf([...pairs], (pair) => pair.targetKey)}::text[]
  ) as pair(route_id, source_key, target_key)`

/**
 * Of pairs that came apart, those that are two people now by a person's word: taken apart, or one of them has another
 * twin. The others are only open again.
 */
export const readWrongPairs = (db: Executor, tenant: TenantId, pairs: readonly LinkedPair[]) =>
  rowsOf(
    sql<LinkedPair>`
    select pair.route_id as "routeId", pair.source_key as "sourceKey", pair.target_key as "targetKey" from ${pairsIn(pairs)}
     where exists (select 1 from parted_pair as parted where parted.tenant_id = ${tenant} and parted.route_id = pair.route_id
                      and parted.source_key = pair.source_key and parted.target_key = pair.target_key)
        or exists (select 1 from identity where identity.tenant_id = ${tenant} and identity.route_id = pair.route_id
                      and (identity.source_key = pair.source_key and identity.target_key <> pair.target_key
                        or identity.target_key = pair.target_key and identity.source_key <> pair.source_key))`,
    db,
  )

/** Remembers which links were wrong, and forgets those that stand again. */
export async function keepWrongLinks(
  db: Executor,
  tenant: TenantId,
  { wrong, joined }: { wrong: readonly LinkedPair[]; joined: readonly LinkedPair[] },
  act: { id: number; at: Temporal.Instant },
): Promise<void> {
  await rowsOf(
    sql`delete from wrong_link using ${pairsIn(joined)} where wrong_link.tenant_id = ${tenant}
       and wrong_link.route_id = pair.route_id and wrong_link.source_key = pair.source_key and wrong_link.target_key = pair.target_key`,
    db,
  )
  await rowsOf(
    sql`insert into wrong_link (tenant_id, route_id, source_key, target_key, act, at)
    select ${tenant}, pair.route_id, pair.source_key, pair.target_key, ${act.id}, ${act.at.toString()}::timestamptz from ${pairsIn(wrong)}
    on conflict do nothing`,
    db,
  )
}

/** Whether any link of this route was ever found wrong. */
export async function hasWrongLinks(db: Executor, tenant: TenantId, route: RouteId): Promise<boolean> {
  const row = await rowOf(
    sql<{
      has: boolean
    }>`select exists (select 1 from wrong_link where tenant_id = ${tenant} and route_id = ${route}) as has`,
    db,
  )
  return row!.has
}

/** What either platform accepts at the oldest. */
export type OldestAccepted = Record<PlatformName, Temporal.Instant>

/**
 * Deliveries to the wrong person whose owner has the right account by now: settled ones, for a call whose outcome nobody
 * knows yet is looked for first. Punches that the source has voided or withdrawn need nobody.
 */
const due = (tenant: TenantId, oldest: OldestAccepted) => sql`
  wrong_link as wrong
  join route on route.tenant_id = ${tenant} and route.id = wrong.route_id
  cross join lateral (values
    (route.dingtalk_id, wrong.source_key, route.wecom_id, wrong.target_key),
    (route.wecom_id, wrong.target_key, route.dingtalk_id, wrong.source_key)) as way(source_id, source_key, target_id, target_key)
  join punch on punch.tenant_id = ${tenant} and punch.account_key = way.source_key and punch.connection_id = way.source_id
  join delivery on delivery.tenant_id = ${tenant} and delivery.route_id = wrong.route_id and delivery.punch_id = punch.id
               and delivery.target_key = way.target_key and delivery.connection_id = way.target_id
  left join batch on batch.tenant_id = delivery.tenant_id and batch.id = delivery.batch_id
 where wrong.tenant_id = ${tenant} and ${effectiveState} in ('verified', 'alreadyThere', 'refused')
   and not punch.is_void and punch.gone_at is null
   and punch.at >= case when way.target_id = route.wecom_id then ${oldest.wecom.toString()}::timestamptz
                        else ${oldest.dingtalk.toString()}::timestamptz end
   and exists (select 1 from identity where identity.tenant_id = ${tenant} and identity.route_id = wrong.route_id
                 and (way.source_id = route.dingtalk_id and identity.source_key = wrong.source_key
                        and identity.target_key <> wrong.target_key
                   or way.source_id = route.wecom_id and identity.target_key = wrong.target_key
                        and identity.source_key <> wrong.source_key))`

/** How many punches would go to the right person with the next runs, now that these pairs are linked. */
export async function countMisdelivered(
  db: Executor,
  tenant: TenantId,
  joined: readonly LinkedPair[],
  oldest: OldestAccepted,
): Promise<number> {
  if (joined.length === 0) return 0
  const row = await rowOf(
    sql<{ count: number }>`select count(*)::int8 as count from ${due(tenant, oldest)}
       and exists (select 1 from ${pairsIn(joined)} where pair.route_id = wrong.route_id
                      and (pair.source_key = wrong.source_key or pair.target_key = wrong.target_key))`,
    db,
  )
  return row!.count
}

/**
 * Lets punches of these accounts of one source that went to the wrong person travel again: where they went is kept, and
 * the delivery is held, to be decided after a clean read of the right account. Returns how many. To be called under the
 * lane's fence.
 */
export async function redirectMisdelivered(
  tx: Executor,
  { tenant, route, source }: { tenant: TenantId; route: RouteId; source: ConnectionId },
  { keys, oldest, now }: { keys: readonly string[]; oldest: Temporal.Instant; now: Temporal.Instant },
): Promise<number> {
  const rows = await rowsOf(
    sql`
    with due as (
      select delivery.route_id, delivery.punch_id, delivery.connection_id, delivery.target_key, delivery.target_user, delivery.at,
             delivery.decided_at, ${effectiveState} as state
        from ${due(tenant, { dingtalk: oldest, wecom: oldest })} and wrong.route_id = ${route} and way.source_id = ${source}
         and way.source_key = any(${[...keys]})),
    kept as (
      insert into misdelivery (tenant_id, connection_id, target_key, at, route_id, punch_id, target_user, state, decided_at, redirected_at)
      select ${tenant}, connection_id, target_key, at, route_id, punch_id, target_user, state, decided_at, ${now.toString()}::timestamptz
        from due on conflict do nothing)
    update delivery set state = 'held', reason = 'unlinked', target_key = null, target_user = null, batch_id = null, settled_at = null,
           decided_at = ${now.toString()}::timestamptz
      from due where delivery.tenant_id = ${tenant} and delivery.route_id = due.route_id and delivery.punch_id = due.punch_id
    returning 1`,
    tx,
  )
  return rows.length
}
