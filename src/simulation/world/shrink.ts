import type { Act } from './acts.ts'

/** Told no more often than this: a shorter story is a comfort, not a proof. */
const mostTellings = 40

/**
 * The shortest story found that still fails, by leaving out halves, quarters, … and single acts of it. `fails` tells it
 * again; a story that fails without any act needs none.
 */
export async function shrink(
  acts: readonly Act[],
  fails: (acts: readonly Act[]) => Promise<boolean>,
): Promise<Act[]> {
  let story = [...acts]
  let tellings = 0
  for (let size = Math.ceil(story.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let i = 0; i < story.length && tellings < mostTellings; ) {
      const shorter = [...story.slice(0, i), ...story.slice(i + size)]
      tellings++
      if (await fails(shorter)) story = shorter
      else i += size
    }
  }
  return story
}
