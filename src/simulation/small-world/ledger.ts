import { personsDoubts } from '#domain/judge-read-back.ts'
import type { Decisions } from './decisions.ts'
import { ways } from './decisions.ts'
import { accountOfRow, atOfRow, cellOfRow } from './rows.ts'
import type { Batch, Delivery, State } from './state.ts'
import {
  type AccountIndex,
  accountOfCell,
  cellOf,
  type Links,
  type SmallWorld,
  secondOfCell,
  sideOf,
} from './world.ts'

/**
 * The statements of src/store that the journey stands on, over arrays. Each names the statement it mirrors; all change the
 * state they are given, which is the caller's copy.
 */

export const linksOf = (world: SmallWorld, phase: 0 | 1): Links =>
  phase === 1 && world.links.change ? world.links.change.links : world.links.first

/** Who an account is linked to under these links, seen from either side; null: nobody. */
export const twinUnder = (links: Links, account: number): AccountIndex | null => {
  if (sideOf(account) === 'dingtalk') return links[account as 0 | 1].twin
  const source = links.findIndex(({ twin }) => twin === account)
  return source < 0 ? null : (source as AccountIndex)
}

export const wayOfRow = (row: number): number =>
  ways.findIndex(({ source }) => source === sideOf(accountOfRow(row)))

/** delivery-state.ts effectiveState */
export function effectiveState(state: State, delivery: Delivery): string {
  if (delivery.state !== 'batched') return delivery.state
  const batch = state.batches[delivery.batch]!
  return batch.state === 'planned' ? 'waiting' : batch.state
}

/** Rows of the ledger that have a delivery, with it, as they are now. */
export function deliveriesOf({ deliveries }: Pick<State, 'deliveries'>): [row: number, delivery: Delivery][] {
  const found: [number, Delivery][] = []
  for (let row = 0; row < deliveries.length; row++) {
    const delivery = deliveries[row]
    if (delivery) found.push([row, delivery])
  }
  return found
}

/** The second of the target that a delivery fills. */
export const targetCell = (row: number, { target }: Delivery): number =>
  cellOf(target, secondOfCell(cellOfRow(row)))

/** batches.ts recoverBatches */
export function recoverBatches(state: State, way: number, how: Decisions['recover']): void {
  if (how === 'never') return
  const touch = (batch: number, change: Batch | null) => {
    state.batches[batch] = change
  }
  for (const [row, delivery] of deliveriesOf(state)) {
    const batch = delivery.state === 'batched' ? state.batches[delivery.batch] : null
    if (batch?.way !== way) continue
    if (batch.state === 'planned' || (how === 'reset' && batch.state === 'sending'))
      state.deliveries[row] = { ...delivery, state: 'waiting', batch: -1 }
  }
  for (const [i, batch] of state.batches.entries()) {
    if (batch?.way !== way) continue
    if (batch.state === 'planned' || (how === 'reset' && batch.state === 'sending')) touch(i, null)
    else if (batch.state === 'sending') touch(i, { ...batch, state: 'inDoubt', isOld: false })
  }
}

const slotStates = new Set(['waiting', 'batched', 'inDoubt', 'verified', 'refused'])

/** deliveries.ts readOwnSeconds: cells of these accounts that we have filled, or are about to. */
export function ownCells(state: State, accounts: readonly number[]): Set<number> {
  const own = new Set<number>()
  for (const [row, delivery] of deliveriesOf(state))
    if (accounts.includes(delivery.target) && slotStates.has(delivery.state))
      own.add(targetCell(row, delivery))
  for (const { cell, state: was } of state.misdelivered)
    if (accounts.includes(accountOfCell(cell)) && was !== 'alreadyThere') own.add(cell)
  return own
}

/** deliveries.ts readFilledSlots: the punch whose delivery fills this second of the target, or is about to; null: none. */
export function fillerOf(state: State, way: number, target: number, at: number): number | null {
  const fillers = deliveriesOf(state).filter(
    ([row, delivery]) =>
      wayOfRow(row) === way &&
      delivery.target === target &&
      atOfRow(row) === at &&
      slotStates.has(delivery.state),
  )
  return fillers.at(-1)?.[0] ?? null
}

/** In doubt for a reason that only a person may overrule. */
export const isForAPerson = ({ reason }: Pick<Delivery, 'reason'>): boolean =>
  personsDoubts.some((doubt) => doubt === reason)

