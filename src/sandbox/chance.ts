/** Seeded chance: everything random in the sandbox is a function of its seed, so that a world can be told again. */

/** A bijection on 32-bit numbers that leaves no visible order (murmur3's finaliser). */
export function mix32(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Folds numbers and texts into one 32-bit number. */
export function hash32(seed: number, ...parts: (number | string)[]): number {
  let h = mix32(seed ^ 0x9e3779b9)
  for (const part of parts) {
    if (typeof part === 'number') {
      h = mix32(h ^ mix32(part | 0) ^ mix32(Math.floor(part / 4_294_967_296)))
      continue
    }
    for (let i = 0; i < part.length; i++) h = Math.imul(h ^ part.charCodeAt(i), 0x01000193)
    h = mix32(h ^ part.length)
  }
  return h >>> 0
}

/** A number in [0, 1) that belongs to these parts alone. */
export const chanceOf = (seed: number, ...parts: (number | string)[]): number =>
  hash32(seed, ...parts) / 4_294_967_296

/** A stream of numbers in [0, 1) (mulberry32). */
export function chances(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Shuffles in place. */
export function shuffle<T>(list: T[], next: () => number): T[] {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    const kept = list[i] as T
    list[i] = list[j] as T
    list[j] = kept
  }
  return list
}
