import type { Account } from '#domain/person.ts'
import { type Departments, placesOf, rootDepartment } from '#platforms/department-paths.ts'
import { listSub, scopes, userGet, userList } from '#platforms/dingtalk/endpoints.ts'
import { dingtalkPlaces } from '#platforms/dingtalk/limits.ts'
import { toAccount } from '#platforms/dingtalk/to-domain.ts'
import type { ScopesResponse, User } from '#platforms/dingtalk/wire.ts'
import { eachFew } from '#platforms/each-few.ts'
import type { Gate } from '#platforms/gate.ts'
import type { ConnectionFacts } from '#platforms/ports.ts'
import { failureOf, isRefusedWith, untrueAnswer } from '#platforms/refusals.ts'

/** What the app sees of the organisation's contacts. */
export type ContactsRead = {
  accounts: Account[]
  /** Departments and people inside the promised range that were refused all the same. */
  skipped: number
}

/** Which part of the organisation the app may read; null when it would not say. */
export type Range = { departments: number[]; people: string[]; fields: string[] }

const departmentOutOfRange = ['50004']
const personGone = ['50002', '33012', '60121']
// the answer to "may I?" is itself refused: then the walk will show what may be seen
const unspoken = new Set(['platform.no-permission', 'platform.bad-request', 'platform.unknown-code'])

/** The app's range of contacts and the user fields it was granted. */
export async function readRange(gate: Gate): Promise<Range> {
  const { data } = await gate.call(scopes, {})
  return toRange(data)
}

const toRange = (data: ScopesResponse): Range => ({
  departments: data.auth_org_scopes.authed_dept ?? [],
  people: data.auth_org_scopes.authed_user ?? [],
  fields: data.auth_user_field ?? [],
})

/** True when the whole organisation is in range. */
export const isWhole = (range: Range): boolean => range.departments.includes(rootDepartment)

/**
 * Walks the departments level by level and reads each one's direct members, then whoever is in range alone. Everybody
 * comes once, however many departments they are in. Free of the monthly quota.
 */
export async function readContacts(gate: Gate, facts: ConnectionFacts, known?: Range): Promise<ContactsRead> {
  const range = known ?? (await readRangeOrAll(gate))
  const tops = range.departments.length > 0 || range.people.length > 0 ? range.departments : [rootDepartment]
  let skipped = 0
  const departments: Departments = new Map()
  const open: number[] = []
  let level = isWhole(range) ? [rootDepartment] : tops
  for (const id of level) departments.set(id, { name: null, parent: null })
  while (level.length > 0) {
    const found = await eachFew(level, dingtalkPlaces.atOnce, async (id) => ({
      id,
      children: await skippable(departmentOutOfRange, async () => {
        const { data } = await gate.call(listSub, { dept_id: id })
        return data.result ?? []
      }),
    }))
    level = []
    for (const { id, children } of found) {
      if (children === null) skipped += 1
      else open.push(id)
      for (const child of children ?? []) {
        const seen = departments.get(child.dept_id)
        if (!seen) level.push(child.dept_id)
        // a department that is in range by itself gets its name when its parent is walked, too
        departments.set(child.dept_id, { name: child.name ?? seen?.name ?? null, parent: id })
      }
    }
  }

  const users = new Map<string, { user: User; departments: Set<number> }>()
  const add = (user: User, department: number[]) => {
    const known = users.get(user.userid)
    if (known) for (const id of department) known.departments.add(id)
    else users.set(user.userid, { user, departments: new Set([...department, ...(user.dept_id_list ?? [])]) })
  }
  const members = await eachFew(open, dingtalkPlaces.atOnce, async (id) => ({
    id,
    list: await skippable(departmentOutOfRange, () => readMembers(gate, facts, id)),
  }))
  for (const { id, list } of members) {
    if (list === null) skipped += 1
    for (const user of list ?? []) add(user, [id])
  }
  const alone = range.people.filter((userId) => !users.has(userId))
  const people = await eachFew(alone, dingtalkPlaces.atOnce, (userid) =>
    skippable(personGone, async () => (await gate.call(userGet, { userid })).data.result),
  )
  for (const user of people) {
    if (user === null) skipped += 1
    else add(user, [])
  }
  const accounts = [...users.values()].map(({ user, departments: of }) => {
    const { paths, ids } = placesOf(departments, of)
    return toAccount(user, paths, ids)
  })
  return { accounts, skipped }
}

async function readRangeOrAll(gate: Gate): Promise<Range> {
  try {
    return await readRange(gate)
  } catch (error) {
    if (!unspoken.has(failureOf(error).code)) throw error
    return { departments: [rootDepartment], people: [], fields: [] }
  }
}

/** The direct members of one department, all pages. */
async function readMembers(gate: Gate, facts: ConnectionFacts, departmentId: number): Promise<User[]> {
  const members: User[] = []
  let cursor = 0
  for (;;) {
    const { data } = await gate.call(userList, {
      dept_id: departmentId,
      cursor,
      size: userList.limit.people ?? 1,
    })
    members.push(...(data.result.list ?? []))
    if (!data.result.has_more) return members
    const next = data.result.next_cursor
    // half a roster is worse than none: people would look as if they had left
    if (next == null || next === cursor)
      throw untrueAnswer(facts, userList, `has_more without a new next_cursor (dept_id ${departmentId})`)
    cursor = next
  }
}

/** Null when the platform refused with one of these codes of its own. */
async function skippable<T>(codes: readonly string[], work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (isRefusedWith(error, codes)) return null
    throw error
  }
}
