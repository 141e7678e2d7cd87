import type { State } from './state.ts'
import {
  accountOf,
  accountOfCell,
  cellCount,
  cellOf,
  type SmallWorld,
  secondOfCell,
  seconds,
  sideOf,
} from './world.ts'

/**
 * The ledger's rows: of every cell the row of the real punch, then that of the record we wrote. DingTalk names records by
 * an id of their own, so there are both; WeCom names them by account and second, so whatever stands there is one row.
 */
export const realRowOf = (cell: number): number => 2 * cell
export const echoRowOf = (cell: number): number =>
  sideOf(accountOfCell(cell)) === 'dingtalk' ? 2 * cell + 1 : 2 * cell
export const cellOfRow = (row: number): number => Math.floor(row / 2)
export const accountOfRow = (row: number): number => accountOfCell(cellOfRow(row))
export const atOfRow = (row: number): number => seconds[secondOfCell(cellOfRow(row))]

/** A real punch stands there, and reads show it. */
export function isReal(world: SmallWorld, state: Pick<State, 'happened'>, cell: number): boolean {
  return world.punches.some(
    ({ person, side, second }, i) =>
      (state.happened & (1 << i)) !== 0 && cellOf(accountOf(side, person), second) === cell,
  )
}

/** A read of the platform shows something there. */
export const isShown = (world: SmallWorld, state: State, cell: number): boolean =>
  state.ours[cell]! > 0 || isReal(world, state, cell)

/** Rows that a sweep of this account finds. */
export function shownRows(world: SmallWorld, state: State, account: number): number[] {
  const rows: number[] = []
  for (let second = 0; second < seconds.length; second++) {
    const cell = cellOf(account, second)
    if (isReal(world, state, cell)) rows.push(realRowOf(cell))
    if (state.ours[cell]! > 0 && !rows.includes(echoRowOf(cell))) rows.push(echoRowOf(cell))
  }
  return rows
}

/** Cells of an account that show something. */
export const shownCells = (world: SmallWorld, state: State, account: number): number[] =>
  Array.from({ length: cellCount }, (_, cell) => cell).filter(
    (cell) => accountOfCell(cell) === account && isShown(world, state, cell),
  )
