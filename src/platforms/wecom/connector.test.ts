import { expect, test } from 'vitest'
import type { PunchToWrite } from '#domain/punch.ts'
import type { Seen } from '#platforms/test-kit.ts'
import { add, checkins, connect, says, userId } from '#platforms/wecom/test-company.ts'

const at = (text: string) => Temporal.Instant.from(text)

test('the documented batches are told', () => {
  expect(connect().wecom).toMatchObject({
    name: 'wecom',
    batch: { readPeople: 100, readDays: 30, writeRecords: 200 },
    callNames: { read: 'getcheckindata', write: 'add_checkin_record' },
  })
})

const row = (userid: string, time: string, changes: object = {}) => ({
  userid,
  checkin_type: '上班打卡',
  exception_type: '',
  checkin_time: at(time).epochMilliseconds / 1000,
  sch_checkin_time: at('2026-08-03T09:00+08:00').epochMilliseconds / 1000,
  ...changes,
})
const day = { from: at('2026-08-03T00:00+08:00'), to: at('2026-08-03T23:59:59+08:00') }

test('punches are asked for in Unix seconds, all kinds, and come with their text', async () => {
  const body = {
    errcode: 0,
    checkindata: [
      row('zhangsan', '2026-08-03T18:00+08:00', { checkin_type: '下班打卡' }),
      row('ZHANGSAN', '2026-08-03T08:55+08:00'),
      row('other', '2026-08-03T08:55+08:00'),
      row('lisi', '2026-08-03T09:00+08:00', { exception_type: '未打卡' }),
      row('zhangsan', '2026-08-04T00:00+08:00'),
    ],
  }
  const { wecom, askedOf } = connect({ [checkins]: body })
  const read = await wecom.readPunches({ userIds: ['ZhangSan', 'lisi'], ...day })
  expect(askedOf(checkins)).toEqual([
    { opencheckindatatype: 3, starttime: 1785686400, endtime: 1785772799, useridlist: ['ZhangSan', 'lisi'] },
  ])
  expect(read.punches.map(({ externalId }) => externalId)).toEqual([
    'zhangsan@1785718500',
    'zhangsan@1785751200',
  ])
  expect(read.emptySlots).toMatchObject([{ userId: 'lisi', kind: 'in' }])
  expect(read.outside).toBe(2)
  expect(read.raw).toBe(JSON.stringify(body))
})

test('a window of one second borrows the next and gives its rows back', async () => {
  const { wecom, askedOf } = connect({
    [checkins]: { checkindata: [row('a', '2026-08-03T09:00+08:00'), row('a', '2026-08-03T09:00:01+08:00')] },
  })
  const second = at('2026-08-03T09:00+08:00')
  const read = await wecom.readPunches({ userIds: ['a'], from: second, to: second })
  expect(askedOf(checkins)).toMatchObject([{ starttime: 1785718800, endtime: 1785718801 }])
  expect(read.punches).toHaveLength(1)
  expect(read.outside).toBe(0)
})

test('a window never begins with a month: last month’s night shift would be missing in it', async () => {
  const night = row('a', '2026-09-01T00:35:00+08:00')
  const before = row('a', '2026-08-31T22:00:00+08:00')
  const { wecom, askedOf } = connect({ [checkins]: { errcode: 0, checkindata: [before, night] } })
  const from = at('2026-09-01T00:00:00+08:00')
  const read = await wecom.readPunches({ userIds: ['a'], from, to: at('2026-09-07T23:59:59+08:00') })
  expect(askedOf(checkins)).toMatchObject([
    { starttime: at('2026-08-31T04:00:00+08:00').epochMilliseconds / 1000 },
  ])
  expect(read.punches.map(({ externalId }) => externalId)).toEqual([`a@${night.checkin_time}`])
  // asked for, and by nobody wanted
  expect(read.outside).toBe(0)
})

test('a whole month is asked for in two questions, and a punch in both answers is one', async () => {
  const night = row('a', '2026-09-01T00:35:00+08:00')
  const { wecom, askedOf } = connect({ [checkins]: { errcode: 0, checkindata: [night] } })
  const month = { from: at('2026-09-01T00:00:00+08:00'), to: at('2026-09-30T23:59:59+08:00') }
  const read = await wecom.readPunches({ userIds: ['a'], ...month })
  expect(askedOf(checkins)).toHaveLength(2)
  expect(read.punches).toHaveLength(1)
  expect(read.raw.split('\n')).toHaveLength(2)
})

