import { sql } from 'kysely'
import type { Failure } from '#domain/failures.ts'
import type { ConnectionId, RouteId, TenantId } from '#domain/ids.ts'
import { type Executor, rowOf, rowsOf } from './database.ts'

/** One way of a route: everything read of one source. */
export type LegKey = { tenant: TenantId; route: RouteId; source: ConnectionId }

/** Up to where one way was read, its newest sweep over everybody, and how late its punches come to light. */
export type LegRow = {
  /** Watermark: everything before this instant was read. */
  completeTo: Temporal.Instant | null
  sweptAt: Temporal.Instant | null
  sweptFinishedAt: Temporal.Instant | null
  sweptTo: Temporal.Instant | null
  /** Counts by bucket, domain/planner/lateness.ts. */
  lateness: number[]
  /** When what was sent was last looked for. */
  lookedAt: Temporal.Instant | null
  /** Why it stands still, since when, how often it was tried, and when it is tried next; null while all is well. */
  failure: Failure | null
  failedAt: Temporal.Instant | null
  tries: number
  retryAt: Temporal.Instant | null
  /** How many accounts the platform would not answer for in the last run that asked. */
  refused: number
}

/** What makes a `LegRow`. Needs `leg` in the query. */
export const legColumns = sql`
  leg.complete_to as "completeTo", leg.swept_at as "sweptAt", leg.swept_finished_at as "sweptFinishedAt", leg.swept_to as "sweptTo",
  leg.lateness, leg.looked_at as "lookedAt", leg.failure, leg.failed_at as "failedAt", leg.tries, leg.retry_at as "retryAt",
  (select count(*)::int8 from reading where reading.tenant_id = leg.tenant_id and reading.route_id = leg.route_id
      and reading.source_id = leg.source_id and reading.because = 'refused') as refused`

/** Undefined before anything was tried. */
export const readLeg = (db: Executor, { tenant, route, source }: LegKey): Promise<LegRow | undefined> =>
  rowOf(
    sql<LegRow>`select ${legColumns} from leg where tenant_id = ${tenant} and route_id = ${route} and source_id = ${source}`,
    db,
  )

/**
 * Keeps a finished sweep over everybody. The watermark never moves back; the newest sweep is the last one kept, unless it
 * is not the latest one in what it read.
 */
export const saveSweep = (
  db: Executor,
  { tenant, route, source }: LegKey,
  sweep: {
    to: Temporal.Instant
    startedAt: Temporal.Instant
    finishedAt: Temporal.Instant
    lateness: readonly number[]
    isLatest: boolean
  },
) =>
  rowsOf(
    sql`insert into leg (tenant_id, route_id, source_id, complete_to, completed_at, swept_at, swept_finished_at, swept_to, lateness)
    select ${tenant}, ${route}, ${source}, r."to", r.started, r.started, r.finished, r."to", ${JSON.stringify(sweep.lateness)}::jsonb
      from (select ${sweep.to.toString()}::timestamptz as "to", ${sweep.startedAt.toString()}::timestamptz as started,
                   ${sweep.finishedAt.toString()}::timestamptz as finished) r
    on conflict (tenant_id, route_id, source_id) do update set
       complete_to = greatest(leg.complete_to, excluded.complete_to), completed_at = excluded.completed_at,
       swept_at = case when ${sweep.isLatest} then excluded.swept_at else leg.swept_at end,
       swept_finished_at = case when ${sweep.isLatest} then excluded.swept_finished_at else leg.swept_finished_at end,
       swept_to = case when ${sweep.isLatest} then excluded.swept_to else leg.swept_to end, lateness = excluded.lateness`,
    db,
  )

/** What was sent this way was looked for. */
export const saveLook = (db: Executor, { tenant, route, source }: LegKey, now: Temporal.Instant) =>
  rowsOf(
    sql`insert into leg (tenant_id, route_id, source_id, looked_at) values (${tenant}, ${route}, ${source}, ${now.toString()}::timestamptz)
    on conflict (tenant_id, route_id, source_id) do update set looked_at = excluded.looked_at`,
    db,
  )

/** Something this way failed; it is tried again at `retryAt`. Gives how often it has failed in a row. */
export const saveTrouble = (
  db: Executor,
  { tenant, route, source }: LegKey,
  trouble: { failure: Failure; now: Temporal.Instant; retryAt: Temporal.Instant },
) =>
  rowsOf(
    sql`insert into leg (tenant_id, route_id, source_id, failure, failed_at, tries, retry_at)
    values (${tenant}, ${route}, ${source}, ${JSON.stringify(trouble.failure)}::jsonb, ${trouble.now.toString()}::timestamptz, 1,
            ${trouble.retryAt.toString()}::timestamptz)
    on conflict (tenant_id, route_id, source_id) do update set failure = excluded.failure, tries = leg.tries + 1,
       failed_at = coalesce(leg.failed_at, excluded.failed_at), retry_at = excluded.retry_at`,
    db,
  )

/** It works again. */
export const clearTrouble = (db: Executor, { tenant, route, source }: LegKey) =>
  rowsOf(
    sql`update leg set failure = null, failed_at = null, tries = 0, retry_at = null
     where tenant_id = ${tenant} and route_id = ${route} and source_id = ${source} and retry_at is not null`,
    db,
  )
