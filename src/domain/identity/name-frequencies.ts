import type { WrittenName } from './written-name.ts'

/** How common names and their parts are in the data at hand, kept from claiming too much where the data are few. */
export type NameFrequencies = {
  /** The share of people whose surname (given name: whose name holds this character) is written so. */
  surname(char: string): number
  given(char: string): number
  surnameSound(syllable: string): number
  givenSound(syllable: string): number
  /** The share of other people who have this very name, beyond what its parts explain. */
  excess(key: string): number
}

/** What a part of a name is expected to share before any name was seen, and the names that this belief is worth. */
const belief = { surname: 0.02, given: 0.005, surnameSound: 0.03, givenSound: 0.02, worth: 60 }

/** Counts the parts of all names; `connection` tells the rosters apart, so that twins do not count as namesakes. */
export function countNames(
  names: readonly { name: WrittenName; connection: number; account?: { mobile: string | null } }[],
): NameFrequencies {
  const tables = { surname: table(), given: table(), surnameSound: table(), givenSound: table() }
  const whole = new Map<string, number[]>()
  const sizes: number[] = []
  const known = new Set<string>()
  for (const { name, connection, account } of names) {
    sizes[connection] = (sizes[connection] ?? 0) + 1
    if (name.key === '') continue
    // Whoever came back under another user id is not their own namesake.
    const self = account?.mobile ? `${connection} ${name.key} ${account.mobile}` : null
    if (self !== null && known.has(self)) continue
    if (self !== null) known.add(self)
    const counts = whole.get(name.key)
    if (counts) counts[connection] = (counts[connection] ?? 0) + 1
    else whole.set(name.key, Object.assign([], { [connection]: 1 }))
    name.chars.forEach((char, at) => {
      const isSurname = at < name.surname
      if (char !== '*') (isSurname ? tables.surname : tables.given).add(char)
      const sound = name.syllables[at]
      if (sound) (isSurname ? tables.surnameSound : tables.givenSound).add(sound)
    })
  }
  const excess = new Map<string, number>()
  for (const [key, counts] of whole) {
    let most = 0
    counts.forEach((count, connection) => {
      most = Math.max(most, (count - 1) / sizes[connection]!)
    })
    if (most > 0) excess.set(key, most)
  }
  return {
    surname: (char) => tables.surname.share(char, belief.surname),
    given: (char) => tables.given.share(char, belief.given),
    surnameSound: (sound) => tables.surnameSound.share(sound, belief.surnameSound),
    givenSound: (sound) => tables.givenSound.share(sound, belief.givenSound),
    excess: (key) => excess.get(key) ?? 0,
  }
}

function table() {
  const counts = new Map<string, number>()
  let total = 0
  return {
    add(value: string) {
      counts.set(value, (counts.get(value) ?? 0) + 1)
      total++
    },
    share: (value: string, before: number) =>
      ((counts.get(value) ?? 0) + before * belief.worth) / (total + belief.worth),
  }
}
