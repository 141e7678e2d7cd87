import { sql } from 'kysely'
import type { Writes } from '#domain/brake.ts'
import type { RouteId, TenantId } from '#domain/ids.ts'
import { type Executor, rowOf, rowsOf } from './database.ts'
import { slotStates } from './delivery-state.ts'

/** At most one process looks at a route's brake every `restMs`: true for the one whose turn it is. */
export async function takeBrakeLook(
  db: Executor,
  tenant: TenantId,
  route: RouteId,
  { now, restMs }: { now: Temporal.Instant; restMs: number },
): Promise<boolean> {
  const before = now.subtract({ milliseconds: restMs }).toString()
  const rows = await rowsOf(
    sql`update route set brake_looked_at = ${now.toString()}::timestamptz
     where tenant_id = ${tenant} and id = ${route} and braked_at is null
       and (brake_looked_at is null or brake_looked_at <= ${before}::timestamptz
            or brake_looked_at > ${now.toString()}::timestamptz) returning 1`,
    db,
  )
  return rows.length === 1
}

/**
 * What a route wrote since `since`, or since its brake was released. Records are counted from the batches the platform
 * accepted, so that rows that were lost or deleted hide nothing; a delivery that waits again was caused by its punch all
 * the same, and so was one that went to the wrong person. `mark`: what our records are called at the source.
 */
export async function readRouteWrites(
  db: Executor,
  tenant: TenantId,
  route: RouteId,
  { since, mark }: { since: Temporal.Instant; mark: string },
): Promise<Writes> {
  const row = await rowOf(
    sql<Writes>`
    with begun as (
      select greatest(${since.toString()}::timestamptz, brake_released_at) as at from route
       where tenant_id = ${tenant} and id = ${route}),
    accepted as (
      select batch.id, batch.size from batch, begun
       where batch.tenant_id = ${tenant} and batch.route_id = ${route} and batch.ended_at > begun.at
         and batch.state in ('sent', 'verified')),
    sent as (
      select delivery.punch_id, delivery.target_key, delivery.at, own.is_echo
        from accepted
       cross join lateral (select * from delivery where tenant_id = ${tenant} and batch_id = accepted.id offset 0) delivery
       cross join lateral (
         select starts_with(coalesce(punch.device, punch.address, ''), ${mark}) or exists (
                  select 1 from delivery ours where ours.tenant_id = ${tenant} and ours.target_key = punch.account_key
                     and ours.connection_id = punch.connection_id and ours.at = punch.at and ours.state in ${slotStates}) as is_echo
           from punch where punch.tenant_id = ${tenant} and punch.id = delivery.punch_id offset 0) own)
    select (select coalesce(sum(size), 0)::int8 from accepted) as written,
           (select count(*) from sent)
             + (select count(*) from delivery where tenant_id = ${tenant} and route_id = ${route}
                   and state in ('held', 'waiting', 'inDoubt', 'refused') and state = 'waiting' and target_key is not null)
             + (select count(*) from misdelivery, begun where misdelivery.tenant_id = ${tenant} and misdelivery.route_id = ${route}
                   and misdelivery.redirected_at > begun.at) as punches,
           (select count(*) from sent where is_echo) as echoes,
           (select coalesce(max(records), 0) from (
              select count(*) as records from sent group by target_key, (at at time zone 'Asia/Shanghai')::date) days) as "mostOfOneDay"`,
    db,
  )
  return row!
}

/** Stops a route's writing. Nothing is read less for it. */
export const pullBrake = (
  db: Executor,
  tenant: TenantId,
  route: RouteId,
  { now, ...counted }: { now: Temporal.Instant; writes: number; punches: number },
) =>
  rowsOf(
    sql`update route set braked_at = ${now.toString()}::timestamptz, brake = ${JSON.stringify(counted)}::jsonb
     where tenant_id = ${tenant} and id = ${route} and braked_at is null`,
    db,
  )

/** Lets a route write again; what was written before counts no more. True when it had been stopped. */
export async function releaseBrake(
  db: Executor,
  tenant: TenantId,
  route: RouteId,
  now: Temporal.Instant,
): Promise<boolean> {
  const rows = await rowsOf(
    sql`update route set braked_at = null, brake = null, brake_released_at = ${now.toString()}::timestamptz
     where tenant_id = ${tenant} and id = ${route} and braked_at is not null returning 1`,
    db,
  )
  return rows.length === 1
}
