/** What one read of the target says about one delivery that was attempted. */
export type ReadBack =
  | { kind: 'see' }
  | { kind: 'miss' }
  /** Too early to say: the read was made before the longest visibility delay had passed. */
  | { kind: 'wait' }
  /** Only a person may decide to send it again. */
  | { kind: 'doubt'; because: 'superseded' | 'late-platform' }

/** A punch or an empty planned slot of the target's day, as the read shows it. Epoch seconds. */
export type ShownSlot = { kind: 'in' | 'out'; plannedAt: number; punchedAt: number | null }

export type ReadBackFacts = {
  /** Epoch second of the punch we wrote. */
  at: number
  isShown: boolean
  /** Milliseconds from the end of the last attempt to the start of this read. */
  sinceAttemptMs: number
  /** V: the longest time a stored write may take to show (design I3). */
  visibilityMaxMs: number
  /** This platform has been seen to show a write later than V. */
  wasEverLater: boolean
  /** This platform has been seen to show two punches of one slot, so none is hidden by a winner. */
  showsAll: boolean
  /** Slots this person's days show, in any order. */
  slots: readonly ShownSlot[]
  /** How far from its planned time a punch may still belong to a slot, seconds. */
  slotRadius: number
}

/** Nothing is written again without a clean read, and a read is clean only when nothing else explains the silence. */
export function judgeReadBack(facts: ReadBackFacts): ReadBack {
  if (facts.isShown) return { kind: 'see' }
  if (facts.sinceAttemptMs < facts.visibilityMaxMs) return { kind: 'wait' }
  if (facts.wasEverLater) return { kind: 'doubt', because: 'late-platform' }
  if (!facts.showsAll && isSuperseded(facts)) return { kind: 'doubt', because: 'superseded' }
  return { kind: 'miss' }
}

/**
 * Some platforms show only the winner of a slot: the first in, the last out. A missing write may then be a loser.
 * It is when the nearest slot within the radius shows a punch that beats it.
 */
function isSuperseded({ at, slots, slotRadius }: ReadBackFacts): boolean {
  const near = slots.filter((slot) => Math.abs(slot.plannedAt - at) <= slotRadius)
  const distance = (slot: ShownSlot) => Math.abs(slot.plannedAt - at)
  const nearest = Math.min(...near.map(distance))
  return near.some(
    (slot) =>
      distance(slot) === nearest &&
      slot.punchedAt !== null &&
      (slot.kind === 'in' ? slot.punchedAt <= at : slot.punchedAt >= at),
  )
}
