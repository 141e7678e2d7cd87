import type { UnknownBecause } from '#domain/freshness.ts'
import { type Lang, messagesIn } from './messages.ts'

/** What a status says of the people whose punches are not all read; `unknown` names some of `unknownCount`. */
export type UnknownFacts = {
  unknown: { name: string; because: UnknownBecause }[]
  unknownCount: number
  unknownBecause: Partial<Record<UnknownBecause, number>>
}

const namesTold = 3

/** One sentence: how many are unknown, why, and who some of them are. Null when nobody is. */
export function tellUnknown(facts: UnknownFacts, lang: Lang): string | null {
  if (facts.unknownCount === 0) return null
  const words = messagesIn(lang).freshness
  const reasons = (Object.entries(facts.unknownBecause) as [UnknownBecause, number][])
    .toSorted(([, a], [, b]) => b - a)
    .map(([because, count]) => {
      const named = facts.unknown.filter((one) => one.because === because).slice(0, namesTold)
      const names = named.map((one) => one.name).join(words.nameSeparator)
      return words.reason(
        words.because[because],
        String(count),
        count > named.length ? words.andMore(names) : names,
      )
    })
  return words.unknown(String(facts.unknownCount), reasons.join(words.reasonSeparator))
}
