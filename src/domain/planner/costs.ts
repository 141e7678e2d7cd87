import type { LegState } from './types.ts'

/** Metered calls for one reading of everybody over `spans` stretches of as many days as one call takes. */
export function sweepCalls({ people, apart = 0, source }: Readers, spans = 1): number {
  if (!source.isMetered) return 0
  return (Math.ceil(Math.max(0, people - apart) / source.readPeople) + Math.min(apart, people)) * spans
}

/** Metered calls for one reading of this many of them over one stretch. */
export const hintedCalls = (leg: Readers, count: number): number =>
  leg.source.isMetered ? Math.ceil(count / leg.source.readPeople) : 0

/** Metered calls for looking at this many people or records at the target once. */
export const lookCalls = ({ target }: Writers, count: number): number =>
  target.isMetered ? Math.ceil(count / target.readPeople) : 0

/** Metered calls for writing this many records in one go, each target person looked at before and after. */
export const deliveryCalls = (leg: Writers, count: number): number =>
  leg.target.isMetered ? Math.ceil(count / leg.target.writeRecords) + 2 * lookCalls(leg, count) : 0

/** The most records that `deliveryCalls` allows for `calls`, up to `count`. */
export function affordableDeliveries(leg: Writers, count: number, calls: number): number {
  if (deliveryCalls(leg, count) <= calls) return count
  let [low, high] = [0, count]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (deliveryCalls(leg, middle) <= calls) low = middle
    else high = middle
  }
  return low
}

type Readers = Pick<LegState, 'people' | 'apart' | 'source'>
type Writers = Pick<LegState, 'target'>
