import { z } from 'zod'
import { type Account, type Company, isThere, type Person } from './company.ts'
import { pathOf } from './departments.ts'
import type { World } from './world.ts'

const text = z.string().min(1).max(64)
const names = z.array(text).min(1)
const mobile = z.string().regex(/^\d{11}$/)
/** Which accounts an act is about: one on either side, or both of one human. */
const accounts = { dingtalk: text.optional(), wecom: text.optional() }
const details = {
  departments: names.optional(),
  mobile: mobile.nullable().optional(),
  jobNumber: text.nullable().optional(),
  title: z.string().max(64).optional(),
  active: z.boolean().optional(),
}

/**
 * `POST /_sandbox/staff`: what human resources do. Departments are named, or given as paths below the root; a mobile or
 * job number that others have is given twice, as happens. `reuse`: whoever has the user id leaves at this moment, and
 * somebody else gets it; `hire` may take a leaver's.
 */
const StaffRequest = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('hire'), name: text, ...accounts, ...details }),
  z.strictObject({ act: z.literal('leave'), ...accounts }),
  z.strictObject({ act: z.literal('rehire'), ...accounts, ...details }),
  z.strictObject({ act: z.literal('rename'), name: text, ...accounts }),
  z.strictObject({ act: z.literal('change'), ...accounts, ...details }),
  z.strictObject({ act: z.literal('changeUserid'), wecom: text, to: text }),
  z.strictObject({ act: z.literal('reuse'), name: text, ...accounts, ...details }),
])
type StaffRequest = z.infer<typeof StaffRequest>

/** One act with its moment, epoch ms: a durable world does it again when it is opened. */
export type StaffAct = StaffRequest & { at: number }

/** An account after an act. */
export type StaffAccount = {
  platform: 'dingtalk' | 'wecom'
  userId: string
  name: string
  there: boolean
  departments: string[]
  mobile: string | null
  jobNumber: string | null
  active: boolean
}
type Done = { ok: true; accounts: StaffAccount[] } | { ok: false; why: string }
type Side = 'dingtalk' | 'wecom'
const sides = ['dingtalk', 'wecom'] as const

class Impossible extends Error {}
const impossible = (why: string): never => {
  throw new Impossible(why)
}

/** Does one act now, on both platforms, and keeps it. */
export function staffByHand(world: World, body: unknown): Done {
  const parsed = StaffRequest.safeParse(body)
  if (!parsed.success)
    return {
      ok: false,
      why: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
    }
  const act: StaffAct = { ...parsed.data, at: world.clock.nowMs() }
  try {
    const touched = applyStaffAct(world.company, act)
    if (act.act === 'changeUserid') world.records.rename(act.wecom, act.to)
    world.events.staff(act)
    world.wecomEvents.staff(act)
    world.journal.put('staff', String(world.staffActs++).padStart(9, '0'), act)
    return { ok: true, accounts: touched.flatMap((person) => told(world.company, person)) }
  } catch (error) {
    if (error instanceof Impossible) return { ok: false, why: error.message }
    throw error
  }
}

/** Changes the company as the act says and gives whom it concerned; refuses before anything has changed. */
export function applyStaffAct(company: Company, act: StaffAct): Person[] {
  const named = sides.flatMap((side) => {
    const userId = side === 'wecom' || 'dingtalk' in act ? act[side as 'wecom'] : undefined
    return userId === undefined ? [] : [{ side, userId }]
  })
  if (named.length === 0) impossible('dingtalk 与 wecom 至少要有一个 / name an account on either side')
  const departments =
    'departments' in act && act.departments ? act.departments.map(indexIn(company)) : undefined
  const details = { ...act, departments }
  switch (act.act) {
    case 'hire':
      for (const { side, userId } of named) {
        const holder = holderOf(company, side, userId)
        if (holder && isThere(holder[side])) impossible(`${side} 的 ${userId} 已有人使用 / is taken`)
      }
      return [engage(company, act.name, named, details)]
    case 'reuse': {
      const before = named.map(({ side, userId }) => present(company, side, userId))
      for (const [i, person] of before.entries()) leave(person[named[i]!.side]!, act.at)
      return [...before, engage(company, act.name, named, details)]
    }
    case 'changeUserid': {
      const person = present(company, 'wecom', act.wecom)
      const holder = holderOf(company, 'wecom', act.to)
      if (holder && holder !== person) impossible(`wecom 的 ${act.to} 已有人使用 / is taken`)
      company.byWecom.delete(act.wecom.toLowerCase())
      company.byWecom.set(act.to.toLowerCase(), person)
      person.wecom!.userId = act.to
      return [person]
    }
    case 'rehire': {
      const back = named.map(({ side, userId }) => absent(company, side, userId))
      back.forEach((person, i) => {
        const account = person[named[i]!.side]!
        account.away!.at(-1)!.to = act.at
        write(account, details)
      })
      return [...new Set(back)]
    }
    case 'leave':
    case 'rename':
    case 'change': {
      const people = named.map(({ side, userId }) => present(company, side, userId))
      people.forEach((person, i) => {
        const account = person[named[i]!.side]!
        if (act.act === 'leave') leave(account, act.at)
        else if (act.act === 'rename') account.name = act.name
        else write(account, details)
      })
      return [...new Set(people)]
    }
  }
}

