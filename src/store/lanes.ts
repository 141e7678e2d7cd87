import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { ConnectionId, TenantId } from '#domain/ids.ts'
import { type Executor, inWords, rowOf, rowsOf } from './database.ts'
import type { LockSession, SharedSession } from './lock-session.ts'

export type LaneRow = { fence: number; holder: string; leaseUntil: Temporal.Instant }

/**
 * The session lock of one holder of a lane: it ends with the session, so a killed holder frees its lane at once. Each
 * fence has a lock of its own, so that nobody can mistake an earlier holder's end for the end of the present one.
 */
const lockNumber = ({ tenant, connection, fence }: LaneFence): string =>
  createHash('sha256')
    .update(`qintong lane ${tenant} ${connection} ${fence}`)
    .digest()
    .readBigInt64BE(0)
    .toString()

type LaneFence = { tenant: TenantId; connection: ConnectionId; fence: number }

/** Has this holder's session ended? Our own has not. */
async function isGone({ client, own }: LockSession, lane: LaneFence): Promise<boolean> {
  const number = lockNumber(lane)
  if (own.has(number)) return false
  const { rows } = await client.query('select pg_try_advisory_lock($1) as got', [number])
  if (rows[0]?.got !== true) return false
  await client.query('select pg_advisory_unlock($1)', [number])
  return true
}

/** Gives a holder's lock back; its lane is free for others from then on. */
export const unlockLane = (locks: SharedSession, lane: LaneFence): Promise<void> =>
  inWords(() =>
    locks.use(async ({ client, own }) => {
      // In a session that has ended meanwhile there is no lock to give back.
      if (own.delete(lockNumber(lane)))
        await client.query('select pg_advisory_unlock($1)', [lockNumber(lane)])
    }),
  )

/**
 * Takes the lane for this process and raises its fence, if its lease has ended or its holder's session has. Null when
 * somebody holds it, or is looking at it just now. The new fence is durable before it is used.
 */
export const takeLane = (locks: SharedSession, lane: LaneAsk): Promise<number | null> =>
  inWords(() => locks.use((session) => take(session, lane)))

type LaneAsk = {
  tenant: TenantId
  connection: ConnectionId
  holder: string
  now: Temporal.Instant
  until: Temporal.Instant
}

async function take(session: LockSession, lane: LaneAsk): Promise<number | null> {
  const { tenant, connection } = lane
  const { client, own } = session
  const now = lane.now.toString()
  await client.query(
    `insert into lane (tenant_id, connection_id, fence, holder, lease_until) values ($1, $2, 0, '', '-infinity') on conflict do nothing`,
    [tenant, connection],
  )
  await client.query('begin')
  // All lanes of a process are taken in one session: waiting here for one would keep the others waiting.
  const { rows } = await client.query(
    `select fence, lease_until < $3::timestamptz as "hasEnded" from lane where tenant_id = $1 and connection_id = $2
        for update skip locked`,
    [tenant, connection, now],
  )
  const [row] = rows as { fence: number; hasEnded: boolean }[]
  const mayTake = row && ((await isGone(session, { tenant, connection, fence: row.fence })) || row.hasEnded)
  if (!mayTake) {
    await client.query('commit')
    return null
  }
  const fence = row.fence + 1
  await client.query('set local synchronous_commit = on')
  await client.query(
    'update lane set fence = $3, holder = $4, lease_until = $5 where tenant_id = $1 and connection_id = $2',
    [tenant, connection, fence, lane.holder, lane.until.toString()],
  )
  const number = lockNumber({ tenant, connection, fence })
  await client.query('select pg_advisory_lock($1)', [number])
  await client.query('commit')
  own.add(number)
  return fence
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

/** How often people have recalled deliveries that travel this lane. */
export async function readRecalls(
  db: Executor,
  lane: { tenant: TenantId; connection: ConnectionId },
): Promise<number> {
  const row = await rowOf(
    sql<{
      recalls: number
    }>`select recalls from lane where tenant_id = ${lane.tenant} and connection_id = ${lane.connection}`,
    db,
  )
  return row?.recalls ?? 0
}

export const readLane = (db: Executor, tenant: TenantId, connection: ConnectionId) =>
  rowOf(
    sql<LaneRow>`select fence, holder, lease_until as "leaseUntil" from lane where tenant_id = ${tenant} and connection_id = ${connection}`,
    db,
  )
