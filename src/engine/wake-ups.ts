import { type DatabaseOptions, type Job, PgBoss } from 'pg-boss'
import { untilAborted } from '#domain/effects.ts'
import type { ConnectionId, TenantId } from '#domain/ids.ts'
import { inWords, storeTrouble } from '#store/database.ts'

/** Whose lanes are planned together: everything that spends one organisation's metered calls. */
export type LaneName = { tenant: TenantId; connection: ConnectionId }

/** Work that comes round by the clock and not by a lane: once, whichever process hears it. */
export type ChoreName = 'minute'

/**
 * What wakes lanes, in whichever process is free. A wake-up is only a reason to look: one too many does no harm, and one
 * too few is made good within a minute.
 */
export interface WakeUps extends AsyncDisposable {
  /** There is news for this lane. */
  now(lane: LaneName): Promise<void>
  /** There will be something to do at `at`. */
  at(lane: LaneName, at: Temporal.Instant): Promise<void>
  /** Hands wake-ups and chores to this process until the signal ends it. */
  serve(work: {
    lane(lane: LaneName, signal: AbortSignal): Promise<void>
    chore(name: ChoreName, signal: AbortSignal): Promise<void>
    signal: AbortSignal
  }): Promise<void>
}

/** The queue of wake-ups. */
export const laneQueue = 'lane'
const choreQueue = 'chore'

/** Jobs handed to one worker at a time: pg-boss waits half a minute between single jobs. */
const jobsAtOnce = 2
/** Lanes that one process runs at the same time. */
const usualLanesAtOnce = 16
/** News is heard at once; what waits for its time is found this often. */
const timerGrainSeconds = 2
/** A killed worker's jobs are given to others after this, and it is looked for such jobs as often. */
const heartbeatSeconds = 10
/** No statement of the queue takes long: one that does has lost its server, and nobody was told. */
const longestStatementMs = 30_000
/** A sweep of a large company takes as long as its limits make it. */
const longestJobSeconds = 23 * 3_600
/** What is done is kept for whoever looks into the queue. */
const keptSeconds = 600

/** Every wake-up waits at most once at a time, whoever asks for it. */
const keyOf = ({ tenant, connection }: LaneName, when: string) => `${tenant}/${connection}/${when}`

/** Makes the queues, or finds them. */
export async function openQueues(boss: PgBoss): Promise<void> {
  const common = {
    policy: 'stately',
    heartbeatSeconds,
    expireInSeconds: longestJobSeconds,
    deleteAfterSeconds: keptSeconds,
  }
  await boss.createQueue(laneQueue, { ...common, notify: true, retryLimit: 3, retryDelay: 5 })
  await boss.createQueue(choreQueue, { ...common, retryLimit: 0 })
}

/** What asks for wake-ups. */
export function senderOf(boss: PgBoss): Pick<WakeUps, 'now' | 'at'> {
  const send = async (lane: LaneName, when: string, startAfter?: Date) => {
    const options = { singletonKey: keyOf(lane, when), ...(startAfter && { startAfter }) }
    await inWords(() => boss.send(laneQueue, lane, options))
  }
  return {
    now: (lane) => send(lane, 'news'),
    // Whole seconds, so that several who wait for the same thing become one.
    at(lane, at) {
      const second = Math.ceil(at.epochMilliseconds / 1000)
      return send(lane, String(second), new Date(second * 1000))
    },
  }
}

/** The queue tells of some errors as plain objects with the error's own fields. */
function troubleOf(told: Error): unknown {
  const error = told instanceof Error ? told : Object.assign(new Error((told as Error).message), told)
  return storeTrouble(error)
}

/** Opens the queue in the product's own database, in a schema of its own. `onError` hears what it recovers from by itself. */
export async function openWakeUps(
  connect: DatabaseOptions,
  onError: (error: unknown) => void,
  lanesAtOnce = usualLanesAtOnce,
): Promise<WakeUps> {
  // It hands these on to pg as they are, though it does not name them.
  const patience = { query_timeout: longestStatementMs, keepAlive: true }
  const boss = new PgBoss({
    ...connect,
    ...patience,
    application_name: 'qintong wake-ups',
    max: 4,
    useListenNotify: true,
    superviseIntervalSeconds: heartbeatSeconds,
    monitorIntervalSeconds: heartbeatSeconds,
    // Its own figures are of no use here, and rebuilding indexes is a matter for larger queues.
    reindex: false,
    registerInstance: false,
    monitorVacuum: false,
  })
  boss.on('error', (error) => onError(troubleOf(error)))
  await inWords(async () => {
    await boss.start()
    await openQueues(boss)
    await boss.schedule(choreQueue, '* * * * *', { name: 'minute' }, { singletonKey: 'minute' })
  })
  const { now, at } = senderOf(boss)
  return {
    now,
    at,
    async serve({ lane, chore, signal }) {
      const options = {
        batchSize: jobsAtOnce,
        perJobResults: true,
        burstWhenBatchFull: true,
        pollingIntervalSeconds: timerGrainSeconds,
        notifyPollingIntervalSeconds: timerGrainSeconds,
      } as const
      const each =
        <T extends object>(work: (data: T) => Promise<void>) =>
        (jobs: Job<T>[]) =>
          Promise.all(
            jobs.map(async ({ id, data }) => {
              try {
                await work(data)
                return { id, status: 'completed' as const }
              } catch (error) {
                onError(storeTrouble(error))
                return { id, status: 'failed' as const }
              }
            }),
          )
      await boss.work<LaneName, void, typeof options & { localConcurrency: number }>(
        laneQueue,
        { ...options, localConcurrency: Math.ceil(lanesAtOnce / jobsAtOnce) },
        each((data) => lane(data, signal)),
      )
      await boss.work<{ name: ChoreName }, void, typeof options>(
        choreQueue,
        options,
        each(({ name }) => chore(name, signal)),
      )
      await untilAborted(signal)
      await boss.offWork(laneQueue)
      await boss.offWork(choreQueue)
    },
    [Symbol.asyncDispose]: () => boss.stop({ graceful: true, timeout: 30_000 }),
  }
}