type Details = Partial<Pick<Account, 'mobile' | 'jobNumber' | 'title' | 'departments'>> & { active?: boolean }
type Loose<T> = { [K in keyof T]?: T[K] | undefined }

function write(account: Account, { mobile, jobNumber, title, departments, active }: Loose<Details>): void {
  if (mobile !== undefined) account.mobile = mobile
  if (jobNumber !== undefined) account.jobNumber = jobNumber
  if (title !== undefined) account.title = title
  if (departments !== undefined) account.departments = departments
  if (active !== undefined) account.isActive = active
}

/** A new human with these accounts, from now on. */
function engage(
  company: Company,
  name: string,
  named: { side: Side; userId: string }[],
  details: Loose<Details> & { at: number },
): Person {
  const index = company.people.length
  const accountAt = (side: Side): Account | null => {
    const userId = named.find((one) => one.side === side)?.userId
    if (userId === undefined) return null
    const account: Account = {
      userId,
      departments: [1],
      mobile: null,
      jobNumber: null,
      isActive: true,
      away: [{ from: 0, to: details.at }],
    }
    write(account, details)
    return account
  }
  const person: Person = {
    index,
    name,
    email: `hired${index}@example.com`,
    shift: 'day',
    habit: 'phone',
    dingtalk: accountAt('dingtalk'),
    wecom: accountAt('wecom'),
    leavesAfter: null,
    exempt: false,
    punchesTwice: false,
    tags: ['hired'],
  }
  company.people.push(person)
  if (person.dingtalk) {
    const { userId } = person.dingtalk
    const before = company.byDingtalk.get(userId)
    if (before) company.formerHolders.set(userId, [...(company.formerHolders.get(userId) ?? []), before])
    company.byDingtalk.set(userId, person)
  }
  if (person.wecom) company.byWecom.set(person.wecom.userId.toLowerCase(), person)
  return person
}

const leave = (account: Account, at: number): void => {
  account.away = [...(account.away ?? []), { from: at, to: null }]
}

const holderOf = (company: Company, side: Side, userId: string): Person | undefined =>
  side === 'dingtalk' ? company.byDingtalk.get(userId) : company.byWecom.get(userId.toLowerCase())

function present(company: Company, side: Side, userId: string): Person {
  const person = holderOf(company, side, userId)
  return person && isThere(person[side]) ? person : impossible(`${side} 没有 ${userId} / no such account`)
}

function absent(company: Company, side: Side, userId: string): Person {
  const person = holderOf(company, side, userId)
  if (!person) return impossible(`${side} 没有 ${userId} / no such account`)
  return isThere(person[side]) ? impossible(`${side} 的 ${userId} 在职 / is there`) : person
}

const indexIn =
  ({ departments }: Company) =>
  (wanted: string): number => {
    const index = departments.findIndex(({ name }, i) => name === wanted || pathOf(departments, i) === wanted)
    return index >= 0 ? index : impossible(`没有部门 ${wanted} / no such department`)
  }

const told = ({ departments }: Company, person: Person): StaffAccount[] =>
  sides.flatMap((platform) => {
    const account = person[platform]
    if (!account) return []
    const { userId, mobile, jobNumber, isActive, name = person.name } = account
    return [
      {
        platform,
        userId,
        name,
        there: isThere(account),
        departments: account.departments.map((i) => pathOf(departments, i)),
        mobile,
        jobNumber,
        active: isActive,
      },
    ]
  })
