import { z } from 'zod'
import * as wire from '#platforms/dingtalk/wire.ts'
import { isThere } from '../company.ts'
import { dayOf, dayStart } from '../shanghai.ts'
import type { World } from '../world.ts'
import { ok, refuse } from './answers.ts'
import { isInRange, type Member, members } from './members.ts'
import { route } from './route.ts'

/** What `user/list` and `user/get` both tell. Keys without a value, or without the permission, are absent. */
function userOf(world: World, { name, dingtalk, index, email }: Member) {
  const hidden = world.faults.values.mobileHidden.dingtalk
  return {
    userid: dingtalk.userId,
    unionid: `union${world.origin.seed}x${index}`,
    name: dingtalk.name ?? name,
    ...(dingtalk.mobile && !hidden ? { mobile: dingtalk.mobile, state_code: '86' } : {}),
    hide_mobile: false,
    ...(index % 4 === 0 ? { email } : {}),
    ...(dingtalk.jobNumber ? { job_number: dingtalk.jobNumber } : index % 2 === 0 ? { job_number: '' } : {}),
    title: dingtalk.title ?? (index % 3 === 0 ? '工程师' : ''),
    hired_date: hiredDate(world, dingtalk, index),
    dept_id_list: dingtalk.departments.map((i) => world.company.departments[i]!.dingtalkId),
    active: dingtalk.isActive,
    admin: dingtalk.userId === world.credentials.dingtalk.operatorUserId,
    boss: false,
    exclusive_account: false,
  }
}

/** Midnight of the day of hiring: by hand while the world runs, or some time before it began. */
const hiredDate = ({ firstDay }: World, { away }: Member['dingtalk'], index: number): number => {
  const [before] = away ?? []
  return before?.from === 0 && before.to !== null
    ? dayStart(dayOf(before.to))
    : dayStart(firstDay - 400 - (index % 300))
}

/** 获取部门用户详情: direct members only, in pages. `next_cursor` is absent on the last one. */
export const userList = route(
  'POST',
  '/topapi/v2/user/list',
  wire.UserListRequest,
  { scope: 'qyapi_get_department_member' },
  (ask, world, call) => {
    const index = world.company.departments.findIndex(({ dingtalkId }) => dingtalkId === ask.dept_id)
    if (index < 0) return refuse(call, 60003, '部门不存在')
    if (ask.size < 1 || ask.size > 100) return refuse(call, 40069, '不合法的size')
    if (ask.cursor < 0) return refuse(call, 40068, '不合法的cursor')
    const all = members(world).filter(
      (p) => p.dingtalk.departments.includes(index) && isInRange(world, p.dingtalk.userId),
    )
    const page = all.slice(ask.cursor, ask.cursor + ask.size)
    const end = ask.cursor + page.length
    const list = page.map((person) => ({
      ...userOf(world, person),
      dept_order: 1_000_000 + person.index,
      leader: false,
    }))
    return ok(call, {
      result: end < all.length ? { has_more: true, next_cursor: end, list } : { has_more: false, list },
    })
  },
)

/** 获取部门用户userid列表: direct members, whatever the app's range. */
export const listId = route(
  'POST',
  '/topapi/user/listid',
  z.strictObject({ dept_id: z.int() }),
  { scope: 'qyapi_get_member' },
  (ask, world, call) => {
    const index = world.company.departments.findIndex(({ dingtalkId }) => dingtalkId === ask.dept_id)
    if (index < 0) return refuse(call, 60003, '部门不存在')
    const inside = members(world).filter((p) => p.dingtalk.departments.includes(index))
    return ok(call, { result: { userid_list: inside.map((p) => p.dingtalk.userId) } })
  },
)

/** 查询用户详情. */
export const userGet = route(
  'POST',
  '/topapi/v2/user/get',
  wire.UserGetRequest,
  { scope: 'qyapi_get_member' },
  (ask, world, call) => {
    const person = world.company.byDingtalk.get(ask.userid)
    if (!person || !isThere(person.dingtalk)) return refuse(call, 60121, '找不到该用户')
    if (!isInRange(world, ask.userid)) return refuse(call, 50002, '企业员工不在应用的授权范围内')
    const user = userOf(world, person as Member)
    return ok(call, {
      result: {
        ...user,
        dept_order_list: user.dept_id_list.map((dept_id) => ({ dept_id, order: 1 })),
        leader_in_dept: user.dept_id_list.map((dept_id) => ({ dept_id, leader: false })),
        real_authed: true,
        senior: false,
      },
    })
  },
)

/** 获取员工人数. */
export const userCount = route(
  'POST',
  '/topapi/user/count',
  wire.UserCountRequest,
  { scope: 'qyapi_get_member' },
  (ask, world, call) =>
    ok(call, {
      result: { count: members(world).filter((p) => !ask.only_active || p.dingtalk.isActive).length },
    }),
)

/** 根据手机号查询用户: active employees only; works without the permission to read mobiles. */
export const getByMobile = route(
  'POST',
  '/topapi/v2/user/getbymobile',
  wire.GetByMobileRequest,
  { scope: 'qyapi_get_member_by_mobile' },
  (ask, world, call) => {
    if (!/^(\+?\d{1,4}-)?\d{5,15}$/.test(ask.mobile)) return refuse(call, 40104, '无效的手机号')
    const person = members(world).find((p) => p.dingtalk.mobile === ask.mobile && p.dingtalk.isActive)
    return person
      ? ok(call, { result: { userid: person.dingtalk.userId } })
      : refuse(call, 60121, '找不到该用户')
  },
)
