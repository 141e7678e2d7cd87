import { expect, test } from 'vitest'
import { at, invalid, ms, notSigned, onDuty, one, read } from '#platforms/dingtalk/test-rows.ts'
import { toAccount } from '#platforms/dingtalk/to-domain.ts'
import { ListRecordResponse, User } from '#platforms/dingtalk/wire.ts'

test('a mobile punch of the manual becomes a punch in our words', () => {
  const punch = one(onDuty)
  expect({
    ...punch,
    at: punch.at.toString(),
    workDate: punch.workDate?.toString(),
    slot: punch.slot && { ...punch.slot, plannedAt: punch.slot.plannedAt.toString() },
  }).toEqual({
    externalId: '43047156750',
    userId: 'u001',
    at: '2020-09-07T01:18:25Z',
    workDate: '2020-09-07',
    origin: 'person',
    isVoid: false,
    voidReason: null,
    result: '正常 外勤',
    device: null,
    address: '某市某区某路 1 号',
    latitude: 30.285413,
    longitude: 120.017139,
    slot: { plannedAt: '2020-09-07T01:30:00Z', kind: 'in' },
  })
})

test('digits in quotes give the same punch, hash and all', () => {
  const quoted = Object.fromEntries(Object.entries(onDuty).map(([key, value]) => [key, String(value)]))
  expect(one(quoted)).toEqual(one(onDuty))
})

test('wall-clock text is read at +08:00', () => {
  expect(one({ ...onDuty, userCheckTime: '2020-09-07 09:18:25' }).at).toEqual(one(onDuty).at)
})

test('milliseconds are cut, never rounded up', () => {
  expect(one({ ...onDuty, userCheckTime: onDuty.userCheckTime + 999 }).at).toEqual(one(onDuty).at)
})

test('the work date of a night shift may precede the punch', () => {
  const punch = one({
    ...onDuty,
    workDate: ms('2020-09-06T00:00+08:00'),
    userCheckTime: ms('2020-09-07T01:30+08:00'),
  })
  expect(punch.workDate?.toString()).toBe('2020-09-06')
})

test('a void punch keeps its reason and claims no verdict and no slot', () => {
  expect(one(invalid)).toMatchObject({
    isVoid: true,
    voidReason: '需要二次确认',
    result: null,
    slot: null,
    address: null,
    latitude: null,
  })
  expect(one({ ...invalid, invalidRecordMsg: undefined }).voidReason).toBe('Other')
  expect(one({ ...invalid, invalidRecordType: '' }).isVoid).toBe(false)
})

test.for([
  { of: { sourceType: 'BOSS' }, gives: 'correction' },
  { of: { sourceType: 'SELF_SERVICE' }, gives: 'correction' },
  { of: { sourceType: 'APPROVE' }, gives: 'approval' },
  { of: { sourceType: 'AUTO_CHECK' }, gives: 'person' },
  { of: { sourceType: 'ATM' }, gives: 'person' },
  { of: { sourceType: 'SOMETHING_NEW' }, gives: 'person' },
])('$of.sourceType is a punch by $gives', ({ of, gives }) => {
  expect(one({ ...onDuty, ...of }).origin).toBe(gives)
})

test('a slot that an approval filled is told apart', () => {
  const { punches, approvedSlots } = read({ ...onDuty, sourceType: 'APPROVE' })
  expect(punches).toHaveLength(1)
  expect(approvedSlots).toEqual([{ userId: 'u001', plannedAt: at('2020-09-07T09:30+08:00') }])
})

test.for([
  { of: { timeResult: 'Normal', locationResult: 'Normal' }, gives: '正常' },
  { of: { timeResult: 'Early', locationResult: 'Normal' }, gives: '早退' },
  { of: { timeResult: 'LeaveEarly', locationResult: undefined }, gives: '早退' },
  { of: { timeResult: 'Late', locationResult: 'Outside' }, gives: '迟到 外勤' },
  { of: { timeResult: 'SeriousLate', locationResult: 'Normal' }, gives: '严重迟到' },
  { of: { timeResult: 'Absenteeism', locationResult: 'Normal' }, gives: '旷工迟到' },
  { of: { timeResult: 'Hovering', locationResult: 'OnTheMoon' }, gives: 'Hovering OnTheMoon' },
  { of: { timeResult: 'constructor', locationResult: undefined }, gives: 'constructor' },
  { of: { timeResult: undefined, locationResult: undefined }, gives: null },
])('the verdict $of reads $gives', ({ of, gives }) => {
  expect(one({ ...onDuty, ...of }).result).toBe(gives)
})

