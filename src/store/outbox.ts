import { sql } from 'kysely'
import type { Failure } from '#domain/failures.ts'
import type { ConnectionId, RouteId, TenantId } from '#domain/ids.ts'
import { columnOf } from './columns.ts'
import { type Executor, rowOf, rowsOf } from './database.ts'
import { forAPerson, slotStates } from './delivery-state.ts'

/** The life of a batch; `verified` when the target showed every delivery in it (delivery-state.ts). */
export type BatchState = 'planned' | 'sending' | 'sent' | 'inDoubt' | 'refused' | 'verified'

export type DeliveryRow = {
  punchId: number
  targetKey: string | null
  targetUser: string | null
  /** Epoch seconds. */
  at: number
  state: string
  reason: string | null
  batchId: number | null
  settledAt: string | null
}

type Where = { tenant: TenantId; route: RouteId; connection: ConnectionId }

/**
 * Writes decisions down. One that was ever attempted or settled is never touched by a new decision, but for what was
 * there without us in a second that the source has left.
 */
export const saveDecisions = (db: Executor, where: Where, deliveries: DeliveryRow[], now: Temporal.Instant) =>
  rowsOf(
    sql`
    insert into delivery (tenant_id, route_id, punch_id, connection_id, target_key, target_user, at, state, reason, batch_id, decided_at, settled_at)
    select ${where.tenant}, ${where.route}, r."punchId", ${where.connection}, r."targetKey", r."targetUser", to_timestamp(r.at), r.state,
           r.reason, r."batchId", ${now.toString()}::timestamptz, r."settledAt"
      from unnest(
        ${columnOf(deliveries, (row) => row.punchId)}::int8[], ${columnOf(deliveries, (row) => row.targetKey)}::text[],
        ${columnOf(deliveries, (row) => row.targetUser)}::text[], ${columnOf(deliveries, (row) => row.at)}::int8[],
        ${columnOf(deliveries, (row) => row.state)}::text[], ${columnOf(deliveries, (row) => row.reason)}::text[],
        ${columnOf(deliveries, (row) => row.batchId)}::int8[], ${columnOf(deliveries, (row) => row.settledAt)}::timestamptz[]
      ) as r("punchId", "targetKey", "targetUser", at, state, reason, "batchId", "settledAt")
    on conflict (tenant_id, route_id, punch_id) do update set target_key = excluded.target_key, target_user = excluded.target_user,
       at = excluded.at, state = excluded.state, reason = excluded.reason, batch_id = excluded.batch_id,
       decided_at = excluded.decided_at, settled_at = excluded.settled_at
     where delivery.state in ('held', 'waiting') or (delivery.state = 'alreadyThere' and delivery.at <> excluded.at)`,
    db,
  )

/** Forgets decisions about punches that turned out not to travel. Only ones that were never attempted. */
export const dropDecisions = (db: Executor, where: Where, punchIds: number[]) =>
  rowsOf(
    sql`delete from delivery where tenant_id = ${where.tenant} and route_id = ${where.route} and punch_id = any(${punchIds})
       and state in ('held', 'waiting')`,
    db,
  )

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
  where: Where,
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
  where: Where,
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
  where: Where,
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
  where: Where,
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

export type Attempted = {
  punchId: number
  targetKey: string
  targetUser: string
  /** Epoch seconds. */
  at: number
  state: 'batched' | 'inDoubt' | 'refused'
  reason: string | null
  batchId: number
  batchState: BatchState
  batchSize: number
  isSplit: boolean
  /** How often it was accepted before this attempt, and missed cleanly. */
  misses: number
  /** When the attempt ended, epoch milliseconds. */
  endedMs: number
}

