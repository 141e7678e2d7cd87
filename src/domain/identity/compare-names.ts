import { isRare, looksLike } from './characters.ts'
import type { NameFrequencies } from './name-frequencies.ts'
import { isPinyinName, isSyllable, rotations, toSyllables } from './syllables.ts'
import type { WrittenName } from './written-name.ts'

/** How two names agree, the closest first. `opaque`: one of them (a nickname) says nothing about the other. */
export const nameLevels = [
  'same',
  'homophone',
  'pinyin',
  'stand-in',
  'look-alike',
  'one-off',
  'opaque',
  'different',
] as const
export type NameLevel = (typeof nameLevels)[number]

/** `chance`: how likely a stranger's name would agree as well; 1 where it does not agree. Null: there is no name. */
export type NameComparison = Compared | null
type Compared = { level: NameLevel; chance: number }

type Spot = 'same' | 'hidden' | 'sound' | 'rare' | 'shape' | 'other'

/** Given names are chosen together, not character by character: their parts repeat more than chance. */
const togetherness = 3
const leastChance = 1e-7
/** A stranger's character at one spot happens to look alike, or happens to be one that cannot be written. */
const shapeChance = 0.02
const rareChance = 0.02
/** Characters of given names that so few people have are likely to be left out. */
const rareShare = 0.0003
/** Latin names that are equal but are not pinyin: nicknames, of which everybody has one of a few hundred. */
const nicknameChance = 0.02
/** Strangers with the same number beside words that name nobody. */
const numberChance = 0.02

/** Compares two names by characters, sound, shape, Latin writing and what stands in for characters nobody could type. */
export function compareNames(a: WrittenName, b: WrittenName, frequencies: NameFrequencies): NameComparison {
  if (a.key === '' || b.key === '') return null
  if (a.number === '' || b.number === '') return compareWords(a, b, frequencies)
  if (a.number !== b.number) return { level: 'different', chance: 1 }
  const words = compareWords(a, b, frequencies)
  if (words.level !== 'same') return words
  return { ...words, chance: Math.max(leastChance, words.chance * numberChance, frequencies.excess(a.key)) }
}

function compareWords(a: WrittenName, b: WrittenName, frequencies: NameFrequencies): Compared {
  if (a.chars.length > 0 && b.chars.length > 0) return compareCharacters(a, b, frequencies)
  if (a.chars.length > 0) return compareWithLatin(a, b, frequencies)
  if (b.chars.length > 0) return compareWithLatin(b, a, frequencies)
  return compareLatin(a, b, frequencies)
}

function compareCharacters(a: WrittenName, b: WrittenName, frequencies: NameFrequencies): Compared {
  if (a.key === b.key && !a.key.includes('*'))
    return agreed('same', spotsOf(a, b), a, frequencies, frequencies.excess(a.key))
  if (a.chars.length !== b.chars.length) return compareLengths(a, b, frequencies)
  const spots = spotsOf(a, b)
  const has = (spot: Spot) => spots.includes(spot)
  const others = spots.filter((spot) => spot === 'other').length
  const firm = spots.filter((spot) => spot === 'same' || spot === 'sound').length
  if (others > 1 || firm === 0) return { level: 'different', chance: 1 }
  if (others === 1)
    return spots.length >= 3 && !has('hidden') && !has('shape') && !has('rare')
      ? agreed('one-off', spots, a, frequencies)
      : { level: 'different', chance: 1 }
  if (has('hidden') || has('rare')) return agreed('stand-in', spots, a, frequencies)
  if (has('shape')) return agreed('look-alike', spots, a, frequencies)
  return agreed(has('sound') ? 'homophone' : 'same', spots, a, frequencies)
}

function spotsOf(a: WrittenName, b: WrittenName): Spot[] {
  return a.chars.map((mine, at) => {
    const theirs = b.chars[at]!
    if (mine === '*' || theirs === '*') return 'hidden'
    if (mine === theirs) return 'same'
    if (a.syllables[at] !== '' && a.syllables[at] === b.syllables[at]) return 'sound'
    if (isRare(mine) || isRare(theirs)) return 'rare'
    return looksLike(mine, theirs) ? 'shape' : 'other'
  })
}

