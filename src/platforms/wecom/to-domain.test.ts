import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contentHash } from '#domain/punch-content.ts'
import type { RowsAsked } from '#platforms/read-row.ts'
import { readPunchRows, toAccount } from '#platforms/wecom/to-domain.ts'
import { type CheckinRow, User } from '#platforms/wecom/wire.ts'

const at = (text: string) => Temporal.Instant.from(text)

const asked: RowsAsked = {
  userIds: ['A0001', 'lisi'],
  from: at('2026-08-03T00:00+08:00'),
  to: at('2026-08-03T23:59:59+08:00'),
  slackSeconds: 0,
}

/** The manual's sample day: in at 08:55, out missing. */
const onDuty = {
  userid: 'A0001',
  groupname: '总部',
  checkin_type: '上班打卡',
  exception_type: '',
  checkin_time: 1785718500,
  location_title: '总部大楼',
  location_detail: '某市某区某路 1 号',
  wifiname: 'HQ-1',
  notes: '',
  wifimac: '02:00:5e:10:00:01',
  mediaids: [],
  sch_checkin_time: 1785718800,
  groupid: 12,
  schedule_id: 0,
  timeline_id: 1,
} satisfies CheckinRow
const missing = {
  ...onDuty,
  checkin_type: '下班打卡',
  exception_type: '未打卡',
  checkin_time: 1785751200,
  sch_checkin_time: 1785751200,
  location_title: '',
  location_detail: '',
} satisfies CheckinRow

const read = (...rows: unknown[]) => readPunchRows(rows, asked)
const one = (row: object) => {
  const { punches } = read(row)
  expect(punches).toHaveLength(1)
  return punches[0]!
}
const hashOf = (row: object) => contentHash(one(row), 'a0001')

test('a punch of the manual becomes a punch in our words', () => {
  const punch = one(onDuty)
  expect({
    ...punch,
    at: punch.at.toString(),
    slot: punch.slot && { ...punch.slot, plannedAt: punch.slot.plannedAt.toString() },
  }).toEqual({
    externalId: 'a0001@1785718500',
    userId: 'A0001',
    at: '2026-08-03T00:55:00Z',
    workDate: null,
    origin: 'person',
    isVoid: false,
    voidReason: null,
    result: '正常',
    device: null,
    address: '某市某区某路 1 号',
    latitude: null,
    longitude: null,
    slot: { plannedAt: '2026-08-03T01:00:00Z', kind: 'in' },
  })
})

test('a slot nobody filled is an empty slot, never a punch', () => {
  for (const exception_type of ['未打卡', '时间异常;未打卡', '地点异常； 未打卡'])
    expect(read({ ...missing, exception_type })).toMatchObject({
      punches: [],
      unreadable: [],
      emptySlots: [{ userId: 'A0001', plannedAt: at('2026-08-03T18:00+08:00'), kind: 'out' }],
    })
})

test('digits in quotes give the same punch, hash and all', () => {
  const quoted = { ...onDuty, checkin_time: '1785718500', sch_checkin_time: '1785718800' }
  expect(one(quoted)).toEqual(one(onDuty))
})

test.for([
  { of: { exception_type: '时间异常' }, gives: '时间异常' },
  { of: { exception_type: '时间异常;地点异常' }, gives: '时间异常 地点异常' },
  { of: { exception_type: '时间异常；wifi异常' }, gives: '时间异常 wifi异常' },
  { of: { exception_type: '前所未见' }, gives: '前所未见' },
  { of: { checkin_type: '外出打卡' }, gives: '正常 外出打卡' },
  { of: { checkin_type: '仅记录打卡时间和位置' }, gives: '正常 仅记录打卡时间和位置' },
  { of: { checkin_type: undefined, exception_type: undefined }, gives: '正常' },
])('the verdict $of reads $gives', ({ of, gives }) => {
  expect(one({ ...onDuty, ...of }).result).toBe(gives)
})

test('a rule without planned times gives no slot', () => {
  expect(one({ ...onDuty, sch_checkin_time: 0 }).slot).toBeNull()
  expect(one({ ...onDuty, sch_checkin_time: undefined }).slot).toBeNull()
  expect(one({ ...onDuty, checkin_type: '外出打卡' }).slot).toBeNull()
})

test.for([
  { when: 'the kind says so', of: { checkin_type: '审批打卡' } },
  { when: 'the exception says so', of: { exception_type: '审批打卡' } },
  { when: 'the notes say so', of: { notes: '已通过审批' } },
  { when: 'it carries an approval number', of: { sp_number: '202608030001' } },
])('a slot that an approval filled is told apart: $when', ({ of }) => {
  const { punches, approvedSlots } = read({ ...onDuty, ...of })
  expect(punches.map(({ origin }) => origin)).toEqual(['approval'])
  expect(approvedSlots).toEqual([{ userId: 'A0001', plannedAt: at('2026-08-03T09:00+08:00') }])
})

test('an approved slot without a punch time is no punch', () => {
  const { punches, approvedSlots, emptySlots, unreadable } = read(
    { ...missing, notes: '审批打卡' },
    { ...onDuty, checkin_time: 0, sp_number: 'x' },
  )
  expect({ punches, emptySlots, unreadable }).toEqual({ punches: [], emptySlots: [], unreadable: [] })
  expect(approvedSlots).toHaveLength(2)
})

