import { hash } from 'node:crypto'
import { cellCount } from './world.ts'

/** A delivery as the ledger keeps it; `batched` lives the life of its batch. */
export type Delivery = {
  state: 'held' | 'waiting' | 'batched' | 'inDoubt' | 'verified' | 'alreadyThere' | 'refused'
  reason: string | null
  /** The account it goes to; -1 while nobody is named. */
  target: number
  /** Place in `batches`; -1 for none. */
  batch: number
}

/** Time is told only as far as a read-back asks for it: whether V has passed since the call ended. */
export type Batch = {
  way: number
  state: 'planned' | 'sending' | 'sent' | 'inDoubt' | 'refused'
  isOld: boolean
  isSplit: boolean
}

export type StepKind = 'sweep' | 'hinted' | 'deliver' | 'readBack' | 'wholeRun'
export type Envelope = { batch: number; parcels: readonly number[] }
/** How a call ended, not yet written down. */
export type CallEnd = 'sent' | 'inDoubt' | 'refused' | 'refusedWhole' | 'planned'

/** What a process holds in memory while it takes a step: all of it is lost when it dies. */
export type Run = {
  way: number
  kind: StepKind
  /** The person read alone; null: everybody. */
  only: number | null
  at: 'look' | 'send' | 'lookBack' | 'sendAgain'
  /** The links as they were when the step began to know who is who. */
  linksRead: 0 | 1
  queue: readonly Envelope[]
  inHand: (Envelope & { end: CallEnd | null }) | null
}

/** Everything there is: both platforms, the ledger, and one process. Never changed in place but by whoever copied it. */
export type State = {
  /** Bit by bit, which real punches can be seen at their platform. */
  happened: number
  links: 0 | 1
  /** By cell: records caused by us, seen and not seen yet. */
  ours: number[]
  pending: number[]
  /** By row of the ledger (rows.ts): undefined never landed, null landed without a delivery. */
  deliveries: (Delivery | null | undefined)[]
  batches: (Batch | null)[]
  misdelivered: { cell: number; state: string }[]
  /** By way: the target was seen to show something later than V. */
  wasLate: [boolean, boolean]
  showsAll: [boolean, boolean]
  run: Run | null
}

export const rowCount = 2 * cellCount

export const emptyState = (): State => ({
  happened: 0,
  links: 0,
  ours: Array.from({ length: cellCount }, () => 0),
  pending: Array.from({ length: cellCount }, () => 0),
  deliveries: Array.from({ length: rowCount }, () => undefined),
  batches: [],
  misdelivered: [],
  wasLate: [false, false],
  showsAll: [false, false],
  run: null,
})

/** A copy that may be changed in place, as deep as places are; what stands in them is replaced, not changed. */
export const copyOf = (state: State): State => ({
  ...state,
  ours: [...state.ours],
  pending: [...state.pending],
  deliveries: [...state.deliveries],
  batches: [...state.batches],
  misdelivered: [...state.misdelivered],
  wasLate: [...state.wasLate],
  showsAll: [...state.showsAll],
})

/**
 * The same state under the least names: batches are numbered as they are met, those that nothing speaks of are gone.
 * Two states that differ in names only are one.
 */
export function canonical(state: State): State {
  const numbers = new Map<number, number>()
  const numberOf = (batch: number): number => {
    if (batch < 0 || !state.batches[batch]) return -1
    const known = numbers.get(batch)
    if (known !== undefined) return known
    numbers.set(batch, numbers.size)
    return numbers.size - 1
  }
  const deliveries = state.deliveries.map((delivery) =>
    delivery && delivery.batch >= 0 && carriesBatch(delivery)
      ? { ...delivery, batch: numberOf(delivery.batch) }
      : delivery && delivery.batch >= 0
        ? { ...delivery, batch: -1 }
        : delivery,
  )
  const run = state.run && {
    ...state.run,
    queue: state.run.queue.map((envelope) => ({ ...envelope, batch: numberOf(envelope.batch) })),
    inHand: state.run.inHand && { ...state.run.inHand, batch: numberOf(state.run.inHand.batch) },
  }
  const batches = [...numbers.keys()].map((batch) => state.batches[batch]!)
  const misdelivered = state.misdelivered.toSorted((a, b) => a.cell - b.cell || (a.state < b.state ? -1 : 1))
  return { ...state, deliveries, batches, misdelivered, run }
}

/** Of what is settled nobody asks any more which call it was. */
const carriesBatch = ({ state }: Delivery): boolean => state === 'batched' || state === 'inDoubt'

/** The name of a canonical state. */
export function textOf(state: State): string {
  const { happened, links, ours, pending, wasLate, showsAll, run } = state
  let text = `${happened}.${links}|${ours.join('')}|${pending.join('')}|${deliveriesText(state.deliveries)}|`
  for (const batch of state.batches) text += `${batch!.way}${batch!.state}${+batch!.isOld}${+batch!.isSplit},`
  for (const { cell, state: was } of state.misdelivered) text += `${cell}${was}`
  text += `|${+wasLate[0]}${+wasLate[1]}${+showsAll[0]}${+showsAll[1]}|`
  return run === null ? text : text + runText(run)
}

/** Most rows never land: only those that did are told. */
function deliveriesText(deliveries: State['deliveries']): string {
  let text = ''
  for (let row = 0; row < deliveries.length; row++) {
    const delivery = deliveries[row]
    if (delivery === null) text += `${row}.`
    else if (delivery)
      text += `${row}${delivery.state}/${delivery.reason ?? ''}/${delivery.target}/${delivery.batch},`
  }
  return text
}

const runText = ({ way, kind, only, at, linksRead, queue, inHand }: Run): string =>
  [
    `${way}${kind}${only}${at}${linksRead}`,
    queue.map(envelopeText).join(';'),
    inHand ? `${envelopeText(inHand)}${inHand.end}` : '',
  ].join('!')

const envelopeText = ({ batch, parcels }: Envelope): string => `${batch}:${parcels.join('+')}`

/** Sixteen bytes that stand for a canonical state: two states of one hash are not to be expected in a lifetime. */
export const hashOf = (state: State): string => hash('md5', textOf(state), 'latin1')
