import type { Account } from '#domain/person.ts'
import { type Departments, placesOf, rootDepartment } from '#platforms/department-paths.ts'
import { eachFew } from '#platforms/each-few.ts'
import type { Gate } from '#platforms/gate.ts'
import type { ConnectionFacts } from '#platforms/ports.ts'
import { failureOf, isRefusedWith, untrueAnswer } from '#platforms/refusals.ts'
import {
  departmentList,
  departmentSimpleList,
  listId,
  userGet,
  userList,
  userSimpleList,
} from '#platforms/wecom/endpoints.ts'
import { wecomPlaces } from '#platforms/wecom/limits.ts'
import { type JobNumberSource, toAccount } from '#platforms/wecom/to-domain.ts'
import type { User } from '#platforms/wecom/wire.ts'

/** What the app sees of the corp's contacts. */
export type ContactsRead = {
  accounts: Account[]
  /** Departments and members listed but refused all the same. */
  skipped: number
}

const tooLarge = ['45029']
const departmentRefused = ['60011', '60003', '60123']
const personGone = ['60011', '60111', '40003', '46004', '60021']
// names are a comfort: without them the ids are shown
const namesRefused = new Set([
  'platform.no-permission',
  'platform.bad-request',
  'platform.unknown-code',
  'platform.person-refused',
  'platform.too-large',
])

/** The ids of every department this app sees, the root (1) among them only when it sees everybody. */
export async function readDepartments(gate: Gate): Promise<Departments> {
  const { data } = await gate.call(departmentSimpleList, {})
  return new Map(
    (data.department_id ?? []).map(({ id, parentid }) => [id, { name: null, parent: parentid ?? null }]),
  )
}

/**
 * Reads each visible department's direct members, whole where the answer is not too large, else one by one. Everybody
 * comes once: ids that differ by case alone are one member, shown as first received.
 * Members whom the visible range names singly, outside every visible department, cannot be listed by a self-built app.
 */
export async function readContacts(gate: Gate, jobNumber: JobNumberSource): Promise<ContactsRead> {
  const departments = await readDepartments(gate)
  const ids = [...departments.keys()].sort((a, b) => a - b)
  await addNames(gate, departments)
  const lists = await eachFew(ids, wecomPlaces.atOnce, async (id) => ({
    id,
    ...(await readMembers(gate, id)),
  }))

  let skipped = 0
  const users = new Map<string, { user: User; departments: Set<number> }>()
  for (const { id, members, refused } of lists) {
    skipped += refused
    for (const user of members) {
      const known = users.get(user.userid.toLowerCase())
      if (known) known.departments.add(id)
      else
        users.set(user.userid.toLowerCase(), { user, departments: new Set([id, ...(user.department ?? [])]) })
    }
  }
  const accounts = [...users.values()].map(({ user, departments: of }) => {
    const places = placesOf(departments, of)
    // the root has no path of its own; who is in nothing else still is in the corp
    const rootName = departments.get(rootDepartment)?.name?.trim()
    const paths = places.paths.length === 0 && of.has(rootDepartment) && rootName ? [rootName] : places.paths
    return toAccount(user, paths, places.ids, jobNumber)
  })
  return { accounts, skipped }
}

async function addNames(gate: Gate, departments: Departments): Promise<void> {
  try {
    const { data } = await gate.call(departmentList, {})
    for (const { id, name, parentid } of data.department ?? [])
      departments.set(id, { name: name ?? null, parent: parentid ?? departments.get(id)?.parent ?? null })
  } catch (error) {
    if (!namesRefused.has(failureOf(error).code)) throw error
  }
}

type Members = { members: User[]; refused: number }

/** The direct members of one department; a department out of range counts as refused. */
export async function readMembers(gate: Gate, departmentId: number): Promise<Members> {
  try {
    const { data } = await gate.call(userList, { department_id: departmentId })
    return { members: data.userlist ?? [], refused: 0 }
  } catch (error) {
    if (isRefusedWith(error, departmentRefused)) return { members: [], refused: 1 }
    if (!isRefusedWith(error, tooLarge)) throw error
    return readMembersOneByOne(gate, departmentId)
  }
}

async function readMembersOneByOne(gate: Gate, departmentId: number): Promise<Members> {
  const { data } = await gate.call(userSimpleList, { department_id: departmentId })
  const found = await eachFew(data.userlist ?? [], wecomPlaces.atOnce, async ({ userid }) => {
    try {
      return (await gate.call(userGet, { userid })).data
    } catch (error) {
      if (isRefusedWith(error, personGone)) return null
      throw error
    }
  })
  const members = found.filter((user) => user !== null)
  return { members, refused: found.length - members.length }
}

/**
 * The ids of all members of the corp, in lower case, whatever the app may see. `gate` has to hold the contacts secret:
 * no other may ask.
 */
export async function readMemberIds(gate: Gate, facts: ConnectionFacts): Promise<Set<string>> {
  const found = new Set<string>()
  const cursors = new Set<string>()
  for (let cursor = ''; ; ) {
    const { data } = await gate.call(listId, { cursor, limit: listId.limit.people ?? 1 })
    for (const { userid } of data.dept_user ?? []) found.add(userid.toLowerCase())
    cursor = data.next_cursor ?? ''
    if (cursor === '') return found
    if (cursors.has(cursor)) throw untrueAnswer(facts, listId, 'next_cursor came a second time')
    cursors.add(cursor)
  }
}
