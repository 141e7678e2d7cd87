import type { Act } from './acts.ts'

/** Days told anew at most, and stories: a shorter one is a comfort, not a proof. */
const mostDays = 80
const mostTellings = 40

/**
 * The shortest story found that still fails, by leaving out halves, quarters, … and single acts of it. `fails` tells it
 * again, which takes that many virtual days; a story that fails without any act needs none.
 */
export async function shrink(
  acts: readonly Act[],
  days: number,
  fails: (acts: readonly Act[]) => Promise<boolean>,
): Promise<Act[]> {
  let story = [...acts]
  const most = Math.min(mostTellings, Math.ceil(mostDays / days))
  let tellings = 0
  for (let size = Math.ceil(story.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let i = 0; i < story.length && tellings < most; ) {
      const shorter = [...story.slice(0, i), ...story.slice(i + size)]
      tellings++
      if (await fails(shorter)) story = shorter
      else i += size
    }
  }
  return story
}
