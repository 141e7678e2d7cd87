import { expect, test } from 'vitest'
import { testClient } from '../test-client.ts'

const body = (answer: { text: string }) => JSON.parse(answer.text)

test('all three ways to a token work, and the same one comes back while it lives', async () => {
  const { sandbox, post, get, dingtalk, dingtalkToken } = testClient()
  const { clientId, clientSecret, corpId } = sandbox.ready().credentials.dingtalk
  const first = await dingtalkToken()
  sandbox.advance(7000)
  expect(await dingtalkToken()).toBe(first)
  sandbox.advance(7000)
  expect(await dingtalk('/topapi/user/count', { only_active: false })).toMatchObject({ errcode: 0 })
  const unified = await post(`/v1.0/oauth2/${corpId}/token`, {
    client_id: clientId,
    client_secret: clientSecret,
    grant_type: 'client_credentials',
  })
  expect(body(unified)).toEqual({ access_token: first, expires_in: 7200 })
  const old = body(await get(`/gettoken?appkey=${clientId}&appsecret=${clientSecret}`))
  expect(old).toMatchObject({ errcode: 0, errmsg: 'ok', expires_in: 7200 })
  sandbox.advance(7200)
  expect(await dingtalkToken()).not.toBe(first)
})

test('wrong credentials are refused in each generation’s own way', async () => {
  const { sandbox, post, get } = testClient()
  const { clientId, corpId } = sandbox.ready().credentials.dingtalk
  expect(body(await get(`/gettoken?appkey=${clientId}&appsecret=wrong`))).toEqual({
    errcode: 40096,
    errmsg: '不合法的appKey或appSecret',
  })
  expect(body(await get('/gettoken'))).toMatchObject({ errcode: 40035, errmsg: '缺少参数 corpid or appkey' })
  const fresh = await post('/v1.0/oauth2/accessToken', { appKey: clientId, appSecret: 'wrong' })
  expect([fresh.status, body(fresh).code]).toEqual([400, 'invalidClientIdOrSecret'])
  expect(body(fresh).requestid).toBeTruthy()
  const ask = { client_id: clientId, client_secret: 'wrong', grant_type: 'client_credentials' }
  const unified = await post(`/v1.0/oauth2/${corpId}/token`, ask)
  expect([unified.status, body(unified).code]).toEqual([400, 'invalid.client'])
  const other = await post('/v1.0/oauth2/dingother/token', ask)
  expect([other.status, body(other).code]).toEqual([500, 'unknownError'])
  const grant = await post(`/v1.0/oauth2/${corpId}/token`, { ...ask, grant_type: 'password' })
  expect(body(grant).code).toBe('unsupported.grant.type')
})

test('a missing, unknown, expired or revoked token is told apart, wrapped under /topapi and flat elsewhere', async () => {
  const { sandbox, post, dingtalk, dingtalkToken } = testClient()
  const count = (token: string) => post(`/topapi/user/count${token}`, { only_active: false })
  expect(body(await count(''))).toMatchObject({
    errcode: 88,
    sub_code: '40000',
    sub_msg: 'access_token is blank',
  })
  expect(body(await count('?access_token=nonsense'))).toMatchObject({
    errcode: 88,
    sub_code: '40014',
    errmsg: 'ding talk error[subcode=40014,submsg=不合法的access_token]',
  })
  const ask = { userIds: ['u1'], checkDateFrom: '2026-03-02 00:00:00', checkDateTo: '2026-03-02 01:00:00' }
  expect(body(await post('/attendance/listRecord?access_token=nonsense', ask))).toEqual({
    errcode: 40014,
    errmsg: '不合法的access_token',
  })
  const token = await dingtalkToken()
  sandbox.advance(7201)
  expect(body(await count(`?access_token=${token}`))).toMatchObject({ sub_code: '42001' })
  sandbox.set({ tokenRevokedEarly: { next: 1 } })
  expect(await dingtalk('/topapi/user/count', { only_active: false })).toMatchObject({ sub_code: '40014' })
  expect(await dingtalk('/topapi/user/count', { only_active: false })).toMatchObject({ errcode: 0 })
})

test('the token travels in the query on the old host: a header does not count', async () => {
  const { post, dingtalkToken } = testClient()
  const headers = { 'content-type': 'application/json', 'x-acs-dingtalk-access-token': await dingtalkToken() }
  expect(body(await post('/topapi/user/count', { only_active: true }, { headers }))).toMatchObject({
    sub_code: '40000',
  })
})

test('the two generations can be kept apart', async () => {
  const { sandbox, dingtalk } = testClient()
  sandbox.set({ separateTokens: true })
  expect(await dingtalk('/topapi/user/count', { only_active: false })).toMatchObject({ sub_code: '40014' })
})

test('a permission is missing at once when taken away, and back only with a new token', async () => {
  const { sandbox, post, dingtalkToken } = testClient()
  const count = async (token: string) =>
    body(await post(`/topapi/user/count?access_token=${token}`, { only_active: false }))
  sandbox.set({ permissionMissing: { dingtalk: ['qyapi_get_member'] } })
  const old = await dingtalkToken()
  const refused = await count(old)
  expect(refused).toMatchObject({ errcode: 88, sub_code: '60011' })
  expect(refused.sub_msg).toContain('requiredScopes=[qyapi_get_member]')
  sandbox.set({ permissionMissing: {} })
  expect(await count(old)).toMatchObject({ sub_code: '60011' })
  expect(await count(await dingtalkToken())).toMatchObject({ errcode: 0 })
})
