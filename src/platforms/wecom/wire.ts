import { z } from 'zod'
import { flag, maybe, number, text, wholeInQuery } from '#platforms/tolerant.ts'

/**
 * WeCom's words on the wire, and nothing else: requests exactly as documented, answers as tolerantly as live data
 * need. No logic and no limits live here; the sandbox shares this file and no other.
 * Source: https://developer.work.weixin.qq.com/document/path/<page>, pages beside each endpoint.
 */

/** Every refusal (HTTP 200). It may still carry the endpoint's empty collection: look at errcode before the data. */
export type Refusal = { errcode: number; errmsg: string }

const envelope = { errcode: maybe(number), errmsg: maybe(text) }
const uint32 = z.int().min(0).max(4_294_967_295)

// ── token ───────────────────────────────────────────────────────────────────────────────────────────────────

/** GET /cgi-bin/gettoken */
export const GetTokenRequest = z.strictObject({ corpid: z.string(), corpsecret: z.string() })
export const GetTokenResponse = z.object({ ...envelope, access_token: z.string().min(1), expires_in: number })

// ── contacts ────────────────────────────────────────────────────────────────────────────────────────────────

/** GET /cgi-bin/department/simplelist. The array's name is singular: `department_id`. */
export const DepartmentSimpleListRequest = z.strictObject({ id: wholeInQuery.optional() })
export const DepartmentId = z.object({ id: number, parentid: maybe(number), order: maybe(number) })
export const DepartmentSimpleListResponse = z.object({
  ...envelope,
  department_id: maybe(z.array(DepartmentId)),
})

/** GET /cgi-bin/department/list: recursive, the asked one included. */
export const DepartmentListRequest = z.strictObject({ id: wholeInQuery.optional() })
export const Department = z.object({
  id: number,
  name: maybe(text),
  name_en: maybe(text),
  department_leader: maybe(z.array(text)),
  parentid: maybe(number),
  order: maybe(number),
})
export const DepartmentListResponse = z.object({ ...envelope, department: maybe(z.array(Department)) })

/** GET /cgi-bin/user/simplelist: direct members. */
export const UserSimpleListRequest = z.strictObject({ department_id: wholeInQuery })
export const UserSimple = z.object({
  userid: text,
  name: maybe(text),
  department: maybe(z.array(number)),
  open_userid: maybe(text),
})
export const UserSimpleListResponse = z.object({ ...envelope, userlist: maybe(z.array(UserSimple)) })

/** A custom field: type 0 text, type 1 a web link. */
export const ExtAttribute = z.object({
  type: maybe(number),
  name: maybe(text),
  text: maybe(z.object({ value: maybe(text) })),
  web: maybe(z.object({ url: maybe(text), title: maybe(text) })),
  /** Older shape: the value beside the name. */
  value: maybe(text),
})

/** One member. Apps made since 2022-06-20 do not get mobile, email, gender, avatar …: the keys are missing. */
export const User = z.object({
  userid: text,
  name: maybe(text),
  alias: maybe(text),
  position: maybe(text),
  telephone: maybe(text),
  department: maybe(z.array(number)),
  order: maybe(z.array(number)),
  is_leader_in_dept: maybe(z.array(number)),
  direct_leader: maybe(z.array(text)),
  main_department: maybe(number),
  /** 1 active, 2 disabled, 4 not activated, 5 left. */
  status: maybe(number),
  enable: maybe(number),
  gender: maybe(text),
  mobile: maybe(text),
  email: maybe(text),
  biz_mail: maybe(text),
  address: maybe(text),
  avatar: maybe(text),
  thumb_avatar: maybe(text),
  qr_code: maybe(text),
  extattr: maybe(z.object({ attrs: maybe(z.array(ExtAttribute)) })),
  external_position: maybe(text),
  external_profile: maybe(z.unknown()),
  open_userid: maybe(text),
})

/** GET /cgi-bin/user/list: direct members, whole objects, no paging. */
export const UserListRequest = z.strictObject({ department_id: wholeInQuery })
export const UserListResponse = z.object({ ...envelope, userlist: maybe(z.array(User)) })

/** GET /cgi-bin/user/get: the member lies flat beside errcode. */
export const UserGetRequest = z.strictObject({ userid: z.string() })
export const UserGetResponse = User.extend(envelope)

/** POST /cgi-bin/user/list_id: one row per (member, department). */
export const ListIdRequest = z.strictObject({ cursor: z.string().optional(), limit: z.int().optional() })
export const ListIdResponse = z.object({
  ...envelope,
  next_cursor: maybe(text),
  dept_user: maybe(z.array(z.object({ userid: text, department: maybe(number), open_userid: maybe(text) }))),
})

/** POST /cgi-bin/user/getuserid: Chinese numbers without +86. */
export const GetUserIdRequest = z.strictObject({ mobile: z.string() })
export const GetUserIdResponse = z.object({ ...envelope, userid: maybe(text) })

// ── check-in ────────────────────────────────────────────────────────────────────────────────────────────────

/** POST /cgi-bin/checkin/getcheckindata. Unix seconds. `opencheckindatatype`: 1 on/off duty, 2 outside, 3 all. */
export const GetCheckinDataRequest = z.strictObject({
  opencheckindatatype: uint32,
  starttime: uint32,
  endtime: uint32,
  useridlist: z.array(z.string()),
})
/** Only the envelope: the rows, tens of thousands of them, are read one by one in to-domain.ts. */
export const GetCheckinDataResponse = z.object({ ...envelope, checkindata: maybe(z.array(z.unknown())) })

