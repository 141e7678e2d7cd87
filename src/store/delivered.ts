import { sql } from 'kysely'
import type { ConnectionId, RouteId, TenantId } from '#domain/ids.ts'
import type { LinkedPair } from './claim-rows.ts'
import { columnOf } from './columns.ts'
import { type Executor, rowsOf } from './database.ts'
import { effectiveState } from './delivery-state.ts'

/** One punch that reached, or may have reached, an account at the target under a link. */
export type Delivered = {
  routeId: RouteId
  punchId: number
  sourceKey: string
  sourceUser: string
  at: Temporal.Instant
  targetKey: string
  targetUser: string
  state: DeliveredState
}

/** `alreadyThere` was there without us. Only what is verified, sent or in doubt is ours to put right. */
export type DeliveredState = 'verified' | 'sent' | 'inDoubt' | 'sending' | 'alreadyThere'

const pairsIn = (
  pairs: readonly LinkedPair[],
) => sql`unnest(${columnOf([...pairs], (pair) => pair.routeId)}::int[],
  ${columnOf([...pairs], (pair) => pair.sourceKey)}::text[], ${columnOf([...pairs], (pair) => pair.targetKey)}::text[]
  ) as pair(route_id, source_key, target_key)`

const punchesOf = (tenant: TenantId) => sql`
  join route on route.tenant_id = ${tenant} and route.id = pair.route_id
  join punch on punch.tenant_id = ${tenant} and punch.account_key = pair.source_key and punch.connection_id = route.dingtalk_id
  join delivery on delivery.tenant_id = ${tenant} and delivery.route_id = pair.route_id and delivery.punch_id = punch.id
  left join batch on batch.tenant_id = delivery.tenant_id and batch.id = delivery.batch_id`

const hasArrived = sql`${effectiveState} in ('verified', 'sent', 'inDoubt', 'sending', 'alreadyThere')`

/** How many records went out under these links, by state. */
export const countDelivered = (db: Executor, tenant: TenantId, pairs: readonly LinkedPair[]) =>
  rowsOf(
    sql<{ state: DeliveredState; count: number }>`
    select ${effectiveState} as state, count(*) as count from ${pairsIn(pairs)} ${punchesOf(tenant)}
     where delivery.target_key = pair.target_key and ${hasArrived} group by 1`,
    db,
  )

/** The records that went out under these links, oldest first; `after` is the last one of the page before. */
export const readDelivered = (
  db: Executor,
  tenant: TenantId,
  pairs: readonly LinkedPair[],
  page: { limit: number; after: Pick<Delivered, 'at' | 'punchId' | 'routeId'> | null },
) =>
  rowsOf(
    sql<Delivered>`
    select pair.route_id as "routeId", punch.id as "punchId", pair.source_key as "sourceKey", punch.user_id as "sourceUser",
           delivery.at, delivery.target_key as "targetKey", delivery.target_user as "targetUser", ${effectiveState} as state
      from ${pairsIn(pairs)} ${punchesOf(tenant)}
     where delivery.target_key = pair.target_key and ${hasArrived}
       ${page.after ? sql`and (delivery.at, punch.id, pair.route_id) > (${page.after.at.toString()}::timestamptz, ${page.after.punchId}, ${page.after.routeId})` : sql``}
     order by delivery.at, punch.id, pair.route_id limit ${page.limit}`,
    db,
  )

/** The pairs under which anything ever went out from or to this account, whether they are linked now or not. */
export const readPairsEver = (
  db: Executor,
  tenant: TenantId,
  { connectionId, key }: { connectionId: ConnectionId; key: string },
) =>
  rowsOf(
    sql<LinkedPair>`
    select delivery.route_id as "routeId", punch.account_key as "sourceKey", delivery.target_key as "targetKey"
      from punch join delivery on delivery.tenant_id = ${tenant} and delivery.punch_id = punch.id
     where punch.tenant_id = ${tenant} and punch.connection_id = ${connectionId} and punch.account_key = ${key}
       and delivery.target_key is not null
    union
    select delivery.route_id, punch.account_key, delivery.target_key
      from delivery join punch on punch.tenant_id = ${tenant} and punch.id = delivery.punch_id
     where delivery.tenant_id = ${tenant} and delivery.connection_id = ${connectionId} and delivery.target_key = ${key}`,
    db,
  )

