import { sql } from 'kysely'
import type { ConnectionId, RouteId, TenantId } from '#domain/ids.ts'
import { type Executor, rowsOf } from './database.ts'
import { doubtOfBatch, effectiveState, isVerified, slotStates } from './delivery-state.ts'

/** What became of a window's punches: `skip` reasons, or a delivery's effective state with its reason. */
export type TallyRow = {
  kind: 'skip' | 'delivery' | 'undecided'
  name: string
  reason: string | null
  count: number
}

/**
 * Counts a window's punches by what became of them, exactly once each, as the source shows them now.
 * They are counted by batch first, so that a batch is looked up once and not for each of its two hundred punches.
 * `accountKeys` null: everyone.
 */
export const readTally = (
  db: Executor,
  ask: {
    tenant: TenantId
    connection: ConnectionId
    route: RouteId
    from: Temporal.Instant
    to: Temporal.Instant
    accountKeys: string[] | null
    oldest: Temporal.Instant
    now: Temporal.Instant
  },
) =>
  rowsOf(
    sql<TallyRow>`
    select kind, name, reason, sum(count)::int8 as count from (
      select case when delivery.skip is not null then case when delivery.skip = 'undecided' then 'undecided' else 'skip' end
                  else 'delivery' end as kind,
             case when delivery.skip is not null then delivery.skip
                  when delivery.is_changed and ${isVerified} then 'held'
                  else ${effectiveState} end as name,
             case when delivery.is_changed and ${isVerified} then 'amended'
                  when delivery.state = 'batched' and batch.state <> 'verified' then
                    ${doubtOfBatch}
                  else delivery.reason end as reason,
             delivery.count
        from (
          select delivery.state, delivery.reason, delivery.batch_id, punch.is_void or punch.at <> delivery.at as is_changed,
                 case when delivery.state is not null then null
                      when exists (
                        select 1 from delivery ours
                         where ours.tenant_id = punch.tenant_id and ours.connection_id = punch.connection_id
                           and ours.target_key = punch.account_key and ours.at = punch.at and ours.state in ${slotStates})
                        or exists (
                        select 1 from misdelivery ours
                         where ours.tenant_id = punch.tenant_id and ours.connection_id = punch.connection_id
                           and ours.target_key = punch.account_key and ours.at = punch.at and ours.state <> 'alreadyThere') then 'echo'
                      when punch.is_void then 'void'
                      when exists (
                        select 1 from punch other
                          join delivery theirs on theirs.tenant_id = other.tenant_id and theirs.route_id = ${ask.route} and theirs.punch_id = other.id
                         where other.tenant_id = punch.tenant_id and other.connection_id = punch.connection_id
                           and other.account_key = punch.account_key and other.at = punch.at and other.id <> punch.id) then 'merged'
                      when punch.at < ${ask.oldest.toString()}::timestamptz then 'tooOld'
                      when punch.at > ${ask.now.toString()}::timestamptz then 'future'
                      else 'undecided' end as skip,
                 count(*) as count
            from punch
            left join lateral (select * from delivery where delivery.tenant_id = punch.tenant_id and delivery.route_id = ${ask.route}
                                  and delivery.punch_id = punch.id offset 0) as delivery on true
           where punch.tenant_id = ${ask.tenant} and punch.connection_id = ${ask.connection} and punch.gone_at is null
             and punch.at between ${ask.from.toString()}::timestamptz and ${ask.to.toString()}::timestamptz
             and (${ask.accountKeys === null} or punch.account_key = any(${ask.accountKeys ?? []}))
           group by 1, 2, 3, 4, 5) as delivery
        left join lateral (select * from batch where batch.tenant_id = ${ask.tenant} and batch.id = delivery.batch_id offset 0) as batch on true
    ) told group by kind, name, reason`,
    db,
  )

/** A way that the route goes, by its source, and the accounts that the route's scope leaves out now. */
type LeftOut = { source: ConnectionId; leftOut: string[] }

/**
 * Nobody's punch to carry: what was never sent of people who are out of scope by now, or on a way that the route goes no
 * more. It waits for nothing.
 */
const isCarried = (tenant: TenantId, ways: readonly LeftOut[]) => {
  // A route has two ends: what is not written to the source of its one way is written the other way.
  const isOpen = ways.length === 1 ? sql`delivery.connection_id <> ${ways[0]!.source}` : sql`true`
  const narrowed = ways.filter(({ leftOut }) => leftOut.length > 0)
  if (narrowed.length === 0) return sql`(delivery.state not in ('held', 'waiting') or ${isOpen})`
  return sql`(delivery.state not in ('held', 'waiting') or ${isOpen} and not exists (
    select 1 from punch where punch.tenant_id = ${tenant} and punch.id = delivery.punch_id and (${sql.join(
      narrowed.map(
        ({ source, leftOut }) => sql`punch.connection_id = ${source} and punch.account_key = any(${leftOut})`,
      ),
      sql` or `,
    )})))`
}

/**
 * Deliveries of a route that are not done, whenever they were punched: what waits for a person or a read-back. What was
 * sent counts whoever is in scope now: it stands in the target.
 */
export const readOpenCounts = (db: Executor, tenant: TenantId, route: RouteId, left: readonly LeftOut[]) =>
  rowsOf(
    sql<{ state: string; reason: string | null; count: number }>`
    select state, reason, count(*)::int8 as count from (
      select state, reason from delivery
       where tenant_id = ${tenant} and route_id = ${route} and state in ('held', 'waiting', 'inDoubt', 'refused')
         and ${isCarried(tenant, left)}
      union all
      select 'held', reason from delivery
       where tenant_id = ${tenant} and route_id = ${route} and reason = 'amended' and state in ('batched', 'verified')
      union all
      select case when batch.state = 'planned' then 'waiting' else 'inDoubt' end,
             case when batch.state = 'planned' then delivery.reason else ${doubtOfBatch} end
        from batch join delivery on delivery.tenant_id = batch.tenant_id and delivery.batch_id = batch.id and delivery.state = 'batched'
       where batch.tenant_id = ${tenant} and batch.route_id = ${route} and batch.state in ('planned', 'sending', 'sent', 'inDoubt')
    ) open group by state, reason order by state, reason`,
    db,
  )
