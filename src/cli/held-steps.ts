import type { Messages } from '#messages/zh.ts'

type Held = { route: string; held: number; heldBecause?: Record<string, number | undefined> }

/** What moves held punches on, by why they are held. */
export function heldSteps(
  { route, held, heldBecause = {} }: Held,
  words: Pick<Messages['reports']['sync'], 'nextHeld' | 'nextOutOfCalls' | 'nextBraked'>,
): string[] {
  const { outOfCalls = 0, braked = 0, waiting = 0 } = heldBecause
  return [
    ...(braked > 0 ? [words.nextBraked(route)] : []),
    ...(outOfCalls > 0 ? [words.nextOutOfCalls(route)] : []),
    ...(held > outOfCalls + braked + waiting ? [words.nextHeld(route)] : []),
  ]
}
