import type { DeliveryState } from '#domain/delivery-states.ts'
import type { Decisions } from './decisions.ts'
import { deliveriesOf, holdParted, targetCell } from './ledger.ts'
import { isReal } from './rows.ts'
import type { CallEnd, Delivery, Envelope, Run, State } from './state.ts'
import type { SmallWorld } from './world.ts'

/** What became of one record of a call at the platform. */
export type Fate = 'now' | 'later' | 'never'

export type Outcome = { end: CallEnd; fates: readonly Fate[]; isFault: boolean }

/**
 * Everything a platform may do with a call of so many records. Storing what it accepts, at once or within V, is no fault;
 * a record refused alone is surely not stored, and `planned` is a call that certainly never reached the data.
 */
export function outcomesOf(records: number): Outcome[] {
  const whole = fatesOf(records, ['now', 'later'])
  const every = fatesOf(records, ['now', 'later', 'never'])
  const refusals: Outcome[] =
    records === 1
      ? [{ end: 'refused', fates: ['never'], isFault: true }]
      : every.map((fates) => ({ end: 'refusedWhole', fates, isFault: true }))
  return [
    ...whole.map((fates): Outcome => ({ end: 'sent', fates, isFault: false })),
    ...every
      .filter((fates) => fates.includes('never'))
      .map((fates): Outcome => ({ end: 'sent', fates, isFault: true })),
    ...every.map((fates): Outcome => ({ end: 'inDoubt', fates, isFault: true })),
    ...refusals,
    { end: 'planned', fates: Array.from({ length: records }, (): Fate => 'never'), isFault: true },
  ]
}

const fatesOf = (records: number, choices: readonly Fate[]): Fate[][] =>
  records === 0
    ? [[]]
    : fatesOf(records - 1, choices).flatMap((rest) => choices.map((fate) => [...rest, fate]))

/** The cells a call fills. To be asked at the claim: a delivery may be held while its call is on the way. */
export const cellsOf = (state: State, { parcels }: Envelope): number[] =>
  parcels.map((row) => targetCell(row, state.deliveries[row]!))

/** Lets the platform do with a call what the outcome says. */
export function store(world: SmallWorld, state: State, cells: readonly number[], { fates }: Outcome): void {
  for (const [i, cell] of cells.entries()) {
    const isThere = isReal(world, state, cell) || state.ours[cell]! + state.pending[cell]! > 0
    if (fates[i] === 'never' || (isThere && world.duplicates === 'merged')) continue
    if (fates[i] === 'now') state.ours[cell]!++
    else state.pending[cell]!++
  }
}

/** 5-deliver.ts the claim, with claimWhatStands: the parcels that may go; null when nothing may. */
export function claim(
  world: SmallWorld,
  state: State,
  run: Run,
  { batch, parcels }: Envelope,
  decisions: Decisions,
): Envelope | null {
  const isChanged = run.linksRead !== state.links && world.links.change?.byWord === true
  const isPlanned = state.batches[batch]?.state === 'planned'
  const isAsRead = isPlanned && !(isChanged && decisions.heedsRecalls)
  const left = isAsRead ? parcels : holdParted(world, state, batch)
  const standing = parcels.filter((row) => left.includes(row))
  if (standing.length === 0) return null
  const planned = state.batches[batch]
  if (planned?.state !== 'planned') return null
  state.batches[batch] = { ...planned, state: 'sending' }
  return { batch, parcels: standing }
}

/** 5-deliver.ts the end of a call: batches.ts endBatch and refuseBatch. */
export function endCall(state: State, { batch }: Envelope, end: CallEnd, decisions: Decisions): void {
  const was = state.batches[batch]!
  if (end === 'planned') {
    state.batches[batch] = { ...was, state: 'planned' }
    return
  }
  const next = decisions.nextState('sending', eventOf[end])
  if (next === 'sent' || next === 'inDoubt')
    state.batches[batch] = {
      ...was,
      state: next,
      isOld: false,
      isSplit: was.isSplit || end === 'refusedWhole',
    }
  else settleAll(state, batch, next, end === 'refused' ? 'no' : null)
}

/** Whether a part of a refused batch was stored is not documented: all of it is in doubt. */
const eventOf = { sent: 'accept', inDoubt: 'lose', refusedWhole: 'lose', refused: 'refuse' } as const

function settleAll(state: State, batch: number, next: DeliveryState, reason: string | null): void {
  state.batches[batch] = null
  for (const [row, delivery] of deliveriesOf(state))
    if (delivery.state === 'batched' && delivery.batch === batch)
      state.deliveries[row] = { ...delivery, state: next as Delivery['state'], reason, batch: -1 }
}
