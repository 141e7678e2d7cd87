/** The first look at what was sent, and the longest pause between looks, milliseconds. */
const firstLookMs = 2_000
const longestPauseMs = 600_000

/** What was sent one way and not yet seen. */
export type Unseen = {
  /** When the first and the last of those calls ended. */
  firstEnded: Temporal.Instant
  lastEnded: Temporal.Instant
  /** The first that ended after the last look; null: all were looked for. */
  firstUnlooked: Temporal.Instant | null
  lookedAt: Temporal.Instant | null
  /** The longest this platform was seen to take until it shows a write. */
  seenDelayMs: number
  /** A look costs: it waits for what is still being sent, so that one serves all. */
  isMetered: boolean
}

/**
 * When looking for it makes sense: first as soon as the platform has been seen to show things, then in growing pauses, as
 * old as what is looked for. Whatever goes on being sent keeps nobody from being looked for.
 */
export function nextLookAt(unseen: Unseen): Temporal.Instant {
  const { firstEnded, lastEnded, firstUnlooked, lookedAt, isMetered } = unseen
  const delayMs = Math.max(unseen.seenDelayMs, firstLookMs)
  if (!lookedAt) return firstEnded.add({ milliseconds: delayMs })
  const ageMs = lookedAt.epochMilliseconds - firstEnded.epochMilliseconds
  const againAt = lookedAt.add({ milliseconds: Math.min(Math.max(ageMs, delayMs), longestPauseMs) })
  if (!firstUnlooked) return againAt
  if (isMetered) return lastEnded.add({ milliseconds: delayMs })
  const freshAt = firstUnlooked.add({ milliseconds: delayMs })
  const isAnyOlder = ageMs >= 0
  return isAnyOlder && Temporal.Instant.compare(againAt, freshAt) < 0 ? againAt : freshAt
}
