import { type End, endOf, wrongIn, wrongInTheEnd } from './check.ts'
import { asTheProductDecides, type Decisions } from './decisions.ts'
import { movesOf } from './moves.ts'
import { proveEnds } from './prove-ends.ts'
import { canonical, emptyState, hashOf, type State } from './state.ts'
import type { SmallWorld } from './world.ts'

/** Something that must never be, with what led to it, move by move. */
export type Wrong = { what: string; story: string[] }

export type Explored = {
  states: number
  transitions: number
  /** Moves in the longest run without another fault. */
  longestRun: number
  /** What both platforms show when nothing is left to do, for every choice of faults. */
  ends: string[]
  /** The first of each kind; empty when all is well. */
  wrongs: Wrong[]
  /** The first step that is named although it can change nothing: a lane takes it in growing pauses (app/stalls.ts). */
  stalls: Wrong[]
  /** Nothing was left unvisited. */
  isWhole: boolean
}

export type ExploreAsk = {
  world: SmallWorld
  decisions?: Decisions
  /** Stops there, unproven. */
  mostStates?: number
  stopsAtFirst?: boolean
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
}: ExploreAsk): Explored {
  const rules = { world, decisions }
  const numbers = new Map<string, number>()
  /** By state: which move of which state led there first. */
  const reached: { from: number; move: number }[] = []
  /** By state: where moves that are no faults lead. */
  const good: number[][] = []
  const ends: (End | null)[] = []
  const wrongs = new Map<string, Wrong>()
  const stalls = new Map<string, Wrong>()
  let transitions = 0

  const storyOf = (state: number): string[] => {
    const path: number[] = []
    for (let at = state; at > 0; at = reached[at]!.from) path.push(reached[at]!.move)
    let now = canonical(emptyState())
    return path.reverse().map((index) => {
      const move = movesOf(rules, now)[index]!
      now = move.next
      return move.name()
    })
  }
  const blame = (into: Map<string, Wrong>, what: string, state: number, last: string[] = []) => {
    if (!into.has(what)) into.set(what, { what, story: [...storyOf(state), ...last] })
  }

  let next: { state: State; number: number }[] = []
  const visit = (state: State, from: number, move: number): number => {
    const key = hashOf(state)
    const known = numbers.get(key)
    if (known !== undefined) return known
    const number = numbers.size
    numbers.set(key, number)
    reached.push({ from, move })
    next.push({ state, number })
    const wrong = wrongIn(world, state)
    if (wrong) blame(wrongs, wrong, number)
    return number
  }

  visit(canonical(emptyState()), -1, -1)
  while (next.length > 0 && numbers.size < mostStates && !(stopsAtFirst && wrongs.size > 0)) {
    const frontier = next
    next = []
    for (const { state, number } of frontier) {
      const followers = new Set<number>()
      for (const [index, move] of movesOf(rules, state).entries()) {
        transitions++
        if (move.wrong) blame(wrongs, move.wrong, number, [move.name()])
        if (move.stalls) blame(stalls, move.stalls, number, [move.name()])
        const to = visit(move.next, number, index)
        if (!move.isFault && to !== number) followers.add(to)
      }
      good[number] = [...followers]
      ends[number] = followers.size === 0 ? endOf(world, state) : null
      const wrong = followers.size === 0 && wrongInTheEnd(world, state)
      if (wrong) blame(wrongs, wrong, number)
    }
  }

  const isWhole = next.length === 0
  const proof = isWhole ? proveEnds(good, ends) : { longestRun: 0, ends: [], circle: null, fork: null }
  if (proof.circle !== null) blame(wrongs, 'a run without faults goes on for ever', proof.circle)
  if (proof.fork !== null) blame(wrongs, 'runs from one state end otherwise', proof.fork)
  return {
    states: numbers.size,
    transitions,
    longestRun: proof.longestRun,
    ends: [...new Set(proof.ends.map(({ shown }) => shown.join(' ')))],
    wrongs: [...wrongs.values()],
    stalls: [...stalls.values()],
    isWhole,
  }
}
