import { nextState } from '#domain/delivery-states.ts'
import { elapsedMs } from '#domain/effects.ts'
import { type Failure, FailureError, fail } from '#domain/failures.ts'
import type { WriteAnswer } from '#platforms/platform.ts'
import { type BatchState, claimBatch, endBatch, refuseBatch } from '#store/batches.ts'
import type { Executor } from '#store/database.ts'
import { holdParted } from '#store/delivered.ts'
import type { Parcel, PlannedBatch } from './batch-plan.ts'
import { type Journey, outboxOf } from './context.ts'

/** Sends planned batches, a few at once, while the rest of the journey goes on reading. */
export type Courier = {
  /** Hands a batch over; waits when many are waiting already, so memory does not grow. */
  push(batch: PlannedBatch): Promise<void>
  /** Resolves when everything handed over was sent; throws what stopped the sending. */
  drain(): Promise<void>
  /** Records whose call was made. */
  written(): number
}

const queueLimit = 8
/** Batches on their way at once: while one waits for its intent to reach the disk, another is in its call. */
const carriers = 2

export function startCourier(journey: Journey): Courier {
  let written = 0
  let stopped: { error: unknown } | null = null
  const waiting: Promise<void>[] = []
  const tails: Promise<void>[] = Array.from({ length: carriers }, () => Promise.resolve())
  let next = 0
  const send = async (batch: PlannedBatch) => {
    if (stopped) return
    try {
      // Added in one step: another batch may have ended during the call.
      const sent = await deliver(journey, batch)
      written += sent
    } catch (error) {
      stopped ??= { error }
    }
  }
  return {
    async push(batch) {
      if (stopped) throw stopped.error
      const carrier = next++ % carriers
      tails[carrier] = tails[carrier]!.then(() => send(batch))
      waiting.push(tails[carrier])
      if (waiting.length > queueLimit) await waiting.shift()
    },
    async drain() {
      await Promise.all(tails)
      if (stopped) throw stopped.error
    },
    written: () => written,
  }
}

/**
 * Writes the intent down, makes the call, writes down how it ended. Returns how many records were in the call, 0 when the
 * batch stays planned. Nothing is ever sent twice from here: what happens next to a doubtful batch is the read-back's.
 */
export async function deliver(journey: Journey, batch: PlannedBatch): Promise<number> {
  if (journey.signal.aborted) return 0
  const where = outboxOf(journey)
  const db = journey.database.kysely
  await journey.lanes!.keep()
  const claimedAt = journey.clock.now()
  const claim = { id: batch.id, fence: journey.fence }
  const isClaimed = await claimBatch(db, where, { ...claim, recalls: journey.recalls, now: claimedAt })
  const parcels = isClaimed ? batch.parcels : await claimWhatStands(journey, batch)
  if (parcels.length === 0) return 0
  const end = async (state: BatchState, failure: Failure | null, isSplit = false, on: Executor = db) => {
    const ended = await endBatch(on, where, { ...claim, state, now: journey.clock.now(), failure, isSplit })
    if (!ended) fail('lane.lost', { connection: journey.target.connection.key })
  }
  // A process that was frozen between the claim and here may have lost its lane: the claim is too old to act on.
  if (elapsedMs(journey.clock, claimedAt) > journey.policy.callTimeoutMs) {
    await end('planned', null)
    return 0
  }

  const notAfter = claimedAt.add({ milliseconds: journey.policy.claimLastsMs })
  const answer = await writeOrStop(journey, parcels, notAfter)
  if (answer === 'stopped') {
    await end('planned', null)
    return 0
  }
  switch (answer.kind) {
    case 'accepted':
      await end(stateAfter('accept'), null)
      return parcels.length
    case 'lost':
      await end(stateAfter('lose'), answer.failure)
      return parcels.length
    case 'refused':
      // Whether a part of a refused batch was stored is not documented: only a record that stood alone is surely refused.
      if (parcels.length === 1) {
        // Both rows or neither: a death in between would leave a refusal that nobody is shown.
        await journey.database.transaction(async (tx) => {
          await end('refused', answer.failure, false, tx)
          await refuseBatch(tx, where, batch.id, reasonOf(answer.failure), journey.clock.now())
        })
      } else await end(stateAfter('lose'), answer.failure, true)
      return parcels.length
    case 'notSent':
      await end('planned', answer.failure)
      throw new FailureError(answer.failure)
  }
}

/**
 * Claims a batch after somebody has taken a link apart: what it holds for a link that is gone stays behind, held. Fails
 * with `lane.lost` when it is not that, but another holder of the lane.
 */
async function claimWhatStands(journey: Journey, batch: PlannedBatch): Promise<Parcel[]> {
  const where = outboxOf(journey)
  return journey.database.transaction(async (tx) => {
    await journey.lanes!.guard(tx)
    const standing = new Set(await holdParted(tx, where, batch.id))
    const parcels = batch.parcels.filter(({ punchId }) => standing.has(punchId))
    if (parcels.length === 0) return []
    const claim = { id: batch.id, fence: journey.fence, recalls: null, now: journey.clock.now() }
    if (!(await claimBatch(tx, where, claim)))
      fail('lane.lost', { connection: journey.target.connection.key })
    return parcels
  })
}

/** A signal ends waits for a rate or a token, never a call under way: what it stopped was certainly not sent. */
async function writeOrStop(
  journey: Journey,
  parcels: Parcel[],
  notAfter: Temporal.Instant,
): Promise<WriteAnswer | 'stopped'> {
  try {
    const records = parcels.map((parcel) => parcel.record)
    return await journey.target.platform.writePunches(records, notAfter)
  } catch (error) {
    if (journey.signal.aborted && error === journey.signal.reason) return 'stopped'
    throw error
  }
}

const stateAfter = (event: 'accept' | 'lose'): BatchState => nextState('sending', event) as BatchState

/** The platform's own words, for the person who has to act on them. */
export const reasonOf = (failed: Failure): string =>
  'theirCode' in failed.facts
    ? `${failed.facts.theirCode} ${failed.facts.theirText}`.trim() || failed.code
    : failed.code
