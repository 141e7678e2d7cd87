import { z } from 'zod'
import * as wire from '#platforms/wecom/wire.ts'
import type { World } from '../world.ts'
import { ok, refuse } from './answers.ts'
import { route } from './route.ts'

/** A department and everything below it; null when there is no such department. */
function below({ company }: World, id: number): number[] | null {
  const root = company.departments.findIndex(({ wecomId }) => wecomId === id)
  if (root < 0) return null
  const found = new Set([root])
  company.departments.forEach(({ parent }, i) => {
    if (found.has(parent)) found.add(i)
  })
  return [...found]
}
const told = ({ company }: World, i: number) => {
  const { wecomId, parent } = company.departments[i]!
  return { id: wecomId, parentid: parent < 0 ? 0 : company.departments[parent]!.wecomId, order: 100_000 - i }
}
const named = (world: World, i: number) => ({
  ...told(world, i),
  name: world.company.departments[i]!.name,
  name_en: '',
  department_leader: [],
})

/** 获取子部门ID列表: everything below, itself included; the array's name is singular. */
export const departmentSimpleList = route(
  'GET',
  'department/simplelist',
  wire.DepartmentSimpleListRequest,
  'ids',
  { department_id: [] },
  (ask, world, call) => {
    const found = below(world, ask.id ?? 1)
    if (!found) return refuse(call, 60003, 'department not found', { department_id: [] })
    return ok({ department_id: found.map((i) => told(world, i)) })
  },
)

/** 获取部门列表: the same with names. */
export const departmentList = route(
  'GET',
  'department/list',
  wire.DepartmentListRequest,
  'contacts',
  { department: [] },
  (ask, world, call) => {
    const found = below(world, ask.id ?? 1)
    if (!found) return refuse(call, 60003, 'department not found', { department: [] })
    return ok({ department: found.map((i) => named(world, i)) })
  },
)

/** 获取单个部门详情. */
export const departmentGet = route(
  'GET',
  'department/get',
  z.strictObject({ id: z.string().regex(/^\d+$/).transform(Number) }),
  'contacts',
  {},
  (ask, world, call) => {
    const found = below(world, ask.id)
    return found ? ok({ department: named(world, found[0]!) }) : refuse(call, 60003, 'department not found')
  },
)

/** 获取企业微信接口IP段: the lightest call that proves address and token. */
export const apiDomainIp = route('GET', 'get_api_domain_ip', z.strictObject({}), 'any', {}, () =>
  ok({ ip_list: ['127.0.0.1'] }),
)
