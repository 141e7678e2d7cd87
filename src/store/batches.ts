import { sql } from 'kysely'
import type { Failure } from '#domain/failures.ts'
import type { ConnectionId, RouteId, TenantId } from '#domain/ids.ts'
import { type Executor, rowOf, rowsOf } from './database.ts'

/** The life of a batch; `verified` when the target showed every delivery in it (delivery-state.ts). */
export type BatchState = 'planned' | 'sending' | 'sent' | 'inDoubt' | 'refused' | 'verified'

/** One way of a route, as its writes are kept: `connection` is the target's. */
export type Outbox = { tenant: TenantId; route: RouteId; connection: ConnectionId }

/** Fresh batch numbers. */
export async function nextBatchNumbers(db: Executor, count: number): Promise<number[]> {
  if (count === 0) return []
  const rows = await rowsOf(
    sql<{ id: number }>`select nextval('batch_number') as id from generate_series(1, ${count})`,
    db,
  )
  return rows.map((row) => row.id)
}

/** Plans a batch, or makes a planned one larger. */
export const saveBatch = (
  db: Executor,
  where: Outbox,
  batch: { id: number; size: number; fence: number; isSplit: boolean },
) =>
  rowsOf(
    sql`insert into batch (tenant_id, id, route_id, connection_id, state, size, fence, is_split)
    values (${where.tenant}, ${batch.id}, ${where.route}, ${where.connection}, 'planned', ${batch.size}, ${batch.fence}, ${batch.isSplit})
    on conflict (tenant_id, id) do update set size = excluded.size where batch.state = 'planned'`,
    db,
  )

/**
 * Writes the intent down, right before the call: durable even against a power cut, and with it everything before. False
 * when the batch is not planned any more, the lane has changed hands, or a person has recalled deliveries that travel it
 * since `recalls` was read: then nothing may be sent as it is. With `recalls` null nobody can have: the fence is held.
 */
export async function claimBatch(
  db: Executor,
  where: Outbox,
  batch: { id: number; fence: number; recalls: number | null; now: Temporal.Instant },
): Promise<boolean> {
  const rows = await rowsOf(
    sql`update batch set state = 'sending', claimed_at = ${batch.now.toString()}::timestamptz, fence = ${batch.fence}
     where (select set_config('synchronous_commit', 'on', true)) = 'on'
       and tenant_id = ${where.tenant} and id = ${batch.id} and state = 'planned'
       and exists (select 1 from lane where lane.tenant_id = ${where.tenant} and lane.connection_id = ${where.connection}
                     and lane.fence = ${batch.fence} and lane.recalls = coalesce(${batch.recalls}::int8, lane.recalls) for share)
     returning id`,
    db,
  )
  return rows.length === 1
}

/** Writes down how the call ended. False when somebody else has judged the batch meanwhile. */
export async function endBatch(
  db: Executor,
  where: Outbox,
  batch: {
    id: number
    fence: number
    state: BatchState
    now: Temporal.Instant
    failure: Failure | null
    isSplit: boolean
  },
): Promise<boolean> {
  const rows = await rowsOf(
    sql`update batch set state = ${batch.state}, ended_at = ${batch.state === 'planned' ? null : batch.now.toString()}::timestamptz,
           failure = ${batch.failure ? JSON.stringify(batch.failure) : null}::jsonb, is_split = is_split or ${batch.isSplit}
     where tenant_id = ${where.tenant} and id = ${batch.id} and state = 'sending' and fence = ${batch.fence} returning id`,
    db,
  )
  return rows.length === 1
}

/** One record alone was refused: its delivery carries the platform's reason. */
export const refuseBatch = (
  db: Executor,
  where: Outbox,
  batch: number,
  reason: string,
  now: Temporal.Instant,
) =>
  rowsOf(
    sql`update delivery set state = 'refused', reason = ${reason}, settled_at = ${now.toString()}::timestamptz
     where tenant_id = ${where.tenant} and route_id = ${where.route} and batch_id = ${batch} and state = 'batched'`,
    db,
  )

/** Whether a call was under way when its process died, or batches were planned; `route`: of this one alone. */
export async function hasCutOff(
  db: Executor,
  { tenant, connection, route }: { tenant: TenantId; connection: ConnectionId; route?: RouteId },
): Promise<boolean> {
  const row = await rowOf(
    sql<{ has: boolean }>`select exists (
      select 1 from batch where tenant_id = ${tenant} and connection_id = ${connection}
         and route_id = coalesce(${route ?? null}::int8, route_id) and state in ('planned', 'sending')) as has`,
    db,
  )
  return row!.has
}

/**
 * What a lane does first when it changes hands: calls that were in flight are in doubt, counted from `now` because nobody
 * knows when they ended; batches that were only planned are taken apart and their deliveries wait to be decided again.
 */
export async function recoverBatches(
  db: Executor,
  where: { tenant: TenantId; connection: ConnectionId },
  now: Temporal.Instant,
) {
  const orphans = await rowsOf(
    sql<{ id: number }>`update batch set state = 'inDoubt', ended_at = ${now.toString()}::timestamptz
     where tenant_id = ${where.tenant} and connection_id = ${where.connection} and state = 'sending' returning id`,
    db,
  )
  await rowsOf(
    sql`update delivery set state = 'waiting', batch_id = null from batch
     where batch.tenant_id = ${where.tenant} and batch.connection_id = ${where.connection} and batch.state = 'planned'
       and delivery.tenant_id = batch.tenant_id and delivery.route_id = batch.route_id and delivery.batch_id = batch.id
       and delivery.state = 'batched'`,
    db,
  )
  await rowsOf(
    sql`delete from batch where tenant_id = ${where.tenant} and connection_id = ${where.connection} and state = 'planned'`,
    db,
  )
  return orphans.length
}

/** Batches the target has shown whole. One that is not as large as it was seen keeps its state; the rest is verified. */
export const verifyBatches = (
  db: Executor,
  where: Outbox,
  batches: { id: number; seen: number }[],
  now: Temporal.Instant,
) =>
  rowsOf(
    sql`update batch set state = 'verified', verified_at = ${now.toString()}::timestamptz
      from json_to_recordset(${JSON.stringify(batches)}::json) as r(id int8, seen int)
     where batch.tenant_id = ${where.tenant} and batch.route_id = ${where.route} and batch.id = r.id and batch.size = r.seen
       and batch.state in ('sent', 'inDoubt')`,
    db,
  )

/**
 * Batches in which nothing is left to look for: every delivery that stayed in them was shown, one by one. They are looked
 * through no more.
 */
export const closeBatches = (db: Executor, where: Outbox, batches: number[], now: Temporal.Instant) =>
  rowsOf(
    sql`update batch set state = 'verified', verified_at = ${now.toString()}::timestamptz
     where tenant_id = ${where.tenant} and id = any(${batches}) and route_id = ${where.route} and state in ('sent', 'inDoubt')
       and exists (select 1 from delivery where delivery.tenant_id = batch.tenant_id and delivery.batch_id = batch.id)
       and not exists (select 1 from delivery where delivery.tenant_id = batch.tenant_id and delivery.batch_id = batch.id
                          and delivery.state not in ('verified', 'alreadyThere'))`,
    db,
  )
