import { expect, test } from 'vitest'
import { faultTable } from './fault-table.ts'
import { worksOn } from './punch-plan.ts'
import { dayOf } from './shanghai.ts'
import { type Answer, testClient } from './test-client.ts'

type Client = ReturnType<typeof testClient>
const steer = async (
  { sandbox }: Client,
  method: string,
  path: string,
  body?: unknown,
): Promise<[number, Answer]> => {
  const url = `${sandbox.ready().addresses.wecom}/_sandbox/${path}`
  const said = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
  const answer = await sandbox.control({ method, url, headers: {}, timeoutMs: 1000, ...said })
  return [answer.status, JSON.parse(answer.text)]
}

test('the clock goes forward, by seconds or to an instant, and never back', async () => {
  const client = testClient()
  expect(await steer(client, 'POST', 'clock', { advanceSeconds: 90 })).toEqual([
    200,
    { now: '2026-03-02T12:01:30+08:00', offsetSeconds: 90 },
  ])
  const [, there] = await steer(client, 'POST', 'clock', { set: '2026-03-03T00:00:00Z' })
  expect(there.now).toBe('2026-03-03T08:00:00+08:00')
  for (const wrong of [
    { set: '2026-03-02T08:00:00+08:00' },
    { advanceSeconds: -1 },
    { set: 'tomorrow' },
    {},
    '{',
  ])
    expect((await steer(client, 'POST', 'clock', wrong))[0]).toBe(400)
  expect((await steer(client, 'GET', 'clock'))[1].now).toBe('2026-03-03T08:00:00+08:00')
})

test('the switches show what they are, how they start and what they do', async () => {
  const [status, { faults, known }] = await steer(testClient(), 'GET', 'faults')
  expect(status).toBe(200)
  expect(known.map(({ name }: Answer) => name)).toEqual(Object.keys(faultTable))
  expect(Object.keys(faults)).toEqual(Object.keys(faultTable))
  for (const row of known) expect(Object.keys(row)).toEqual(['name', 'type', 'default', 'zh', 'en'])
})

test('putting switches merges; an unknown one is refused with the known ones and changes nothing', async () => {
  const client = testClient()
  await steer(client, 'PUT', 'faults', { shows: 'winners' })
  const [status, answer] = await steer(client, 'PUT', 'faults', { duplicates: 'store', nonsense: true })
  expect(status).toBe(400)
  expect(answer.error).toContain('nonsense')
  expect(answer.known).toContain('answerLost')
  expect((await steer(client, 'GET', 'faults'))[1].faults).toMatchObject({
    shows: 'winners',
    duplicates: 'ignore',
  })
  expect((await steer(client, 'PUT', 'faults', [1]))[0]).toBe(400)
})

test('a punch made by hand is filed under its shift, night shifts under the day before', async () => {
  const client = testClient()
  const { company, firstDay } = client.sandbox.world
  const thursday = dayOf(Date.parse('2026-02-26T12:00:00+08:00'))
  const works = company.people.filter((p) => p.dingtalk && worksOn(company, p, thursday, firstDay))
  const night = works.find(({ shift }) => shift === 'night')?.dingtalk?.userId
  const [, made] = await steer(client, 'POST', 'punch', {
    platform: 'dingtalk',
    userId: night,
    at: '2026-02-27T05:59:00+08:00',
    device: '一号门',
  })
  expect(made).toMatchObject({
    userId: night,
    sourceType: 'ATM',
    void: false,
    workDate: '2026-02-26',
    shown: true,
  })
  const [, voided] = await steer(client, 'POST', 'punch', {
    platform: 'dingtalk',
    userId: night,
    at: '2026-02-27T06:01:00+08:00',
    void: true,
  })
  expect(voided.void).toBe(true)
})

test('a punch can be amended, and the amended one is what is read', async () => {
  const client = testClient()
  const [punch] = client.sandbox.expectedPunches({
    from: '2026-02-27T00:00:00+08:00',
    to: '2026-02-28T00:00:00+08:00',
  })
  const { id, userId } = punch!
  const [status, amended] = await steer(client, 'POST', 'punch', {
    platform: 'dingtalk',
    userId,
    amend: { id, at: '2026-02-27T09:00:00+08:00' },
  })
  expect(status).toBe(200)
  expect(amended).toMatchObject({ id, sourceType: 'BOSS', atText: '2026-02-27T09:00:00+08:00' })
  const ask = { userIds: [userId], checkDateFrom: '2026-02-27 09:00:00', checkDateTo: '2026-02-27 09:00:00' }
  const { recordresult } = await client.dingtalk('/attendance/listRecord', ask)
  expect(recordresult).toMatchObject([{ id, sourceType: 'BOSS', gmtModified: client.sandbox.nowMs() }])
})

test.for([
  { platform: 'dingtalk', userId: 'nobody', at: '2026-03-02T09:00:00+08:00' },
  { platform: 'wecom', userId: 'nobody', at: '2026-03-02T09:00:00+08:00' },
  { platform: 'dingtalk', userId: '张三丰' },
  { platform: 'dingtalk', userId: '张三丰', at: '2026-03-02T09:00:00' },
  { platform: 'dingtalk', userId: '张三丰', amend: { id: 1 } },
  { platform: 'wecom', userId: 'zhangsanfeng', at: '2026-03-01T09:00:00+08:00', approved: true },
  { platform: 'wecom', userId: 'zhangsanfeng', at: '2026-03-02T09:00:00+08:00', void: true },
  { platform: 'feishu', userId: 'x', at: '2026-03-02T09:00:00+08:00' },
  { platform: 'dingtalk', userId: '张三丰', at: '2026-03-02T09:00:00+08:00', colour: 'red' },
])('a punch that cannot be is refused: %o', async (body) => {
  const [status, { error }] = await steer(testClient(), 'POST', 'punch', body)
  expect(status).toBe(400)
  expect(error).toBeTruthy()
})

test('the world shows both sides, who is who, and what was called', async () => {
  const client = testClient()
  await client.dingtalk('/topapi/user/count', { only_active: true })
  await steer(client, 'POST', 'punch', {
    platform: 'wecom',
    userId: 'zhangsanfeng',
    at: '2026-03-02T09:00:00+08:00',
  })
  const [, world] = await steer(client, 'GET', 'world')
  expect(world.dingtalk.people).toHaveLength(116)
  expect(world.wecom.people).toHaveLength(117)
  expect(world.wecom.records).toMatchObject([
    { userid: 'zhangsanfeng', origin: 'phone', at: '2026-03-02T09:00:00+08:00', visible: true },
  ])
  expect(world.calls.dingtalk['/topapi/user/count']).toEqual({ calls: 1, refused: {} })
  expect(world).toMatchObject({ seed: 1, violations: [], quota: { month: '2026-03', used: 0, quota: 5000 } })
  expect(world.pairs).toContainEqual(expect.objectContaining({ dingtalk: 'LiNa', wecom: 'lina' }))
})

test('what is not there says what is', async () => {
  const [status, { error }] = await steer(testClient(), 'GET', 'nothing')
  expect(status).toBe(404)
  expect(error).toContain('faults')
})
