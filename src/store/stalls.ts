import { sql } from 'kysely'
import type { ConnectionId, RouteId, TenantId } from '#domain/ids.ts'
import { type Executor, rowsOf } from './database.ts'
import type { LegKey } from './legs.ts'

/** A step that was taken `tries` times since `since` and brought nothing; it is taken again at `retryAt`. */
export type StallRow = {
  routeId: RouteId
  sourceId: ConnectionId
  /** A kind of the planner's steps. */
  step: string
  since: Temporal.Instant
  tries: number
  retryAt: Temporal.Instant
}

/** Who says nothing for so long after `retryAt` says nothing any more: the process ended, or there is nothing to do. */
const worthMs = 15 * 60_000
const stillSaid = (now: Temporal.Instant) =>
  sql`retry_at > ${now.subtract({ milliseconds: worthMs }).toString()}::timestamptz`

/** A step brought nothing once more. */
export const saveStall = (
  db: Executor,
  { tenant, route, source }: LegKey,
  stall: { step: string; now: Temporal.Instant; retryAt: Temporal.Instant },
) =>
  rowsOf(
    sql`insert into stall (tenant_id, route_id, source_id, step, since, tries, retry_at)
    values (${tenant}, ${route}, ${source}, ${stall.step}, ${stall.now.toString()}::timestamptz, 1, ${stall.retryAt.toString()}::timestamptz)
    on conflict (tenant_id, route_id, source_id, step) do update set retry_at = excluded.retry_at,
       since = case when stall.${stillSaid(stall.now)} then stall.since else excluded.since end,
       tries = case when stall.${stillSaid(stall.now)} then stall.tries + 1 else 1 end`,
    db,
  )

/** It brings something again. */
export const endStall = (db: Executor, { tenant, route, source }: LegKey, step: string) =>
  rowsOf(
    sql`delete from stall
     where tenant_id = ${tenant} and route_id = ${route} and source_id = ${source} and step = ${step}`,
    db,
  )

/** What brings nothing now, the longest first. */
export const readStalls = (db: Executor, tenant: TenantId, now: Temporal.Instant): Promise<StallRow[]> =>
  rowsOf(
    sql<StallRow>`select route_id as "routeId", source_id as "sourceId", step, since, tries, retry_at as "retryAt"
      from stall where tenant_id = ${tenant} and ${stillSaid(now)} order by since, step`,
    db,
  )