/** deliveries.ts readAccountsInFlight, and owed.ts looked_for: what a read may still settle without a person. */
export function inFlight(state: State, way: number): [row: number, delivery: Delivery][] {
  return deliveriesOf(state).filter(([row, delivery]) => {
    if (wayOfRow(row) !== way) return false
    if (delivery.state === 'batched')
      return ['sent', 'inDoubt'].includes(state.batches[delivery.batch]!.state)
    return delivery.state === 'inDoubt' && !isForAPerson(delivery)
  })
}

/** owed.ts readWay and readOwed: deliveries decided and not sent, held ones whose person is linked by now among them. */
export function owed(world: SmallWorld, state: State, way: number): number[] {
  const links = linksOf(world, state.links)
  return deliveriesOf(state).flatMap(([row, delivery]) => {
    const isTheirs = wayOfRow(row) === way
    const isOwed =
      delivery.state === 'waiting' ||
      (delivery.state === 'held' &&
        delivery.reason !== 'approvedSlot' &&
        twinUnder(links, accountOfRow(row)) !== null)
    return isTheirs && isOwed ? [row] : []
  })
}

/** punches.ts readBacklog, for an empty window. */
export function backlogRows(state: State, way: number): number[] {
  return deliveriesOf(state).flatMap(([row, delivery]) => {
    if (wayOfRow(row) !== way) return []
    const isOpen = ['held', 'waiting', 'inDoubt'].includes(delivery.state)
    const isSent =
      delivery.state === 'batched' && ['sent', 'inDoubt'].includes(state.batches[delivery.batch]!.state)
    return isOpen || isSent ? [row] : []
  })
}

const held = (delivery: Delivery): Delivery => ({
  ...delivery,
  state: 'held',
  reason: 'unlinked',
  target: -1,
  batch: -1,
})

/** acts.ts perform: the new links stand, and delivered.ts recall takes back what is not on its way yet. */
export function changeLinks(world: SmallWorld, state: State): void {
  const before = linksOf(world, state.links)
  state.links = 1
  if (!world.links.change!.byWord) return
  const after = linksOf(world, 1)
  for (const [row, delivery] of deliveriesOf(state)) {
    const account = accountOfRow(row)
    const had = twinUnder(before, account)
    const isParted = had !== null && had !== twinUnder(after, account)
    if (isParted && delivery.target === had && effectiveState(state, delivery) === 'waiting')
      state.deliveries[row] = held(delivery)
  }
}

/** delivered.ts holdParted: what of a planned batch may still go. */
export function holdParted(world: SmallWorld, state: State, batch: number): number[] {
  const links = linksOf(world, state.links)
  const isPlanned = state.batches[batch]?.state === 'planned'
  const left: number[] = []
  for (const [row, delivery] of deliveriesOf(state)) {
    if (delivery.state !== 'batched' || delivery.batch !== batch) continue
    if (isPlanned && twinUnder(links, accountOfRow(row)) !== delivery.target)
      state.deliveries[row] = held(delivery)
    else left.push(row)
  }
  if (left.length === 0 && isPlanned) state.batches[batch] = null
  return left
}

/** misdelivered.ts redirectMisdelivered: what reached the wrong person is held again, to go to the right one. */
export function redirectMisdelivered(
  world: SmallWorld,
  state: State,
  { way, linksRead }: { way: number; linksRead: 0 | 1 },
  keeps: boolean,
): void {
  const travelling = linksOf(world, linksRead)
  if (state.links === 0 || !world.links.change?.byWord) return
  const [before, after] = [linksOf(world, 0), linksOf(world, 1)]
  for (const [row, delivery] of deliveriesOf(state)) {
    const account = accountOfRow(row)
    const wrong = twinUnder(before, account)
    const now = twinUnder(after, account)
    if (wayOfRow(row) !== way || wrong === null || now === null || wrong === now) continue
    if (twinUnder(travelling, account) === null) continue
    if (delivery.target !== wrong || !['verified', 'alreadyThere', 'refused'].includes(delivery.state))
      continue
    const cell = targetCell(row, delivery)
    if (keeps && !state.misdelivered.some((one) => one.cell === cell))
      state.misdelivered.push({ cell, state: delivery.state })
    state.deliveries[row] = held(delivery)
  }
}
