import { expect, test } from 'vitest'
import type { PunchRow } from '#platforms/dingtalk/wire.ts'
import { second, testClient } from '../test-client.ts'

const path = '/topapi/attendance/record/upload'
type Client = ReturnType<typeof testClient>

/** Monday 2026-03-02 at noon; nobody punches at 09:07:07 on that day but by an upload. */
const at = second('2026-03-02T09:07:07+08:00') * 1000
const aPunch = {
  userid: '张三丰',
  device_name: '企业微信打卡 总部 3 号门',
  device_id: 'qintong-wecom',
  user_check_time: at,
}
const upload = (client: Client, change: Record<string, unknown> = {}) =>
  client.dingtalk(path, { ...aPunch, ...change })
const rowsOf = async (client: Client, userId = '张三丰', ms = at): Promise<PunchRow[]> => {
  const wall = new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
  const ask = { userIds: [userId], checkDateFrom: wall, checkDateTo: wall }
  return (await client.dingtalk('/attendance/listRecord', ask)).recordresult
}
const done = { errcode: 0, errmsg: 'ok', success: true, request_id: expect.any(String) }

test('an upload answers without an id and shows among the raw punches, like a machine’s', async () => {
  const client = testClient()
  expect(await upload(client)).toEqual(done)
  const [row, ...more] = await rowsOf(client)
  expect(more).toEqual([])
  expect(row).toMatchObject({
    userId: '张三丰',
    userCheckTime: at,
    sourceType: 'ATM',
    locationMethod: 'ATM',
    userAddress: aPunch.device_name,
    deviceSN: 'qintong-wecom',
    checkType: 'OnDuty',
    timeResult: expect.any(String),
  })
  expect(row).not.toHaveProperty('userLatitude')
  expect(client.sandbox.uploads()).toMatchObject([
    { userid: '张三丰', checkin_time: at / 1000, origin: 'api', device_name: aPunch.device_name },
  ])
  const truth = client.sandbox.expectedPunches({
    from: '2026-03-02T09:07:07+08:00',
    to: '2026-03-02T09:07:07+08:00',
  })
  expect(truth.filter(({ origin }) => origin === 'api')).toMatchObject([{ userId: '张三丰', shown: true }])
})

test('what the manual leaves open about its looks has every position', async () => {
  const client = testClient({ faults: { uploadShownAs: 'DING_ATM' } })
  await upload(client)
  expect(await rowsOf(client)).toMatchObject([{ sourceType: 'DING_ATM', deviceId: 'qintong-wecom' }])
  client.sandbox.set({ uploadShownAs: 'ATM', writtenTexts: 'stripped' })
  const [bare] = await rowsOf(client)
  for (const key of ['userAddress', 'deviceId', 'deviceSN']) expect(bare).not.toHaveProperty(key)
})

test('a timestamp in seconds is answered with success and does nothing', async () => {
  const client = testClient()
  expect(await upload(client, { user_check_time: at / 1000 })).toEqual(done)
  expect(client.sandbox.uploads()).toEqual([])
})

const days = 86_400_000
test.for([
  { what: 'nobody of that id', change: { userid: 'nobody' }, code: 60121 },
  { what: 'a minute ahead', change: { user_check_time: at + 3 * 3_600_000 }, code: 40035 },
  { what: 'more than 180 days back', change: { user_check_time: at - 181 * days }, code: 850002 },
  { what: 'no device', change: { device_name: ' ' }, code: 40035 },
  { what: 'a text for a time', change: { user_check_time: '2026-03-02 09:00:00' }, code: 40035 },
  { what: 'a field nobody knows', change: { check_type: 'OnDuty' }, code: 40035 },
])('$what is refused with $code and stores nothing', async ({ change, code }) => {
  const client = testClient()
  expect(await upload(client, change)).toMatchObject({ errcode: code })
  expect(client.sandbox.uploads()).toEqual([])
})

