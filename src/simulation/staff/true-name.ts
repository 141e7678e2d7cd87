import type { Dice } from './dice.ts'
import { weighted } from './dice.ts'
import { fashions, firsts, lasts, rareCharacters, singles } from './given-names.ts'
import { readRows, type Syllable, spell } from './spelling.ts'
import { compoundSurnames, surnames } from './surnames.ts'

/** What stands in the identity card. `surname` and `given` are empty for names without Chinese characters' order. */
export type TrueName = {
  text: string
  surname: readonly Syllable[]
  given: readonly Syllable[]
  kind: 'han' | 'dotted' | 'foreign'
}

/** How names are made up, as shares of all people (`rare`: of Han names). */
export const nameShares = {
  compound: 0.002,
  /** Uyghur, Tibetan, Yi and other names written with a dot: 1 % of staff nationwide, far more in the west. */
  dotted: 0.01,
  foreign: 0.004,
  rare: 0.012,
  /** One-character given names: fashionable for those born 1970–1995, 14 % of staff all in all. */
  single: 0.14,
  fashion: 0.1,
} as const

const surnameTable = weighted(readRows(surnames))
const compoundTable = weighted(readRows(compoundSurnames))
const rareTable = weighted(readRows(rareCharacters))
const tablesOf = ({ man, woman }: { man: string; woman: string }) =>
  [weighted(readRows(man)), weighted(readRows(woman))] as const
const [singleTables, firstTables, lastTables] = [singles, firsts, lasts].map(tablesOf) as [
  ReturnType<typeof tablesOf>,
  ReturnType<typeof tablesOf>,
  ReturnType<typeof tablesOf>,
]
const fashionTables = [fashions.man, fashions.woman].map((text) =>
  weighted(
    text.split(' ').map((word) => [word.replace(/\d+/, ''), Number(/\d+/.exec(word)?.[0] ?? 1)] as const),
  ),
)

const dottedFirst =
  '买买提 阿依古丽 艾力 古丽娜尔 热依汗 吐尔逊 阿迪力 帕提古丽 扎西 卓玛 次仁 拉姆 木呷 阿呷 乌云其木格 巴特尔 哈斯'.split(
    ' ',
  )
const dottedSecond =
  '艾合买提 吐尔逊 阿布都拉 依明 肉孜 托合提 买买提 多吉 央金 旺堆 曲比 吉克 沙马 那顺 宝音 阿不力孜 玉素甫'.split(
    ' ',
  )
const foreignFirst =
  'John Maria David Anna Peter Olga Ahmed Marc Sophie Thomas Linda Carlos Yuki Minsu Priya Ivan'.split(' ')
const foreignLast =
  'Smith Garcia Brown Müller Jones Ivanova Hassan Dubois Martin Lee Nguyen Tanaka Kim Patel Silva'.split(' ')
const inCharacters =
  '田中太郎 佐藤健 铃木一郎 朴智秀 高桥美咲 山本由美 金民秀 渡边大辅 李在勋 中村悠斗'.split(' ')

/** One person's name. */
export function drawName(dice: Dice, isWoman: boolean): TrueName {
  const kind = dice.next()
  if (kind < nameShares.foreign) {
    const latin = `${dice.pick(foreignFirst)} ${dice.pick(foreignLast)}`
    return plain(dice.happens(0.7) ? latin : dice.pick(inCharacters), 'foreign')
  }
  if (kind < nameShares.foreign + nameShares.dotted)
    return plain(`${dice.pick(dottedFirst)}·${dice.pick(dottedSecond)}`, 'dotted')
  const surname = dice.draw(dice.happens(nameShares.compound) ? compoundTable : surnameTable)
  return hanName(surname, drawGiven(dice, isWoman))
}

function drawGiven(dice: Dice, isWoman: boolean): Syllable[] {
  const which = isWoman ? 1 : 0
  if (dice.happens(nameShares.rare)) {
    const rare = dice.draw(rareTable)
    return dice.happens(0.5) ? rare : [...dice.draw(firstTables[which]), ...rare]
  }
  const style = dice.next()
  if (style < nameShares.single) return dice.draw(singleTables[which])
  if (style < nameShares.single + nameShares.fashion) return [...dice.draw(fashionTables[which]!)].map(spell)
  return [...dice.draw(firstTables[which]), ...dice.draw(lastTables[which])]
}

export const hanName = (surname: readonly Syllable[], given: readonly Syllable[]): TrueName => ({
  text: [...surname, ...given].map(({ char }) => char).join(''),
  surname,
  given,
  kind: 'han',
})

const plain = (text: string, kind: 'dotted' | 'foreign'): TrueName => ({ text, surname: [], given: [], kind })

/** `wangwei`: how addresses and user ids spell it. */
export function latinOf(name: TrueName): string {
  if (name.kind === 'han') return [...name.surname, ...name.given].map(({ latin }) => latin).join('')
  const ascii = name.text
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase()
  return ascii || `u${[...name.text].reduce((sum, char) => sum + char.codePointAt(0)!, 0) % 10_000}`
}

/** The name's characters with its bearer's spelling, surname first; empty for names that are not Han. */
export const syllablesOf = (name: TrueName): readonly Syllable[] => [...name.surname, ...name.given]
