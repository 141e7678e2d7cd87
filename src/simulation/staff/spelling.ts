import { firsts, lasts, rareCharacters, singles } from './given-names.ts'
import { strayCharacters } from './stray-characters.ts'
import { compoundSurnames, surnames } from './surnames.ts'

/** A character and how its bearer spells it. */
export type Syllable = { char: string; latin: string }

/** Reads `王wang710 欧ou阳yang9` as rows of syllables with their weight (1 where none stands). */
export const readRows = (text: string): (readonly [Syllable[], number])[] =>
  text.split(' ').map((word) => {
    const syllables = [...word.matchAll(/(\P{ASCII})([a-z]+)/gu)].map(([, char = '', latin = '']) => ({
      char,
      latin,
    }))
    return [syllables, Number(/\d+$/.exec(word)?.[0] ?? 1)] as const
  })

const given = [singles, firsts, lasts].flatMap(({ man, woman }) => [man, woman])
// Surnames stand last: where a character is spelled otherwise as a surname, given names keep their own spelling.
const everything = [...given, rareCharacters, strayCharacters, surnames, compoundSurnames]

const latinOf = new Map<string, string>()
const charsOf = new Map<string, string[]>()
for (const [syllables] of everything.flatMap(readRows))
  for (const { char, latin } of syllables) {
    if (latinOf.has(char)) continue
    latinOf.set(char, latin)
    charsOf.set(latin, [...(charsOf.get(latin) ?? []), char])
  }

/** How a given name's character is spelled; every character of the tables is known. */
export const spell = (char: string): Syllable => ({ char, latin: latinOf.get(char) ?? '' })

/** Other characters of names that sound the same: what an input method offers beside the right one. */
export const homophonesOf = ({ char, latin }: Syllable): string[] =>
  (charsOf.get(latin) ?? []).filter((other) => other !== char)

/** All characters that stand in given names. */
export const knownCharacters: readonly string[] = [...latinOf.keys()]
