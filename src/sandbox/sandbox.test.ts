import { expect, test } from 'vitest'
import { aRecord, monday, second, testClient } from './test-client.ts'

const nine = second('2026-03-02T09:00:00+08:00')
const write = '/cgi-bin/checkin/add_checkin_record'
type Client = ReturnType<typeof testClient>
const send = async (client: Client, timeoutMs = 10_000) =>
  client.post(
    `${write}?access_token=${await client.wecomToken()}`,
    { records: [aRecord('zhangsanfeng', nine)] },
    { timeoutMs },
  )
const stored = ({ sandbox }: Client) => sandbox.records().length

test('an answer can be lost once the effect has happened', async () => {
  const client = testClient({ faults: { answerLost: { next: 1, api: 'add_checkin_record' } } })
  await expect(send(client)).rejects.toMatchObject({ name: 'TransportError', kind: 'reset' })
  expect(stored(client)).toBe(1)
  expect((await send(client)).status).toBe(200)
})

test.for([
  { fault: { busy: { next: 1, api: 'add_checkin_record' } }, kept: 0 },
  { fault: { busy: { next: 1, api: 'add_checkin_record', after: true } }, kept: 1 },
])('busy: -1, the effect by switch', async ({ fault, kept }) => {
  const client = testClient({ faults: fault })
  expect(JSON.parse((await send(client)).text).errcode).toBe(-1)
  expect(stored(client)).toBe(kept)
})

test.for([
  { fault: { http5xx: { next: 1, api: 'add_checkin_record' } }, status: 502, kept: 0 },
  {
    fault: { http5xx: { next: 1, api: 'add_checkin_record', status: 504, after: true } },
    status: 504,
    kept: 1,
  },
])('HTTP $status, the effect by switch', async ({ fault, status, kept }) => {
  const client = testClient({ faults: fault })
  expect((await send(client)).status).toBe(status)
  expect(stored(client)).toBe(kept)
})

test('an answer too slow for its caller is a time-out, and the effect has happened', async () => {
  const client = testClient({ faults: { slow: { ms: 5000, api: 'add_checkin_record' } } })
  await expect(send(client, 4999)).rejects.toMatchObject({ name: 'TransportError', kind: 'timeout' })
  expect(stored(client)).toBe(1)
  expect((await send(client, 5000)).status).toBe(200)
})

test('a slow call can take effect as late as its answer', async () => {
  const client = testClient({ faults: { slow: { ms: 5000, effect: 'after', api: 'add_checkin_record' } } })
  await expect(send(client, 100)).rejects.toMatchObject({ kind: 'timeout' })
  const [record] = client.sandbox.records()
  expect(record?.visibleAt).toBe(client.sandbox.nowMs() + 5000)
})

test('slow answers wait by the sleep they were given', async () => {
  const waits: number[] = []
  const client = testClient({ faults: { slow: { ms: 300 } }, sleep: async (ms) => void waits.push(ms) })
  await client.get('/gettoken')
  await expect(client.get('/gettoken', { timeoutMs: 200 })).rejects.toMatchObject({ kind: 'timeout' })
  expect(waits).toEqual([300, 200])
})

test('a ban page is no JSON, and lasts as long as it says', async () => {
  const client = testClient({ faults: { htmlBan: { next: 1, seconds: 60, platform: 'dingtalk' } } })
  expect((await client.get('/gettoken')).text).toMatch(/^<!DOCTYPE html>/)
  expect((await client.get('/auth/scopes')).headers['content-type']).toBe('text/html')
  expect((await client.get('/cgi-bin/gettoken')).headers['content-type']).toContain('json')
  client.sandbox.advance(60)
  expect((await client.get('/gettoken')).headers['content-type']).toContain('json')
  client.sandbox.set({ htmlBan: { next: 1, shape: 'json' } })
  expect(JSON.parse((await client.get('/gettoken')).text).status).toBe(1111)
})