/** Deliveries to these accounts that were attempted and are not settled, refused ones included: a read may still show them. */
export const readAttempted = (
  db: Executor,
  where: Where,
  ask: { targetKeys: string[]; from: Temporal.Instant; to: Temporal.Instant },
) =>
  rowsOf(
    sql<Attempted>`
    select delivery.punch_id as "punchId", delivery.target_key as "targetKey", delivery.target_user as "targetUser",
           extract(epoch from delivery.at)::int8 as at, delivery.state, delivery.reason, delivery.misses, batch.id as "batchId", batch.state as "batchState",
           batch.size as "batchSize", batch.is_split as "isSplit", floor(extract(epoch from batch.ended_at) * 1000)::int8 as "endedMs"
      from unnest(${ask.targetKeys}::text[]) as asked(key)
     cross join lateral (select * from delivery where delivery.tenant_id = ${where.tenant} and delivery.connection_id = ${where.connection}
       and delivery.target_key = asked.key and delivery.state in ${slotStates}
       and delivery.at between ${ask.from.toString()}::timestamptz and ${ask.to.toString()}::timestamptz offset 0) as delivery
      join batch on batch.tenant_id = delivery.tenant_id and batch.id = delivery.batch_id
     where delivery.route_id = ${where.route}
       and (delivery.state in ('inDoubt', 'refused') or (delivery.state = 'batched' and batch.state in ('sent', 'inDoubt')))`,
    db,
  )

/** Which accounts of this route have attempted deliveries that a read may still settle, and over which span. */
export const readAccountsInFlight = (db: Executor, where: Where) =>
  rowsOf(
    sql<{
      targetKey: string
      targetUser: string
      from: Temporal.Instant
      to: Temporal.Instant
      newest: Temporal.Instant
    }>`
    with open as (
      select delivery.target_key, delivery.target_user, delivery.at, batch.ended_at, batch.id
        from batch join delivery on delivery.tenant_id = batch.tenant_id and delivery.batch_id = batch.id and delivery.state = 'batched'
       where batch.tenant_id = ${where.tenant} and batch.connection_id = ${where.connection} and batch.route_id = ${where.route}
         and batch.state in ('sent', 'inDoubt')
      union all
      select delivery.target_key, delivery.target_user, delivery.at, batch.ended_at, batch.id
        from delivery join batch on batch.tenant_id = delivery.tenant_id and batch.id = delivery.batch_id
       where delivery.tenant_id = ${where.tenant} and delivery.route_id = ${where.route} and delivery.state = 'inDoubt'
         and coalesce(delivery.reason, '') not in ${forAPerson})
    select target_key as "targetKey", min(target_user) as "targetUser", min(at) as from, max(at) as to, max(ended_at) as newest
      from open group by target_key order by min(id), target_key`,
    db,
  )

/**
 * A person's decision: what was refused, and what is in doubt for a reason that only a person may overrule, waits again.
 * Returns how many. The next run reads the target before it writes any of them.
 */
export async function resendDeliveries(db: Executor, tenant: TenantId, route: RouteId): Promise<number> {
  const rows = await rowsOf(
    sql`update delivery set state = 'waiting', reason = null, batch_id = null, settled_at = null, misses = 0
     where tenant_id = ${tenant} and route_id = ${route}
       and (state = 'refused' or (state = 'inDoubt' and reason in ${forAPerson})) returning 1`,
    db,
  )
  return rows.length
}

/** The source changed punches whose delivery is done or under way: what the target shows is not true any more. */
export const markAmended = (db: Executor, where: Where, punchIds: number[]) =>
  rowsOf(
    sql`update delivery set reason = case when punch.is_void or punch.at <> delivery.at then 'amended' end
      from punch
     where delivery.tenant_id = ${where.tenant} and delivery.route_id = ${where.route} and delivery.punch_id = any(${punchIds})
       and delivery.state in ('batched', 'verified') and punch.tenant_id = delivery.tenant_id and punch.id = delivery.punch_id
       and (delivery.reason is null or delivery.reason = 'amended')`,
    db,
  )

