/** What one read of the target says about one delivery that was attempted. */
export type ReadBack =
  | { kind: 'see' }
  | { kind: 'miss' }
  /** Too early to say: the read was made before the longest visibility delay had passed. */
  | { kind: 'wait' }
  /** Only a person may decide to send it again. */
  | { kind: 'doubt'; because: PersonsDoubt }

/**
 * Why silence proves nothing. `superseded`: another punch of the slot shows; `late-platform`: it has shown writes later than
 * V; `unreadable-hours`: it is known not to show punches of that time; `never-shown`: it said yes again and again and
 * showed nothing, as for somebody whom it keeps no attendance of; `account-gone`: it shows nothing of that account any more.
 */
export const personsDoubts = [
  'superseded',
  'late-platform',
  'unreadable-hours',
  'never-shown',
  'account-gone',
] as const
export type PersonsDoubt = (typeof personsDoubts)[number]

/** A write that was accepted so often and never shown is not made again; each wait is twice as long as the one before. */
export const mostMisses = 5
/** By then a slot that nobody filled shows as empty, and a punch that belongs to it is not there. */
const slotShowsWithinMs = 24 * 3_600_000

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
  /** How often the platform accepted it before, was read cleanly, and did not show it. */
  misses?: number
  /** The account has left, or the platform will not answer for it. */
  isAccountGone?: boolean
  /** The platform is known to leave punches of this time out of what it shows. */
  mayBeHidden?: boolean
  /** Slots this person's days show, in any order. */
  slots: readonly ShownSlot[]
  /** How far from its planned time a punch may still belong to a slot, seconds. */
  slotRadius: number
}

/** Nothing is written again without a clean read, and a read is clean only when nothing else explains the silence. */
export function judgeReadBack(facts: ReadBackFacts): ReadBack {
  if (facts.isShown) return { kind: 'see' }
  const { misses = 0, mayBeHidden = false } = facts
  if (facts.sinceAttemptMs < waitMs(facts.visibilityMaxMs, misses)) return { kind: 'wait' }
  if (facts.isAccountGone) return { kind: 'doubt', because: 'account-gone' }
  if (facts.wasEverLater) return { kind: 'doubt', because: 'late-platform' }
  if (!facts.showsAll && isSuperseded(facts)) return { kind: 'doubt', because: 'superseded' }
  if (mayBeHidden && slotsNear(facts).length === 0)
    return facts.sinceAttemptMs < slotShowsWithinMs
      ? { kind: 'wait' }
      : { kind: 'doubt', because: 'unreadable-hours' }
  if (misses + 1 >= mostMisses) return { kind: 'doubt', because: 'never-shown' }
  return { kind: 'miss' }
}

/** How long silence says nothing after an attempt that was the n-th. */
const waitMs = (visibilityMaxMs: number, misses: number): number => visibilityMaxMs * 2 ** misses

const slotsNear = ({ at, slots, slotRadius }: ReadBackFacts): ShownSlot[] =>
  slots.filter((slot) => Math.abs(slot.plannedAt - at) <= slotRadius)

/**
 * Some platforms show only the winner of a slot: the first in, the last out. A missing write may then be a loser.
 * It is when the nearest slot within the radius shows a punch that beats it.
 */
function isSuperseded(facts: ReadBackFacts): boolean {
  const { at } = facts
  const near = slotsNear(facts)
  const distance = (slot: ShownSlot) => Math.abs(slot.plannedAt - at)
  const nearest = Math.min(...near.map(distance))
  return near.some(
    (slot) =>
      distance(slot) === nearest &&
      slot.punchedAt !== null &&
      (slot.kind === 'in' ? slot.punchedAt <= at : slot.punchedAt >= at),
  )
}
