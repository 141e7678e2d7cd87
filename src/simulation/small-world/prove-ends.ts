import { type End, isSameBut } from './check.ts'

export type EndProof = {
  longestRun: number
  /** Every end there is, once. */
  ends: End[]
  /** A state from which a run need not end; null when every run ends. */
  circle: number | null
  /** A state from which runs end otherwise; null when there is none. */
  fork: number | null
}

/**
 * Goes from the ends backwards over a graph of moves: what is never reached so lies on a circle or leads into one. On the
 * way every state learns which ends can follow it; `ends` tells those of states without a follower.
 */
export function proveEnds(good: readonly number[][], ends: readonly (End | null)[]): EndProof {
  const count = good.length
  const before: number[][] = Array.from({ length: count }, () => [])
  const left = new Int32Array(count)
  for (const [state, followers] of good.entries()) {
    left[state] = followers.length
    for (const to of followers) before[to]!.push(state)
  }
  const sets = new EndSets()
  /** By state: the set of ends that can follow it. */
  const setOf = new Int32Array(count).fill(-1)
  const lengthOf = new Int32Array(count)
  const ready: number[] = []
  for (let state = 0; state < count; state++) {
    if (left[state] !== 0) continue
    setOf[state] = sets.of(ends[state]!)
    ready.push(state)
  }
  let done = 0
  let longestRun = 0
  let fork: number | null = null
  for (let state = ready.pop(); state !== undefined; state = ready.pop()) {
    done++
    if (fork === null && sets.isForked(setOf[state]!)) fork = state
    for (const earlier of before[state]!) {
      lengthOf[earlier] = Math.max(lengthOf[earlier]!, lengthOf[state]! + 1)
      longestRun = Math.max(longestRun, lengthOf[earlier]!)
      setOf[earlier] = setOf[earlier] === -1 ? setOf[state]! : sets.both(setOf[earlier]!, setOf[state]!)
      left[earlier]!--
      if (left[earlier] === 0) ready.push(earlier)
    }
  }
  const circle = done === count ? null : left.findIndex((open) => open > 0)
  return { longestRun, ends: sets.ends, circle, fork }
}

/** Sets of ends, each kept once and known by a number. */
class EndSets {
  readonly ends: End[] = []
  readonly #numbers = new Map<string, number>()
  readonly #members: number[][] = []
  readonly #byName = new Map<string, number>()
  readonly #unions = new Map<string, number>()
  readonly #forked = new Map<number, boolean>()

  of(end: End): number {
    const name = `${end.shown.join(' ')}|${end.doubted.join(' ')}`
    const known = this.#numbers.get(name)
    if (known !== undefined) return this.#keep([known])
    this.#numbers.set(name, this.ends.length)
    this.ends.push(end)
    return this.#keep([this.ends.length - 1])
  }

  both(a: number, b: number): number {
    if (a === b) return a
    const name = a < b ? `${a} ${b}` : `${b} ${a}`
    const known = this.#unions.get(name)
    if (known !== undefined) return known
    const members = new Set([...this.#members[a]!, ...this.#members[b]!])
    const union = this.#keep([...members].toSorted((x, y) => x - y))
    this.#unions.set(name, union)
    return union
  }

  /** Two of its ends differ in more than what is left to a person in one of them. */
  isForked(set: number): boolean {
    const known = this.#forked.get(set)
    if (known !== undefined) return known
    const ends = this.#members[set]!.map((one) => this.ends[one]!)
    const isForked = ends.some((one) => ends.some((other) => !isSameBut(one, other)))
    this.#forked.set(set, isForked)
    return isForked
  }

  #keep(members: number[]): number {
    const name = members.join()
    const known = this.#byName.get(name)
    if (known !== undefined) return known
    this.#byName.set(name, this.#members.length)
    this.#members.push(members)
    return this.#members.length - 1
  }
}
