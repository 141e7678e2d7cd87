import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { PoolClient } from 'pg'
import type { ConnectionId, TenantId } from '#domain/ids.ts'
import { type Executor, rowOf, rowsOf } from './database.ts'

export type LaneRow = { fence: number; holder: string; leaseUntil: Temporal.Instant }

/** The session lock of a lane: it ends with the session, so a killed holder frees its lane at once. */
const lockNumber = (tenant: TenantId, connection: ConnectionId): string =>
  createHash('sha256').update(`qintong lane ${tenant} ${connection}`).digest().readBigInt64BE(0).toString()

export async function lockLane(
  session: PoolClient,
  tenant: TenantId,
  connection: ConnectionId,
): Promise<boolean> {
  const { rows } = await session.query('select pg_try_advisory_lock($1) as got', [
    lockNumber(tenant, connection),
  ])
  return rows[0]?.got === true
}

export async function unlockLane(
  session: PoolClient,
  tenant: TenantId,
  connection: ConnectionId,
): Promise<void> {
  await session.query('select pg_advisory_unlock($1)', [lockNumber(tenant, connection)])
}

/**
 * Takes the lane and raises its fence, if its lease has ended or `isFree` says that the last holder's session is gone.
 * Null when somebody holds it.
 */
export async function takeLane(
  db: Executor,
  lane: {
    tenant: TenantId
    connection: ConnectionId
    holder: string
    now: Temporal.Instant
    until: Temporal.Instant
    isFree: boolean
  },
): Promise<number | null> {
  const row = await rowOf(
    sql<{ fence: number }>`
    insert into lane (tenant_id, connection_id, fence, holder, lease_until)
    values (${lane.tenant}, ${lane.connection}, 1, ${lane.holder}, ${lane.until.toString()}::timestamptz)
    on conflict (tenant_id, connection_id) do update set fence = lane.fence + 1, holder = excluded.holder, lease_until = excluded.lease_until
     where ${lane.isFree} or lane.lease_until < ${lane.now.toString()}::timestamptz
    returning fence`,
    db,
  )
  return row?.fence ?? null
}

/** Keeps the lease. False when the lane has a new fence: the holder must stop. */
export async function renewLane(
  db: Executor,
  lane: { tenant: TenantId; connection: ConnectionId; fence: number; until: Temporal.Instant },
): Promise<boolean> {
  const rows = await rowsOf(
    sql`update lane set lease_until = ${lane.until.toString()}::timestamptz
     where tenant_id = ${lane.tenant} and connection_id = ${lane.connection} and fence = ${lane.fence} returning 1`,
    db,
  )
  return rows.length === 1
}

/** True while the fence stands; the row stays locked until the transaction ends, so a new holder waits for it. */
export async function fenceStands(
  tx: Executor,
  lane: { tenant: TenantId; connection: ConnectionId; fence: number },
): Promise<boolean> {
  const rows = await rowsOf(
    sql`select 1 from lane where tenant_id = ${lane.tenant} and connection_id = ${lane.connection} and fence = ${lane.fence} for share`,
    tx,
  )
  return rows.length === 1
}

export const readLane = (db: Executor, tenant: TenantId, connection: ConnectionId) =>
  rowOf(
    sql<LaneRow>`select fence, holder, lease_until as "leaseUntil" from lane where tenant_id = ${tenant} and connection_id = ${connection}`,
    db,
  )
