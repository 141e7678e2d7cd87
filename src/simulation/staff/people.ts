import type { Day } from './days.ts'
import { dateOf, dayOf } from './days.ts'
import type { Team } from './department-tree.ts'
import { growTree } from './department-tree.ts'
import { dice } from './dice.ts'
import { drawMobile } from './mobile.ts'
import { numberStays } from './number-stays.ts'
import type { Corruption, StaffRates } from './staff-rates.ts'
import { drawName, type TrueName } from './true-name.ts'

/** A time of employment in one subsidiary; `left` is its last day. */
export type Stay = {
  subsidiary: number
  team: Team
  hired: Day
  left: Day | null
  jobNumber: string
}

/** A human as they are, before anybody typed them into a roster. */
export type Human = {
  n: number
  kind: 'regular' | 'outsourced' | 'intern'
  isWoman: boolean
  name: TrueName
  /** E.164. */
  mobile: string
  /** Whose telephone is given instead, and where. */
  borrowed: { mobile: string; on: 'dingtalk' | 'wecom' | 'both' } | null
  title: string
  /** In order; two of one subsidiary are a rehire, two at a time a secondment. */
  stays: Stay[]
  corruptions: Set<Corruption>
}

export type CompanyPlan = {
  seed: number
  people: number
  subsidiaries: number
  today: Day
  rates: StaffRates
}

const founded = dayOf('2008-03-01')
const titles =
  '工程师 高级工程师 操作工 操作工 技术员 销售经理 销售代表 专员 专员 主管 经理 助理 会计 客服专员 班组长 质检员 仓管员 项目经理 设计师 总监'.split(
    ' ',
  )
/** Of the subsidiaries after the first, each has this share of the first one's people. */
const sizeOfOthers = 0.6
/** Graduates and seasonal workers start on one day: their hire date tells little. */
const cohortShare = 0.2

/** The people of a company as they are. */
export function peopleOf(plan: CompanyPlan): Human[] {
  const sizes = Array.from({ length: plan.subsidiaries }, (_, at) => (at === 0 ? 1 : sizeOfOthers))
  const whole = sizes.reduce((sum, size) => sum + size, 0)
  const trees = sizes.map((size, at) => growTree(plan.seed, at, (plan.people * size) / whole, plan.rates))
  const people = Array.from({ length: plan.people }, (_, n) => humanOf(plan, n, sizes, trees))
  numberStays(plan, people)
  nameAlike(plan, people)
  shareMobiles(plan, people)
  return people
}

function humanOf(plan: CompanyPlan, n: number, sizes: readonly number[], trees: readonly Team[][]): Human {
  const { seed, rates } = plan
  const own = dice(seed, 'human', n)
  const isWoman = own.happens(0.46)
  const kind = own.next()
  const subsidiary = placeOf(own.next(), sizes)
  const stay = (at: number, hired: Day, left: Day | null): Stay => {
    const { next } = dice(seed, 'team', n, at, hired)
    return {
      subsidiary: at,
      team: trees[at]![Math.floor(next() ** 1.2 * trees[at]!.length)]!,
      hired,
      left,
      jobNumber: '',
    }
  }
  const human: Human = {
    n,
    isWoman,
    kind:
      kind < rates.outsourced ? 'outsourced' : kind < rates.outsourced + rates.intern ? 'intern' : 'regular',
    name: drawName(dice(seed, 'name', n), isWoman),
    mobile: drawMobile(dice(seed, 'mobile', n), rates.mobileHkMacau),
    borrowed: null,
    title: own.pick(titles),
    stays: [],
    corruptions: new Set(),
  }
  const hired = hireDay(plan, n)
  const strikes = (corruption: 'leaver' | 'rehired' | 'seconded', isPossible: boolean) => {
    const struck = isPossible && dice(seed, corruption, n).happens(rates[corruption])
    if (struck) human.corruptions.add(corruption)
    return struck
  }
  const tenure = plan.today - hired
  const life = dice(seed, 'life', n)
  if (strikes('leaver', tenure > 40))
    human.stays.push(stay(subsidiary, hired, hired + life.between(30, Math.min(tenure - 1, 1500))))
  else if (strikes('rehired', tenure > 400)) {
    const left = hired + life.between(60, tenure - 200)
    human.stays.push(
      stay(subsidiary, hired, left),
      stay(subsidiary, left + life.between(30, plan.today - left - 60), null),
    )
  } else {
    human.stays.push(stay(subsidiary, hired, null))
    if (strikes('seconded', plan.subsidiaries > 1 && tenure > 60)) {
      const host = (subsidiary + life.between(1, plan.subsidiaries - 1)) % plan.subsidiaries
      human.stays.push(stay(host, hired + life.between(30, tenure - 10), null))
    }
  }
  return human
}

function placeOf(at: number, sizes: readonly number[]): number {
  let left = at * sizes.reduce((sum, size) => sum + size, 0)
  for (const [place, size] of sizes.entries()) {
    if (left < size) return place
    left -= size
  }
  return sizes.length - 1
}

/** Companies grow: half of the people came in the last three years. */
function hireDay({ seed, today }: CompanyPlan, n: number): Day {
  const own = dice(seed, 'hired', n)
  const day = today - 1 - Math.floor((today - 1 - founded) * own.next() ** 2.2)
  if (!own.happens(cohortShare)) return day
  const cohort = dayOf(`${dateOf(day).slice(0, 4)}-${own.happens(0.7) ? '07-01' : '03-01'}`)
  return cohort < today && cohort > founded ? cohort : day
}

/** Namesakes in one team: the second of two gets the first one's name. */
function nameAlike({ seed, rates }: CompanyPlan, people: readonly Human[]): void {
  const teams = Map.groupBy(people, ({ stays }) => stays.at(-1)!.team)
  const pairs = Math.round((people.length * rates.sameNameInDepartment) / 2)
  for (let n = 0; n < pairs; n++) {
    const own = dice(seed, 'alike', n)
    const one = own.pick(people)
    const others = teams
      .get(one.stays.at(-1)!.team)!
      .filter((other) => other !== one && other.isWoman === one.isWoman && other.name.kind === 'han')
    if (others.length === 0 || one.name.kind !== 'han') continue
    const other = own.pick(others)
    other.name = one.name
    for (const { corruptions } of [one, other]) corruptions.add('sameNameInDepartment')
  }
}

/** A couple is anybody with anybody; a leader is somebody of the same team. */
function shareMobiles({ seed, rates }: CompanyPlan, people: readonly Human[]): void {
  const teams = Map.groupBy(people, ({ stays }) => stays.at(-1)!.team)
  for (const human of people) {
    const own = dice(seed, 'mobileShared', human.n)
    if (!own.happens(rates.mobileShared)) continue
    const owner = own.happens(0.5) ? own.pick(people) : teams.get(human.stays.at(-1)!.team)![0]!
    if (owner === human) continue
    human.borrowed = { mobile: owner.mobile, on: own.pick(['dingtalk', 'wecom', 'both']) }
    human.corruptions.add('mobileShared')
  }
}
