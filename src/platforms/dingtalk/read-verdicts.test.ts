import { expect, test } from 'vitest'
import { connect } from '#platforms/dingtalk/test-company.ts'

const list = '/attendance/list'
const day = Temporal.PlainDate.from('2026-08-03')
const ask = { userIds: ['u001'], from: day, to: day.add({ days: 6 }) }
const row = (planId: number) => ({
  id: planId,
  planId,
  userId: 'u001',
  workDate: Date.parse('2026-08-03T00:00:00+08:00'),
  timeResult: 'Normal',
  locationResult: 'Normal',
})
const rows = (from: number, count: number) => Array.from({ length: count }, (_, i) => row(from + i))

test('every page is asked for, each as a metered call, and all their rows are read', async () => {
  const { dingtalk, askedOf, calls } = connect({
    [list]: (_, nth) => ({
      errcode: 0,
      hasMore: nth === 1 ? 'true' : false,
      recordresult: nth === 1 ? rows(1, 50) : rows(50, 3),
    }),
  })
  const read = await dingtalk.readVerdicts!(ask)
  expect(askedOf(list)).toMatchObject([
    { workDateFrom: '2026-08-03 00:00:00', workDateTo: '2026-08-09 00:00:00', offset: 0, limit: 50 },
    { offset: 50 },
  ])
  // the first row of the second page was the last of the first
  expect(read.verdicts).toHaveLength(52)
  expect(read.raw.split('\n')).toHaveLength(2)
  expect(calls.reduce((sum, { cost }) => sum + cost, 0)).toBe(2)
})

test('a page that promises another and brings nothing is not believed', async () => {
  const { dingtalk } = connect({ [list]: { errcode: 0, hasMore: true, recordresult: [] } })
  await expect(dingtalk.readVerdicts!(ask)).rejects.toMatchObject({
    failure: { code: 'platform.unreadable-answer', facts: { api: 'attendance/list' } },
  })
})

test('pages without end are not followed for ever', async () => {
  const { dingtalk, askedOf } = connect({
    [list]: (_, nth) => ({ errcode: 0, hasMore: true, recordresult: rows(nth * 50, 50) }),
  })
  await expect(dingtalk.readVerdicts!(ask)).rejects.toMatchObject({
    failure: { code: 'platform.unreadable-answer' },
  })
  expect(askedOf(list).length).toBeLessThan(80)
})

test('a day is one call, and an unknown person has nothing', async () => {
  const path = '/topapi/attendance/getupdatedata'
  const { dingtalk, askedOf } = connect({
    [path]: { errcode: 0, result: { attendance_result_list: [], check_record_list: [], approve_list: [] } },
  })
  expect(await dingtalk.readDay!({ userId: 'u001', day })).toMatchObject({
    verdicts: [],
    punches: [],
    approvals: [],
    unreadable: [],
  })
  expect(askedOf(path)).toEqual([{ userid: 'u001', work_date: '2026-08-03' }])
})

test('a day older than the platform keeps is a failure, not a day without punches', async () => {
  const { dingtalk } = connect({
    '/topapi/attendance/getupdatedata': { errcode: 850002, errmsg: '禁止查询半年以前的数据' },
  })
  await expect(dingtalk.readDay!({ userId: 'u001', day })).rejects.toMatchObject({
    failure: { code: 'platform.bad-request', facts: { theirCode: '850002' } },
  })
})
