import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { ConnectionId, TenantId } from '#domain/ids.ts'
import { columnOf } from './columns.ts'
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

/** Gives the lane back, lease and lock; it is free for others from then on. */
export const giveLaneBack = (
  locks: SharedSession,
  lane: LaneFence & { until: Temporal.Instant },
): Promise<void> =>
  inWords(() =>
    locks.use(async ({ client, own }) => {
      const number = lockNumber(lane)
      const until = lane.until.toString()
      const ended =
        'update lane set lease_until = $4::timestamptz where tenant_id = $1 and connection_id = $2 and fence = $3'
      const fence = [lane.tenant, lane.connection, lane.fence]
      // In a session that has ended meanwhile there is no lock to give back.
      if (!own.delete(number)) await client.query(ended, [...fence, until])
      else {
        // Where nothing can be written the lock is given back all the same: the session stands for other lanes too.
        const both = `with ended as (${ended}) select pg_advisory_unlock($5)`
        await client
          .query(both, [...fence, until, number])
          .catch(() => client.query('select pg_advisory_unlock($1)', [number]))
      }
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
  return (await takeEnded(session, lane)) ?? (await takeAnyway(session, lane))
}

/** The lock's number as SQL says it. Needs `taken` in the query. */
const numberOfTaken = `('x' || encode(substr(sha256(convert_to(
  'qintong lane ' || taken.tenant_id || ' ' || taken.connection_id || ' ' || taken.fence, 'UTF8')), 1, 8), 'hex'))::bit(64)::int8`

/** Takes it in one statement where its lease has ended, as it has when its last holder gave it back. */
async function takeEnded({ client, own }: LockSession, lane: LaneAsk): Promise<number | null> {
  const { tenant, connection, holder, now, until } = lane
  const { rows } = await client.query(
    `with free as materialized (
       select fence from lane where tenant_id = $1 and connection_id = $2 and lease_until <= $3::timestamptz for update skip locked),
     taken as (
       update lane set fence = free.fence + 1, holder = $4, lease_until = $5::timestamptz from free
        where (select set_config('synchronous_commit', 'on', true)) = 'on' and lane.tenant_id = $1 and lane.connection_id = $2
       returning lane.tenant_id, lane.connection_id, lane.fence)
     select fence, pg_advisory_lock(${numberOfTaken}) from taken`,
    [tenant, connection, now.toString(), holder, until.toString()],
  )
  const [row] = rows as { fence: number }[]
  if (!row) return null
  own.add(lockNumber({ tenant, connection, fence: row.fence }))
  return row.fence
}

/** Takes it for the first time, or from a holder whose session has ended before its lease. */
async function takeAnyway(session: LockSession, lane: LaneAsk): Promise<number | null> {
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
    `select fence, lease_until <= $3::timestamptz as "hasEnded" from lane where tenant_id = $1 and connection_id = $2
        for update skip locked`,
    [tenant, connection, now],
  )
  const [row] = rows as { fence: number; hasEnded: boolean }[]
  const mayTake = row && (row.hasEnded || (await isGone(session, { tenant, connection, fence: row.fence })))
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

/** The lanes whose fences stand; their rows stay locked until the transaction ends, so a new holder waits for it. */
export const standingLanes = (tenant: TenantId, lanes: readonly FencedLane[]) => sql<{
  connection: ConnectionId
}>`
  select lane.connection_id as connection from lane
    join unnest(${columnOf(lanes, (lane) => lane.connection)}::int8[], ${columnOf(lanes, (lane) => lane.fence)}::int8[])
         as held (connection_id, fence) on held.connection_id = lane.connection_id and lane.fence = held.fence
   where lane.tenant_id = ${tenant} order by lane.connection_id for share of lane`

export type FencedLane = { connection: ConnectionId; fence: number }

/** Those of these lanes that have a new fence: their holder must stop. */
export async function lostLanes<T extends FencedLane>(
  tx: Executor,
  tenant: TenantId,
  lanes: readonly T[],
): Promise<T[]> {
  const standing = new Set((await rowsOf(standingLanes(tenant, lanes), tx)).map((row) => row.connection))
  return lanes.filter((lane) => !standing.has(lane.connection))
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
