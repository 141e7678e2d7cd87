import { deliveriesOf, isForAPerson, linksOf, targetCell, twinUnder } from './ledger.ts'
import { accountOfRow, cellOfRow, isReal, isShown } from './rows.ts'
import type { Envelope, State } from './state.ts'
import {
  accountKeys,
  accountOf,
  accountOfCell,
  cellCount,
  cellOf,
  type SmallWorld,
  secondOfCell,
} from './world.ts'

/** A claimed call that would write what its person did not punch on the other side: an echo, or somebody else's punch. */
export function unjustified(world: SmallWorld, state: State, { parcels }: Envelope): string | null {
  const links = linksOf(world, state.links)
  for (const row of parcels) {
    const delivery = state.deliveries[row]!
    const account = accountOfRow(row)
    if (twinUnder(links, account) !== delivery.target)
      return 'a punch is sent to somebody who is not the same person'
    if (!isReal(world, state, cellOfRow(row))) return 'an echo of our own write is sent back'
  }
  return null
}

/** What must hold in every state, whatever has happened. */
export function wrongIn(world: SmallWorld, state: State): string | null {
  for (let cell = 0; cell < cellCount; cell++)
    if (state.ours[cell]! + state.pending[cell]! > 1)
      return 'a second record of one second stands at a target because of us'
  for (const [row, delivery] of deliveriesOf(state))
    if (delivery.state === 'verified' && !isShown(world, state, targetCell(row, delivery)))
      return 'a delivery is called verified and is not there'
  return null
}

/** What must hold when nothing more can happen without a fault. */
export function wrongInTheEnd(world: SmallWorld, state: State): string | null {
  if (state.run) return 'a step stands still'
  for (const [, delivery] of deliveriesOf(state)) {
    if (delivery.state === 'batched') return 'a call is under way for ever'
    if (delivery.state === 'waiting') return 'a delivery waits for ever'
    if (delivery.state === 'inDoubt' && !isForAPerson(delivery))
      return 'a delivery is in doubt though nothing hides it'
  }
  const links = linksOf(world, state.links)
  for (const { person, side, second } of world.punches) {
    const account = accountOf(side, person)
    const twin = twinUnder(links, account)
    if (twin === null || isOfAnEarlierHolder(world, account, second)) continue
    if (!isShown(world, state, cellOf(twin, second)) && !isExcused(state, account, second))
      return 'a punch never reached the other side, and nothing says so'
  }
  return null
}

function isOfAnEarlierHolder({ links }: SmallWorld, account: number, second: number): boolean {
  return (
    links.heldSince !== null && second < links.heldSince && (account === 0 || account === links.first[0].twin)
  )
}

/** Refused, or in doubt for a reason that only a person may overrule. */
function isExcused(state: State, account: number, second: number): boolean {
  for (const [row, { state: is }] of deliveriesOf(state))
    if (
      accountOfRow(row) === account &&
      secondOfCell(cellOfRow(row)) === second &&
      (is === 'refused' || is === 'inDoubt')
    )
      return true
  return false
}

/** What the platforms show when nothing is left to do, and the places of which only a person can say more. */
export type End = { shown: string[]; doubted: string[] }

export function endOf(world: SmallWorld, state: State): End {
  const shown = Array.from({ length: cellCount }, (_, cell) => cell).filter((cell) =>
    isShown(world, state, cell),
  )
  const doubted = deliveriesOf(state)
    .filter(([, delivery]) => delivery.state === 'inDoubt')
    .map(([row, delivery]) => targetCell(row, delivery))
  return { shown: shown.map(nameOfCell), doubted: doubted.map(nameOfCell) }
}

/** Whether two ends show the same, but for what is left to a person in one of them. */
export function isSameBut(one: End, other: End): boolean {
  const open = new Set([...one.doubted, ...other.doubted])
  const sure = ({ shown }: End) => shown.filter((cell) => !open.has(cell)).join(' ')
  return sure(one) === sure(other)
}

export const nameOfCell = (cell: number): string =>
  `${accountKeys[accountOfCell(cell)]}@${secondOfCell(cell)}`