/** Batches the target has shown whole. One that is not as large as it was seen keeps its state; the rest is verified. */
export const verifyBatches = (
  db: Executor,
  where: Where,
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
export const closeBatches = (db: Executor, where: Where, batches: number[], now: Temporal.Instant) =>
  rowsOf(
    sql`update batch set state = 'verified', verified_at = ${now.toString()}::timestamptz
     where tenant_id = ${where.tenant} and id = any(${batches}) and route_id = ${where.route} and state in ('sent', 'inDoubt')
       and exists (select 1 from delivery where delivery.tenant_id = batch.tenant_id and delivery.batch_id = batch.id)
       and not exists (select 1 from delivery where delivery.tenant_id = batch.tenant_id and delivery.batch_id = batch.id
                          and delivery.state not in ('verified', 'alreadyThere'))`,
    db,
  )

/** Moves deliveries to a new state after a read. Settled states keep the moment. */
export const settleDeliveries = (
  db: Executor,
  where: Where,
  punchIds: number[],
  to: {
    state: 'verified' | 'alreadyThere' | 'waiting' | 'inDoubt' | 'refused'
    reason: string | null
    /** It waits again although the platform had said yes. */
    wasAccepted?: boolean
  },
  now: Temporal.Instant,
) =>
  rowsOf(
    sql`update delivery set state = ${to.state}, reason = ${to.reason},
           settled_at = ${to.state === 'waiting' || to.state === 'inDoubt' ? null : now.toString()}::timestamptz,
           batch_id = case when ${to.state} = 'waiting' then null else batch_id end,
           misses = misses + ${to.wasAccepted ? 1 : 0}
     where tenant_id = ${where.tenant} and route_id = ${where.route} and punch_id = any(${punchIds})
       and state in ('batched', 'inDoubt', 'waiting', 'refused', 'held')`,
    db,
  )

/**
 * Of these seconds of the target's accounts those that a delivery fills or is about to, on whichever route, and whose it
 * is; `punchId` null: another route's.
 */
export const readFilledSlots = (
  db: Executor,
  where: Where,
  slots: readonly { targetKey: string; at: number }[],
) =>
  rowsOf(
    sql<{ targetKey: string; at: number; punchId: number | null }>`
    select asked.key as "targetKey", asked.at, case when delivery.route_id = ${where.route} then delivery.punch_id end as "punchId"
      from unnest(${columnOf(slots, (slot) => slot.targetKey)}::text[], ${columnOf(slots, (slot) => slot.at)}::int8[]) as asked(key, at)
     cross join lateral (select * from delivery where tenant_id = ${where.tenant} and connection_id = ${where.connection}
       and target_key = asked.key and delivery.at = to_timestamp(asked.at) and state in ${slotStates} offset 0) as delivery`,
    db,
  )

/**
 * Seconds of these accounts that we have filled on this connection, or are about to, on whichever route: a punch shown
 * there is an echo of our own write. It is known by the ledger alone, whatever the platform says of its origin.
 */
export const readOwnSeconds = (
  db: Executor,
  ask: {
    tenant: TenantId
    connection: ConnectionId
    accountKeys: string[]
    from: Temporal.Instant
    to: Temporal.Instant
  },
) =>
  rowsOf(
    sql<{ accountKey: string; at: number }>`
    select asked.key as "accountKey", extract(epoch from delivery.at)::int8 as at
      from unnest(${ask.accountKeys}::text[]) as asked(key)
     cross join lateral (select at from delivery where tenant_id = ${ask.tenant} and connection_id = ${ask.connection}
       and target_key = asked.key and state in ${slotStates}
       and at between ${ask.from.toString()}::timestamptz and ${ask.to.toString()}::timestamptz offset 0) as delivery
    union
    select target_key, extract(epoch from at)::int8 from misdelivery
     where tenant_id = ${ask.tenant} and connection_id = ${ask.connection} and target_key = any(${ask.accountKeys})
       and state <> 'alreadyThere' and at between ${ask.from.toString()}::timestamptz and ${ask.to.toString()}::timestamptz`,
    db,
  )
