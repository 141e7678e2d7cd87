import { type Clock, elapsedMs } from '#domain/effects.ts'
import { fail } from '#domain/failures.ts'
import type { ConnectionId, TenantId } from '#domain/ids.ts'
import type { Database, Executor } from '#store/database.ts'
import { giveLaneBack, lostLanes, readLane, renewLane, takeLane } from '#store/lanes.ts'

/**
 * A lease is kept before every call once half of it has passed: so half of it is longer than the longest silence, a wait
 * for a rate limit and the call after it. Only a frozen holder keeps others waiting that long; a killed one frees its
 * lanes at once.
 */
const usualLeaseMs = 180_000
const lookAgainMs = 500

/** For so long after `keep` nobody else can have taken the lanes, milliseconds. */
export const surelyHeldMs = (leaseMs = usualLeaseMs): number => leaseMs / 2

/** The right to spend one connection's limits. Whoever holds it checks the fence in every transaction that matters. */
export type Lane = { connection: ConnectionId; connectionKey: string; fence: number }

export type Lanes = {
  lanes: Lane[]
  /** Throws `lane.lost` when another holder has raised a fence; to be called inside the transaction that writes. */
  guard(tx: Executor): Promise<void>
  /** Keeps the leases when half of one has passed. */
  keep(): Promise<void>
  release(): Promise<void>
}

type Ask = {
  database: Database
  clock: Clock
  tenant: TenantId
  holder: string
  connections: { id: ConnectionId; key: string }[]
  /** How long a holder that says nothing keeps a lane, milliseconds; three minutes unless told otherwise. */
  leaseMs?: number | undefined
}

/**
 * Takes all these lanes, or none. A lane is free when its last holder's database session has ended (a killed process)
 * or its lease has (a frozen one); the fence makes whoever lost it write nothing more.
 */
export async function takeLanes(ask: Ask): Promise<Lanes | null> {
  const { database, clock, tenant, holder, leaseMs = usualLeaseMs } = ask
  const lanes: Lane[] = []
  for (const connection of ask.connections.toSorted((a, b) => a.id - b.id)) {
    const now = clock.now()
    const until = now.add({ milliseconds: leaseMs })
    const lane = { tenant, connection: connection.id, holder, now, until }
    const fence = await takeLane(database.locks, lane).catch(async (error) => {
      await giveBack(ask, lanes)
      throw error
    })
    if (fence === null) {
      await giveBack(ask, lanes)
      return null
    }
    lanes.push({ connection: connection.id, connectionKey: connection.key, fence })
  }
  return held(ask, lanes)
}

function held(ask: Ask, lanes: Lane[]): Lanes {
  const { database, clock, tenant, leaseMs = usualLeaseMs } = ask
  let renewAt = clock.now().add({ milliseconds: surelyHeldMs(leaseMs) })
  return {
    lanes,
    async guard(tx) {
      const [lost] = await lostLanes(tx, tenant, lanes)
      if (lost) fail('lane.lost', { connection: lost.connectionKey })
    },
    async keep() {
      const now = clock.now()
      if (Temporal.Instant.compare(now, renewAt) < 0) return
      renewAt = now.add({ milliseconds: surelyHeldMs(leaseMs) })
      const until = now.add({ milliseconds: leaseMs })
      for (const lane of lanes)
        if (
          !(await renewLane(database.kysely, {
            tenant,
            connection: lane.connection,
            fence: lane.fence,
            until,
          }))
        )
          fail('lane.lost', { connection: lane.connectionKey })
    },
    release: () => giveBack(ask, lanes),
  }
}

/** Where the database is away, the locks end with their session, and the leases by themselves. */
async function giveBack({ database, clock, tenant }: Ask, lanes: Lane[]): Promise<void> {
  const until = clock.now()
  for (const { connection, fence } of lanes)
    await giveLaneBack(database.locks, { tenant, connection, fence, until }).catch(() => {})
}

/**
 * Does something in these lanes, waiting for them as long as `laneWaitMs`. Fails with `lane.busy`, naming the holder of
 * the first of them; with `run.interrupted` when the signal comes first.
 */
export async function inLanes<T>(
  ask: Ask & { what: string; laneWaitMs: number; signal: AbortSignal },
  work: (lanes: Lanes) => Promise<T>,
): Promise<T> {
  const { database, clock, tenant } = ask
  const start = clock.now()
  for (;;) {
    const lanes = await takeLanes(ask)
    if (lanes)
      try {
        return await work(lanes)
      } finally {
        await lanes.release()
      }
    if (ask.signal.aborted) fail('run.interrupted', { route: ask.what })
    const waitedMs = elapsedMs(clock, start)
    if (waitedMs > ask.laneWaitMs) {
      const holder = await readLane(database.kysely, tenant, ask.connections[0]!.id)
      fail('lane.busy', {
        route: ask.what,
        holder: holder?.holder ?? '?',
        waitedSeconds: Math.round(waitedMs / 1000),
      })
    }
    await clock.sleep(lookAgainMs, ask.signal).catch(() => {})
  }
}
