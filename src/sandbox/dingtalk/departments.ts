import { z } from 'zod'
import * as wire from '#platforms/dingtalk/wire.ts'
import type { World } from '../world.ts'
import { ok, refuse } from './answers.ts'
import { route } from './route.ts'

const indexOf = ({ company }: World, deptId: number): number =>
  company.departments.findIndex(({ dingtalkId }) => dingtalkId === deptId)
const childrenOf = ({ company }: World, index: number) =>
  company.departments.filter(({ parent }, i) => parent === index && i > 0)

/** 获取部门列表: one level only. */
export const listSub = route(
  'POST',
  '/topapi/v2/department/listsub',
  wire.ListSubRequest,
  { scope: 'qyapi_get_department_list' },
  (ask, world, call) => {
    const index = indexOf(world, ask.dept_id ?? 1)
    if (index < 0) return refuse(call, 60003, '部门不存在')
    const result = childrenOf(world, index).map(({ dingtalkId, name, parent }) => ({
      dept_id: dingtalkId,
      name,
      parent_id: world.company.departments[parent]!.dingtalkId,
      create_dept_group: true,
      auto_add_user: true,
    }))
    return ok(call, { result })
  },
)

/** 获取子部门ID列表: one level, whatever the app's range. */
export const listSubId = route(
  'POST',
  '/topapi/v2/department/listsubid',
  z.strictObject({ dept_id: z.int() }),
  { scope: 'qyapi_get_department_list' },
  (ask, world, call) => {
    const index = indexOf(world, ask.dept_id)
    if (index < 0) return refuse(call, 60003, '部门不存在')
    return ok(call, {
      result: { dept_id_list: childrenOf(world, index).map(({ dingtalkId }) => dingtalkId) },
    })
  },
)

/** 获取通讯录权限范围. */
export const scopes = route(
  'GET',
  '/auth/scopes',
  wire.ScopesRequest,
  { scope: 'qyapi_base' },
  (_, world, call) => {
    const hidden = world.faults.values.mobileHidden.dingtalk
    const isPartial = (world.faults.values.memberOutOfRange.dingtalk ?? []).length > 0
    return ok(call, {
      auth_user_field: [
        'name',
        'userid',
        'jobnumber',
        'department',
        'position',
        ...(hidden ? [] : ['mobile']),
      ],
      condition_field: [],
      auth_org_scopes: {
        authed_user: [],
        authed_dept: isPartial ? world.company.departments.slice(1).map(({ dingtalkId }) => dingtalkId) : [1],
      },
    })
  },
)
