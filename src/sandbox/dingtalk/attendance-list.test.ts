import { expect, test } from 'vitest'
import type { PunchRow, ResultRow } from '#platforms/dingtalk/wire.ts'
import { testClient } from '../test-client.ts'

const path = '/attendance/list'
const week = { workDateFrom: '2026-02-23 00:00:00', workDateTo: '2026-03-01 00:00:00' }
type Client = ReturnType<typeof testClient>
const fifty = ({ sandbox }: Client): string[] =>
  sandbox.world.company.people.flatMap(({ dingtalk }) => (dingtalk ? [dingtalk.userId] : [])).slice(0, 50)

async function pagesOf(client: Client, userIdList = fifty(client), window = week, limit = 50) {
  const pages: ResultRow[][] = []
  for (let offset = 0; ; offset += limit) {
    const answer = await client.dingtalk(path, { ...window, userIdList, offset, limit })
    expect(answer.errcode).toBe(0)
    pages.push(answer.recordresult)
    if (!answer.hasMore) return pages
  }
}
const key = ({ userId, planId }: ResultRow | PunchRow) => `${userId} ${planId}`

test('every planned point has one row, over pages of fifty that never repeat one', async () => {
  const client = testClient({ at: '2026-03-04T12:00:00+08:00' })
  const pages = await pagesOf(client)
  expect(pages.length).toBeGreaterThan(5)
  for (const page of pages.slice(0, -1)) expect(page).toHaveLength(50)
  const rows = pages.flat()
  expect(new Set(rows.map(key)).size).toBe(rows.length)
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
})

test('a point with a punch names the raw punch and its verdict; one without is made up', async () => {
  const client = testClient({ at: '2026-03-04T12:00:00+08:00' })
  const rows = (await pagesOf(client)).flat()
  const raw: PunchRow[] = (
    await client.dingtalk('/attendance/listRecord', {
      userIds: fifty(client),
      checkDateFrom: '2026-02-23 00:00:00',
      checkDateTo: '2026-03-01 23:59:59',
    })
  ).recordresult
  const byId = new Map(raw.map((row) => [row.id, row]))
  const signed = rows.filter(({ timeResult }) => timeResult !== 'NotSigned')
  const missing = rows.filter(({ timeResult }) => timeResult === 'NotSigned')
  expect(signed.length).toBeGreaterThan(300)
  for (const row of signed) {
    const punch = byId.get(row.recordId!)
    if (!punch) continue // a night shift's last, after the raw window
    expect({ ...row, id: 0 }).toMatchObject({
      userCheckTime: punch.userCheckTime,
      timeResult: punch.timeResult,
      planId: punch.planId,
      workDate: punch.workDate,
    })
  }
  expect(missing.length).toBeGreaterThan(3)
  for (const row of missing) {
    expect(row).toMatchObject({ sourceType: 'SYSTEM', locationResult: 'NotSigned' })
    expect(row.userCheckTime).toBe(row.baseCheckTime)
    expect(row).not.toHaveProperty('recordId')
  }
})

test('a night shift’s end comes with the day it began', async () => {
  const client = testClient({ at: '2026-03-04T12:00:00+08:00' })
  const night = client.sandbox.world.company.people.flatMap(({ shift, dingtalk }) =>
    shift === 'night' && dingtalk ? [dingtalk.userId] : [],
  )
  const one = { workDateFrom: '2026-02-24 18:00:00', workDateTo: '2026-02-24 00:00:00' }
  const rows = (await pagesOf(client, night, one)).flat()
  expect(rows.length).toBeGreaterThan(0)
  const ends = rows.filter(({ checkType }) => checkType === 'OffDuty')
  for (const { workDate, baseCheckTime } of ends)
    expect(Number(baseCheckTime) - Number(workDate)).toBe(30 * 3_600_000)
})

test('a verdict is amended without a new punch; the raw one is amended too, or stays, by switch', async () => {
  const client = testClient({ at: '2026-03-04T12:00:00+08:00', limits: 'off' })
  const rows = (await pagesOf(client)).flat()
  const late = rows.find(({ timeResult }) => timeResult === 'Late')!
  client.sandbox.punch({
    platform: 'dingtalk',
    userId: late.userId,
    amend: { id: late.recordId, timeResult: 'Normal' },
  })
  const resultOf = async () => (await pagesOf(client)).flat().find((row) => key(row) === key(late))
  const rawOf = async (): Promise<PunchRow> =>
    (
      await client.dingtalk('/attendance/listRecord', {
        userIds: [late.userId],
        checkDateFrom: '2026-02-23 00:00:00',
        checkDateTo: '2026-03-01 23:59:59',
      })
    ).recordresult.find((row: PunchRow) => row.id === late.recordId)
  expect(await resultOf()).toMatchObject({
    timeResult: 'Normal',
    sourceType: 'BOSS',
    recordId: late.recordId,
  })
  expect(await rawOf()).toMatchObject({ timeResult: 'Normal', sourceType: 'BOSS' })
  client.sandbox.set({ amendmentsIn: 'results' })
  expect(await resultOf()).toMatchObject({ timeResult: 'Normal', sourceType: 'BOSS' })
  const untouched = await rawOf()
  expect(untouched.timeResult).toBe('Late')
  expect(untouched.sourceType).not.toBe('BOSS')
})

const ask = { ...week, userIdList: ['张三丰'], offset: 0, limit: 50 }
test.for([
  { what: 'fifty-one people', change: { userIdList: Array(51).fill('u') }, code: 40035 },
  { what: 'fifty-one rows', change: { limit: 51 }, code: 40035 },
  { what: 'no rows', change: { limit: 0 }, code: 40035 },
  { what: 'rows before the first', change: { offset: -1 }, code: 40035 },
  { what: 'eight days apart', change: { workDateTo: '2026-03-03 00:00:00' }, code: 41041 },
  { what: 'an end before the start', change: { workDateTo: '2026-02-22 00:00:00' }, code: 40035 },
  { what: 'a day alone', change: { workDateFrom: '2026-02-23' }, code: 41100 },
  { what: 'the other API’s field names', change: { userIds: ['张三丰'] }, code: 40035 },
])('$what is refused with $code, flat', async ({ change, code }) => {
  expect(await testClient().dingtalk(path, { ...ask, ...change })).toEqual({
    errcode: code,
    errmsg: expect.any(String),
  })
})

test('days that lie seven apart are accepted or not, by switch', async () => {
  const client = testClient()
  const eight = { ...ask, workDateTo: '2026-03-02 00:00:00' }
  expect(await client.dingtalk(path, eight)).toMatchObject({ errcode: 0 })
  client.sandbox.set({ exactSevenDays: 'refuse' })
  expect(await client.dingtalk(path, eight)).toMatchObject({ errcode: 41041 })
})

test('unknown people have no rows, and each page costs a metered call', async () => {
  const client = testClient()
  expect(await client.dingtalk(path, { ...ask, userIdList: ['nobody'] })).toMatchObject({
    errcode: 0,
    hasMore: false,
    recordresult: [],
  })
  expect(client.sandbox.view().quota.used).toBe(1)
})
