import { createDingtalkConnector } from '#platforms/dingtalk/connector.ts'
import { type Script, type Seen, scripted } from '#platforms/test-kit.ts'

export const listSub = '/topapi/v2/department/listsub'
export const userList = '/topapi/v2/user/list'
export const userGet = '/topapi/v2/user/get'
export const count = '/topapi/user/count'
export const byMobile = '/topapi/v2/user/getbymobile'
export const listRecord = '/attendance/listRecord'
export const upload = '/topapi/attendance/record/upload'

export const bodyOf = (seen: Seen) => seen.body as Record<string, number>
export const ok = (result: unknown) => ({ errcode: '0', errmsg: 'ok', result, request_id: 'r1' })
export const gatewaySays = (code: string, text: string) => ({
  errcode: 88,
  sub_code: code,
  sub_msg: text,
  errmsg: `ding talk error[subcode=${code},submsg=${text}]`,
  request_id: 'r9',
})

export const children: Record<number, object[]> = {
  1: [
    { dept_id: 2, name: '研发中心', parent_id: 1 },
    { dept_id: '3', name: '门店', parent_id: 1, create_dept_group: 'true' },
  ],
  2: [{ dept_id: 4, name: '前端', parent_id: 2 }],
}
export const members: Record<number, object[]> = {
  1: [{ userid: 'boss', name: '老板', dept_id_list: [1], active: true }],
  2: [
    {
      userid: 'u001',
      name: '张三',
      dept_id_list: [2, 3],
      mobile: '13800000000',
      job_number: 'A0001',
      active: 'true',
    },
  ],
  3: [{ userid: 'u001', name: '张三', dept_id_list: [2, 3] }, { userid: '007' }],
  4: [{ userid: 'U001', name: '张三', dept_id_list: [4], active: false }],
}
const wholeOrganisation = {
  errcode: 0,
  auth_user_field: ['name', 'userid', 'mobile'],
  condition_field: [],
  auth_org_scopes: { authed_user: [], authed_dept: [1] },
  errmsg: 'ok',
}
/** Answers shaped like the manual's samples, numbers in quotes here and there as live ones are. */
const company: Script = {
  '/auth/scopes': wholeOrganisation,
  [listSub]: (seen) => ok(children[bodyOf(seen)['dept_id']!] ?? []),
  [userList]: (seen) => ok({ has_more: 'false', list: members[bodyOf(seen)['dept_id']!] ?? [] }),
  [count]: ok({ count: '4' }),
  [listRecord]: { errcode: 0, errmsg: 'ok', recordresult: [] },
  [upload]: { errcode: 40035, errmsg: '缺少参数：userid', request_id: 'r2' },
}

/** For tests: a connector before a scripted company of four, in which the script's changes hold. */
export function connect(changes: Script = {}) {
  const kit = scripted('dingtalk', { ...company, ...changes })
  return { ...kit, dingtalk: createDingtalkConnector(kit) }
}
