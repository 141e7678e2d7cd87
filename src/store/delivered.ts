import { sql } from 'kysely'
import type { ConnectionId, RouteId, TenantId } from '#domain/ids.ts'
import type { LinkedPair } from './claim-rows.ts'
import { columnOf } from './columns.ts'
import { type Executor, rowsOf } from './database.ts'
import { effectiveState, heldThere } from './delivery-state.ts'

/** One punch that reached, or may have reached, an account at the target under a link. */
export type Delivered = {
  routeId: RouteId
  punchId: number
  sourceId: ConnectionId
  sourceKey: string
  sourceUser: string
  at: Temporal.Instant
  targetId: ConnectionId
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

/** Both ways of the pairs' routes: a pair names its DingTalk account first, whichever way punches go. */
const punchesOf = (tenant: TenantId) => sql`
  join route on route.tenant_id = ${tenant} and route.id = pair.route_id
  cross join lateral (values
    (route.dingtalk_id, pair.source_key, route.wecom_id, pair.target_key),
    (route.wecom_id, pair.target_key, route.dingtalk_id, pair.source_key)) as way(source_id, source_key, target_id, target_key)
  join punch on punch.tenant_id = ${tenant} and punch.account_key = way.source_key and punch.connection_id = way.source_id`

const deliveriesOf = (tenant: TenantId) => sql`${punchesOf(tenant)}
  join delivery on delivery.tenant_id = ${tenant} and delivery.route_id = pair.route_id and delivery.punch_id = punch.id
  left join batch on batch.tenant_id = delivery.tenant_id and batch.id = delivery.batch_id`

/** Everything that arrived under these pairs, what has gone to the right person since included. */
const arrivedUnder = (tenant: TenantId, pairs: readonly LinkedPair[]) => sql`
  ${pairsIn(pairs)} ${punchesOf(tenant)}
  cross join lateral (
    select delivery.at, delivery.target_user, ${effectiveState} as state
      from delivery left join batch on batch.tenant_id = delivery.tenant_id and batch.id = delivery.batch_id
     where delivery.tenant_id = ${tenant} and delivery.route_id = pair.route_id and delivery.punch_id = punch.id
       and delivery.target_key = way.target_key
       and not (delivery.state = 'alreadyThere' and exists (
             select 1 from misdelivery as ours where ours.tenant_id = ${tenant} and ours.punch_id = punch.id
                and ours.route_id = pair.route_id and ours.target_key = way.target_key and ours.connection_id = way.target_id))
    union all
    select misdelivery.at, misdelivery.target_user, misdelivery.state from misdelivery
     where misdelivery.tenant_id = ${tenant} and misdelivery.punch_id = punch.id and misdelivery.route_id = pair.route_id
       and misdelivery.connection_id = way.target_id and misdelivery.target_key = way.target_key) as arrived
 where arrived.state in ('verified', 'sent', 'inDoubt', 'sending', 'alreadyThere')`

/** How many records went out under these links, by state. */
export const countDelivered = (db: Executor, tenant: TenantId, pairs: readonly LinkedPair[]) =>
  rowsOf(
    sql<{ state: DeliveredState; count: number }>`
    select arrived.state, count(*) as count from ${arrivedUnder(tenant, pairs)} group by 1`,
    db,
  )

type Place = Pick<Delivered, 'at' | 'punchId' | 'routeId' | 'targetKey'>

/** The records that went out under these links, oldest first; `after` is the last one of the page before. */
export const readDelivered = (
  db: Executor,
  tenant: TenantId,
  pairs: readonly LinkedPair[],
  page: { limit: number; after: Place | null },
) =>
  rowsOf(
    sql<Delivered>`
    select pair.route_id as "routeId", punch.id as "punchId", way.source_id as "sourceId", way.source_key as "sourceKey",
           punch.user_id as "sourceUser", arrived.at, way.target_id as "targetId", way.target_key as "targetKey",
           arrived.target_user as "targetUser", arrived.state
      from ${arrivedUnder(tenant, pairs)}
       ${page.after ? sql`and (arrived.at, punch.id, pair.route_id, way.target_key) > (${page.after.at.toString()}::timestamptz, ${page.after.punchId}, ${page.after.routeId}, ${page.after.targetKey})` : sql``}
     order by arrived.at, punch.id, pair.route_id, way.target_key limit ${page.limit}`,
    db,
  )

const everSent = sql`(
  select tenant_id, route_id, punch_id, connection_id, target_key from delivery where target_key is not null
  union all select tenant_id, route_id, punch_id, connection_id, target_key from misdelivery) as sent`

const asPair = (tenant: TenantId) => sql`
  select sent.route_id as "routeId", case when to_wecom then punch.account_key else sent.target_key end as "sourceKey",
         case when to_wecom then sent.target_key else punch.account_key end as "targetKey"
    from ${everSent} join punch on punch.tenant_id = ${tenant} and punch.id = sent.punch_id
    join route on route.tenant_id = ${tenant} and route.id = sent.route_id
    cross join lateral (select sent.connection_id = route.wecom_id as to_wecom) as way
   where sent.tenant_id = ${tenant}`

/** The pairs under which anything ever went out from or to this account, whether they are linked now or not. */
export const readPairsEver = (
  db: Executor,
  tenant: TenantId,
  { connectionId, key }: { connectionId: ConnectionId; key: string },
) =>
  rowsOf(
    sql<LinkedPair>`
    ${asPair(tenant)} and punch.connection_id = ${connectionId} and punch.account_key = ${key}
    union
    ${asPair(tenant)} and sent.connection_id = ${connectionId} and sent.target_key = ${key}`,
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
    }>`select count(*) as count from ${pairsIn(pairs)} ${deliveriesOf(tenant)} where delivery.state = 'held'`,
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
      select distinct ${tenant}::int, way.target_id, 0, '', '-infinity'::timestamptz, 1
        from ${pairsIn(pairs)} join route on route.tenant_id = ${tenant} and route.id = pair.route_id
       cross join lateral (values (route.dingtalk_id), (route.wecom_id)) as way(target_id) order by 2
    on conflict (tenant_id, connection_id) do update set recalls = lane.recalls + 1`,
    db,
  )
  const rows = await rowsOf(
    sql`with mine as (select delivery.route_id, delivery.punch_id from ${pairsIn(pairs)} ${deliveriesOf(tenant)}
                      where delivery.target_key = way.target_key and ${effectiveState} = 'waiting')
    update delivery set ${asHeld} from mine
     where delivery.tenant_id = ${tenant} and delivery.route_id = mine.route_id and delivery.punch_id = mine.punch_id
       and delivery.state in ('waiting', 'batched') returning 1`,
    db,
  )
  // What stands in one account is in no one's way in another.
  await rowsOf(
    sql`with mine as (select delivery.route_id, delivery.punch_id from ${pairsIn(pairs)} ${deliveriesOf(tenant)}
                      where delivery.state = 'held' and delivery.reason in ${heldThere})
    update delivery set reason = 'unlinked' from mine
     where delivery.tenant_id = ${tenant} and delivery.route_id = mine.route_id and delivery.punch_id = mine.punch_id`,
    db,
  )
  return rows.length
}

/** What `table` says of the two accounts of a delivery, whichever way it goes. */
const isOf = (table: string) => sql`(${sql.table(table)}.source_key, ${sql.table(table)}.target_key) =
  (case when punch.connection_id = route.dingtalk_id then punch.account_key else delivery.target_key end,
   case when punch.connection_id = route.dingtalk_id then delivery.target_key else punch.account_key end)`

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
      join route on route.tenant_id = ${tenant} and route.id = ${route}
     where delivery.tenant_id = ${tenant} and delivery.batch_id = ${batch} and delivery.route_id = ${route} and delivery.state = 'batched'
       and exists (select 1 from batch where batch.tenant_id = ${tenant} and batch.id = ${batch} and batch.state = 'planned')
       and punch.tenant_id = ${tenant} and punch.id = delivery.punch_id
       and (not exists (select 1 from identity where identity.tenant_id = ${tenant} and identity.route_id = ${route} and ${isOf('identity')})
         or (exists (select 1 from parted_pair where parted_pair.tenant_id = ${tenant} and parted_pair.route_id = ${route}
                       and ${isOf('parted_pair')})
             and not exists (select 1 from explicit_link where explicit_link.tenant_id = ${tenant} and explicit_link.route_id = ${route}
                               and ${isOf('explicit_link')})))`,
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
