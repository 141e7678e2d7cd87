/** That a person is read at some moment in [from, by], both ends included. Any unit of time. */
export type ReadDemand = { person: string; from: number; by: number }

/** People with the same intervals, as one: how many, and when. */
export type DemandGroup = { people: number; intervals: readonly { from: number; by: number }[] }

/**
 * No plan whatever, even one that knows the future, answers these demands with fewer calls, when one call reads at most
 * `capacity` people at one moment: the relaxed bound of capacitated interval stabbing.
 *
 * Cut time into windows that do not meet. (1) A call happens at one moment, so in one window at most: the windows'
 * needs add up. (2) Within a window a person with k intervals, no two of which share a moment, is read at k different
 * moments, so by k different calls, and takes k places; the places of all people, divided by `capacity` and rounded up,
 * are calls. The bound is the best cutting. With a single window it is the linear relaxation rounded up (a person's
 * intervals form a totally unimodular matrix, so fractions of calls save no place): it is never weaker than that.
 *
 * Takes time in the square of the different moments; a month has a few hundred.
 */
export function leastCallsFor(groups: readonly DemandGroup[], capacity: number): number {
  const ends = groups.flatMap(({ people, intervals }, group) =>
    people > 0 ? intervals.map((interval) => ({ ...interval, group })) : [],
  )
  // An interval counts in a window when both its ends lie in it: only ends begin or end a window worth trying.
  const starts = [...new Set(ends.map(({ from }) => from))].toSorted((a, b) => b - a)
  const byEnd = ends.toSorted((a, b) => a.by - b.by)
  /** best.get(t): the most calls that windows beginning at t or later are known to need; later starts come first. */
  const best: { start: number; calls: number }[] = []
  for (const start of starts) {
    const lastStab = groups.map(() => Number.NEGATIVE_INFINITY)
    let places = 0
    let most = best.at(-1)?.calls ?? 0
    for (const { from, by, group } of byEnd) {
      // Earliest end first finds the most intervals that share no moment.
      if (from < start || from <= lastStab[group]!) continue
      lastStab[group] = by
      places += groups[group]!.people
      most = Math.max(most, Math.ceil(places / capacity) + callsAfter(best, by))
    }
    best.push({ start, calls: most })
  }
  return best.at(-1)?.calls ?? 0
}

/** What windows that begin after `by` need; `best` runs from late starts to early ones. */
function callsAfter(best: readonly { start: number; calls: number }[], by: number): number {
  let [low, high] = [0, best.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (best[middle]!.start > by) low = middle + 1
    else high = middle
  }
  return low === 0 ? 0 : best[low - 1]!.calls
}

/** The demands by people who have the same. */
export function groupDemands(demands: readonly ReadDemand[]): DemandGroup[] {
  const byPerson = Map.groupBy(demands, ({ person }) => person)
  const intervalsOf = (own: readonly ReadDemand[]) =>
    own.map(({ from, by }) => ({ from, by })).toSorted((a, b) => a.from - b.from || a.by - b.by)
  const groups = Map.groupBy([...byPerson.values()].map(intervalsOf), (intervals) =>
    JSON.stringify(intervals),
  )
  return [...groups.values()].map((same) => ({ people: same.length, intervals: same[0]! }))
}