/**
 * One row of 打卡记录 as documented: times in Unix seconds, coordinates in degrees × 1,000,000. `checkin_type` and
 * `exception_type` are open Chinese vocabularies. A shape for those who build rows; nothing received is trusted to
 * have it.
 */
export type CheckinRow = {
  userid: string
  checkin_time: number | string
  groupname?: string
  groupid?: number | string
  checkin_type?: string
  exception_type?: string
  sch_checkin_time?: number | string
  location_title?: string
  location_detail?: string
  wifiname?: string
  wifimac?: string
  notes?: string
  mediaids?: string[]
  lat?: number | string
  lng?: number | string
  deviceid?: string
  schedule_id?: number | string
  timeline_id?: number | string
  /** Approval number; undocumented here, named as in the reports and in the approval API. */
  sp_number?: string
}

/** POST /cgi-bin/hardware/get_hardware_checkin_data. `filter_type`: 1 by punch time (also without it), 2 by time of upload. Unix seconds. */
export const GetHardwareCheckinDataRequest = z.strictObject({
  filter_type: uint32.optional(),
  starttime: uint32,
  endtime: uint32,
  useridlist: z.array(z.string()),
})
/** Only the envelope, as with getcheckindata. */
export const GetHardwareCheckinDataResponse = z.object({
  ...envelope,
  checkindata: maybe(z.array(z.unknown())),
})
/** One punch at a machine, whether it matches a rule or not. */
export type HardwareRow = {
  userid: string
  checkin_time: number | string
  device_sn?: string
  device_name?: string
}

/** POST /cgi-bin/checkin/getcorpcheckinoption. Rules gain keys without notice: read only by name. */
export const GetCorpCheckinOptionRequest = z.strictObject({})
export const CheckinRule = z.looseObject({
  groupid: maybe(number),
  groupname: maybe(text),
  grouptype: maybe(number),
  open_sp_checkin: maybe(flag),
})
export const GetCorpCheckinOptionResponse = z.object({ ...envelope, group: maybe(z.array(CheckinRule)) })

/** One punch to be added. Degrees × 1,000,000; `device_type`: 1 door, 2 attendance machine, 3 other. */
export const CheckinRecord = z.strictObject({
  userid: z.string(),
  checkin_time: uint32,
  location_title: z.string(),
  location_detail: z.string(),
  mediaids: z.array(z.string()).optional(),
  notes: z.string().optional(),
  device_type: uint32,
  device_detail: z.string(),
  lat: z.int().optional(),
  lng: z.int().optional(),
  wifiname: z.string().optional(),
  wifimac: z.string().optional(),
})
/** POST /cgi-bin/checkin/add_checkin_record: no receipt, no per-record result. */
export const AddCheckinRecordRequest = z.strictObject({ records: z.array(CheckinRecord) })
export const AddCheckinRecordResponse = z.object({ ...envelope })

export type DepartmentId = z.infer<typeof DepartmentId>
export type Department = z.infer<typeof Department>
export type UserSimple = z.infer<typeof UserSimple>
export type ExtAttribute = z.infer<typeof ExtAttribute>
export type User = z.infer<typeof User>
export type CheckinRule = z.infer<typeof CheckinRule>
export type CheckinRecord = z.infer<typeof CheckinRecord>
export type GetTokenRequest = z.infer<typeof GetTokenRequest>
export type GetTokenResponse = z.infer<typeof GetTokenResponse>
export type DepartmentSimpleListRequest = z.infer<typeof DepartmentSimpleListRequest>
export type DepartmentSimpleListResponse = z.infer<typeof DepartmentSimpleListResponse>
export type DepartmentListRequest = z.infer<typeof DepartmentListRequest>
export type DepartmentListResponse = z.infer<typeof DepartmentListResponse>
export type UserSimpleListRequest = z.infer<typeof UserSimpleListRequest>
export type UserSimpleListResponse = z.infer<typeof UserSimpleListResponse>
export type UserListRequest = z.infer<typeof UserListRequest>
export type UserListResponse = z.infer<typeof UserListResponse>
export type UserGetRequest = z.infer<typeof UserGetRequest>
export type UserGetResponse = z.infer<typeof UserGetResponse>
export type ListIdRequest = z.infer<typeof ListIdRequest>
export type ListIdResponse = z.infer<typeof ListIdResponse>
export type GetUserIdRequest = z.infer<typeof GetUserIdRequest>
export type GetUserIdResponse = z.infer<typeof GetUserIdResponse>
export type GetCheckinDataRequest = z.infer<typeof GetCheckinDataRequest>
export type GetCheckinDataResponse = z.infer<typeof GetCheckinDataResponse>
export type GetCorpCheckinOptionResponse = z.infer<typeof GetCorpCheckinOptionResponse>
export type GetHardwareCheckinDataRequest = z.infer<typeof GetHardwareCheckinDataRequest>
export type GetHardwareCheckinDataResponse = z.infer<typeof GetHardwareCheckinDataResponse>
export type AddCheckinRecordRequest = z.infer<typeof AddCheckinRecordRequest>
export type AddCheckinRecordResponse = z.infer<typeof AddCheckinRecordResponse>