test.for([301021, 60011, 60111, 46004])(
  'a read refused with %d carries the people who were asked for',
  async (code) => {
    const { wecom } = connect({ [checkins]: { ...says(code, 'invalid userid'), checkindata: [] } })
    await expect(wecom.readPunches({ userIds: ['a', 'b'], ...day })).rejects.toMatchObject({
      failure: {
        code: 'platform.person-refused',
        facts: { userIds: ['a', 'b'], theirCode: String(code), requestId: '1785718500' },
      },
    })
  },
)

test('48002 with an empty collection is a missing permission, not a day without punches', async () => {
  const { wecom } = connect({ [checkins]: { ...says(48002, 'api forbidden'), checkindata: [] } })
  await expect(wecom.readPunches({ userIds: ['a'], ...day })).rejects.toMatchObject({
    failure: { code: 'platform.no-permission' },
  })
})

const aPunch = (userId: string): PunchToWrite => ({
  userId,
  at: at('2026-08-03T09:00+08:00'),
  placeTitle: '钉钉考勤',
  placeDetail: '总部 3 号门',
  note: '正常',
  deviceName: '钉钉考勤',
  byMachine: false,
  latitude: null,
  longitude: null,
})

test('records are written in one call', async () => {
  const { wecom, askedOf } = connect()
  expect(await wecom.writePunches([aPunch('a'), aPunch('b')])).toEqual({ kind: 'accepted' })
  const record = {
    checkin_time: 1785718800,
    location_title: '钉钉考勤',
    location_detail: '总部 3 号门',
    notes: '正常',
    device_type: 3,
    device_detail: '钉钉考勤',
  }
  expect(askedOf(add)).toEqual([
    {
      records: [
        { userid: 'a', ...record },
        { userid: 'b', ...record },
      ],
    },
  ])
})

test.for([
  {
    when: 'the answer was lost',
    answer: { broken: 'timeout' as const },
    gives: 'lost',
    code: 'platform.timeout',
  },
  {
    when: 'the line broke',
    answer: { broken: 'reset' as const },
    gives: 'lost',
    code: 'platform.broken-off',
  },
  { when: 'it is busy', answer: says(-1, 'system busy'), gives: 'lost', code: 'platform.busy' },
  { when: 'a page comes', answer: '<html>', gives: 'lost', code: 'platform.banned' },
  {
    when: 'a member is unknown',
    answer: says(301021, 'invalid userid'),
    gives: 'refused',
    code: 'platform.person-refused',
  },
  {
    when: 'a member is out of range',
    answer: says(60011, 'no privilege'),
    gives: 'refused',
    code: 'platform.person-refused',
  },
  {
    when: 'a field is wrong',
    answer: says(40058, 'invalid parameter'),
    gives: 'refused',
    code: 'platform.bad-request',
  },
  { when: 'the code is new', answer: says(999999, 'what'), gives: 'refused', code: 'platform.unknown-code' },
  {
    when: 'the app is not listed',
    answer: says(48002, 'api forbidden'),
    gives: 'notSent',
    code: 'platform.no-permission',
  },
  {
    when: 'nobody was reached',
    answer: { broken: 'unreachable' as const },
    gives: 'notSent',
    code: 'platform.unreachable',
  },
])('a write that failed says what became of it: $when', async ({ answer, gives, code }) => {
  const { wecom, askedOf } = connect({ [add]: answer })
  expect(await wecom.writePunches([aPunch('a'), aPunch('b')])).toMatchObject({
    kind: gives,
    failure: { code },
  })
  // what may have been stored is never sent a second time from in here
  if (gives === 'lost') expect(askedOf(add)).toHaveLength(1)
})

test('a mobile number finds its owner, or nobody', async () => {
  const { wecom, askedOf } = connect({
    [userId]: (seen: Seen) =>
      (seen.body as { mobile: string }).mobile === '13800000000'
        ? { errcode: 0, errmsg: 'ok', userid: 'ZhangSan' }
        : says(46004, 'no such user'),
  })
  expect(await wecom.findByMobile('+8613800000000')).toBe('ZhangSan')
  expect(await wecom.findByMobile('+8613900000000')).toBeNull()
  expect(askedOf(userId)).toEqual([{ mobile: '13800000000' }, { mobile: '13900000000' }])
})

test('a look-up that was barred is not a look-up that found nobody', async () => {
  const { wecom } = connect({ [userId]: says(48002, 'api forbidden') })
  await expect(wecom.findByMobile('+8613800000000')).rejects.toMatchObject({
    failure: { code: 'platform.no-permission' },
  })
})
