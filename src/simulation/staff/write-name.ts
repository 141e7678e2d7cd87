import { type Dice, dice } from './dice.ts'
import { rareCharacters } from './given-names.ts'
import { lookAlikesOf, toPieces, toTraditional } from './name-variants.ts'
import type { Human } from './people.ts'
import { homophonesOf, knownCharacters, readRows } from './spelling.ts'
import type { Corruption, StaffRates } from './staff-rates.ts'
import { latinOf, syllablesOf } from './true-name.ts'

/** How one side writes a name, and what it did to it. */
export type WrittenName = { text: string; corruptions: Corruption[] }

/** Whether a corruption meets this person on the side at hand: each strikes one side, WeCom's more often. */
export type Strikes = (corruption: Corruption, rate?: number) => boolean

const nicknames =
  'Kevin Jason Tony Jack Leo Eric Frank Andy Alex Sam David Mike Vivian Amy Lily Lucy Cindy Tina Grace Emma Jenny Coco Helen Nancy Sunny Yoyo Candy Fiona'.split(
    ' ',
  )
const suffixes = {
  leaver: ['（离职）', '(离职)', '-离职', '【已离职】', '_离职'],
  outsourced: ['-外包', '（外包）', '(OD)', '-劳务', '【外协】'],
  intern: ['(实习)', '（实习生）', '-实习'],
}
const rare = new Set(readRows(rareCharacters).map(([[syllable]]) => syllable!.char))

type Damage = { corruption: Corruption; rate: number; write: (human: Human, dice: Dice) => string | null }

/** At most one of these befalls a name on one side; the first that strikes. */
const damages = (rates: StaffRates): Damage[] => [
  { corruption: 'nameNickname', rate: rates.nameNickname, write: nickname },
  { corruption: 'namePinyin', rate: rates.namePinyin, write: inLatin },
  { corruption: 'nameStandIn', rate: rates.nameStandIn, write: standIn },
  { corruption: 'nameHomophone', rate: rates.nameHomophone, write: homophone },
  { corruption: 'nameLookAlike', rate: rates.nameLookAlike, write: lookAlike },
  { corruption: 'nameTraditional', rate: rates.nameTraditional, write: traditional },
  { corruption: 'nameTypo', rate: rates.nameTypo, write: typo },
  { corruption: 'nameOtherDot', rate: rates.nameOtherDot, write: otherDot },
  { corruption: 'nameOtherOrder', rate: rates.nameOtherOrder, write: otherOrder },
]

/** Writes a person's name for one side. `stillThere`: a leaver whose account nobody closed. */
export function writeName(
  seed: number,
  human: Human,
  { strikes, rates, stillThere }: { strikes: Strikes; rates: StaffRates; stillThere: boolean },
): WrittenName {
  const corruptions: Corruption[] = []
  const own = dice(seed, 'writeName', human.n)
  let text = human.name.text
  for (const { corruption, rate, write } of damages(rates)) {
    const written = strikes(corruption, rate) ? write(human, own) : null
    if (written === null || written === text) continue
    text = written
    corruptions.push(corruption)
    break
  }
  if (human.corruptions.has('sameNameInDepartment') && strikes('nameNumbered')) {
    text = own.pick([
      `${text}${own.between(1, 3)}`,
      `${text}（${own.pick(['大', '小', '男', '女'])}）`,
      `小${text}`,
    ])
    corruptions.push('nameNumbered')
  }
  if (human.name.kind === 'han' && corruptions.length === 0 && strikes('nameBlank')) {
    const [first = '', ...others] = text
    text = own.pick([
      `${first} ${others.join('')}`,
      `${first}　${others.join('')}`,
      [first, ...others].join(' '),
      ` ${text}`,
    ])
    corruptions.push('nameBlank')
  }
  const reason = stillThere ? 'leaver' : human.kind === 'regular' ? null : human.kind
  if (reason !== null && strikes('nameSuffix')) {
    text += own.pick(suffixes[reason])
    corruptions.push('nameSuffix')
  }
  return { text, corruptions }
}

