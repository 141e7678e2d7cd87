import { z } from 'zod'
import { flag, maybe, number, text } from '#platforms/tolerant.ts'

/**
 * DingTalk's words on the wire, and nothing else: requests exactly as documented, answers as tolerantly as live data
 * need. No logic and no limits live here; the sandbox shares this file and no other.
 * Source: https://open.dingtalk.com/document/development/<slug>, slugs beside each endpoint.
 */

// ── refusals ────────────────────────────────────────────────────────────────────────────────────────────────

/** `/topapi/*` gateway refusal (HTTP 200): errcode 88, the real cause in `sub_code`, a string. */
export type GatewayRefusal = {
  errcode: number
  errmsg: string
  sub_code?: string
  sub_msg?: string
  request_id: string
}
/** Legacy paths and business errors (HTTP 200). Legacy paths send no request_id. */
export type FlatRefusal = { errcode: number; errmsg: string; request_id?: string }
/** `/v1.0` refusal, with a real HTTP status. */
export type NewRefusal = {
  code: string
  message: string
  requestid: string
  accessdenieddetail?: { requiredScopes: string[] }
}
/** What a banned address gets instead of an answer (or an HTML page). */
export type BanNotice = { status: number; wait: number; source: string; punish: string; uuid: string }

const envelope = { errcode: maybe(number), errmsg: maybe(text), request_id: maybe(text) }

// ── tokens ──────────────────────────────────────────────────────────────────────────────────────────────────

/** POST api /v1.0/oauth2/accessToken */
export const AccessTokenRequest = z.strictObject({ appKey: z.string(), appSecret: z.string() })
export const AccessTokenResponse = z.object({ accessToken: z.string().min(1), expireIn: number })

/** GET oapi /gettoken */
export const GetTokenRequest = z.strictObject({ appkey: z.string(), appsecret: z.string() })
export const GetTokenResponse = z.object({ ...envelope, access_token: z.string().min(1), expires_in: number })

// ── contacts ────────────────────────────────────────────────────────────────────────────────────────────────

/** GET oapi /auth/scopes */
export const ScopesRequest = z.strictObject({})
export const ScopesResponse = z.object({
  ...envelope,
  auth_user_field: maybe(z.array(text)),
  condition_field: maybe(z.array(z.unknown())),
  auth_org_scopes: z.object({ authed_user: maybe(z.array(text)), authed_dept: maybe(z.array(number)) }),
})

const language = z.enum(['zh_CN', 'en_US'])

/** One department, without its children. */
export const Department = z.object({
  dept_id: number,
  name: maybe(text),
  parent_id: maybe(number),
  create_dept_group: maybe(flag),
  auto_add_user: maybe(flag),
  source_identifier: maybe(text),
  from_union_org: maybe(flag),
  ext: maybe(text),
  tags: maybe(text),
})
/** POST oapi /topapi/v2/department/listsub */
export const ListSubRequest = z.strictObject({ dept_id: z.int().optional(), language: language.optional() })
export const ListSubResponse = z.object({ ...envelope, result: maybe(z.array(Department)) })

/** One employee, as `user/list` and `user/get` tell it; which keys are there depends on the app's permissions. */
export const User = z.object({
  userid: text,
  unionid: maybe(text),
  name: maybe(text),
  avatar: maybe(text),
  mobile: maybe(text),
  state_code: maybe(text),
  hide_mobile: maybe(flag),
  email: maybe(text),
  org_email: maybe(text),
  work_place: maybe(text),
  remark: maybe(text),
  extension: maybe(text),
  telephone: maybe(text),
  hired_date: maybe(number),
  job_number: maybe(text),
  title: maybe(text),
  dept_id_list: maybe(z.array(number)),
  active: maybe(flag),
  admin: maybe(flag),
  boss: maybe(flag),
  exclusive_account: maybe(flag),
  // user/list only
  dept_order: maybe(number),
  leader: maybe(flag),
  // user/get only
  dept_order_list: maybe(z.array(z.object({ dept_id: number, order: maybe(number) }))),
  leader_in_dept: maybe(z.array(z.object({ dept_id: number, leader: maybe(flag) }))),
  real_authed: maybe(flag),
  senior: maybe(flag),
  manager_userid: maybe(text),
  role_list: maybe(z.array(z.object({ id: maybe(number), name: maybe(text), group_name: maybe(text) }))),
  union_emp_ext: maybe(
    z.object({
      userid: maybe(text),
      corp_id: maybe(text),
      union_emp_map_list: maybe(z.array(z.object({ userid: maybe(text), corp_id: maybe(text) }))),
    }),
  ),
})