test.for(['ATM', 'DING_ATM', 'BEACON', 'CARD'])(
  'a %s punch names the machine, not an address',
  (sourceType) => {
    const row = { ...onDuty, sourceType, userAddress: '前台考勤机', baseAddress: '总部大楼', deviceSN: 'SN1' }
    expect(one(row)).toMatchObject({ device: '前台考勤机', address: '总部大楼' })
    expect(one({ ...row, userAddress: undefined }).device).toBe('SN1')
  },
)

test('coordinates count only as a pair on the globe', () => {
  expect(one({ ...onDuty, userLatitude: '30.5', userLongitude: '120.25' })).toMatchObject({
    latitude: 30.5,
    longitude: 120.25,
  })
  expect(one({ ...onDuty, userLongitude: undefined })).toMatchObject({ latitude: null, longitude: null })
  expect(one({ ...onDuty, userLatitude: 'north' })).toMatchObject({ latitude: null, longitude: null })
  expect(one({ ...onDuty, userLatitude: 91 })).toMatchObject({ latitude: null, longitude: null })
})

test.for([
  { when: 'both results say NotSigned', row: notSigned },
  {
    when: 'only the time result says so, in another case',
    row: { ...notSigned, timeResult: 'notsigned', locationResult: undefined },
  },
  {
    when: 'there is no punch time at all',
    row: { ...notSigned, timeResult: 'Late', locationResult: 'Normal', userCheckTime: undefined },
  },
  {
    when: 'the system made it and nobody left a trace',
    row: {
      ...notSigned,
      timeResult: 'Normal',
      locationResult: 'Normal',
      userAddress: undefined,
      userLatitude: undefined,
      deviceId: undefined,
      bizId: undefined,
    },
  },
])('a made-up row is an empty slot and no punch: $when', ({ row }) => {
  const { punches, emptySlots, unreadable } = read(row)
  expect(punches).toEqual([])
  expect(unreadable).toEqual([])
  expect(emptySlots).toEqual([{ userId: 'u001', plannedAt: at('2020-09-07T18:30+08:00'), kind: 'out' }])
})

test('a made-up row without a slot is nothing', () => {
  const { punches, emptySlots, unreadable, outside } = read({
    ...notSigned,
    planCheckTime: undefined,
    baseCheckTime: undefined,
  })
  expect({ punches, emptySlots, unreadable, outside }).toEqual({
    punches: [],
    emptySlots: [],
    unreadable: [],
    outside: 0,
  })
})

test('a SYSTEM row that shows where somebody stood is a punch', () => {
  expect(one({ ...onDuty, sourceType: 'SYSTEM' }).origin).toBe('person')
})

test('an empty answer, a null one and one without the key are no rows', () => {
  for (const body of [{ errcode: 0, recordresult: [] }, { errcode: '0', recordresult: null }, { errcode: 0 }])
    expect(ListRecordResponse.parse(body).recordresult ?? []).toEqual([])
})

test('an employee becomes an account; what is hidden or empty is null', () => {
  const full = User.parse({
    userid: 'u001',
    unionid: 'x',
    name: ' 张三 ',
    mobile: '13800000000',
    state_code: '86',
    job_number: 1001,
    email: '',
    org_email: 'zhangsan@example.com',
    dept_id_list: ['2', 3],
    active: 'true',
    role_list: 'not a list',
    new_key: { since: 2027 },
  })
  expect(toAccount(full, ['研发中心'], ['2', '1'])).toEqual({
    userId: 'u001',
    name: '张三',
    mobile: '+8613800000000',
    jobNumber: '1001',
    email: 'zhangsan@example.com',
    departments: ['研发中心'],
    departmentIds: ['2', '1'],
    isActive: true,
    title: null,
    hiredOn: null,
    manager: null,
    humanId: 'x',
  })
  const bare = User.parse({ userid: '007', job_number: ' ', mobile: null, active: false })
  expect(toAccount(bare, [], [])).toMatchObject({
    userId: '007',
    name: '',
    mobile: null,
    jobNumber: null,
    email: null,
    isActive: false,
  })
})