test('补卡 is a correction', () => {
  expect(one({ ...onDuty, exception_type: '补卡' }).origin).toBe('correction')
})

test('people are known whatever the case of their id, and shown as received', () => {
  const { punches, outside } = read({ ...onDuty, userid: 'a0001' }, { ...onDuty, userid: 'a0002' })
  expect(punches.map(({ userId, externalId }) => [userId, externalId])).toEqual([
    ['a0001', 'a0001@1785718500'],
  ])
  expect(outside).toBe(1)
  expect(contentHash(punches[0]!, 'a0001')).toBe(hashOf(onDuty))
})

test('rows outside the window are dropped and counted; the borrowed second is neither', () => {
  const rows = [onDuty, { ...onDuty, checkin_time: 1785686399 }, { ...onDuty, checkin_time: 1785772800 }]
  expect(read(...rows)).toMatchObject({ outside: 2 })
  expect(readPunchRows(rows, { ...asked, slackSeconds: 1 })).toMatchObject({ outside: 1, punches: [{}] })
})

test('two rows of one person and second are one punch, whatever their order', () => {
  const twins = [
    {
      ...onDuty,
      sch_checkin_time: 0,
      location_detail: '',
      location_title: '',
      lat: 30_285413,
      lng: 120_017139,
    },
    { ...onDuty, userid: 'a0001' },
    { ...onDuty, exception_type: '地点异常', notes: '审批' },
    { ...onDuty, checkin_type: '下班打卡' },
  ]
  fc.assert(
    fc.property(fc.shuffledSubarray(twins, { minLength: twins.length }), (shuffled) => {
      const { punches } = read(...shuffled)
      expect(punches).toEqual(read(...twins).punches)
      expect(punches).toMatchObject([
        {
          externalId: 'a0001@1785718500',
          origin: 'approval',
          address: '某市某区某路 1 号',
          latitude: 30.285413,
          longitude: 120.017139,
        },
      ])
    }),
  )
})

test('what cannot be read is kept verbatim and costs the others nothing', () => {
  const rows = [
    7,
    { checkin_time: 1 },
    { userid: 'lisi', checkin_time: 'soon' },
    { userid: 'lisi', checkin_time: -5 },
    onDuty,
  ]
  const { punches, unreadable } = read(...rows)
  expect(punches).toHaveLength(1)
  expect(unreadable.map(({ because }) => because)).toEqual(['not-an-object', 'no-user', 'no-time', 'no-time'])
  expect(unreadable[2]?.row).toBe(rows[2])
})

test('any field we use changes the hash; the rest does not', () => {
  const hash = hashOf(onDuty)
  expect(hashOf({ ...onDuty, wifiname: 'HQ-2', groupid: 13, timeline_id: 2, mediaids: ['m'] })).toBe(hash)
  const changes: object[] = [
    { exception_type: '时间异常' },
    { location_detail: '别处' },
    { checkin_time: 1785718501 },
    { sch_checkin_time: 1785718801 },
    { checkin_type: '下班打卡' },
    { lat: 1, lng: 1 },
    { notes: '审批' },
  ]
  const hashes = changes.map((change) => hashOf({ ...onDuty, ...change }))
  expect(new Set([hash, ...hashes]).size).toBe(changes.length + 1)
})

test('no row whatever makes reading fail', () => {
  const value = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.constant([]))
  const row = fc.record(
    {
      userid: fc.oneof(fc.constant('lisi'), value),
      checkin_time: fc.oneof(fc.constant(1785718500), value),
      sch_checkin_time: value,
      checkin_type: value,
      exception_type: fc.oneof(fc.constant('未打卡'), value),
      lat: value,
      lng: value,
      notes: value,
    },
    { requiredKeys: [] },
  )
  fc.assert(fc.property(fc.array(row), (rows) => void read(...rows)))
})

const member = User.parse({
  userid: 'ZhangSan',
  name: '张三',
  department: [2, '3'],
  status: '1',
  mobile: '13800000000',
  biz_mail: 'zhangsan@example.com',
  extattr: {
    attrs: [
      { type: 0, name: '主页', text: { value: 'x' } },
      { type: 0, name: ' 工号 ', text: { value: ' A0001 ' } },
    ],
  },
})

test.for([
  { from: { from: 'extattr', name: '工号' } as const, gives: 'A0001' },
  { from: { from: 'extattr', name: '员工编号' } as const, gives: null },
  { from: { from: 'userid' } as const, gives: 'ZhangSan' },
  { from: { from: 'none' } as const, gives: null },
])('the job number comes $from', ({ from, gives }) => {
  expect(toAccount(member, ['研发中心'], ['2'], from)).toEqual({
    userId: 'ZhangSan',
    name: '张三',
    mobile: '+8613800000000',
    jobNumber: gives,
    email: 'zhangsan@example.com',
    departments: ['研发中心'],
    departmentIds: ['2'],
    isActive: true,
    title: null,
    hiredOn: null,
    manager: null,
    humanId: null,
  })
})

test('a member of a new app has no mobile, and one who never activated is inactive', () => {
  const bare = User.parse({ userid: 'lisi', status: 4, gender: 1, extattr: null })
  expect(toAccount(bare, [], [], { from: 'none' })).toMatchObject({ mobile: null, name: '', isActive: false })
})
