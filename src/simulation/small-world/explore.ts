import { endText, wrongIn, wrongInTheEnd } from './check.ts'
import { asTheProductDecides, type Decisions } from './decisions.ts'
import { movesOf } from './moves.ts'
import { canonical, emptyState, hashOf, type State } from './state.ts'
import type { SmallWorld } from './world.ts'

/** Something that must never be, with what led to it, move by move. */
export type Wrong = { what: string; story: string[] }

export type Explored = {
  states: number
  transitions: number
  /** Moves in the longest run that has no more faults. */
  longestRun: number
  /** What both platforms show when nothing is left to do: one per choice of faults. */
  ends: string[]
  /** The first of each kind; empty when all is well. */
  wrongs: Wrong[]
  isWhole: boolean
}

/**
 * Visits every state a small world can come to, breadth first, and then proves over the moves that are no faults: no run
 * goes on for ever, and from every state all runs end the same.
 */
export function exploreSmallWorld({
  world,
  decisions = asTheProductDecides,
  mostStates = 5_000_000,
  stopsAtFirst = false,
}: {
  world: SmallWorld
  decisions?: Decisions
  mostStates?: number
  stopsAtFirst?: boolean
}): Explored {
  const rules = { world, decisions }
  const numbers = new Map<string, number>()
  const reached: { from: number; name: string }[] = []
  const good: number[][] = []
  const endOf: (string | null)[] = []
  const wrongs = new Map<string, Wrong>()
  let transitions = 0

  const storyOf = (state: number): string[] => {
    const story: string[] = []
    for (let at = state; at > 0; at = reached[at]!.from) story.push(reached[at]!.name)
    return story.reverse()
  }
  const blame = (what: string, state: number, last?: string) => {
    if (!wrongs.has(what)) wrongs.set(what, { what, story: [...storyOf(state), ...(last ? [last] : [])] })
  }
  let frontier: { state: State; number: number }[] = []
  let next: typeof frontier = []
  const visit = (state: State, from: number, name: string): number => {
    const key = hashOf(state)
    const known = numbers.get(key)
    if (known !== undefined) return known
    const number = numbers.size
    numbers.set(key, number)
    reached.push({ from, name })
    next.push({ state, number })
    const wrong = wrongIn(world, state)
    if (wrong) blame(wrong, number)
    return number
  }
  visit(canonical(emptyState()), -1, '')
  while (next.length > 0 && numbers.size < mostStates && !(stopsAtFirst && wrongs.size > 0)) {
    ;[frontier, next] = [next, []]
    for (const { state, number } of frontier) {
      const followers = new Set<number>()
      for (const move of movesOf(rules, state)) {
        transitions++
        if (move.wrong) blame(move.wrong, number, move.name)
        const to = visit(move.next, number, move.name)
        if (!move.isFault && to !== number) followers.add(to)
      }
      good[number] = [...followers]
      endOf[number] = followers.size === 0 ? endText(world, state) : null
      if (followers.size === 0) {
        const wrong = wrongInTheEnd(world, state)
        if (wrong) blame(wrong, number)
      }
    }
  }
  const isWhole = next.length === 0
  const outcome = isWhole ? proveEnds(good, endOf) : { longestRun: 0, ends: [], cycle: null, forked: null }
  if (outcome.cycle !== null) blame('a run without faults goes on for ever', outcome.cycle)
  if (outcome.forked !== null) blame('runs from one state end otherwise', outcome.forked)
  return {
    states: numbers.size,
    transitions,
    longestRun: outcome.longestRun,
    ends: outcome.ends,
    wrongs: [...wrongs.values()],
    isWhole,
  }
}

/** From the ends backwards: what is never reached so lies on, or leads into, a circle. */
export function proveEnds(good: number[][], endOf: (string | null)[]) {
  const before: number[][] = good.map(() => [])
  const left = good.map((followers, state) => {
    for (const to of followers) before[to]!.push(state)
    return followers.length
  })
  const ends = new Map<string, number>()
  /** By state: the end all runs come to; -1 when they differ. */
  const endIn = new Int32Array(good.length).fill(-2)
  const lengthOf = new Int32Array(good.length)
  const ready = left.flatMap((count, state) => (count === 0 ? [state] : []))
  for (const state of ready) {
    const text = endOf[state]!
    if (!ends.has(text)) ends.set(text, ends.size)
    endIn[state] = ends.get(text)!
  }
  let done = 0
  let forked: number | null = null
  for (let state = ready.pop(); state !== undefined; state = ready.pop()) {
    done++
    for (const earlier of before[state]!) {
      lengthOf[earlier] = Math.max(lengthOf[earlier]!, lengthOf[state]! + 1)
      if (endIn[earlier] === -2) endIn[earlier] = endIn[state]!
      else if (endIn[earlier] !== endIn[state]) {
        endIn[earlier] = -1
        forked ??= earlier
      }
      if (--left[earlier]! === 0) ready.push(earlier)
    }
  }
  const cycle = done === good.length ? null : left.findIndex((count) => count > 0)
  return { longestRun: lengthOf.reduce((a, b) => Math.max(a, b), 0), ends: [...ends.keys()], cycle, forked }
}