const textOf = (chars: readonly { char: string }[]) => chars.map(({ char }) => char).join('')
const capital = (latin: string) => latin.slice(0, 1).toUpperCase() + latin.slice(1)

/** In half of the cases nothing but the nickname, as the technology companies have it. */
function nickname({ name }: Human, own: Dice): string {
  const nick = own.pick(nicknames)
  const surname = name.surname.map(({ latin }) => latin).join('')
  return own.pick([
    nick,
    nick,
    surname ? `${nick} ${capital(surname)}` : nick,
    `${name.text}(${nick})`,
    `${nick} ${name.text}`,
    `${nick}-${name.text}`,
  ])
}

function inLatin({ name }: Human, own: Dice): string | null {
  if (name.kind !== 'han') return null
  const surname = name.surname.map(({ latin }) => latin).join('')
  const given = name.given.map(({ latin }) => latin).join('')
  return own.pick([
    `${capital(surname)} ${capital(given)}`,
    `${capital(given)} ${capital(surname)}`,
    surname + given,
    `${surname.toUpperCase()} ${capital(given)}`,
    capital(surname) + capital(given),
    `${capital(given)}.${capital(surname)}`,
  ])
}

/** What an older system shows for a character it does not have. */
function standIn({ name }: Human, own: Dice): string | null {
  const at = name.given.findIndex(({ char }) => rare.has(char))
  if (at < 0) return null
  const syllable = name.given[at]!
  const instead = own.pick([
    '*',
    '?',
    '□',
    '＊',
    '\uE1A3',
    syllable.latin,
    syllable.latin.toUpperCase(),
    `(${syllable.latin})`,
    toPieces(syllable.char) ?? '某',
    homophonesOf(syllable)[0] ?? '*',
  ])
  const given = name.given.map(({ char }, n) => (n === at ? instead : char)).join('')
  return textOf(name.surname) + given
}

/** A slip of the input method: mostly in the given name, which is not asked for again. */
function homophone({ name }: Human, own: Dice): string | null {
  const chars = syllablesOf(name)
  if (chars.length === 0) return null
  const at = own.happens(0.15) ? 0 : own.between(name.surname.length, chars.length - 1)
  const others = homophonesOf(chars[at]!)
  if (others.length === 0) return null
  const other = own.pick(others)
  return chars.map(({ char }, n) => (n === at ? other : char)).join('')
}

function lookAlike({ name }: Human, own: Dice): string | null {
  const chars = [...name.text]
  const spots = chars.flatMap((char, at) => (lookAlikesOf(char).length > 0 ? [at] : []))
  if (spots.length === 0) return null
  const at = own.pick(spots)
  chars[at] = own.pick(lookAlikesOf(chars[at]!))
  return chars.join('')
}

const traditional = ({ name }: Human) => toTraditional(name.text)

/** Any other character, or two that changed places. */
function typo({ name }: Human, own: Dice): string | null {
  if (name.kind !== 'han') return null
  const chars = [...name.text]
  if (chars.length > 2 && own.happens(0.3))
    return [...chars.slice(0, -2), chars.at(-1), chars.at(-2)].join('')
  chars[own.between(1, chars.length - 1)] = own.pick(knownCharacters)
  return chars.join('')
}

function otherDot({ name }: Human, own: Dice): string | null {
  if (name.kind !== 'dotted') return null
  const [first = '', second = ''] = name.text.split('·')
  return own.pick([
    `${first}•${second}`,
    `${first}．${second}`,
    `${first}.${second}`,
    `${first} ${second}`,
    first + second,
    first,
  ])
}

function otherOrder({ name }: Human, own: Dice): string | null {
  if (name.kind !== 'foreign' || !/[a-z]/.test(name.text)) return null
  const words = name.text.split(' ')
  return own.pick([
    [...words].reverse().join(' '),
    name.text.toUpperCase(),
    `${words.at(-1)!.toUpperCase()} ${words[0]}`,
    latinOf(name),
  ])
}
