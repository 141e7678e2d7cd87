import { expect, test } from 'vitest'
import type { PunchRow } from '#platforms/dingtalk/wire.ts'
import { dayOf, wallText } from '../shanghai.ts'
import { testClient } from '../test-client.ts'

const week = { checkDateFrom: '2026-02-23 00:00:00', checkDateTo: '2026-03-01 23:59:59' }
const path = '/attendance/listRecord'
type Client = ReturnType<typeof testClient>
const everyone = ({ sandbox }: Client): string[] =>
  sandbox.world.company.people.flatMap(({ dingtalk }) => (dingtalk ? [dingtalk.userId] : []))

async function rowsOf(client: Client, userIds: string[], window = week): Promise<PunchRow[]> {
  const rows: PunchRow[] = []
  for (let i = 0; i < userIds.length; i += 50)
    rows.push(...(await client.dingtalk(path, { userIds: userIds.slice(i, i + 50), ...window })).recordresult)
  return rows
}

test('all punches of a week come at once, each once, in no order', async () => {
  const client = testClient()
  const rows = await rowsOf(client, everyone(client))
  const truth = client.sandbox.expectedPunches({
    from: '2026-02-23T00:00:00+08:00',
    to: '2026-03-01T23:59:59+08:00',
  })
  expect(rows.map(({ id }) => id).sort()).toEqual(truth.map(({ id }) => id).sort())
  expect(rows.length).toBeGreaterThan(1000)
  expect(rows.map(({ userCheckTime }) => userCheckTime)).not.toEqual(
    rows.map(({ userCheckTime }) => userCheckTime).sort(),
  )
  client.sandbox.set({ shuffledRows: false })
  const [person] = everyone(client)
  const ordered = (await rowsOf(client, [person!])).map(({ userCheckTime }) => userCheckTime)
  expect(ordered).toEqual([...ordered].sort())
})

test('the window counts punch instants, both ends included, to the second', async () => {
  const client = testClient()
  const [punch] = client.sandbox.expectedPunches({
    from: '2026-02-23T00:00:00+08:00',
    to: '2026-02-25T00:00:00+08:00',
  })
  const at = wallText(punch!.at * 1000)
  const before = wallText(punch!.at * 1000 - 1000)
  const after = wallText(punch!.at * 1000 + 1000)
  const ids = async (checkDateFrom: string, checkDateTo: string) =>
    (await rowsOf(client, [punch!.userId], { checkDateFrom, checkDateTo })).map(({ id }) => id)
  expect(await ids(at, at)).toContain(punch!.id)
  expect(await ids(before, before)).not.toContain(punch!.id)
  expect(await ids(after, after)).not.toContain(punch!.id)
  client.sandbox.set({ checkDateToExclusive: true })
  expect(await ids(before, at)).not.toContain(punch!.id)
  expect(await ids(at, after)).toContain(punch!.id)
})

test('a night shift’s morning punch carries the date before', async () => {
  const client = testClient()
  const night = client.sandbox.world.company.people
    .filter((p) => p.shift === 'night' && p.dingtalk)
    .map((p) => p.dingtalk!.userId)
  const rows = await rowsOf(client, night)
  const out = rows.filter(({ checkType }) => checkType === 'OffDuty')
  expect(out.length).toBeGreaterThan(20)
  const early = out.filter(
    ({ workDate, userCheckTime }) => dayOf(Number(workDate)) < dayOf(Number(userCheckTime)),
  )
  expect(early.length).toBe(out.length)
})

test('a void punch lacks verdict and schedule; a good one says both', async () => {
  const client = testClient()
  const rows = await rowsOf(client, everyone(client))
  const voids = rows.filter(({ invalidRecordType }) => invalidRecordType !== undefined)
  expect(voids.length).toBeGreaterThan(5)
  for (const row of voids) {
    for (const key of ['checkType', 'timeResult', 'isLegal', 'planId']) expect(row).not.toHaveProperty(key)
    expect(row.invalidRecordMsg).toBeTruthy()
  }
  for (const row of rows.filter(({ planId }) => planId !== undefined)) {
    const isNormal = row.timeResult === 'Normal' && row.locationResult === 'Normal'
    expect(row.isLegal).toBe(isNormal ? 'Y' : 'N')
  }
  const results = new Set(rows.map(({ timeResult }) => timeResult))
  for (const result of ['Normal', 'Late', 'Early']) expect(results).toContain(result)
  const machine = rows.find(({ sourceType }) => sourceType === 'ATM')!
  expect(machine).toMatchObject({ locationMethod: 'ATM', userAddress: expect.stringContaining('考勤机') })
  expect(machine).not.toHaveProperty('userLatitude')
})

test('unknown people and an international question yield nothing, and no error', async () => {
  const client = testClient()
  expect(await client.dingtalk(path, { userIds: ['nobody', 'LINA'], ...week })).toEqual({
    errcode: 0,
    errmsg: 'ok',
    recordresult: [],
  })
  const answer = await client.dingtalk(path, { userIds: ['张三丰'], ...week, isI18n: true })
  expect(answer).toEqual({ errcode: 0, errmsg: 'ok', recordresult: [] })
})

