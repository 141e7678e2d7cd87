import { type Lang, messagesIn } from './messages.ts'

/** A step may bring nothing once or twice for the time being; people are told when it goes on. */
const toldAfterTries = 3

/** Of these steps those that people are told of. */
export const toldStalls = <T extends { tries: number }>(stalled: readonly T[] = []): T[] =>
  stalled.filter(({ tries }) => tries >= toldAfterTries)

/** Steps that were taken again and again and brought nothing: what they are and what to do. `since`: RFC 3339. */
export function tellStalled(
  stalled: readonly { step: string; tries: number; since: string }[],
  route: string,
  lang: Lang,
): { title: string; hint: string }[] {
  const { stalls } = messagesIn(lang)
  return toldStalls(stalled).map(({ step, tries, since }) => ({
    title: stalls.title(step, tries, since),
    hint: stalls.hint(route),
  }))
}
