import { type Dice, dice } from './dice.ts'
import type { CompanyPlan } from './people.ts'
import { latinOf, type TrueName } from './true-name.ts'
import type { GeneratedAccount } from './write-account.ts'
import type { Platform } from './write-fields.ts'

type Ask = { name: TrueName; jobNumber: string }
type Style = (ask: Ask, dice: Dice) => string

const digits = (dice: Dice, count: number) => Array.from({ length: count }, () => dice.between(0, 9)).join('')
const random: Style = (_ask, dice) =>
  Array.from({ length: 12 }, () => dice.pick([...'abcdefghjkmnpqrstuvwxyz23456789'])).join('')
const byJobNumber: Style = ({ jobNumber }) => jobNumber
const byPinyin: Style = ({ name }) => latinOf(name)
/** WeCom's own suggestion: `WangXiaoMing`. */
const byCapitals: Style = ({ name }) =>
  name.kind === 'han'
    ? [...name.surname, ...name.given].map(({ latin }) => latin[0]!.toUpperCase() + latin.slice(1)).join('')
    : latinOf(name)
const byInitials: Style = ({ name }, dice) =>
  name.kind === 'han'
    ? `${name.surname.map(({ latin }) => latin).join('')}${name.given.map(({ latin }) => latin[0]).join('')}`
    : random({ name, jobNumber: '' }, dice)
const numeric: Style = (_ask, dice) => `${dice.pick(['0', '1', '2'])}${digits(dice, dice.pick([15, 17, 18]))}`
const early: Style = (_ask, dice) => `manager${digits(dice, 4)}`

const styles = {
  dingtalk: [numeric, numeric, numeric, byJobNumber, early],
  wecom: [byCapitals, byPinyin, byPinyin, byJobNumber, random, byInitials],
} as const

/** Of the user ids of a connection, this share follows the house style; the rest came otherwise. */
const houseShare = 0.85

/**
 * Gives out the user ids of one connection. WeCom does not tell capitals from small letters, so none differ by these
 * alone; two accounts have one user id where a leaver's was given to somebody else.
 */
export function giveUserIds(
  { seed, rates }: CompanyPlan,
  connection: string,
  platform: Platform,
  all: readonly GeneratedAccount[],
): void {
  const house = dice(seed, 'userIds', connection).pick(styles[platform])
  const byEntry = all.toSorted((a, b) => a.from - b.from || a.human.n - b.human.n)
  const inherited = new Map<GeneratedAccount, GeneratedAccount>()
  for (const leaver of byEntry) {
    const own = dice(seed, 'reusedUserId', connection, leaver.human.n)
    if (leaver.to === null || leaver.human.stays.length > 1 || !own.happens(rates.reusedUserId)) continue
    const heirs = byEntry.filter(
      (one) => one.from > leaver.to! && !inherited.has(one) && one.human !== leaver.human,
    )
    if (heirs.length === 0) continue
    const namesake = heirs.find(({ human }) => latinOf(human.name) === latinOf(leaver.human.name))
    const heir = namesake ?? own.pick(heirs)
    inherited.set(heir, leaver)
    for (const { corruptions } of [leaver, heir]) corruptions.add('reusedUserId')
  }
  const taken = new Set<string>()
  for (const one of byEntry) {
    const own = dice(seed, 'userId', connection, one.human.n, one.from)
    const style = own.happens(houseShare) ? house : own.pick(styles[platform])
    const { jobNumber } = one.stays.at(-1)!
    const wanted = inherited.get(one)?.account.userId ?? style({ name: one.human.name, jobNumber }, own)
    let id = wanted
    if (!inherited.has(one)) for (let n = 2; taken.has(id.toLowerCase()); n++) id = `${wanted}${n}`
    taken.add(id.toLowerCase())
    one.account.userId = id
  }
}