test('somebody out of range, and an app without the permission, are refused in their own ways', async () => {
  const client = testClient({ faults: { memberOutOfRange: { dingtalk: ['张三丰'] } } })
  expect(await upload(client)).toMatchObject({ errcode: 50002 })
  const poor = testClient({ faults: { permissionMissing: { dingtalk: ['Pro.AttendanceRecord.Write'] } } })
  expect(await upload(poor)).toMatchObject({ errcode: 88, sub_code: '60011' })
})

test.for([
  { position: 'store', rows: 2, code: 0 },
  { position: 'merge', rows: 1, code: 0 },
  { position: 'refuse', rows: 1, code: 850004 },
])('the same instant twice, $position', async ({ position, rows, code }) => {
  const client = testClient({ faults: { uploadDuplicates: position } })
  await upload(client)
  expect(await upload(client)).toMatchObject({ errcode: code })
  expect(await rowsOf(client)).toHaveLength(rows)
})

test('an unknown id can be ignored instead, and nothing is stored', async () => {
  const client = testClient({ faults: { uploadUnknownUserid: 'ignore' } })
  expect(await upload(client, { userid: 'nobody' })).toEqual(done)
  expect(client.sandbox.uploads()).toEqual([])
})

test.for([
  { position: 'accept', stored: 1, code: 0 },
  { position: 'refuse', stored: 0, code: 850003 },
  { position: 'ignore', stored: 0, code: 0 },
])('somebody in no attendance group, $position', async ({ position, stored, code }) => {
  const client = testClient({ faults: { uploadOutsideGroup: position } })
  const boss = client.sandbox.world.company.people.find(({ exempt }) => exempt)!.dingtalk!.userId
  expect(await upload(client, { userid: boss })).toMatchObject({ errcode: code })
  expect(client.sandbox.uploads()).toHaveLength(stored)
  for (const row of await rowsOf(client, boss)) expect(row).not.toHaveProperty('checkType')
})

test('outside the hours of every shift an upload is ordinary, or void, by switch', async () => {
  const night = second('2026-03-02T03:00:00+08:00') * 1000
  const ordinary = testClient()
  await upload(ordinary, { user_check_time: night })
  const [row] = await rowsOf(ordinary, '张三丰', night)
  expect(row).not.toHaveProperty('invalidRecordType')
  expect(row).not.toHaveProperty('planId')
  const strict = testClient({ faults: { uploadOutsideHours: 'void' } })
  await upload(strict, { user_check_time: night })
  expect(await rowsOf(strict, '张三丰', night)).toMatchObject([{ invalidRecordType: 'Other' }])
})

test('it shows after its delay, and a durable judge knows it before', async () => {
  const client = testClient({ faults: { uploadVisibilityDelay: 120 } })
  await upload(client)
  expect(await rowsOf(client)).toEqual([])
  expect(client.sandbox.uploads()).toHaveLength(1)
  client.sandbox.advance(119)
  expect(await rowsOf(client)).toEqual([])
  client.sandbox.advance(1)
  expect(await rowsOf(client)).toHaveLength(1)
})

test('the effect can be lost, and so can the answer', async () => {
  const client = testClient({ faults: { effectLost: { next: 1, api: 'record/upload' } } })
  expect(await upload(client)).toEqual(done)
  expect(client.sandbox.uploads()).toEqual([])
  client.sandbox.set({ answerLost: { next: 1, api: 'record/upload' } })
  await expect(upload(client)).rejects.toMatchObject({ kind: 'reset' })
  expect(client.sandbox.uploads()).toHaveLength(1)
})

test('each one costs a metered call, and none is let in when the month is used up', async () => {
  const client = testClient()
  await upload(client)
  await upload(client, { user_check_time: at + 1000 })
  expect(client.sandbox.view().quota.used).toBe(2)
  client.sandbox.set({ quotaExhausted: true })
  expect(await upload(client, { user_check_time: at + 2000 })).toMatchObject({ sub_code: '90020' })
  expect(client.sandbox.uploads()).toHaveLength(2)
})
