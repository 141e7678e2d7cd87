import { Client } from 'pg'
import { type ConstructorOptions, type Job, PgBoss, TestClock } from 'pg-boss'
import { type LaneName, laneQueue, openQueues, senderOf, type WakeUps } from '#engine/wake-ups.ts'
import type { WorldDatabase } from '../fresh-database.ts'
import { prepared, sessionOptions } from './prepared.ts'

/** The product's own queue under virtual time: whoever holds it says when something is taken from it. */
export interface WakeUpsInHand extends Pick<WakeUps, 'now' | 'at'>, AsyncDisposable {
  /** When the next wake-up is due; null when there is none. */
  nextAt(): Promise<Temporal.Instant | null>
  /** What is due by `now`, at most one; null when nothing is. */
  take(
    now: Temporal.Instant,
  ): Promise<{ lane: LaneName; done(): Promise<void>; lost(): Promise<void> } | null>
}

/** Opens a queue in a schema of its own. */
export async function openWakeUpsInHand(
  connect: WorldDatabase,
  schema: string,
  start: Temporal.Instant,
): Promise<WakeUpsInHand> {
  const clock = new TestClock(start.epochMilliseconds)
  const client = new Client({ ...connect, options: sessionOptions })
  client.on('error', () => {})
  await client.connect()
  const db = oneAtATime(client)
  const boss = new PgBoss({
    db,
    schema,
    clock,
    supervise: false,
    schedule: false,
    registerInstance: false,
  })
  boss.on('error', () => {})
  await boss.start()
  await openQueues(boss)
  return {
    ...senderOf(boss),
    async nextAt() {
      const { rows } = await db.executeSql(
        `select extract(epoch from min(start_after))::float8 * 1000 as ms from ${schema}.job
          where name = $1 and state in ('created', 'retry')`,
        [laneQueue],
      )
      const ms = rows[0]?.ms as number | null
      return ms === null ? null : Temporal.Instant.fromEpochMilliseconds(Math.round(ms))
    },
    async take(now) {
      await clock.setTime(now.epochMilliseconds)
      const [job] = (await boss.fetch<LaneName>(laneQueue)) as Job<LaneName>[]
      if (!job) return null
      return {
        lane: job.data,
        done: async () => {
          await boss.deleteJob(laneQueue, job.id)
        },
        // As when the heartbeat of a killed worker stops: somebody else gets it a little later.
        lost: async () => {
          await boss.fail(laneQueue, job.id)
        },
      }
    },
    [Symbol.asyncDispose]: async () => {
      await boss.stop({ graceful: false })
      await client.end()
    },
  }
}

/** One session, one statement after the other: all that a queue needs which one hand empties. */
function oneAtATime(client: Client): NonNullable<ConstructorOptions['db']> {
  let last: Promise<unknown> = Promise.resolve()
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<{ rows: unknown[] }>
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work)
    last = turn.catch(() => {})
    return turn
  }
  return {
    executeSql: (text, values) => inTurn(() => query(...prepared([text, values]))),
    async setSessionStatements(statements) {
      for (const statement of statements) await inTurn(() => client.query(statement))
    },
  }
}
