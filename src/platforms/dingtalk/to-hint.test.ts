import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hintBounds } from '#platforms/hint-ids.ts'
import { toDingtalkHints } from './to-hint.ts'

const hints = (type: string, body: unknown) =>
  toDingtalkHints({ type, body: typeof body === 'string' ? body : JSON.stringify(body) })
const at = Temporal.Instant.from('2026-11-22T08:58:00+08:00')
const checkTime = at.epochMilliseconds
const midnight = Temporal.Instant.from('2026-11-22T00:00:00+08:00')
const punched = [{ kind: 'punch', userIds: ['u001'], at }]
const row = { userId: 'u001', corpId: 'ding1', checkTime, groupId: 'a1b2', bizId: 'x', checkByUser: true }
const other = [{ kind: 'other' }]

test.for([
  { what: 'a punch', type: 'attendance_check_record', body: { dataList: [row] }, gives: punched },
  {
    what: 'a punch in a legacy envelope',
    type: 'attendance_check_record',
    body: { EventType: 'attendance_check_record', DataList: [{ ...row, checkTime: String(checkTime) }] },
    gives: punched,
  },
  {
    what: 'a punch in a Stream frame',
    type: 'attendance_check_record',
    body: { type: 'EVENT', headers: {}, data: JSON.stringify({ dataList: [row] }) },
    gives: punched,
  },
  {
    what: 'a punch on the failed list',
    type: 'attendance_check_record',
    body: {
      call_back_tag: 'attendance_check_record',
      event_time: 1,
      attendance_check_record: { dataList: [row] },
    },
    gives: punched,
  },
  {
    what: 'two people in one push',
    type: 'attendance_check_record',
    body: { dataList: [row, { ...row, userId: 'u002' }] },
    gives: [...punched, { kind: 'punch', userIds: ['u002'], at }],
  },
  {
    what: 'a replay after new scheduling',
    type: 'attendance_check_record',
    body: { dataList: [{ ...row, checkByUser: false }] },
    gives: [{ kind: 'schedule', userIds: ['u001'] }],
  },
  {
    what: 'a punch without a time',
    type: 'attendance_check_record',
    body: { dataList: [{ userId: 'u001', checkTime: '昨天' }] },
    gives: [{ kind: 'punch', userIds: ['u001'], at: null }],
  },
  {
    what: 'a punch at the end of time',
    type: 'attendance_check_record',
    body: { dataList: [{ userId: 'u001', checkTime: 9e15 }] },
    gives: [{ kind: 'punch', userIds: ['u001'], at: null }],
  },
  { what: 'a push of nobody', type: 'attendance_check_record', body: { dataList: [] }, gives: other },
  {
    what: 'a result set by an administrator',
    type: 'attend_bossCheck_change',
    body: { userId: 'u001', planId: 7, workDate: '2026-11-22 00:00:00' },
    gives: [{ kind: 'punch', userIds: ['u001'], at: midnight, day: '2026-11-22' }],
  },
  {
    what: 'a person-day made anew',
    type: 'attend_user_daily_summary_refresh',
    body: { userId: 'u001', workDate: '2026-11-22' },
    gives: [{ kind: 'punch', userIds: ['u001'], at: midnight, day: '2026-11-22' }],
  },
  {
    what: 'a person-day without a date',
    type: 'attend_user_daily_summary_refresh',
    body: { userId: 'u001', workDate: 'soon' },
    gives: [{ kind: 'punch', userIds: ['u001'], at: null }],
  },
  {
    what: 'a new schedule',
    type: 'attendance_schedule_change',
    body: { DataList: [{ userIds: ['u001', 'u002'], type: 'modify' }] },
    gives: [{ kind: 'schedule', userIds: ['u001', 'u002'] }],
  },
  {
    what: 'an attendance group',
    type: 'attend_group_change',
    body: { corpid: 'ding1', id: 7, name: '总部' },
    gives: [{ kind: 'schedule', userIds: [] }],
  },
  {
    what: 'a shift',
    type: 'attend_shift_change',
    body: { id: '7' },
    gives: [{ kind: 'schedule', userIds: [] }],
  },
  {
    what: 'a leave',
    type: 'attendance_approve_status_change',
    body: { processInstanceId: 'p', status: 'finish' },
    gives: [{ kind: 'approval', userIds: [] }],
  },
  {
    what: 'overtime',
    type: 'attendance_overtime_duration',
    body: { dataList: [{ userid: 'u001' }] },
    gives: [{ kind: 'approval', userIds: ['u001'] }],
  },
  {
    what: 'an approval',
    type: 'bpms_instance_change',
    body: { processInstanceId: 'p', staffId: 'u001', type: 'finish' },
    gives: [{ kind: 'approval', userIds: ['u001'] }],
  },
  {
    what: 'an approval on the failed list',
    type: 'bpms_instance_change',
    body: { call_back_tag: 'bpms_instance_change', bpmsCallBackData: { staffId: 'u001' } },
    gives: [{ kind: 'approval', userIds: ['u001'] }],
  },
  {
    what: 'a joiner',
    type: 'user_add_org',
    body: { timeStamp: '1', userId: ['u001', 'u002'] },
    gives: [{ kind: 'contacts', userIds: ['u001', 'u002'] }],
  },
  {
    what: 'a joiner in a legacy envelope',
    type: 'user_add_org',
    body: { EventType: 'user_add_org', UserId: ['u001'], OptStaffId: 'boss' },
    gives: [{ kind: 'contacts', userIds: ['u001'] }],
  },
  {
    what: 'a leaver on the failed list',
    type: 'user_leave_org',
    body: { call_back_tag: 'user_leave_org', user_leave_org: { userid: ['u001'], corpid: 'ding1' } },
    gives: [{ kind: 'contacts', userIds: ['u001'] }],
  },
  {
    what: 'a department',
    type: 'org_dept_modify',
    body: { deptId: [7] },
    gives: [{ kind: 'contacts', userIds: [] }],
  },
  {
    what: 'user ids that are numbers, doubled, empty or odd',
    type: 'user_add_org',
    body: { userId: [7, '7', '', ' u001 ', null, {}, 'a\u0000b', '\ud800', 'x'.repeat(65), 1.5] },
    gives: [{ kind: 'contacts', userIds: ['7', 'u001'] }],
  },
  {
    what: 'a user id with leading zeros',
    type: 'user_add_org',
    body: { userId: '007' },
    gives: [{ kind: 'contacts', userIds: ['007'] }],
  },
  { what: 'a check-in, which is another product', type: 'check_in', body: { staffId: 'u001' }, gives: other },
  { what: 'an event of tomorrow', type: 'attendance_brain_scan', body: { userId: 'u001' }, gives: other },
  { what: 'an event named like a property', type: 'constructor', body: {}, gives: other },
  { what: 'no JSON', type: 'user_add_org', body: 'user_add_org', gives: other },
])('$what', ({ type, body, gives }) => {
  expect(hints(type, body)).toEqual(gives)
})

test('however many are named, a hint stays small', () => {
  const many = Array.from({ length: 5_000 }, (_, i) => `u${i}`)
  expect(hints('user_add_org', { userId: many })[0]).toMatchObject({ userIds: { length: hintBounds.ids } })
  expect(hints('attendance_check_record', { dataList: many.map((userId) => ({ userId })) })).toHaveLength(
    hintBounds.ids,
  )
})

test('whatever the body holds, there is a hint that can be kept', () => {
  const types = fc.constantFrom(
    'attendance_check_record',
    'user_add_org',
    'attend_bossCheck_change',
    'bpms_instance_change',
    'toString',
  )
  const keys = fc.constantFrom(
    'dataList',
    'DataList',
    'userId',
    'UserId',
    'data',
    'workDate',
    'checkTime',
    'staffId',
  )
  const body = fc.dictionary(keys, fc.jsonValue())
  fc.assert(
    fc.property(types, body, (type, value) => {
      const found = hints(type, value)
      expect(found.length).toBeGreaterThan(0)
      expect(JSON.stringify(found)).not.toMatch(/\\u0000|\\ud[89a-f]/)
    }),
  )
})
