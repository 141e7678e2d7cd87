import { castFor } from './cast.ts'
import { chanceOf, mix32 } from './chance.ts'
import { type Department, departmentsFor } from './departments.ts'
import { nameOf } from './names.ts'
import type { PunchIn } from './punch-sides.ts'
import type { ShiftName } from './shifts.ts'

/** One human's account on one platform. */
export type Account = {
  userId: string
  /** Indexes into the company's departments; the first is the main one. */
  departments: number[]
  mobile: string | null
  jobNumber: string | null
  isActive: boolean
  /** What this platform says otherwise than the company. */
  name?: string
  title?: string
  /** Epoch ms between which the account does not exist: before the hiring, after leaving (`to` null: until further notice). */
  away?: { from: number; to: number | null }[]
}
/** One human, with an account on either side, on both, or on one only. */
export type Person = {
  index: number
  name: string
  email: string
  shift: ShiftName
  /** A phone or a machine at the door. */
  habit: 'phone' | 'machine'
  dingtalk: Account | null
  wecom: Account | null
  /** Days after the first on which this person stops punching; null = never. */
  leavesAfter: number | null
  /** Not in any attendance group: never punches, has no slots. */
  exempt: boolean
  /** Punches in WeCom as well, at the same second. */
  punchesTwice: boolean
  /** What is odd about this person, for the page and for tests. */
  tags: string[]
}
/** `sample`: the company of the manual. `plain`: everyone linked by job number, two good punches every day; for benches. */
export type CompanyStyle = 'sample' | 'plain'
/** The whole company: one truth, from which both platforms are told. */
export type Company = {
  seed: number
  style: CompanyStyle
  punchIn: PunchIn
  departments: Department[]
  people: Person[]
  byDingtalk: Map<string, Person>
  /** WeCom ids are unique without regard to case: keys are lower-case. */
  byWecom: Map<string, Person>
  /** Those who had a DingTalk user id before whoever has it now. */
  formerHolders: Map<string, Person[]>
}

/** The account exists now. */
export const isThere = (account: Account | null): account is Account =>
  account !== null && account.away?.at(-1)?.to !== null
/** The account existed at this instant, epoch ms. */
export const wasThere = ({ away }: Account, ms: number): boolean =>
  !away?.some(({ from, to }) => from <= ms && (to === null || ms < to))

/** The company of a seed: a pure function of its arguments. */
export function createCompany(
  seed: number,
  size: number,
  style: CompanyStyle,
  punchIn: PunchIn = 'dingtalk',
): Company {
  const departments = departmentsFor(size)
  const seats = seatingPlan(departments)
  const taken = new Set<string>()
  const people: Person[] = []
  for (let index = 0; index < size; index++)
    people.push(ordinaryPerson(seed, index, seats, taken, departments, style))
  if (style === 'sample') castFor(size, { people, departments, taken })
  return {
    seed,
    style,
    punchIn,
    departments,
    people,
    byDingtalk: new Map(people.flatMap((p) => (p.dingtalk ? [[p.dingtalk.userId, p] as const] : []))),
    byWecom: new Map(people.flatMap((p) => (p.wecom ? [[p.wecom.userId.toLowerCase(), p] as const] : []))),
    formerHolders: new Map(),
  }
}

/** A wheel of department indexes, each as often as its share says. */
function seatingPlan(departments: Department[]): number[] {
  const wheel = departments.flatMap(({ share }, i) => Array.from({ length: share }, () => i))
  return wheel.map((_, i) => wheel[(i * 37) % wheel.length]!)
}

function ordinaryPerson(
  seed: number,
  index: number,
  seats: number[],
  taken: Set<string>,
  departments: Department[],
  style: CompanyStyle,
): Person {
  const name = nameOf(seed, index)
  const home = seats[index % seats.length]!
  const jobNumber = `QT${String(index + 1).padStart(5, '0')}`
  const mobile = mobileOf(seed, index)
  return {
    index,
    name: name.zh,
    email: `${name.latin}${index}@example.com`,
    shift: style === 'plain' ? 'day' : departments[home]!.shift,
    habit: chanceOf(seed, index, 'habit') < 0.35 ? 'machine' : 'phone',
    dingtalk: { userId: dingtalkIdOf(seed, index), departments: [home], mobile, jobNumber, isActive: true },
    wecom: { userId: freeId(name.latin, taken), departments: [home], mobile, jobNumber, isActive: true },
    leavesAfter: null,
    exempt: false,
    punchesTwice: false,
    tags: [],
  }
}

/** Chosen by the company for some, made up by the platform for others. */
const dingtalkIdOf = (seed: number, index: number): string =>
  index % 3 === 0
    ? `${String(mix32(seed ^ index)).padStart(10, '0')}${String(index).padStart(8, '0')}`
    : `u${String(index + 1).padStart(5, '0')}`

/** An 11-digit number of its own for every index. */
export const mobileOf = (seed: number, index: number): string =>
  `138${String((index * 7919 + (seed % 89_989) * 97) % 100_000_000).padStart(8, '0')}`

/** Takes `wanted`, or the next free spelling of it, without regard to case. */
export function freeId(wanted: string, taken: Set<string>): string {
  let id = wanted
  for (let n = 2; taken.has(id.toLowerCase()); n++) id = `${wanted}${String(n).padStart(2, '0')}`
  taken.add(id.toLowerCase())
  return id
}
