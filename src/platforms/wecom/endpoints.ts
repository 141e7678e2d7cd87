import { endpoint } from '#platforms/endpoint.ts'
import { limitsOf } from '#platforms/limits.ts'
import * as wire from '#platforms/wecom/wire.ts'

// Numbers stand for https://developer.work.weixin.qq.com/document/path/<number>, dates for the page's own "updated".
// The token's endpoint stands in token.ts, beside what the gate does with it.

/**
 * 获取子部门 ID 列表: every department the app sees, without names, in an array with the singular name
 * `department_id`. The root (1) is missing when the app sees only a part.
 * Source: 95350
 */
export const departmentSimpleList = endpoint({
  name: 'department/simplelist',
  method: 'GET',
  host: 'api',
  path: '/cgi-bin/department/simplelist',
  request: wire.DepartmentSimpleListRequest,
  response: wire.DepartmentSimpleListResponse,
  limit: limitsOf('wecom.department/simplelist'),
  metered: false,
  writes: false,
  token: 'query',
})

/**
 * 获取部门列表: the same with names; recursive, slow on large corps, asked once a roster for the names alone.
 * Source: 90208
 */
export const departmentList = endpoint({
  name: 'department/list',
  method: 'GET',
  host: 'api',
  path: '/cgi-bin/department/list',
  request: wire.DepartmentListRequest,
  response: wire.DepartmentListResponse,
  limit: limitsOf('wecom.department/list'),
  metered: false,
  writes: false,
  token: 'query',
})

/**
 * 获取部门成员: ids and names of the direct members.
 * Source: 90200
 */
export const userSimpleList = endpoint({
  name: 'user/simplelist',
  method: 'GET',
  host: 'api',
  path: '/cgi-bin/user/simplelist',
  request: wire.UserSimpleListRequest,
  response: wire.UserSimpleListResponse,
  limit: limitsOf('wecom.user/simplelist'),
  metered: false,
  writes: false,
  token: 'query',
})

/**
 * 获取部门成员详情: the direct members, whole. No paging: too many answer 45029. Apps made since 2022-06-20 get no
 * mobile, e-mail or gender; the keys are missing.
 * Source: 90201
 */
export const userList = endpoint({
  name: 'user/list',
  method: 'GET',
  host: 'api',
  path: '/cgi-bin/user/list',
  request: wire.UserListRequest,
  response: wire.UserListResponse,
  limit: limitsOf('wecom.user/list'),
  metered: false,
  writes: false,
  token: 'query',
})

/**
 * 读取成员: one member, flat beside errcode. Unknown: 60111; outside the visible range: 60011.
 * Source: 90196
 */
export const userGet = endpoint({
  name: 'user/get',
  method: 'GET',
  host: 'api',
  path: '/cgi-bin/user/get',
  request: wire.UserGetRequest,
  response: wire.UserGetResponse,
  limit: limitsOf('wecom.user/get'),
  metered: false,
  writes: false,
  token: 'query',
})

/**
 * 获取成员 ID 列表: one row per (member, department), for the contacts secret only (others: 48009 or 48002). An empty
 * or missing `next_cursor` ends it; 50100 is a bad cursor: start again.
 * Source: 96067
 */
export const listId = endpoint({
  name: 'list_id',
  method: 'POST',
  host: 'api',
  path: '/cgi-bin/user/list_id',
  request: wire.ListIdRequest,
  response: wire.ListIdResponse,
  limit: limitsOf('wecom.list_id'),
  metered: false,
  writes: false,
  token: 'query',
})

/**
 * 手机号获取 userid: nobody in range answers 46004. Wrong look-ups above 20 % of the head-count block the call for a
 * day, so whoever asks keeps a budget.
 * Source: 95402
 */
export const getUserId = endpoint({
  name: 'getuserid',
  method: 'POST',
  host: 'api',
  path: '/cgi-bin/user/getuserid',
  request: wire.GetUserIdRequest,
  response: wire.GetUserIdResponse,
  limit: limitsOf('wecom.getuserid'),
  metered: false,
  writes: false,
  token: 'query',
})

/**
 * 获取打卡记录数据: punches as the rules judged them, with a row for each slot nobody filled (未打卡), unordered, without
 * record ids, paging or a "changed since". One unknown member refuses the whole call: 301021.
 *
 * `starttime/endtime`: Unix seconds, end after start, filters on the punch. `lat/lng`: degrees × 1,000,000.
 * Too many people: 301023; too long a span: 301024; the app is not among 可调用接口的应用: 48002.
 * Source: 90262 (2024/12/16)
 */
export const getCheckinData = endpoint({
  name: 'getcheckindata',
  method: 'POST',
  host: 'api',
  path: '/cgi-bin/checkin/getcheckindata',
  request: wire.GetCheckinDataRequest,
  response: wire.GetCheckinDataResponse,
  limit: limitsOf('wecom.getcheckindata'),
  metered: false,
  writes: false,
  token: 'query',
})

/**
 * 获取设备打卡数据: raw punches of the corp's attendance machines, also those that match no rule; none of phones. The only
 * question of the whole area that can be asked by time of upload. Unknown members are ignored; no paging.
 *
 * `starttime/endtime`: Unix seconds, at most a month. Natural key: member, second and device.
 * Source: 94126 (2024/10/31)
 */
export const getHardwareCheckinData = endpoint({
  name: 'get_hardware_checkin_data',
  method: 'POST',
  host: 'api',
  path: '/cgi-bin/hardware/get_hardware_checkin_data',
  request: wire.GetHardwareCheckinDataRequest,
  response: wire.GetHardwareCheckinDataResponse,
  limit: limitsOf('wecom.get_hardware_checkin_data'),
  metered: false,
  writes: false,
  token: 'query',
})

/**
 * 获取企业所有打卡规则: asked only to see whether the app may use check-in at all (48002 if not).
 * Source: 93384 (2025/08/29)
 */
export const getCorpCheckinOption = endpoint({
  name: 'getcorpcheckinoption',
  method: 'POST',
  host: 'api',
  path: '/cgi-bin/checkin/getcorpcheckinoption',
  request: wire.GetCorpCheckinOptionRequest,
  response: wire.GetCorpCheckinOptionResponse,
  limit: limitsOf('wecom.getcorpcheckinoption'),
  metered: false,
  writes: false,
  token: 'query',
})

/**
 * 添加打卡记录: pushes punches in; self-built apps only. Answers yes or no for the whole batch, without record ids; there
 * is no idempotency key and no delete, and whether a refused batch was stored in part is unknown: only a read-back
 * tells. A slot that an approval filled loses the approval.
 *
 * `checkin_time`: Unix seconds. `lat/lng`: degrees × 1,000,000.
 * Source: 99647 (2024/07/25)
 */
export const addCheckinRecord = endpoint({
  name: 'add_checkin_record',
  method: 'POST',
  host: 'api',
  path: '/cgi-bin/checkin/add_checkin_record',
  request: wire.AddCheckinRecordRequest,
  response: wire.AddCheckinRecordResponse,
  limit: limitsOf('wecom.add_checkin_record'),
  metered: false,
  writes: true,
  token: 'query',
})
