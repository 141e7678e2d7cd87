import * as wire from '#platforms/wecom/wire.ts'
import type { World } from '../world.ts'
import { ok, refuse } from './answers.ts'
import { isVisible, type Member, memberOf, members } from './members.ts'
import { route } from './route.ts'

const departmentsOf = ({ company }: World, { wecom }: Member): number[] =>
  wecom.departments.map((i) => company.departments[i]!.wecomId)

/** What an app made after 2022-06-20 may see: no mobile, no mail, no gender; those keys are simply missing. */
function userOf(world: World, person: Member) {
  const department = departmentsOf(world, person)
  const { wecom, name, index, email } = person
  const isFull = !world.faults.values.mobileHidden.wecom
  return {
    userid: wecom.userId,
    name: wecom.name ?? name,
    department,
    order: department.map(() => 0),
    position: wecom.title ?? (index % 3 === 0 ? '工程师' : ''),
    ...(isFull ? { mobile: wecom.mobile ?? '', email, gender: '0' } : {}),
    is_leader_in_dept: department.map(() => 0),
    direct_leader: [],
    main_department: department[0],
    status: wecom.isActive ? 1 : 4,
    enable: 1,
    telephone: '',
    alias: '',
    extattr: {
      attrs: wecom.jobNumber ? [{ type: 0, name: '工号', text: { value: wecom.jobNumber } }] : [],
    },
    external_position: '',
  }
}

function inDepartment(world: World, id: number): Member[] | null {
  const index = world.company.departments.findIndex(({ wecomId }) => wecomId === id)
  if (index < 0) return null
  return members(world).filter(
    ({ wecom }) => wecom.departments.includes(index) && isVisible(world, wecom.userId),
  )
}

/** 获取部门成员: direct members. */
export const userSimpleList = route(
  'GET',
  'user/simplelist',
  wire.UserSimpleListRequest,
  'contacts',
  { userlist: [] },
  (ask, world, call) => {
    const found = inDepartment(world, ask.department_id)
    if (!found) return refuse(call, 60123, 'invalid party id', { userlist: [] })
    return ok({
      userlist: found.map((p) => ({
        userid: p.wecom.userId,
        name: p.wecom.name ?? p.name,
        department: departmentsOf(world, p),
      })),
    })
  },
)

/** 获取部门成员详情: direct members, whole objects, no pages. */
export const userList = route(
  'GET',
  'user/list',
  wire.UserListRequest,
  'contacts',
  { userlist: [] },
  (ask, world, call) => {
    const found = inDepartment(world, ask.department_id)
    if (!found) return refuse(call, 60123, 'invalid party id', { userlist: [] })
    return ok({ userlist: found.map((person) => userOf(world, person)) })
  },
)

/** 读取成员. */
export const userGet = route('GET', 'user/get', wire.UserGetRequest, 'contacts', {}, (ask, world, call) => {
  if (ask.userid === '' || Buffer.byteLength(ask.userid) > 64) return refuse(call, 40003, 'invalid userid')
  const person = memberOf(world, ask.userid)
  if (!person) return refuse(call, 60111, 'userid not found')
  if (!isVisible(world, ask.userid))
    return refuse(call, 60011, 'no privilege to access/modify contact/party/agent')
  return ok(userOf(world, person))
})

/** 获取成员ID列表: contacts-sync secret only; one row per member and department. */
export const listId = route(
  'POST',
  'user/list_id',
  wire.ListIdRequest,
  'contacts-sync',
  { dept_user: [] },
  (ask, world, call) => {
    const limit = ask.limit ?? 10_000
    if (limit < 1 || limit > 10_000)
      return refuse(call, 40058, 'invalid Request Parameter limit', { dept_user: [] })
    const all = members(world).flatMap((person) =>
      departmentsOf(world, person).map((department) => ({ userid: person.wecom.userId, department })),
    )
    const start = ask.cursor ? Number(/^sandbox-(\d+)$/.exec(ask.cursor)?.[1] ?? Number.NaN) : 0
    if (!(start >= 0 && start <= all.length)) return refuse(call, 50100, 'invalid cursor', { dept_user: [] })
    const end = start + limit
    return ok({ next_cursor: end < all.length ? `sandbox-${end}` : '', dept_user: all.slice(start, end) })
  },
)
