import { type DeliveryState, nextState } from '#domain/delivery-states.ts'
import { judgeReadBack } from '#domain/judge-read-back.ts'
import { fromEpochSecond, type Span } from '#domain/spans.ts'
import { closeBatches, verifyBatches } from '#store/batches.ts'
import { type Attempted, readAttempted, settleDeliveries } from '#store/deliveries.ts'
import { readAccountsNamed } from '#store/people.ts'
import { saveLessons } from '#store/setup.ts'
import { type Journey, outboxOf } from './context.ts'
import type { Shown } from './shown.ts'

/** What a read settled. */
export type Settled = {
  seen: number
  /** Clean misses: to be written again, by the batch they came in. */
  missed: { punchId: number; targetKey: string; at: number; batchId: number; wasSplit: boolean }[]
  /** Still too early, or only a person can say. */
  open: number
}

/**
 * What one pass over the target has seen of each batch: a batch seen whole is verified with one row, however many people
 * it is spread over; what is left of the others is verified row by row when the pass ends.
 */
export class SeenBatches {
  readonly #seen = new Map<number, { size: number; punchIds: number[] }>()

  add({ batchId, batchSize, punchId }: Attempted): void {
    const batch = this.#seen.get(batchId) ?? { size: batchSize, punchIds: [] }
    batch.punchIds.push(punchId)
    this.#seen.set(batchId, batch)
  }

