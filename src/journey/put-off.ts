import type { DeliveryRow } from '#store/deliveries.ts'
import { type Item, isForGood, mayGo } from './4-decide.ts'
import type { Allowance, WaitBecause } from './allowance.ts'
import type { Load } from './load.ts'

/** Loads as far as this run may write for them, and the punches beyond that. */
export type Share = { loads: Load[]; later: Item[] }

/**
 * Takes what may be written from the allowance, the oldest punches of each person first, those last in whose way something
 * stands. The rest is neither decided nor looked up; where nothing may be looked at, what is under way is left alone too.
 */
export function shareOut(loads: Load[], allowance: Allowance): Share {
  const later: Item[] = []
  const shared = loads.map((load) => {
    const inFlight = allowance.mayLook ? load.inFlight : []
    const [writable, settled] = partition(load.items, mayGo)
    const taken = allowance.take(writable.length)
    if (taken === writable.length) return inFlight === load.inFlight ? load : { ...load, inFlight }
    const oldest = writable.toSorted(
      (a, b) => Number(isForGood(a)) - Number(isForGood(b)) || a.at - b.at || a.punchId - b.punchId,
    )
    later.push(...oldest.slice(taken).filter((item) => !isForGood(item)))
    return { ...load, inFlight, items: [...settled, ...oldest.slice(0, taken)] }
  })
  return { loads: shared, later }
}

/**
 * The rows of punches that wait for their turn. One that waits already, or that an approval stands in for, stays as it is.
 */
export const toWaiting = (later: readonly Item[], because: WaitBecause): DeliveryRow[] =>
  later
    .filter((item) => item.delivery === null || (item.delivery.state === 'held' && !isForGood(item)))
    .map(({ punchId, at }) => ({
      punchId,
      at,
      state: 'waiting',
      reason: because,
      // No second of the target is taken: of two punches in one second, the look at the target decides.
      ...{ targetKey: null, targetUser: null, batchId: null, settledAt: null },
    }))

function partition<T>(all: readonly T[], isIn: (one: T) => boolean): [T[], T[]] {
  const [yes, no]: [T[], T[]] = [[], []]
  for (const one of all) (isIn(one) ? yes : no).push(one)
  return [yes, no]
}