/** POST oapi /topapi/v2/user/list */
export const UserListRequest = z.strictObject({
  dept_id: z.int(),
  cursor: z.int(),
  size: z.int(),
  order_field: z.enum(['entry_asc', 'entry_desc', 'modify_asc', 'modify_desc', 'custom']).optional(),
  contain_access_limit: z.boolean().optional(),
  language: language.optional(),
})
export const UserListResponse = z.object({
  ...envelope,
  result: z.object({ has_more: maybe(flag), next_cursor: maybe(number), list: maybe(z.array(User)) }),
})

/** POST oapi /topapi/v2/user/get */
export const UserGetRequest = z.strictObject({ userid: z.string(), language: language.optional() })
export const UserGetResponse = z.object({ ...envelope, result: User })

/** POST oapi /topapi/user/count */
export const UserCountRequest = z.strictObject({ only_active: z.boolean() })
export const UserCountResponse = z.object({ ...envelope, result: z.object({ count: number }) })

/** POST oapi /topapi/v2/user/getbymobile */
export const GetByMobileRequest = z.strictObject({
  mobile: z.string(),
  support_exclusive_account_search: z.boolean().optional(),
})
export const GetByMobileResponse = z.object({
  ...envelope,
  result: z.object({ userid: maybe(text), exclusive_account_userid_list: maybe(z.array(text)) }),
})

// ── attendance ──────────────────────────────────────────────────────────────────────────────────────────────

/** POST oapi /attendance/listRecord. Times are wall-clock text at +08:00, `yyyy-MM-dd HH:mm:ss`. */
export const ListRecordRequest = z.strictObject({
  userIds: z.array(z.string()),
  checkDateFrom: z.string(),
  checkDateTo: z.string(),
  isI18n: z.boolean().optional(),
})
/** Only the envelope: the rows, tens of thousands of them, are read one by one in to-domain.ts. */
export const ListRecordResponse = z.object({ ...envelope, recordresult: maybe(z.array(z.unknown())) })

/** POST oapi /attendance/list. Days as wall-clock text whose time is ignored; pages by `offset`. */
export const ListRequest = z.strictObject({
  workDateFrom: z.string(),
  workDateTo: z.string(),
  userIdList: z.array(z.string()),
  offset: z.int(),
  limit: z.int(),
  isI18n: z.boolean().optional(),
})
/** `hasMore`, in camel case. */
export const ListResponse = z.object({
  ...envelope,
  hasMore: maybe(flag),
  recordresult: maybe(z.array(z.unknown())),
})

/** POST oapi /topapi/attendance/getupdatedata. `work_date`: `yyyy-MM-dd`. */
export const GetUpdateDataRequest = z.strictObject({ userid: z.string(), work_date: z.string() })
export const GetUpdateDataResponse = z.object({
  ...envelope,
  result: maybe(
    z.object({
      attendance_result_list: maybe(z.array(z.unknown())),
      check_record_list: maybe(z.array(z.unknown())),
      approve_list: maybe(z.array(z.unknown())),
    }),
  ),
})

/** POST oapi /topapi/attendance/record/upload: one punch. `user_check_time`: epoch milliseconds, 13 digits. */
export const UploadRequest = z.strictObject({
  userid: z.string(),
  device_name: z.string(),
  device_id: z.string(),
  user_check_time: z.int(),
  photo_url: z.string().optional(),
})
/** No record id, and `errmsg` may be missing. */
export const UploadResponse = z.object({ ...envelope, success: maybe(flag) })

/**
 * One row of 打卡详情 as documented: ids and times are JSON numbers live and strings in the samples; times are epoch
 * milliseconds; enums are open. Every key but id, userId, corpId, workDate, userCheckTime, sourceType, gmtCreate and
 * gmtModified may be missing. A shape for those who build rows; nothing received is trusted to have it.
 */
export type PunchRow = {
  id: number | string
  userId: string
  corpId?: string
  workDate: number | string
  userCheckTime: number | string
  sourceType: string
  gmtCreate?: number | string
  gmtModified?: number | string
  checkType?: string
  timeResult?: string
  locationResult?: string
  isLegal?: string
  planId?: number | string
  planCheckTime?: number | string
  classId?: number | string
  baseCheckTime?: number | string
  groupId?: number | string
  locationMethod?: string
  userAddress?: string
  userLatitude?: number | string
  userLongitude?: number | string
  userAccuracy?: number | string
  baseLatitude?: number | string
  baseLongitude?: number | string
  baseAccuracy?: number | string
  baseAddress?: string
  userSsid?: string
  userMacAddr?: string
  baseSsid?: string
  baseMacAddr?: string
  deviceId?: string
  deviceSN?: string
  bizId?: string
  approveId?: number | string
  procInstId?: string
  outsideRemark?: string
  photoUrl?: string
  invalidRecordType?: string
  invalidRecordMsg?: string
}