/** Deliveries of these accounts that wait for a link. */
export async function countWaitingFor(
  db: Executor,
  tenant: TenantId,
  pairs: readonly LinkedPair[],
): Promise<number> {
  const [row] = await rowsOf(
    sql<{
      count: number
    }>`select count(*) as count from ${pairsIn(pairs)} ${punchesOf(tenant)} where delivery.state = 'held'`,
    db,
  )
  return row?.count ?? 0
}

/**
 * Takes back what is not on its way yet: it is held, and counts as never sent. Waits for decisions and claims that are
 * being written, and makes runs that already read the link look again before they send. Returns how many.
 */
export async function recall(db: Executor, tenant: TenantId, pairs: readonly LinkedPair[]): Promise<number> {
  if (pairs.length === 0) return 0
  await rowsOf(
    sql`insert into lane (tenant_id, connection_id, fence, holder, lease_until, recalls)
      select distinct ${tenant}::int, route.wecom_id, 0, '', '-infinity'::timestamptz, 1
        from ${pairsIn(pairs)} join route on route.tenant_id = ${tenant} and route.id = pair.route_id order by 2
    on conflict (tenant_id, connection_id) do update set recalls = lane.recalls + 1`,
    db,
  )
  const rows = await rowsOf(
    sql`with mine as (select delivery.route_id, delivery.punch_id from ${pairsIn(pairs)} ${punchesOf(tenant)}
                      where delivery.target_key = pair.target_key and ${effectiveState} = 'waiting')
    update delivery set ${asHeld} from mine
     where delivery.tenant_id = ${tenant} and delivery.route_id = mine.route_id and delivery.punch_id = mine.punch_id
       and delivery.state in ('waiting', 'batched') returning 1`,
    db,
  )
  return rows.length
}

const asHeld = sql`state = 'held', reason = 'unlinked', target_key = null, target_user = null, batch_id = null`

/**
 * Holds those deliveries of a planned batch whose link is not there any more, and makes the batch as small as it is then.
 * Returns the punches that may go. To be called under the lane's fence.
 */
export async function holdParted(
  tx: Executor,
  where: { tenant: TenantId; route: RouteId },
  batch: number,
): Promise<number[]> {
  const { tenant, route } = where
  await rowsOf(
    sql`update delivery set ${asHeld} from punch
     where delivery.tenant_id = ${tenant} and delivery.batch_id = ${batch} and delivery.route_id = ${route} and delivery.state = 'batched'
       and exists (select 1 from batch where batch.tenant_id = ${tenant} and batch.id = ${batch} and batch.state = 'planned')
       and punch.tenant_id = ${tenant} and punch.id = delivery.punch_id
       and (not exists (select 1 from identity where identity.tenant_id = ${tenant} and identity.route_id = ${route}
                          and identity.source_key = punch.account_key and identity.target_key = delivery.target_key)
         or (exists (select 1 from parted_pair as pair where pair.tenant_id = ${tenant} and pair.route_id = ${route}
                       and pair.source_key = punch.account_key and pair.target_key = delivery.target_key)
             and not exists (select 1 from explicit_link as link where link.tenant_id = ${tenant} and link.route_id = ${route}
                               and link.source_key = punch.account_key and link.target_key = delivery.target_key)))`,
    tx,
  )
  const left = await rowsOf(
    sql<{ punchId: number }>`select punch_id as "punchId" from delivery
      where tenant_id = ${tenant} and route_id = ${route} and batch_id = ${batch} and state = 'batched'`,
    tx,
  )
  await rowsOf(
    left.length === 0
      ? sql`delete from batch where tenant_id = ${tenant} and id = ${batch} and state = 'planned'`
      : sql`update batch set size = ${left.length} where tenant_id = ${tenant} and id = ${batch} and state = 'planned'`,
    tx,
  )
  return left.map(({ punchId }) => punchId)
}
