import { sql } from 'kysely'
import type { ConnectionId, RouteId, TenantId } from '#domain/ids.ts'
import { type Executor, rowOf, rowsOf } from './database.ts'

/** One way of a route: everything read of one source. */
export type LegKey = { tenant: TenantId; route: RouteId; source: ConnectionId }

/** Up to where one way was read, its newest sweep over everybody, and how late its punches come to light. */
export type LegRow = {
  /** Watermark: everything before this instant was read. */
  completeTo: Temporal.Instant
  sweptAt: Temporal.Instant | null
  sweptFinishedAt: Temporal.Instant | null
  sweptTo: Temporal.Instant | null
  /** Counts by bucket, domain/planner/lateness.ts. */
  lateness: number[]
}

/** Null before the first sweep. */
export const readLeg = (db: Executor, { tenant, route, source }: LegKey): Promise<LegRow | undefined> =>
  rowOf(
    sql<LegRow>`select complete_to as "completeTo", swept_at as "sweptAt", swept_finished_at as "sweptFinishedAt",
        swept_to as "sweptTo", lateness
      from leg where tenant_id = ${tenant} and route_id = ${route} and source_id = ${source}`,
    db,
  )

/** Keeps a finished sweep over everybody. The watermark never moves back; the newest sweep is the last one kept. */
export const saveSweep = (
  db: Executor,
  { tenant, route, source }: LegKey,
  sweep: {
    to: Temporal.Instant
    startedAt: Temporal.Instant
    finishedAt: Temporal.Instant
    lateness: readonly number[]
  },
) =>
  rowsOf(
    sql`insert into leg (tenant_id, route_id, source_id, complete_to, completed_at, swept_at, swept_finished_at, swept_to, lateness)
    select ${tenant}, ${route}, ${source}, r."to", r.started, r.started, r.finished, r."to", ${JSON.stringify(sweep.lateness)}::jsonb
      from (select ${sweep.to.toString()}::timestamptz as "to", ${sweep.startedAt.toString()}::timestamptz as started,
                   ${sweep.finishedAt.toString()}::timestamptz as finished) r
    on conflict (tenant_id, route_id, source_id) do update set
       complete_to = greatest(leg.complete_to, excluded.complete_to), completed_at = excluded.completed_at,
       swept_at = excluded.swept_at, swept_finished_at = excluded.swept_finished_at, swept_to = excluded.swept_to,
       lateness = excluded.lateness`,
    db,
  )