/**
 * One row of 打卡结果: a planned point, also one that nobody punched at (`NotSigned`, sourceType SYSTEM, no recordId, and
 * userCheckTime repeating baseCheckTime). Times in epoch milliseconds.
 */
export type ResultRow = {
  id: number | string
  userId: string
  corpId?: string
  workDate: number | string
  checkType?: string
  timeResult?: string
  locationResult?: string
  baseCheckTime?: number | string
  userCheckTime?: number | string
  sourceType?: string
  recordId?: number | string
  planId?: number | string
  groupId?: number | string
  approveId?: number | string
  procInstId?: string
}

/** The three lists of 考勤更新数据, rows as documented: times are wall-clock text, coordinates strings. */
export type DayResultRow = {
  record_id?: number | string
  source_type?: string
  plan_check_time?: string
  class_id?: number | string
  location_method?: string
  location_result?: string
  outside_remark?: string
  plan_id?: number | string
  user_address?: string
  group_id?: number | string
  user_check_time?: string
  procInst_id?: string
  check_type?: string
  time_result?: string
}
export type DayPunchRow = {
  record_id?: number | string
  source_type?: string
  user_accuracy?: string
  valid_matched?: boolean | string
  user_check_time?: string
  user_longitude?: string
  user_latitude?: string
  user_ssid?: string
  user_mac_addr?: string
  base_accuracy?: string
  base_address?: string
  invalid_record_msg?: string
  invalid_record_type?: string
}
export type DayApprovalRow = {
  duration_unit?: string
  duration?: string
  sub_type?: string
  tag_name?: string
  procInst_id?: string
  begin_time?: string
  biz_type?: number | string
  end_time?: string
  gmt_finished?: string
}

export type Department = z.infer<typeof Department>
export type User = z.infer<typeof User>
export type AccessTokenRequest = z.infer<typeof AccessTokenRequest>
export type AccessTokenResponse = z.infer<typeof AccessTokenResponse>
export type GetTokenRequest = z.infer<typeof GetTokenRequest>
// ── events ──────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * GET oapi /call_back/get_call_back_failed_result. A row: `call_back_tag`, `event_time` (epoch ms) and the event's
 * fields under its tag, `bpmsCallBackData`, `roleLabelChange` or `callbackData`.
 */
export const FailedEventsRequest = z.strictObject({})
export const FailedEventsResponse = z.object({
  ...envelope,
  has_more: maybe(flag),
  failed_list: maybe(z.array(z.unknown())),
})

export type FailedEventsRequest = z.infer<typeof FailedEventsRequest>
export type FailedEventsResponse = z.infer<typeof FailedEventsResponse>
export type GetTokenResponse = z.infer<typeof GetTokenResponse>
export type ScopesResponse = z.infer<typeof ScopesResponse>
export type ListSubRequest = z.infer<typeof ListSubRequest>
export type ListSubResponse = z.infer<typeof ListSubResponse>
export type UserListRequest = z.infer<typeof UserListRequest>
export type UserListResponse = z.infer<typeof UserListResponse>
export type UserGetRequest = z.infer<typeof UserGetRequest>
export type UserGetResponse = z.infer<typeof UserGetResponse>
export type UserCountRequest = z.infer<typeof UserCountRequest>
export type UserCountResponse = z.infer<typeof UserCountResponse>
export type GetByMobileRequest = z.infer<typeof GetByMobileRequest>
export type GetByMobileResponse = z.infer<typeof GetByMobileResponse>
export type ListRecordRequest = z.infer<typeof ListRecordRequest>
export type ListRecordResponse = z.infer<typeof ListRecordResponse>
export type ListRequest = z.infer<typeof ListRequest>
export type ListResponse = z.infer<typeof ListResponse>
export type GetUpdateDataRequest = z.infer<typeof GetUpdateDataRequest>
export type GetUpdateDataResponse = z.infer<typeof GetUpdateDataResponse>
export type UploadRequest = z.infer<typeof UploadRequest>
export type UploadResponse = z.infer<typeof UploadResponse>
