import { untilAborted } from '#domain/effects.ts'
import type { ChoreName, LaneName, WakeUps } from '#engine/wake-ups.ts'
import { readLaneNames } from '#store/setup.ts'
import type { AppParts } from './parts.ts'
import { type LaneNews, runLane } from './run-lane.ts'
import { Stalls } from './stalls.ts'

/** What comes round every minute, lanes aside. */
export type Chores = Record<ChoreName, (signal: AbortSignal) => Promise<void>>

/**
 * Runs lanes in this process until the signal ends it. Any number of processes may do so on one database: a wake-up goes
 * to one of them, and the lane's fence keeps all others out. Every minute each lane is looked at, whatever was lost.
 */
export async function runEngine(
  parts: AppParts,
  ask: {
    wakeUps: WakeUps
    chores: Chores
    signal: AbortSignal
    /** Nothing is done before this is settled, one way or the other. */
    startsAfter?: Promise<void> | undefined
    onError: (error: unknown) => void
    tell: (news: LaneNews) => void
  },
): Promise<void> {
  const { wakeUps, signal } = ask
  const wakeAll = async () => {
    for (const lane of await readLaneNames(parts.database.kysely)) await wakeUps.now(lane)
  }
  if (ask.startsAfter) await Promise.race([ask.startsAfter.catch(() => {}), untilAborted(signal)])
  if (signal.aborted) return
  const stalls = new Map<string, Stalls>()
  const stallsOf = ({ tenant, connection }: LaneName) => {
    const name = `${tenant}/${connection}`
    const known = stalls.get(name) ?? new Stalls(parts.random)
    stalls.set(name, known)
    return known
  }
  // The database may be away at this very moment: the first minute makes it good.
  await wakeAll().catch(ask.onError)
  await wakeUps.serve({
    signal,
    async lane(lane: LaneName) {
      const mine = { ...parts, tenant: lane.tenant }
      const until = await runLane(mine, lane, signal, ask.tell, stallsOf(lane))
      if (until && !signal.aborted) await wakeUps.at(lane, until)
    },
    async chore(name) {
      await wakeAll()
      await ask.chores[name](signal)
    },
  })
}
