import { sql } from 'kysely'
import type { ConnectionId, RouteId, TenantId } from '#domain/ids.ts'
import { type Executor, rowOf, rowsOf } from './database.ts'
import { doubtOfBatch, forAPerson } from './delivery-state.ts'

/** The latest call of one interface of one connection. */
export type CallStanding = {
  connectionId: ConnectionId
  api: string
  at: Temporal.Instant
  outcome: string
  theirCode: string
  theirText: string
}

/** Rows of the call log that are looked at twice: numbers are given out before rows are committed. */
const overlap = 1_000

/** Takes the calls since the last look into account, and gives the latest of each interface. */
export async function readCallStandings(
  db: Executor,
  tenant: TenantId,
  since: Temporal.Instant,
): Promise<CallStanding[]> {
  await rowsOf(
    sql`
    with fresh as (
      select call.* from call_log call
       where call.tenant_id = ${tenant}
         and call.id > (select greatest(calls_read - ${overlap}, 0) from alarm_watch where tenant_id = ${tenant})
         and call.at >= ${since.toString()}::timestamptz),
    read as (
      update alarm_watch set calls_read = greatest(calls_read, (select coalesce(max(id), 0) from fresh)) where tenant_id = ${tenant})
    insert into call_standing (tenant_id, connection_id, api, call_id, at, outcome, their_code, their_text)
    select distinct on (connection_id, api) tenant_id, connection_id, api, id, at, outcome, their_code, their_text
      from fresh order by connection_id, api, at desc, id desc
    on conflict (tenant_id, connection_id, api) do update set call_id = excluded.call_id, at = excluded.at,
       outcome = excluded.outcome, their_code = excluded.their_code, their_text = excluded.their_text
     where call_standing.at < excluded.at or (call_standing.at = excluded.at and call_standing.call_id < excluded.call_id)`,
    db,
  )
  return rowsOf(
    sql<CallStanding>`select connection_id as "connectionId", api, at, outcome, their_code as "theirCode", their_text as "theirText"
      from call_standing where tenant_id = ${tenant} and at >= ${since.toString()}::timestamptz order by connection_id, api`,
    db,
  )
}

/** Connections whose secret is refused, under the secret they have now. */
export const readRefusedSecrets = (db: Executor, tenant: TenantId) =>
  rowsOf(
    sql<{ connectionId: ConnectionId; refusals: number; pausedUntil: Temporal.Instant | null }>`
    select token.connection_id as "connectionId", refusals, paused_until as "pausedUntil"
      from token join connection on connection.tenant_id = token.tenant_id and connection.id = token.connection_id
       and connection.secret_print = token.secret_print
     where token.tenant_id = ${tenant} and refusals > 0`,
    db,
  )

/** What of a route's deliveries is open, and what of it is older than the longest time a write may take to show. */
export type OpenDeliveries = {
  routeId: RouteId
  refused: number
  inDoubt: number
  inDoubtSince: Temporal.Instant | null
}

/**
 * By route. In doubt counts from `visibility_max_ms` and `slackMs` after the attempt ended, so that what is merely not
 * shown yet, or not read again yet, alarms nobody; a doubt that only a person may settle counts at once.
 */
export function readOpenDeliveries(
  db: Executor,
  tenant: TenantId,
  ask: { now: Temporal.Instant; slackMs: number },
): Promise<OpenDeliveries[]> {
  const patience = sql`(coalesce(target.visibility_max_ms, 0) + ${ask.slackMs}::float8) * interval '1 millisecond'`
  return rowsOf(
    sql<OpenDeliveries>`
    select route_id as "routeId", (count(*) filter (where state = 'refused'))::int8 as refused,
           (count(*) filter (where state = 'inDoubt'))::int8 as "inDoubt",
           min(since) filter (where state = 'inDoubt') as "inDoubtSince"
      from (
        select delivery.route_id, delivery.state, coalesce(batch.ended_at, delivery.decided_at) as since
          from (select * from delivery where tenant_id = ${tenant} and ${isOpen} and state in ('refused', 'inDoubt') offset 0) delivery
          left join lateral (select ended_at, connection_id from batch
                              where batch.tenant_id = delivery.tenant_id and batch.id = delivery.batch_id offset 0) batch on true
          left join connection target on target.tenant_id = ${tenant} and target.id = batch.connection_id
         where delivery.state = 'refused' or delivery.reason in ${forAPerson}
            or coalesce(batch.ended_at, delivery.decided_at) + ${patience} < ${ask.now.toString()}::timestamptz
        union all
        select batch.route_id, 'inDoubt', batch.since
          from (select batch.*, coalesce(ended_at, claimed_at) as since from batch
                 where tenant_id = ${tenant} and state in ('sending', 'sent', 'inDoubt') and ${doubtOfBatch} is not null offset 0) batch
          join connection target on target.tenant_id = ${tenant} and target.id = batch.connection_id
          join lateral (select 1 from delivery where delivery.tenant_id = ${tenant} and delivery.batch_id = batch.id
                           and delivery.state = 'batched' offset 0) carried on true
         where batch.since + ${patience} < ${ask.now.toString()}::timestamptz
      ) open group by route_id`,
    db,
  )
}

/** The words of the index of open deliveries, without which it is not used. */
const isOpen = sql`state in ('held', 'waiting', 'inDoubt', 'refused')`

/** Whose punches wait for their identity on each route, and how many. Reads every held delivery: for a digest. */
export const readWaitingPeople = (db: Executor, tenant: TenantId) =>
  rowsOf(
    sql<{ routeId: RouteId; people: number; held: number }>`
    select delivery.route_id as "routeId", count(distinct (punch.connection_id, punch.account_key))::int8 as people,
           count(*)::int8 as held
      from (select * from delivery where tenant_id = ${tenant} and ${isOpen} and state = 'held' offset 0) delivery
      join lateral (select connection_id, account_key from punch
                     where punch.tenant_id = ${tenant} and punch.id = delivery.punch_id offset 0) punch on true
     where coalesce(delivery.reason, 'unlinked') in ('unlinked', 'suggested', 'conflicting')
     group by delivery.route_id`,
    db,
  )

/** Why ways of routes stand still, the longest first; the engine writes it down at each failure. */
export const readStandingStill = (db: Executor, tenant: TenantId) =>
  rowsOf(
    sql<{ routeId: RouteId; code: string; since: Temporal.Instant }>`
    select route_id as "routeId", failure ->> 'code' as code, failed_at as since
      from leg where tenant_id = ${tenant} and failed_at is not null order by failed_at`,
    db,
  )

/** The least question there is: how long the database takes to answer it is how slow it is. */
export const knock = (db: Executor) => rowOf(sql`select 1 as here`, db)

/** Metered calls and event deliveries of a month, by organisation. */
export const readQuotaUses = (db: Executor, tenant: TenantId, month: Temporal.PlainDate) =>
  rowsOf(
    sql<{
      corpId: string
      used: number
      events: number
    }>`select corp_id as "corpId", used, events from quota_use
     where tenant_id = ${tenant} and month = ${month.toString()}::date`,
    db,
  )
