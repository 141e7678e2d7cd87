import * as wire from '#platforms/dingtalk/wire.ts'
import { endpoint } from '#platforms/endpoint.ts'
import { limitsOf } from '#platforms/limits.ts'

// Slugs stand for https://open.dingtalk.com/document/development/<slug>, dates for the page's own "updated".
// The token's endpoint stands in token.ts, beside what the gate does with it.

/**
 * 获取通讯录权限范围: which departments, people and user fields the app may see. `authed_dept` holds 1: everybody.
 * Source: obtain-corpsecret-authorization-scope (2026-05-26)
 */
export const scopes = endpoint({
  name: 'scopes',
  method: 'GET',
  host: 'oapi',
  path: '/auth/scopes',
  request: wire.ScopesRequest,
  response: wire.ScopesResponse,
  limit: limitsOf('dingtalk.scopes'),
  metered: false,
  writes: false,
  token: 'query',
})

/**
 * 获取部门列表: the departments directly below one; without `dept_id` below the root. One level, no paging: walking
 * down is the caller's job. A department outside the app's range answers 50004.
 * Source: obtain-the-department-list-v2 (2026-05-27)
 */
export const listSub = endpoint({
  name: 'listsub',
  method: 'POST',
  host: 'oapi',
  path: '/topapi/v2/department/listsub',
  request: wire.ListSubRequest,
  response: wire.ListSubResponse,
  limit: limitsOf('dingtalk.listsub'),
  metered: false,
  writes: false,
  token: 'query',
})

/**
 * 获取部门用户详情: the direct members of one department, a page at a time. `next_cursor` is missing on the last page.
 * People in several departments come several times. `mobile` is missing without the console permission
 * 企业员工手机号信息. There is no call for all employees.
 * Source: queries-the-complete-information-of-a-department-user (2026-06-08)
 */
export const userList = endpoint({
  name: 'user/list',
  method: 'POST',
  host: 'oapi',
  path: '/topapi/v2/user/list',
  request: wire.UserListRequest,
  response: wire.UserListResponse,
  limit: limitsOf('dingtalk.user/list'),
  metered: false,
  writes: false,
  token: 'query',
})

/**
 * 查询用户详情: one employee. Unknown: 60121 or 33012; outside the app's range: 50002.
 * Source: query-user-details (2026-06-08)
 */
export const userGet = endpoint({
  name: 'user/get',
  method: 'POST',
  host: 'oapi',
  path: '/topapi/v2/user/get',
  request: wire.UserGetRequest,
  response: wire.UserGetResponse,
  limit: limitsOf('dingtalk.user/get'),
  metered: false,
  writes: false,
  token: 'query',
})

/**
 * 获取员工人数: how many the organisation has, whatever the app may see; beside the roster it shows what is hidden.
 * Source: obtain-the-number-of-employees-v2
 */
export const userCount = endpoint({
  name: 'count',
  method: 'POST',
  host: 'oapi',
  path: '/topapi/user/count',
  request: wire.UserCountRequest,
  response: wire.UserCountResponse,
  limit: limitsOf('dingtalk.user/count'),
  metered: false,
  writes: false,
  token: 'query',
})

/**
 * 根据手机号查询用户: works even where mobiles are hidden from the app; finds active employees only.
 * Nobody: 60121; not a phone number: 40104. Internal apps only.
 * Source: query-users-by-phone-number
 */
export const getByMobile = endpoint({
  name: 'getbymobile',
  method: 'POST',
  host: 'oapi',
  path: '/topapi/v2/user/getbymobile',
  request: wire.GetByMobileRequest,
  response: wire.GetByMobileResponse,
  limit: limitsOf('dingtalk.getbymobile'),
  metered: false,
  writes: false,
  token: 'query',
})

