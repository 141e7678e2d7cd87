import { sql } from 'kysely'
import type { Failure } from '#domain/failures.ts'
import type { RouteId, TenantId } from '#domain/ids.ts'
import { type Executor, rowOf, rowsOf } from './database.ts'
import { type FencedLane, standingLanes } from './lanes.ts'

export type RunState = 'queued' | 'running' | 'done' | 'failed' | 'withdrawn'

export type RunRow = {
  id: number
  routeId: RouteId
  state: RunState
  windowFrom: Temporal.Instant
  windowTo: Temporal.Instant
  waitMs: number
  requestedAt: Temporal.Instant
  startedAt: Temporal.Instant | null
  finishedAt: Temporal.Instant | null
  seenAliveAt: Temporal.Instant
  holder: string | null
  progress: unknown
  report: unknown
  failure: Failure | null
}

const columns = sql`id, route_id as "routeId", state, window_from as "windowFrom", window_to as "windowTo", wait_ms as "waitMs",
  requested_at as "requestedAt", started_at as "startedAt", finished_at as "finishedAt", seen_alive_at as "seenAliveAt", holder,
  progress, report, failure`

/** Asks for a window to be carried; whoever holds the lane does it. */
export async function requestRun(
  db: Executor,
  tenant: TenantId,
  ask: {
    route: RouteId
    from: Temporal.Instant
    to: Temporal.Instant
    waitMs: number
    now: Temporal.Instant
  },
): Promise<number> {
  const row = await rowOf(
    sql<{
      id: number
    }>`insert into run (tenant_id, route_id, state, window_from, window_to, wait_ms, requested_at, seen_alive_at)
    values (${tenant}, ${ask.route}, 'queued', ${ask.from.toString()}::timestamptz, ${ask.to.toString()}::timestamptz, ${ask.waitMs},
            ${ask.now.toString()}::timestamptz, ${ask.now.toString()}::timestamptz) returning id`,
    db,
  )
  return row!.id
}

/** Says that the asker is still there: a request nobody waits for any more is withdrawn by `cleanRuns`. */
export const touchRun = (
  db: Executor,
  tenant: TenantId,
  run: number,
  now: Temporal.Instant,
  progress?: unknown,
) =>
  rowsOf(
    sql`update run set seen_alive_at = ${now.toString()}::timestamptz,
           progress = coalesce(${progress === undefined ? null : JSON.stringify(progress)}::json, progress)
     where tenant_id = ${tenant} and id = ${run} and state in ('queued', 'running')`,
    db,
  )

/** The oldest window of this route that waits to be carried, now ours; undefined where there is none, or a lane is lost. */
export const startNextRun = (
  db: Executor,
  tenant: TenantId,
  route: RouteId,
  { holder, now, lanes }: { holder: string; now: Temporal.Instant; lanes: readonly FencedLane[] },
) =>
  rowOf(
    sql<RunRow>`with standing as materialized (${standingLanes(tenant, lanes)})
    update run set state = 'running', holder = ${holder}, started_at = coalesce(started_at, ${now.toString()}::timestamptz),
           seen_alive_at = ${now.toString()}::timestamptz
     where (select count(*) from standing) = ${lanes.length} and tenant_id = ${tenant} and id = (select id from run where tenant_id = ${tenant} and route_id = ${route}
                                            and state in ('queued', 'running') order by id limit 1)
     returning ${columns}`,
    db,
  )

/** Ends a run, if it is still this holder's (null: nobody's yet); one that another holder took over is not ours to end. */
export const finishRun = (
  db: Executor,
  tenant: TenantId,
  run: number,
  end: {
    state: 'done' | 'failed' | 'withdrawn'
    holder: string | null
    report: unknown
    failure: Failure | null
    now: Temporal.Instant
  },
) =>
  rowsOf(
    sql`update run set state = ${end.state}, finished_at = ${end.now.toString()}::timestamptz,
           report = ${end.report === null ? null : JSON.stringify(end.report)}::json,
           failure = ${end.failure ? JSON.stringify(end.failure) : null}::jsonb
     where tenant_id = ${tenant} and id = ${run} and state in ('queued', 'running') and holder is not distinct from ${end.holder}::text`,
    db,
  )

export const readRun = (db: Executor, tenant: TenantId, run: number) =>
  rowOf(sql<RunRow>`select ${columns} from run where tenant_id = ${tenant} and id = ${run}`, db)

/** Newest first. */
export const readRuns = (db: Executor, tenant: TenantId, limit: number) =>
  rowsOf(
    sql<RunRow>`select ${columns} from run where tenant_id = ${tenant} order by id desc limit ${limit}`,
    db,
  )

/** The last run of a route that ended, whichever way. */
export const readLastRun = (db: Executor, tenant: TenantId, route: RouteId) =>
  rowOf(
    sql<RunRow>`select ${columns} from run where tenant_id = ${tenant} and route_id = ${route} and state in ('done', 'failed')
      order by id desc limit 1`,
    db,
  )

/**
 * With the lanes in hand, whatever is still called running belongs to a holder that is gone; requests go when their
 * asker has not been heard of. An asker that is still there asks again.
 */
export const withdrawAbandonedRuns = (
  db: Executor,
  tenant: TenantId,
  route: RouteId,
  ask: { queuedBefore: Temporal.Instant; except: number | null; now: Temporal.Instant },
) =>
  rowsOf(
    sql`update run set state = 'withdrawn', finished_at = ${ask.now.toString()}::timestamptz
     where tenant_id = ${tenant} and route_id = ${route} and id is distinct from ${ask.except}::int8
       and (state = 'running' or (state = 'queued' and seen_alive_at < ${ask.queuedBefore.toString()}::timestamptz))`,
    db,
  )
