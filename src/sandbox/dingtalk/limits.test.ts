import { expect, test } from 'vitest'
import { testClient } from '../test-client.ts'

const ask = { userIds: ['u1'], checkDateFrom: '2026-03-01 00:00:00', checkDateTo: '2026-03-01 01:00:00' }
type Client = ReturnType<typeof testClient>

/** The error codes of n calls in a row, 0 for success. */
async function codes(
  { post, dingtalkToken }: Client,
  n: number,
  path = '/attendance/listRecord',
  body: unknown = ask,
) {
  const token = await dingtalkToken()
  const found: unknown[] = []
  for (let i = 0; i < n; i++) {
    const { errcode, sub_code } = JSON.parse((await post(`${path}?access_token=${token}`, body)).text)
    found.push(sub_code ?? errcode)
  }
  return found
}

test('the twenty-first call of an API within a second is refused, flat on a legacy path, and it is counted', async () => {
  const client = testClient()
  expect(await codes(client, 21)).toEqual([...Array(20).fill(0), 90018])
  expect(client.sandbox.violations()).toEqual([
    { platform: 'dingtalk', path: '/attendance/listRecord', code: '90018', times: 1 },
  ])
  client.sandbox.advance(1)
  expect(await codes(client, 1)).toEqual([0])
})

test('under /topapi the refusal is wrapped and says when it ends', async () => {
  const client = testClient()
  await codes(client, 20, '/topapi/user/count', { only_active: true })
  const answer = await client.dingtalk('/topapi/user/count', { only_active: true })
  expect(answer).toMatchObject({ errcode: 88, sub_code: '90018' })
  expect(answer.sub_msg).toMatch(/限制将在 2026-03-02 12:00:0\d 结束/)
  expect(await codes(client, 1)).toEqual([0])
})

test('the development pack allows sixty a second', async () => {
  const client = testClient({ edition: ['standard', 'development-pack'] })
  expect(await codes(client, 61)).toEqual([...Array(60).fill(0), 90018])
})

test('limits can be off', async () => {
  expect(new Set(await codes(testClient({ limits: 'off' }), 100))).toEqual(new Set([0]))
})

test('ten thousand calls in twenty seconds shut the address out for five minutes', async () => {
  const client = testClient({ people: 4 })
  const { clientId, clientSecret } = client.sandbox.ready().credentials.dingtalk
  const token = `/gettoken?appkey=${clientId}&appsecret=${clientSecret}`
  for (let i = 0; i < 10_000; i++) await client.get(token)
  const banned = JSON.parse((await client.get(token)).text)
  expect(banned).toMatchObject({ status: 1111, punish: 'deny' })
  expect(banned).not.toHaveProperty('errcode')
  client.sandbox.advance(299)
  expect((await client.get(token)).headers['content-type']).toBe('text/html')
  client.sandbox.advance(1)
  expect(JSON.parse((await client.get(token)).text).errcode).toBe(0)
})

test('only attendance is metered; with the month used up 90020 answers until the next one', async () => {
  const client = testClient({ limits: 'off' })
  await codes(client, 10, '/topapi/user/count', { only_active: true })
  expect(client.sandbox.view().quota).toEqual({ month: '2026-03', used: 0, quota: 5000 })
  expect(new Set(await codes(client, 5000))).toEqual(new Set([0]))
  expect(await codes(client, 1)).toEqual([90020])
  expect(await codes(client, 1, '/topapi/user/count', { only_active: true })).toEqual([0])
  client.sandbox.advance(31 * 86_400)
  expect(await codes(client, 1)).toEqual([0])
})

test('five days of grace, then no more', async () => {
  const client = testClient({ limits: 'off', faults: { quotaGraceDays: 5 } })
  expect(new Set(await codes(client, 5010))).toEqual(new Set([0]))
  client.sandbox.advance(5 * 86_400)
  expect(await codes(client, 1)).toEqual([90020])
})

test('calls refused for their pace do not cost', async () => {
  const client = testClient()
  await codes(client, 30)
  expect(client.sandbox.view().quota.used).toBe(20)
})

test('the quota can be used up, and all customers together can be too many', async () => {
  const client = testClient({ faults: { quotaExhausted: true } })
  expect(await codes(client, 1)).toEqual([90020])
  client.sandbox.set({ quotaExhausted: false, globalThrottle: { next: 1, api: 'listRecord' } })
  expect(await codes(client, 2)).toEqual([90002, 0])
})

test('an address that is not trusted is told which it is', async () => {
  const client = testClient({ faults: { ipNotTrusted: { dingtalk: true } } })
  const answer = await client.dingtalk('/topapi/user/count', { only_active: true })
  expect(answer).toMatchObject({ errcode: 88, sub_code: '60020' })
  expect(answer.sub_msg).toContain('request ip=127.0.0.1')
})

test.for([
  ['/topapi/nothing/here', 22],
  ['/attendance/nothing', 404],
] as const)('%s is no API: %s', async ([path, code]) => {
  expect((await testClient().dingtalk(path, {})).errcode).toBe(code)
})

test('the new generation answers an unknown path with a real 404', async () => {
  const answer = await testClient().post('/v1.0/nothing', {})
  expect([answer.status, JSON.parse(answer.text).code]).toEqual([404, 'InvalidAction.NotFound'])
})
