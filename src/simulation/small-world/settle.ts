import type { DeliveryState } from '#domain/delivery-states.ts'
import type { ShownSlot } from '#domain/judge-read-back.ts'
import { epochSecond, type Span } from '#domain/spans.ts'
import type { Settled } from '#journey/6-verify.ts'
import type { Shown } from '#journey/shown.ts'
import type { Decisions } from './decisions.ts'
import { deliveriesOf, wayOfRow } from './ledger.ts'
import { atOfRow, isShown, shownCells } from './rows.ts'
import type { Delivery, State } from './state.ts'
import { accountKeys, cellOf, indexOfKey, type SmallWorld, secondOfCell, seconds, slots } from './world.ts'

export const visibilityMaxMs = 60_000
export const slotRadius = 3 * 3_600

/** shown.ts readShown: what the target shows of these accounts. Marks are not among it: nobody could ask for them. */
export function readShown(world: SmallWorld, state: State, keys: readonly string[]): Shown {
  const shown: Shown = {
    readAt: Temporal.Instant.fromEpochMilliseconds(0),
    seconds: new Map(),
    voids: new Map(),
    slots: new Map(),
    approved: new Map(),
    refused: new Map(),
    showsAll: false,
  }
  for (const key of keys) {
    const cells = shownCells(world, state, indexOfKey(key))
    shown.seconds.set(key, new Set(cells.map((cell) => seconds[secondOfCell(cell)])))
    if (!world.tellsSlots) continue
    const told = slots.map((slot) => slotsShown(world, state, key, slot))
    shown.slots.set(key, told.flat())
    shown.showsAll ||= told.some((punches) => punches.length > 1)
  }
  return shown
}

function slotsShown(
  world: SmallWorld,
  state: State,
  key: string,
  { kind, plannedAt, of }: (typeof slots)[number],
): ShownSlot[] {
  const punched = of
    .filter((second) => isShown(world, state, cellOf(indexOfKey(key), second)))
    .map((second) => ({ kind, plannedAt, punchedAt: seconds[second] }))
  return punched.length > 0 ? punched : [{ kind, plannedAt, punchedAt: null }]
}

/** deliveries.ts readAttempted */
function isAttempted(state: State, delivery: Delivery): boolean {
  if (delivery.state === 'inDoubt' || delivery.state === 'refused') return true
  return delivery.state === 'batched' && ['sent', 'inDoubt'].includes(state.batches[delivery.batch]!.state)
}

/**
 * 6-verify.ts settle (and saveSeen, whose rows and batches come to the same): holds what was sent against what is shown.
 * `span` as the journey reads it: deliveries outside are not looked at.
 */
export function settle(
  state: State,
  decisions: Decisions,
  ask: { way: number; keys: readonly string[]; span: Span; shown: Shown },
): Settled {
  const { way, keys, span, shown } = ask
  const [from, to] = [epochSecond(span.from), epochSecond(span.to)]
  const settled: Settled = { seen: 0, missed: [], open: 0 }
  let lateSightings = 0
  for (const [row, delivery] of deliveriesOf(state)) {
    const at = atOfRow(row)
    const key = accountKeys[delivery.target as 0]
    if (wayOfRow(row) !== way || !isAttempted(state, delivery) || !keys.includes(key)) continue
    if (at < from || at > to) continue
    const batch = state.batches[delivery.batch]
    const was: DeliveryState =
      delivery.state === 'batched'
        ? batch!.state === 'sent'
          ? 'sent'
          : 'inDoubt'
        : (delivery.state as DeliveryState)
    const verdict = decisions.judgeReadBack({
      at,
      isShown: shown.seconds.get(key)?.has(at) ?? false,
      sinceAttemptMs: batch && !batch.isOld ? 0 : visibilityMaxMs,
      visibilityMaxMs,
      wasEverLater: state.wasLate[way]!,
      showsAll: state.showsAll[way]! || shown.showsAll,
      // Every attempt counts as the first: how often one was missed only makes waits longer, and in the end a person is asked.
      slots: shown.slots.get(key) ?? [],
      slotRadius,
    })
    const become = (next: DeliveryState, reason: string | null) => {
      state.deliveries[row] = {
        ...delivery,
        state: next as Delivery['state'],
        reason,
        batch: next === 'waiting' ? -1 : delivery.batch,
      }
    }
    if (verdict.kind === 'see') {
      settled.seen++
      become(decisions.nextState(was, 'see'), null)
      if (delivery.state === 'inDoubt' && delivery.reason === 'not-shown') lateSightings++
    } else if (was === 'refused') {
      // Stays refused until it is seen or a person retries.
    } else if (verdict.kind === 'miss') {
      const next = decisions.nextState(was, 'miss')
      if (next === 'waiting') {
        become('waiting', null)
        settled.missed.push({
          punchId: row,
          targetKey: key,
          at,
          batchId: delivery.batch,
          wasSplit: batch?.isSplit ?? false,
        })
      } else {
        become('inDoubt', 'not-shown')
        settled.open++
      }
    } else {
      settled.open++
      if (verdict.kind === 'doubt' && delivery.reason !== verdict.because) become('inDoubt', verdict.because)
    }
  }
  if (lateSightings > 0) state.wasLate[way] = true
  if (shown.showsAll) state.showsAll[way] = true
  return settled
}
