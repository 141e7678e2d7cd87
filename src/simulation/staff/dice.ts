import { createChance } from '../chance.ts'

/** Chance with a memory of its place: the same seed and path always throw the same. */
export type Dice = {
  /** In [0, 1). */
  next(): number
  happens(rate: number): boolean
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number
  pick<T>(list: readonly T[]): T
  draw<T>(table: Weighted<T>): T
}

export type Weighted<T> = { values: readonly T[]; upTo: readonly number[] }

/**
 * Dice for one question about one thing, e.g. `dice(7, 'mobile', 123)`. Every question throws its own, so that
 * switching one corruption on leaves the rest of the company as it was.
 */
export function dice(seed: number, ...path: readonly (string | number)[]): Dice {
  const next = createChance(hashOf(`${seed}/${path.join('/')}`))
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    between,
    happens: (rate) => next() < rate,
    pick: (list) => list[between(0, list.length - 1)]!,
    draw: ({ values, upTo }) => {
      const at = next() * upTo.at(-1)!
      let [low, high] = [0, values.length - 1]
      while (low < high) {
        const middle = (low + high) >> 1
        if (upTo[middle]! > at) high = middle
        else low = middle + 1
      }
      return values[low]!
    },
  }
}

export function weighted<T>(rows: readonly (readonly [T, number])[]): Weighted<T> {
  let sum = 0
  return {
    values: rows.map(([value]) => value),
    upTo: rows.map(([, weight]) => {
      sum += weight
      return sum
    }),
  }
}

/** FNV-1a, then mixed once more: neighbouring paths must not throw alike. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return (hash ^ (hash >>> 15)) >>> 0
}
