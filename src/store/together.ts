import { sql } from 'kysely'
import type { RouteId, TenantId } from '#domain/ids.ts'
import { type Executor, rowOf, rowsOf } from './database.ts'
import { slotStates } from './delivery-state.ts'

/** Accounts of a side that are compared second by second; where more are open, the first of them by key. */
const mostCompared = 2_000

/** How far back people's seconds are compared: long enough to meet again and again, short enough to be read at once. */
const days = 31

/** Two open accounts of a route that punched in the same seconds, of how many punches of the rarer of the two. */
export type TogetherRow = {
  routeId: RouteId
  sourceKey: string
  targetKey: string
  sameSecond: number
  of: number
}

/** One person's own seconds on one side: nobody's but the present holder's, and nothing that we wrote there ourselves. */
const secondsOf = (tenant: TenantId, open: 'open_here' | 'open_there', now: Temporal.Instant) => sql`
  select distinct open.route_id, open.key, punch.at from ${sql.table(open)} as open
   cross join lateral (select at from punch where punch.tenant_id = ${tenant} and punch.connection_id = open.connection_id
     and punch.account_key = open.key and punch.at between greatest(open.since, ${now.toString()}::timestamptz - interval '${sql.raw(`${days} days`)}')
                                                       and ${now.toString()}::timestamptz
     and not punch.is_void and punch.gone_at is null offset 0) as punch
   where not exists (select 1 from delivery where delivery.tenant_id = ${tenant} and delivery.target_key = open.key
                        and delivery.connection_id = open.connection_id and delivery.at = punch.at and delivery.state in ${slotStates})
     and not exists (select 1 from misdelivery where misdelivery.tenant_id = ${tenant} and misdelivery.target_key = open.key
                        and misdelivery.connection_id = open.connection_id and misdelivery.at = punch.at)`

/** A first holder's punches are theirs from before we looked, too; a later one's only since. */
const sinceOf = sql`case when account.life > 1 then account.since else '-infinity' end`

/** Who is linked for other reasons is settled; who is linked by this evidence would not be any more without it. */
const isOpen = sql`(identity.target_key is null or identity.weights ? 'together')`

const together = (tenant: TenantId, now: Temporal.Instant) => sql`
  with two_way as (select * from route where tenant_id = ${tenant} and direction = 'both'),
  open_here as (
    select two_way.id as route_id, two_way.dingtalk_id as connection_id, account.key, account.since
      from two_way cross join lateral (
        select account.key, ${sinceOf} as since from identity
          join account on account.tenant_id = ${tenant} and account.connection_id = two_way.dingtalk_id
                      and account.key = identity.source_key and account.gone_at is null
         where identity.tenant_id = ${tenant} and identity.route_id = two_way.id and ${isOpen}
         order by account.key limit ${mostCompared}) as account),
  open_there as (
    select two_way.id as route_id, two_way.wecom_id as connection_id, account.key, account.since
      from two_way cross join lateral (
        select account.key, ${sinceOf} as since from account
         where account.tenant_id = ${tenant} and account.connection_id = two_way.wecom_id and account.gone_at is null
           and account.key not in (select identity.target_key from identity where identity.tenant_id = ${tenant}
                                     and identity.route_id = two_way.id and not ${isOpen})
         order by account.key limit ${mostCompared}) as account),
  here as materialized (${secondsOf(tenant, 'open_here', now)}),
  there as materialized (${secondsOf(tenant, 'open_there', now)}),
  here_count as (select route_id, key, count(*) as punches from here group by 1, 2),
  there_count as (select route_id, key, count(*) as punches from there group by 1, 2),
  met as (
    select here.route_id, here.key as source_key, there.key as target_key, count(*) as same_second
      from here join there on there.route_id = here.route_id and there.at = here.at group by 1, 2, 3)
  select met.*, least(here_count.punches, there_count.punches) as punches
    from met join here_count on here_count.route_id = met.route_id and here_count.key = met.source_key
             join there_count on there_count.route_id = met.route_id and there_count.key = met.target_key`

/** Open accounts of two-way routes that punch at the same second on both sides; one-way routes show one side only. */
export const readTogether = (db: Executor, tenant: TenantId, now: Temporal.Instant) =>
  rowsOf(
    sql<TogetherRow>`
    select route_id as "routeId", source_key as "sourceKey", target_key as "targetKey", same_second as "sameSecond", punches as of
      from (${together(tenant, now)}) as met order by 1, 2, 3`,
    db,
  )

/** The same in one line that changes when somebody begins or ceases to punch with somebody, not with every punch. */
export async function summariseTogether(
  db: Executor,
  tenant: TenantId,
  now: Temporal.Instant,
): Promise<string> {
  const row = await rowOf(
    sql<{ text: string }>`
    select coalesce(md5(string_agg(concat_ws('|', route_id, source_key, target_key, least(same_second, 3), same_second * 10 / punches),
                                   ' ' order by route_id, source_key, target_key)), '') as text
      from (${together(tenant, now)}) as met`,
    db,
  )
  return row!.text
}