test('garbage is no JSON although it says so', async () => {
  const client = testClient({ faults: { garbage: { next: 1 } } })
  const answer = await client.get('/gettoken')
  expect(() => JSON.parse(answer.text)).toThrow(SyntaxError)
})

test('the Date header tells the time outside, however far the world was pushed, or is off', async () => {
  const client = testClient()
  client.sandbox.advance(60)
  expect((await client.get('/gettoken')).headers['date']).toBe('Mon, 02 Mar 2026 04:00:00 GMT')
  client.sandbox.set({ clockSkew: -120 })
  expect((await client.get('/gettoken')).headers['date']).toBe('Mon, 02 Mar 2026 03:58:00 GMT')
})

test('requests find their platform by address or by the real hosts’ names; others find nobody', async () => {
  const { sandbox } = testClient()
  const get = (url: string) => sandbox.transport({ method: 'GET', url, headers: {}, timeoutMs: 1 })
  expect(JSON.parse((await get('https://oapi.dingtalk.com/gettoken')).text).errcode).toBe(40035)
  expect(JSON.parse((await get('https://qyapi.weixin.qq.com/cgi-bin/gettoken')).text).errcode).toBe(41002)
  await expect(get('https://example.com/')).rejects.toMatchObject({ kind: 'unreachable' })
})

test('the same seed under the same calls tells the same, misfortune included', async () => {
  const run = async (seed: number) => {
    const client = testClient({
      seed,
      faults: { answerLost: 0.3, busy: 0.2, visibilityDelay: { min: 0, max: 60 } },
    })
    const told: string[] = []
    for (let i = 0; i < 40; i++) {
      const answer = client.post(write, { records: [aRecord('zhangsanfeng', nine - i)] })
      told.push(
        await answer.then(
          ({ text }) => text,
          (error: Error) => error.message,
        ),
      )
    }
    return told
  }
  expect(await run(5)).toEqual(await run(5))
  expect(await run(5)).not.toEqual(await run(6))
})

test('the truth tells of punches on their way, and who should have them', () => {
  const { sandbox } = testClient()
  sandbox.punch({
    platform: 'dingtalk',
    userId: '张三丰',
    at: '2026-03-02T11:00:00+08:00',
    appearsAt: '2026-03-02T13:00:00+08:00',
  })
  const at = { from: '2026-03-02T11:00:00+08:00', to: '2026-03-02T11:00:00+08:00' }
  expect(sandbox.expectedPunches(at)).toMatchObject([
    { userId: '张三丰', shown: false, wecomUserid: 'zhangsanfeng' },
  ])
  sandbox.advance(3600)
  expect(sandbox.expectedPunches(at)).toMatchObject([{ shown: true, appearsAt: '2026-03-02T13:00:00+08:00' }])
  const pairs = sandbox.pairs()
  expect(pairs).toHaveLength(113)
  expect(
    pairs
      .filter(({ evidence }) => evidence.length === 0)
      .map(({ tags }) => tags[0])
      .sort(),
  ).toEqual(['name-only', 'shared-mobile'])
})

test('the setup text names both sides, and stays the same as time goes on', () => {
  const { sandbox } = testClient()
  const { setupYaml, credentials, addresses } = sandbox.ready()
  for (const said of [
    credentials.dingtalk.clientSecret,
    credentials.wecom.secret,
    addresses.dingtalk,
    addresses.wecom,
  ])
    expect(setupYaml).toContain(said)
  expect(setupYaml).toContain('since: 2026-02-17\n')
  expect(setupYaml).toContain('direction: dingtalk-to-wecom')
  sandbox.advance(10 * 86_400)
  expect(sandbox.ready().setupYaml).toBe(setupYaml)
})

test('wrong switches and wrong punches throw', () => {
  const { sandbox } = testClient({ at: monday })
  expect(() => sandbox.set({ nonsense: 1 })).toThrow('nonsense')
  expect(() => sandbox.punch({ platform: 'dingtalk', userId: 'nobody', at: monday })).toThrow('nobody')
  expect(() => sandbox.advance(-1)).toThrow('forward')
})