/** Long names (minorities, foreigners) are cut; a short one with a character too many is somebody else's. */
function compareLengths(a: WrittenName, b: WrittenName, frequencies: NameFrequencies): Compared {
  const [short, long] = a.chars.length < b.chars.length ? [a, b] : [b, a]
  const lost = lostSpot(short, long)
  // A character that cannot be written is sometimes left out; one that everybody writes is not.
  if (lost !== null && (short.chars.length === 1 || frequencies.given(long.chars[lost]!) < rareShare))
    return agreed('stand-in', spotsOf(short, short), short, frequencies)
  const isCut = short.chars.length >= 3 && short.chars.every((char, at) => char === long.chars[at])
  const lasts = long.chars.at(-1) ?? ''
  if (isCut && (long.chars.length >= 5 || isSyllable(lasts)))
    return agreed('one-off', spotsOf(short, long), short, frequencies)
  return { level: 'different', chance: 1 }
}

/** Where the longer name has one character more, after the surname; null when that is not the difference. */
function lostSpot({ chars: short }: WrittenName, { chars: long, surname }: WrittenName): number | null {
  if (long.length !== short.length + 1 || short.includes('*')) return null
  for (let at = surname; at < long.length; at++)
    if (long.every((char, place) => place === at || char === short[place < at ? place : place - 1])) return at
  return null
}

function agreed(
  level: NameLevel,
  spots: readonly Spot[],
  name: WrittenName,
  frequencies: NameFrequencies,
  excess = 0,
): Compared {
  const chances = spots.map((spot, at) => {
    const isSurname = at < name.surname
    const char = name.chars[at]!
    if (spot === 'same') return isSurname ? frequencies.surname(char) : frequencies.given(char)
    if (spot === 'sound') return soundChance(name.syllables[at]!, isSurname, frequencies)
    return spot === 'shape' ? shapeChance : spot === 'rare' ? rareChance : 1
  })
  const chance = allTogether(chances, name)
  return { level, chance: Math.min(1, Math.max(leastChance, chance * togetherness + excess)) }
}

/**
 * A long name (minorities, foreigners) is made of two words, each as common as its rarest character: the others follow
 * from that one.
 */
function allTogether(chances: readonly number[], { chars, surname }: WrittenName): number {
  const free = chars.length - surname < 3 ? chances : chances.toSorted((x, y) => x - y).slice(0, 2)
  return free.reduce((product, chance) => product * chance, 1)
}

const soundChance = (sound: string, isSurname: boolean, frequencies: NameFrequencies): number =>
  isSurname ? frequencies.surnameSound(sound) : frequencies.givenSound(sound)

/** How likely a stranger's name sounds like this one. */
export const soundsChance = (name: WrittenName, frequencies: NameFrequencies): number => {
  const sounds = name.syllables.map((syllable, at) => soundChance(syllable, at < name.surname, frequencies))
  return Math.min(1, Math.max(leastChance, togetherness * allTogether(sounds, name)))
}

function compareWithLatin(han: WrittenName, latin: WrittenName, frequencies: NameFrequencies): Compared {
  const [spelt = ''] = han.pinyinKeys
  if (spelt !== '' && latin.pinyinKeys.includes(spelt)) {
    return { level: 'pinyin', chance: soundsChance(han, frequencies) }
  }
  if (han.latin.length > 0 && han.latin.join(' ') === latin.key && latin.key.length > 2)
    return { level: 'pinyin', chance: nicknameChance }
  return isPinyinName(latin.latin) ? { level: 'different', chance: 1 } : { level: 'opaque', chance: 1 }
}

function compareLatin(a: WrittenName, b: WrittenName, frequencies: NameFrequencies): Compared {
  const [mine, theirs] = [rotations(a.latin), b.pinyinKeys]
  if (mine.some((key) => theirs.includes(key)) || a.pinyinKeys.some((key) => theirs.includes(key))) {
    const sounds = a.latin.flatMap((word) => toSyllables(word) ?? [])
    const chance =
      isPinyinName(a.latin) && sounds.length > 1
        ? sounds.reduce((product, sound) => product * frequencies.givenSound(sound), togetherness)
        : nicknameChance
    return { level: 'same', chance: Math.min(1, Math.max(leastChance, chance + frequencies.excess(a.key))) }
  }
  return isPinyinName(a.latin) && isPinyinName(b.latin)
    ? { level: 'different', chance: 1 }
    : { level: 'opaque', chance: 1 }
}