const people = (n: number): string[] => Array.from({ length: n }, (_, i) => `u${i}`)
test.for([
  { what: 'fifty-one people', ask: { userIds: people(51), ...week }, code: 40035 },
  { what: 'nobody', ask: { userIds: [], ...week }, code: 40035 },
  {
    what: 'a second more than seven days',
    ask: { userIds: ['u1'], checkDateFrom: '2026-02-23 00:00:00', checkDateTo: '2026-03-02 00:00:01' },
    code: 41041,
  },
  {
    what: 'a day instead of a time',
    ask: { userIds: ['u1'], checkDateFrom: '2026-02-23', checkDateTo: '2026-03-01' },
    code: 41100,
  },
  {
    what: 'an ISO time',
    ask: { userIds: ['u1'], checkDateFrom: '2026-02-23T00:00:00', checkDateTo: '2026-02-23T01:00:00' },
    code: 41100,
  },
  {
    what: 'an end before the start',
    ask: { userIds: ['u1'], checkDateFrom: week.checkDateTo, checkDateTo: week.checkDateFrom },
    code: 40035,
  },
  {
    what: 'the other API’s field names',
    ask: { userIdList: ['u1'], workDateFrom: '', workDateTo: '' },
    code: 40035,
  },
  { what: 'a number for an id', ask: { userIds: [7], ...week }, code: 40035 },
])('$what is refused with $code, flat', async ({ ask, code }) => {
  const answer = await testClient().dingtalk(path, ask)
  expect(answer).toEqual({ errcode: code, errmsg: expect.any(String) })
})

test('exactly seven days apart is accepted or not, by switch', async () => {
  const client = testClient()
  const ask = { userIds: ['u1'], checkDateFrom: '2026-02-23 00:00:00', checkDateTo: '2026-03-02 00:00:00' }
  expect(await client.dingtalk(path, ask)).toMatchObject({ errcode: 0 })
  client.sandbox.set({ exactSevenDays: 'refuse' })
  expect(await client.dingtalk(path, ask)).toMatchObject({ errcode: 41041 })
})

test('older than 180 days is empty, or refused, by switch', async () => {
  const client = testClient({ at: '2026-01-10T12:00:00+08:00' })
  const window = { checkDateFrom: '2026-01-05 00:00:00', checkDateTo: '2026-01-09 00:00:00' }
  expect((await rowsOf(client, everyone(client), window)).length).toBeGreaterThan(100)
  client.sandbox.advance(200 * 86_400)
  expect(await rowsOf(client, everyone(client), window)).toEqual([])
  client.sandbox.set({ historyEdge: '850002' })
  expect(await client.dingtalk(path, { userIds: ['u1'], ...window })).toMatchObject({
    errcode: 850002,
    errmsg: '禁止查询半年以前的数据',
  })
})

test('a form, a GET and broken JSON are refused', async () => {
  const { post, get, dingtalkToken } = testClient()
  const url = `${path}?access_token=${await dingtalkToken()}`
  const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'userIds=u1' }
  expect(JSON.parse((await post(url, {}, form)).text).errcode).toBe(43009)
  expect(JSON.parse((await post(url, {}, { body: '{"a":' })).text).errcode).toBe(40035)
  expect(JSON.parse((await get(url)).text).errcode).toBe(43002)
})

test('the old gateway takes a form, in which digits with zeros before them are a user id', async () => {
  const { post, dingtalkToken } = testClient()
  const url = `/topapi/v2/user/get?access_token=${await dingtalkToken()}`
  const codeOf = async (userid: string) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return JSON.parse((await post(url, {}, { headers, body: `userid=${userid}` })).text).errcode
  }
  expect(await codeOf('0007')).toBe(0)
  expect(await codeOf('0000000000000000008')).toBe(60121)
  expect(await codeOf('122849818700000099')).toBe(60121)
})

test('somebody’s punches can be asked for twice in one list and come once', async () => {
  const client = testClient()
  expect(await rowsOf(client, ['张三丰', '张三丰'])).toHaveLength((await rowsOf(client, ['张三丰'])).length)
})

test('what is still to come does not show, and comes as the clock goes on', async () => {
  const client = testClient({ at: '2026-03-02T08:00:00+08:00' })
  const today = { checkDateFrom: '2026-03-02 00:00:00', checkDateTo: '2026-03-03 23:59:59' }
  const early = await rowsOf(client, everyone(client), today)
  expect(early.every(({ userCheckTime }) => Number(userCheckTime) <= client.sandbox.nowMs())).toBe(true)
  client.sandbox.advance(12 * 3600)
  expect((await rowsOf(client, everyone(client), today)).length).toBeGreaterThan(early.length + 100)
})