  takeWhole(): { id: number; seen: number }[] {
    const whole = [...this.#seen].filter(([, batch]) => batch.punchIds.length >= batch.size)
    for (const [id] of whole) this.#seen.delete(id)
    return whole.map(([id, batch]) => ({ id, seen: batch.punchIds.length }))
  }

  takeRest(): { batches: number[]; punchIds: number[] } {
    const rest = {
      batches: [...this.#seen.keys()],
      punchIds: [...this.#seen.values()].flatMap((batch) => batch.punchIds),
    }
    this.#seen.clear()
    return rest
  }
}

/** Writes down what a pass has seen: whole batches, and with `isEnd` the rest too. */
export async function saveSeen(journey: Journey, seen: SeenBatches, isEnd: boolean): Promise<void> {
  const whole = seen.takeWhole()
  const rest = isEnd ? seen.takeRest() : { batches: [], punchIds: [] }
  if (whole.length + rest.punchIds.length === 0) return
  const now = journey.clock.now()
  await journey.database.transaction(async (tx) => {
    await journey.lanes!.guard(tx)
    if (whole.length > 0) await verifyBatches(tx, outboxOf(journey), whole, now)
    if (rest.punchIds.length === 0) return
    const verified = { state: 'verified', reason: null } as const
    await settleDeliveries(tx, outboxOf(journey), rest.punchIds, verified, now)
    await closeBatches(tx, outboxOf(journey), rest.batches, now)
  })
}

/** Effective state of a delivery that lives in its batch. */
const effectiveState = (one: Attempted): DeliveryState =>
  one.state === 'batched' ? (one.batchState === 'sent' ? 'sent' : 'inDoubt') : one.state

/**
 * Holds what we wrote against what the target shows. Nothing becomes *waiting* again without a read made at least V after
 * the attempt ended, in which nothing else explains the silence.
 */
export async function settle(
  journey: Journey,
  accounts: { key: string }[],
  span: Span,
  shown: Shown,
  isFirstRead: boolean,
  seenBatches: SeenBatches | null,
): Promise<Settled> {
  const where = outboxOf(journey)
  const { connection } = journey.target
  const attempted = await readAttempted(journey.database.kysely, where, {
    targetKeys: accounts.map((account) => account.key),
    from: span.from,
    to: span.to,
  })
  const isShown = ({ targetKey, at }: Attempted) => shown.seconds.get(targetKey)?.has(at) ?? false
  const isGone = await goneAmong(
    journey,
    attempted.filter((one) => !isShown(one)),
    shown,
  )
  const groups = new Map<string, number[]>()
  const touched = new Set<number>()
  const settled: Settled = { seen: 0, missed: [], open: 0 }
  const lessons = { seenDelayMs: 0, lateSightings: 0, showsAll: shown.showsAll }

  for (const one of attempted) {
    const state = effectiveState(one)
    const sinceAttemptMs = shown.readAt.epochMilliseconds - one.endedMs
    const verdict = judgeReadBack({
      at: one.at,
      isShown: isShown(one),
      isAccountGone: isGone(one),
      sinceAttemptMs,
      misses: one.misses,
      mayBeHidden: journey.target.platform.mayHide?.(fromEpochSecond(one.at)) ?? false,
      visibilityMaxMs: connection.visibilityMaxMs,
      wasEverLater: connection.lateSightings > 0,
      showsAll: journey.target.platform.showsEveryPunch || connection.showsAll || shown.showsAll,
      slots: shown.slots.get(one.targetKey) ?? [],
      slotRadius: journey.policy.slotRadius,
    })
    if (verdict.kind === 'see') {
      settled.seen++
      if (seenBatches && one.state === 'batched') seenBatches.add(one)
      else {
        push(groups, `${nextState(state, 'see')}|`, one.punchId)
        touched.add(one.batchId)
      }
      // A first read says only that the delay was shorter than the wait; a later one that it was longer than the read before.
      if (!isFirstRead)
        lessons.seenDelayMs = Math.max(
          lessons.seenDelayMs,
          Math.min(sinceAttemptMs, connection.visibilityMaxMs),
        )
      // Somebody may have punched in this very second meanwhile: nothing tells the two apart, so the platform is taken to be
      // late. That costs people a look, and never a second record.
      if (one.state === 'inDoubt' && one.reason === 'not-shown') lessons.lateSightings++
    } else if (state === 'refused') {
      // Refused stays refused until it is seen or a person retries.
    } else if (verdict.kind === 'miss') {
      const next = nextState(state, 'miss')
      if (next === 'waiting') {
        push(groups, one.batchState === 'sent' ? 'waiting||accepted' : 'waiting|', one.punchId)
        touched.add(one.batchId)
        settled.missed.push({
          punchId: one.punchId,
          targetKey: one.targetKey,
          at: one.at,
          batchId: one.batchId,
          wasSplit: one.isSplit,
        })
      } else {
        push(groups, 'inDoubt|not-shown', one.punchId)
        settled.open++
      }
    } else {
      settled.open++
      if (verdict.kind === 'doubt' && one.reason !== verdict.because)
        push(groups, `inDoubt|${verdict.because}`, one.punchId)
    }
  }
  if (groups.size === 0 && !shown.showsAll) return settled
  await journey.database.transaction(async (tx) => {
    await journey.lanes!.guard(tx)
    for (const [group, ids] of groups) {
      const [state, reason, was] = group.split('|') as ['verified' | 'waiting' | 'inDoubt', string, string?]
      const to = { state, reason: reason || null, wasAccepted: was === 'accepted' }
      await settleDeliveries(tx, where, ids, to, journey.clock.now())
    }
    if (touched.size > 0) await closeBatches(tx, where, [...touched], journey.clock.now())
    if (isNews(lessons, connection)) await saveLessons(tx, journey.tenant, connection.id, lessons)
  })
  connection.seenDelayMs = Math.max(connection.seenDelayMs, lessons.seenDelayMs)
  connection.lateSightings += lessons.lateSightings
  connection.showsAll ||= lessons.showsAll
  return settled
}

/**
 * Of which of these attempts the target can show nothing: the platform will not answer for the account, it has left, or
 * it is another human's since.
 */
async function goneAmong(
  { database, tenant, target }: Journey,
  unseen: readonly Attempted[],
  { refused }: Shown,
): Promise<(one: Attempted) => boolean> {
  const keys = [...new Set(unseen.map(({ targetKey }) => targetKey))]
  if (keys.length === 0) return () => false
  const rows = await readAccountsNamed(database.kysely, tenant, target.connection.id, keys)
  const byKey = new Map(rows.map((row) => [row.key, row]))
  return ({ targetKey, endedMs }) => {
    const row = byKey.get(targetKey)
    if (refused.has(targetKey) || row?.goneAt) return true
    return row !== undefined && row.life > 1 && row.since.epochMilliseconds > endedMs
  }
}

const isNews = (
  lessons: { seenDelayMs: number; lateSightings: number; showsAll: boolean },
  known: { seenDelayMs: number; showsAll: boolean },
) =>
  lessons.seenDelayMs > known.seenDelayMs ||
  lessons.lateSightings > 0 ||
  (lessons.showsAll && !known.showsAll)

export const spanOf = (seconds: number[]): Span => ({
  from: fromEpochSecond(seconds.reduce((a, b) => Math.min(a, b))),
  to: fromEpochSecond(seconds.reduce((a, b) => Math.max(a, b))),
})

function push(map: Map<string, number[]>, key: string, value: number): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
