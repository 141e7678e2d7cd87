import { expect, test } from 'vitest'
import { testClient } from '../test-client.ts'

const path = '/topapi/attendance/getupdatedata'
const late = { at: '2026-03-04T12:00:00+08:00' }

test('a day holds results, raw punches and their links, all times as text', async () => {
  const client = testClient(late)
  const { errcode, result } = await client.dingtalk(path, { userid: '张三丰', work_date: '2026-03-02' })
  expect(errcode).toBe(0)
  const truth = client.sandbox.expectedPunches({
    from: '2026-03-02T00:00:00+08:00',
    to: '2026-03-03T00:00:00+08:00',
  })
  const mine = truth.filter(({ userId }) => userId === '张三丰')
  expect(mine.length).toBeGreaterThan(0)
  expect(result).toMatchObject({ userid: '张三丰', work_date: '2026-03-02' })
  expect(result.check_record_list.map((row: { record_id: number }) => row.record_id).sort()).toEqual(
    mine.map(({ id }) => id).sort(),
  )
  expect(result.attendance_result_list).toHaveLength(2)
  for (const row of result.attendance_result_list)
    expect(row.plan_check_time).toMatch(/^2026-03-02 (09|18):00:00$/)
})

test('an approval stands beside the punch that it filled', async () => {
  const client = testClient(late)
  client.sandbox.punch({
    platform: 'dingtalk',
    userId: '张三丰',
    at: '2026-03-02T09:30:00+08:00',
    approved: true,
  })
  const { result } = await client.dingtalk(path, { userid: '张三丰', work_date: '2026-03-02 12:00:00' })
  expect(result.approve_list).toMatchObject([{ procInst_id: 'proc-by-hand', biz_type: 2 }])
})

test('an unknown person has three empty lists, an old day and a strange one are refused', async () => {
  const client = testClient(late)
  const nobody = await client.dingtalk(path, { userid: 'nobody', work_date: '2026-03-02' })
  expect(nobody).toMatchObject({
    errcode: 0,
    result: { attendance_result_list: [], check_record_list: [], approve_list: [] },
  })
  const ask = { userid: '张三丰' }
  expect(await client.dingtalk(path, { ...ask, work_date: '2025-08-01' })).toMatchObject({ errcode: 850002 })
  expect(await client.dingtalk(path, { ...ask, work_date: 'today' })).toMatchObject({ errcode: 41100 })
  expect(client.sandbox.view().quota.used).toBe(3)
})
