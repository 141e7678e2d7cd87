import { sql } from 'kysely'
import type { ConnectionId, RouteId, TenantId } from '#domain/ids.ts'
import type { BatchState, Outbox } from './batches.ts'
import { columnOf } from './columns.ts'
import { type Executor, rowsOf } from './database.ts'
import { forAPerson, slotStates } from './delivery-state.ts'

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

/**
 * Writes decisions down. One that was ever attempted or settled is never touched by a new decision, but for what was
 * there without us in a second that the source has left.
 */
export const saveDecisions = (
  db: Executor,
  where: Outbox,
  deliveries: DeliveryRow[],
  now: Temporal.Instant,
) =>
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
export const dropDecisions = (db: Executor, where: Outbox, punchIds: number[]) =>
  rowsOf(
    sql`delete from delivery where tenant_id = ${where.tenant} and route_id = ${where.route} and punch_id = any(${punchIds})
       and state in ('held', 'waiting')`,
    db,
  )

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
  where: Outbox,
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
export const readAccountsInFlight = (db: Executor, where: Outbox) =>
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
export const markAmended = (db: Executor, where: Outbox, punchIds: number[]) =>
  rowsOf(
    sql`update delivery set reason = case when punch.is_void or punch.at <> delivery.at then 'amended' end
      from punch
     where delivery.tenant_id = ${where.tenant} and delivery.route_id = ${where.route} and delivery.punch_id = any(${punchIds})
       and delivery.state in ('batched', 'verified') and punch.tenant_id = delivery.tenant_id and punch.id = delivery.punch_id
       and (delivery.reason is null or delivery.reason = 'amended')`,
    db,
  )

/** Moves deliveries to a new state after a read. Settled states keep the moment. */
export const settleDeliveries = (
  db: Executor,
  where: Outbox,
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
  where: Outbox,
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
