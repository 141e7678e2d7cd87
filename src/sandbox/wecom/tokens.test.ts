import { expect, test } from 'vitest'
import { testClient } from '../test-client.ts'

type Client = ReturnType<typeof testClient>
const ask = async ({ get, sandbox }: Client, change: Record<string, string> = {}) => {
  const { corpId, secret } = sandbox.ready().credentials.wecom
  const query = new URLSearchParams({ corpid: corpId, corpsecret: secret, ...change })
  return JSON.parse((await get(`/cgi-bin/gettoken?${query}`)).text)
}
const listing = '/cgi-bin/department/simplelist'

test('the same token comes back while it lives, and says how long it still does', async () => {
  const client = testClient()
  const first = await ask(client)
  expect(first).toMatchObject({ errcode: 0, errmsg: 'ok', expires_in: 7200 })
  client.sandbox.advance(5000)
  expect(await ask(client)).toMatchObject({ access_token: first.access_token, expires_in: 2200 })
  client.sandbox.advance(2200)
  expect((await ask(client)).access_token).not.toBe(first.access_token)
})

test.for([
  { what: 'a wrong secret', change: { corpsecret: 'wrong' }, code: 40001 },
  { what: 'another corp', change: { corpid: 'ww0000000000000000' }, code: 40013 },
  { what: 'no corp', change: { corpid: '' }, code: 41002 },
  { what: 'no secret', change: { corpsecret: '' }, code: 41004 },
])('$what is refused with $code', async ({ change, code }) => {
  const answer = await ask(testClient(), change)
  expect(answer.errcode).toBe(code)
  expect(answer.errmsg).toMatch(/hint: \[\d+\], from ip: 127\.0\.0\.1, more info at https:\/\//)
})

test('five wrong secrets within a minute shut the address out for an hour, right ones too', async () => {
  const client = testClient()
  for (let i = 0; i < 4; i++) expect((await ask(client, { corpsecret: 'wrong' })).errcode).toBe(40001)
  expect((await ask(client)).errcode).toBe(0)
  expect((await ask(client, { corpsecret: 'wrong' })).errcode).toBe(40001)
  expect((await ask(client)).errcode).toBe(45009)
  client.sandbox.advance(3599)
  expect((await ask(client)).errcode).toBe(45009)
  client.sandbox.advance(1)
  expect((await ask(client)).errcode).toBe(0)
})

test('wrong secrets spread over minutes shut nobody out', async () => {
  const client = testClient()
  for (let i = 0; i < 8; i++) {
    expect((await ask(client, { corpsecret: 'wrong' })).errcode).toBe(40001)
    client.sandbox.advance(20)
  }
  expect((await ask(client)).errcode).toBe(0)
})

test('a missing, unknown, expired or revoked token is told apart', async () => {
  const client = testClient()
  const code = async (token: string) => JSON.parse((await client.get(`${listing}${token}`)).text).errcode
  expect(await code('')).toBe(41001)
  expect(await code('?access_token=nonsense')).toBe(40014)
  expect(await code(`?access_token=${await client.dingtalkToken()}`)).toBe(40014)
  const { access_token } = await ask(client)
  expect(await code(`?access_token=${access_token}`)).toBe(0)
  client.sandbox.set({ tokenRevokedEarly: { next: 1 } })
  expect(await code(`?access_token=${access_token}`)).toBe(40014)
  const second = (await ask(client)).access_token
  expect(second).not.toBe(access_token)
  client.sandbox.advance(7200)
  expect(await code(`?access_token=${second}`)).toBe(42001)
})

test('refusals repeat code and text in the headers and bring the empty collection', async () => {
  const client = testClient({ faults: { permissionMissing: { wecom: ['checkin'] } } })
  const token = await client.wecomToken()
  const answer = await client.post(`/cgi-bin/checkin/getcheckindata?access_token=${token}`, {})
  expect(answer.status).toBe(200)
  expect(answer.headers['error-code']).toBe('48002')
  expect(JSON.parse(answer.text)).toMatchObject({ errcode: 48002, checkindata: [] })
})

test('the contacts-sync secret lists ids and nothing else; the app’s secret does the opposite', async () => {
  const client = testClient()
  const sync = await client.wecomToken(client.sandbox.ready().credentials.wecom.contactsSecret)
  const code = async (path: string, token: string, body?: unknown) =>
    JSON.parse(
      (
        await (body
          ? client.post(`${path}access_token=${token}`, body)
          : client.get(`${path}access_token=${token}`))
      ).text,
    ).errcode
  expect(await code('/cgi-bin/user/list_id?', sync, {})).toBe(0)
  expect(await code(`${listing}?`, sync)).toBe(0)
  expect(await code('/cgi-bin/user/get?userid=zhangsanfeng&', sync)).toBe(48009)
  expect(await code('/cgi-bin/department/list?', sync)).toBe(48009)
  expect(await code('/cgi-bin/checkin/getcheckindata?', sync, {})).toBe(48002)
  expect(await code('/cgi-bin/user/list_id?', await client.wecomToken(), {})).toBe(48002)
})

test('an address that is not trusted is refused with 60020 and told which it is', async () => {
  const client = testClient({ faults: { ipNotTrusted: { wecom: true } } })
  const answer = await client.wecom(listing)
  expect(answer).toMatchObject({ errcode: 60020, department_id: [] })
  expect(answer.errmsg).toContain('not allow to access from your ip')
  expect((await ask(client)).errcode).toBe(0)
})

test.for([
  ['GET', '/cgi-bin/checkin/getcheckindata', 43002],
  ['POST', '/cgi-bin/gettoken', 43001],
] as const)('%s %s is the wrong method', async ([method, path, code]) => {
  const { get, post } = testClient()
  expect(JSON.parse((await (method === 'GET' ? get(path) : post(path, {}))).text).errcode).toBe(code)
})

test('an unknown path is no JSON at all', async () => {
  expect((await testClient().get('/cgi-bin/nothing')).status).toBe(404)
})