/**
 * 获取打卡详情: every punch of these people, void ones included, in no promised order, without paging.
 * An unknown user id yields no rows and no error, and so does `isI18n: true` in a domestic organisation.
 *
 * `checkDateFrom/To`: wall-clock text at +08:00, filters on the punch itself. `userCheckTime`: epoch ms.
 * Too long a span: 41041; another time format: 41100; history older than 180 days is gone.
 * Source: attendance-clock-in-record-is-open (2026-05-27)
 */
export const listRecord = endpoint({
  name: 'listRecord',
  method: 'POST',
  host: 'oapi',
  path: '/attendance/listRecord',
  request: wire.ListRecordRequest,
  response: wire.ListRecordResponse,
  limit: limitsOf('dingtalk.listRecord'),
  metered: true,
  writes: false,
  token: 'query',
})

/**
 * 获取打卡结果: one row per planned point of these days, also for points nobody punched at, fifty to a page in no promised
 * order. What was asked for are business days, so a night shift's end comes with the day it began. Unknown people: no
 * rows and no error.
 *
 * `workDateFrom/To`: days at +08:00, at most seven of them. Too long a span: 41041; half a year back: 850002 or nothing.
 * Source: open-attendance-clock-in-data (2026-05-27)
 */
export const attendanceList = endpoint({
  name: 'attendance/list',
  method: 'POST',
  host: 'oapi',
  path: '/attendance/list',
  request: wire.ListRequest,
  response: wire.ListResponse,
  limit: limitsOf('dingtalk.attendance/list'),
  metered: true,
  writes: false,
  token: 'query',
})

/**
 * 获取考勤更新数据: results, raw punches and approvals of one person's day. Made as the pull half of a push: who is told that
 * a day changed asks for that day. Internal apps only. Unknown people: three empty lists and no error; a day older than
 * half a year: 850002.
 * Source: obtain-the-attendance-update-data (2026-06-23)
 */
export const getUpdateData = endpoint({
  name: 'getupdatedata',
  method: 'POST',
  host: 'oapi',
  path: '/topapi/attendance/getupdatedata',
  request: wire.GetUpdateDataRequest,
  response: wire.GetUpdateDataResponse,
  limit: limitsOf('dingtalk.getupdatedata'),
  metered: true,
  writes: false,
  token: 'query',
})

/**
 * 获取推送失败的事件列表: events that no callback took, three to five minutes after the last attempt, at most 200 a call.
 * Each call deletes what the call before it returned: a page is kept before the next one is asked for.
 * Whether it is metered is nowhere said: it counts here.
 * Source: obtain-the-event-list-of-failed-push-messages (2026-05-08), scope qyapi_base
 */
export const failedEvents = endpoint({
  name: 'get_call_back_failed_result',
  method: 'GET',
  host: 'oapi',
  path: '/call_back/get_call_back_failed_result',
  request: wire.FailedEventsRequest,
  response: wire.FailedEventsResponse,
  limit: limitsOf('dingtalk.get_call_back_failed_result'),
  metered: true,
  writes: false,
  token: 'query',
})

/**
 * 上传打卡记录: one punch a call, judged like a machine's. No record id comes back, there is no idempotency key and no
 * delete, and what happens to the same second twice is not documented: only a read-back tells. Internal apps only;
 * editions below Pro since 2025-11-19, so a refused permission may mean the edition as well as the scope.
 *
 * `user_check_time`: epoch ms of 13 digits, at most 180 days back, not in the future. Seconds are answered with success
 * and do nothing, so they count as a bug of ours and never leave.
 * Source: upload-punch-records (2026-05-27), attendance-synchronizes-information (2026-07-02)
 */
export const upload = endpoint({
  name: 'upload',
  method: 'POST',
  host: 'oapi',
  path: '/topapi/attendance/record/upload',
  request: wire.UploadRequest.refine(
    ({ user_check_time: ms }) => /^\d{13}$/.test(String(ms)),
    'user_check_time has 13 digits: milliseconds',
  ),
  response: wire.UploadResponse,
  limit: limitsOf('dingtalk.upload'),
  metered: true,
  writes: true,
  token: 'query',
})
