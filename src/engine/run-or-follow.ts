import { type Clock, elapsedMs } from '#domain/effects.ts'
import { FailureError, fail } from '#domain/failures.ts'
import type { TenantId } from '#domain/ids.ts'
import type { Database } from '#store/database.ts'
import { readLane } from '#store/lanes.ts'
import {
  finishRun,
  type RunRow,
  readRun,
  requestRun,
  startNextRun,
  touchRun,
  withdrawAbandonedRuns,
} from '#store/runs.ts'
import type { RouteRow } from '#store/setup.ts'
import { type Lanes, takeLanes } from './lane.ts'

/** A request nobody has asked about for this long has lost its asker. */
const abandonedAfterMs = 30_000
const lookEveryMs = 500

export type RunAsk = {
  database: Database
  clock: Clock
  tenant: TenantId
  /** Names this process in messages, e.g. `pid 4711`. */
  holder: string
  route: RouteRow
  connections: {
    dingtalk: { id: RouteRow['dingtalkId']; key: string }
    wecom: { id: RouteRow['wecomId']; key: string }
  }
  window: { from: Temporal.Instant; to: Temporal.Instant }
  waitMs: number
  /** How long to wait for the lane, milliseconds, before `lane.busy`. */
  laneWaitMs: number
  leaseMs?: number | undefined
  signal: AbortSignal
  onProgress: (progress: unknown) => void
  /** Carries one window while the lanes are held; the report is stored with the run. `isOurs`: this ask's own. */
  carry: (run: RunRow, lanes: Lanes, isOurs: boolean) => Promise<unknown>
}

/**
 * Carries a window, or hands it to whoever holds the lanes and follows. The report, or the failure thrown, is the same
 * either way. Failures: those of `carry`; `lane.busy` when nobody took it up within `laneWaitMs`.
 */
export async function runOrFollow(ask: RunAsk): Promise<unknown> {
  const { database, clock, tenant, route } = ask
  const db = database.kysely
  const request = () =>
    requestRun(db, tenant, { route: route.id, ...ask.window, waitMs: ask.waitMs, now: clock.now() })
  let id = await request()
  let queuedSince = clock.now()
  for (;;) {
    const lanes = await takeLanes({ ...ask, connections: [ask.connections.dingtalk, ask.connections.wecom] })
    if (lanes) {
      const carried = await carryQueue(ask, id, lanes).finally(() => lanes.release())
      if (carried) return carried.report
      queuedSince = clock.now()
    }
    const run = await readRun(db, tenant, id)
    if (run?.state === 'done') return run.report
    if (run?.state === 'failed') throw new FailureError(run.failure!)
    if (run?.state === 'running') {
      queuedSince = clock.now()
      ask.onProgress(run.progress)
    } else if (run?.state === 'withdrawn') id = await request()
    else await touchRun(db, tenant, id, clock.now())
    const waitedMs = elapsedMs(clock, queuedSince)
    if (waitedMs > ask.laneWaitMs || ask.signal.aborted) {
      await finishRun(db, tenant, id, {
        state: 'withdrawn',
        holder: null,
        report: null,
        failure: null,
        now: clock.now(),
      })
      if (ask.signal.aborted) fail('run.interrupted', { route: route.key })
      const holder = await readLane(db, tenant, ask.connections.wecom.id)
      fail('lane.busy', {
        route: route.key,
        holder: holder?.holder ?? '?',
        waitedSeconds: Math.round(waitedMs / 1000),
      })
    }
    await clock.sleep(lookEveryMs, ask.signal).catch(() => {})
  }
}

/**
 * With the lanes in hand: every window waiting for this route is carried, oldest first, `ours` among them where there is
 * one. Null when the lanes were lost on the way: whoever has them now goes on, and we follow.
 */
export async function carryQueue(
  ask: Pick<RunAsk, 'database' | 'clock' | 'tenant' | 'holder' | 'route' | 'carry'>,
  ours: number | null,
  lanes: Lanes,
): Promise<{ report: unknown } | null> {
  const { database, clock, tenant, route } = ask
  const db = database.kysely
  let answer: { report: unknown } | { error: unknown } | null = null
  try {
    const abandoned = clock.now().subtract({ milliseconds: abandonedAfterMs })
    await withdrawAbandonedRuns(db, tenant, route.id, {
      queuedBefore: abandoned,
      except: ours,
      now: clock.now(),
    })
    for (;;) {
      const { holder } = ask
      const run = await startNextRun(db, tenant, route.id, { holder, now: clock.now(), lanes: lanes.lanes })
      if (!run) break
      const outcome = await carryOne(ask, run, lanes, run.id === ours)
      if (run.id === ours) answer = outcome
      if (!('error' in outcome)) continue
      if (isLaneLost(outcome.error)) return null
      if (!(outcome.error instanceof FailureError)) throw outcome.error
    }
  } catch (error) {
    if (isLaneLost(error)) return null
    throw error
  }
  if (answer === null) return null
  if ('error' in answer) throw answer.error
  return answer
}

async function carryOne(
  ask: Pick<RunAsk, 'database' | 'clock' | 'tenant' | 'holder' | 'carry'>,
  run: RunRow,
  lanes: Lanes,
  isOurs: boolean,
): Promise<{ report: unknown } | { error: unknown }> {
  const { database, clock, tenant, holder } = ask
  try {
    const report = await ask.carry(run, lanes, isOurs)
    await finishRun(database.kysely, tenant, run.id, {
      state: 'done',
      holder,
      report,
      failure: null,
      now: clock.now(),
    })
    return { report }
  } catch (error) {
    if (error instanceof FailureError && !isLaneLost(error))
      await finishRun(database.kysely, tenant, run.id, {
        state: 'failed',
        holder,
        report: null,
        failure: error.failure,
        now: clock.now(),
      }).catch(() => {})
    return { error }
  }
}

const isLaneLost = (error: unknown): boolean =>
  error instanceof FailureError && error.failure.code === 'lane.lost'
