import { expect, test } from 'vitest'
import type { PunchRow } from '#platforms/dingtalk/wire.ts'
import { testClient } from '../test-client.ts'

const at = '2026-03-02T08:00:00+08:00'
const days = { checkDateFrom: '2026-02-27 00:00:00', checkDateTo: '2026-03-04 23:59:59' }
type Client = ReturnType<typeof testClient>
const fifty = ({ sandbox }: Client): string[] =>
  sandbox.world.company.people.flatMap(({ dingtalk }) => (dingtalk ? [dingtalk.userId] : [])).slice(0, 50)
const read = async (client: Client, userIds = fifty(client)): Promise<PunchRow[]> =>
  (await client.dingtalk('/attendance/listRecord', { userIds, ...days })).recordresult
const ids = (rows: PunchRow[]) => rows.map(({ id }) => id).sort()

test('late punches come later, and only those made since the switch', async () => {
  const prompt = testClient({ at })
  const late = testClient({ at })
  late.sandbox.set({ latePunches: { probability: 0.5, delaySeconds: 7200 } })
  expect(ids(await read(late))).toEqual(ids(await read(prompt)))
  for (const { sandbox } of [prompt, late]) sandbox.advance(3600)
  expect((await read(late)).length).toBeLessThan((await read(prompt)).length)
  for (const { sandbox } of [prompt, late]) sandbox.advance(30 * 3600)
  const shown = await read(late)
  const waited = shown.filter(({ gmtCreate, userCheckTime }) => gmtCreate !== userCheckTime)
  expect(waited.length).toBeGreaterThan(10)
  for (const { gmtCreate, userCheckTime } of waited)
    expect(Number(gmtCreate) - Number(userCheckTime)).toBe(7_200_000)
})

test.for([
  { mode: 'inPlace', shows: { sourceType: 'BOSS', timeResult: 'Normal' }, moreRows: false },
  { mode: 'approve', shows: { sourceType: 'APPROVE', procInstId: expect.any(String) }, moreRows: false },
  { mode: 'newId', shows: { sourceType: 'BOSS', timeResult: 'Normal' }, moreRows: true },
  { mode: 'newRow', shows: { sourceType: 'BOSS', timeResult: 'Normal' }, moreRows: true },
  { mode: 'void', shows: { invalidRecordMsg: '管理员作废' }, moreRows: false },
])('punches amended $mode', async ({ mode, shows, moreRows }) => {
  const client = testClient({ at })
  client.sandbox.set({ amendedPunches: { mode, probability: 0.5, delaySeconds: 3600 } })
  client.sandbox.advance(10 * 3600)
  const before = await read(client)
  client.sandbox.advance(3600)
  const after = await read(client)
  const wasThere = new Map(before.map((row) => [row.id, row]))
  const changed = after.filter(
    (row) => wasThere.has(row.id) && wasThere.get(row.id)?.gmtModified !== row.gmtModified,
  )
  const added = after.filter((row) => !wasThere.has(row.id) && row.gmtModified !== row.userCheckTime)
  const touched = moreRows ? added : changed
  expect(touched.length).toBeGreaterThan(0)
  for (const row of touched) expect(row).toMatchObject(shows)
})

test('rows nobody asked for come along: other times, other people', async () => {
  const client = testClient({ at })
  const asked = fifty(client).slice(0, 10)
  const honest = await read(client, asked)
  client.sandbox.set({ rowsOutsideWindow: true })
  const extra = (await read(client, asked)).filter(({ id }) => !honest.some((row) => row.id === id))
  const from = Date.parse('2026-02-27T00:00:00+08:00')
  expect(extra.some(({ userId }) => !asked.includes(userId))).toBe(true)
  expect(extra.some(({ userCheckTime }) => Number(userCheckTime) < from)).toBe(true)
})

test('NotSigned rows carry the planned time as if it were a punch', async () => {
  const client = testClient({ at })
  client.sandbox.set({ notSignedRows: true })
  const synthetic = (await read(client)).filter(({ sourceType }) => sourceType === 'SYSTEM')
  expect(synthetic.length).toBeGreaterThan(0)
  for (const row of synthetic)
    expect(row).toMatchObject({
      timeResult: 'NotSigned',
      locationResult: 'NotSigned',
      userCheckTime: row.baseCheckTime,
    })
})

test('enum values never seen, and numbers in quotes', async () => {
  const client = testClient({ at })
  client.sandbox.set({ unknownEnums: true })
  expect((await read(client)).some(({ sourceType }) => sourceType === 'SELF_SERVICE_KIOSK')).toBe(true)
  client.sandbox.set({ stringNumbers: true })
  const answer = await client.dingtalk('/attendance/listRecord', { userIds: fifty(client), ...days })
  expect(answer.errcode).toBe('0')
  expect(answer.recordresult[0].userCheckTime).toMatch(/^\d{13}$/)
})

test('a leaver can still be read by id, or not', async () => {
  const client = testClient({ at: '2026-02-25T12:00:00+08:00' })
  const leaver = client.sandbox.world.company.people.find((p) => p.leavesAfter !== null && p.dingtalk)!
    .dingtalk!.userId
  const ask = { userIds: [leaver], checkDateFrom: '2026-02-12 00:00:00', checkDateTo: '2026-02-18 00:00:00' }
  expect((await client.dingtalk('/attendance/listRecord', ask)).recordresult.length).toBeGreaterThan(0)
  client.sandbox.set({ leaverRows: 'empty' })
  expect((await client.dingtalk('/attendance/listRecord', ask)).recordresult).toEqual([])
})

test('a member outside the range is silently missing', async () => {
  const client = testClient({ at })
  const [first] = fifty(client)
  client.sandbox.set({ memberOutOfRange: { dingtalk: [first] } })
  expect((await read(client)).some(({ userId }) => userId === first)).toBe(false)
})
