import { describe, expect, test } from 'vitest'
import { dingtalkRules } from '#platforms/dingtalk/failures.ts'
import { json } from '#platforms/testing.ts'
import { readAnswer, type Sort, type Trouble } from '#platforms/trouble.ts'

const oapi = { host: 'oapi', token: 'query' } as const
const api = { host: 'api', token: 'header' } as const

function troubleOf(body: unknown, status = 200, asked: typeof oapi | typeof api = oapi): Trouble {
  const read = readAnswer(json(body, status), asked, dingtalkRules)
  if (!('trouble' in read)) throw new Error('read as a success')
  return read.trouble
}

const wrapped = (code: string, text: string) => ({
  errcode: 88,
  errmsg: `ding talk error[subcode=${code},submsg=${text}]`,
  sub_code: code,
  sub_msg: text,
  request_id: '15r7wt5p6m4k2',
})

describe('success', () => {
  test.for([
    { errcode: 0, errmsg: 'ok', recordresult: [] },
    { errcode: '0', errmsg: 'ok', recordresult: [] },
  ])('%j is a yes of the old generation', (body) => {
    expect(readAnswer(json(body), oapi, dingtalkRules)).toEqual({ body })
  })

  test('the new generation says yes by its HTTP status', () => {
    const body = { accessToken: 'fw8e', expireIn: 7200 }
    expect(readAnswer(json(body), api, dingtalkRules)).toEqual({ body })
  })

  test('an old answer without errcode is no yes', () => {
    expect(troubleOf({ recordresult: [] }).sort).toBe('unreadable')
  })
})

describe('the old generation', () => {
  test.for<[string, unknown, Sort, string]>([
    ['an unknown token, wrapped', wrapped('40014', '不合法的access_token'), 'auth', '40014'],
    ['an unknown token, flat', { errcode: 40014, errmsg: '不合法的access_token' }, 'auth', '40014'],
    ['an expired token', { errcode: 42001, errmsg: 'access_token超时' }, 'auth', '42001'],
    ['a token of no corp', { errcode: 33001, errmsg: '无效的企业ID' }, 'auth', '33001'],
    ['a blank token', wrapped('40000', 'access_token is blank'), 'request', '40000'],
    ['bad credentials', { errcode: 40096, errmsg: '不合法的appKey或appSecret' }, 'credentials', '40096'],
    ['a bad pair', { errcode: 40089, errmsg: '不合法的corpid或corpsecret' }, 'credentials', '40089'],
    ['a missing scope', wrapped('60011', '应用尚未开通所需的权限'), 'permission', '60011'],
    ['a person out of range', { errcode: 50002, errmsg: '没有权限' }, 'permission', '50002'],
    ['a department out of range', { errcode: 50004, errmsg: '部门不在授权范围' }, 'permission', '50004'],
    ['too many calls', wrapped('90018', 'qps'), 'limit', '90018'],
    ['the whole corp suspended', wrapped('90003', '暂停'), 'limit', '90003'],
    ['the month used up', wrapped('90020', '次数已用完'), 'quota', '90020'],
    ['an unknown person', { errcode: 60121, errmsg: '找不到该用户', request_id: 'x' }, 'person', '60121'],
    ['a bad number', { errcode: 40104, errmsg: '无效手机号' }, 'person', '40104'],
    ['a span over seven days', { errcode: 41041, errmsg: '考勤查询时间超过7天' }, 'request', '41041'],
    ['a bad time', { errcode: 41100, errmsg: '时间格式错误' }, 'request', '41100'],
    ['older than the history', { errcode: 850002, errmsg: '禁止查询半年以前的数据' }, 'request', '850002'],
    ['a bad parameter', { errcode: '400002', errmsg: 'invalid' }, 'request', '400002'],
    [
      'an unknown method',
      { errcode: 22, errmsg: 'Invalid method', sub_msg: '不合法ApiName' },
      'request',
      '22',
    ],
    ['an unknown path', { errcode: 404, errmsg: '请求的URI地址不存在' }, 'request', '404'],
    ['a stopped app', { errcode: 50003, errmsg: '应用已停用' }, 'disabled', '50003'],
    ['busy', { errcode: -1, errmsg: '系统繁忙' }, 'busy', '-1'],
    ['a code nobody wrote down', { errcode: 987654, errmsg: '?' }, 'unknown', '987654'],
    ['a wrapper without a cause', { errcode: 88, errmsg: 'ding talk error' }, 'unknown', '88'],
  ])('%s', ([, body, sort, code]) => {
    expect(troubleOf(body)).toMatchObject({ sort, code })
  })

  test('the cause is found in the text where sub_code is missing', () => {
    const errmsg = 'ding talk error[subcode=90018,submsg=太快]'
    expect(troubleOf({ errcode: 88, errmsg })).toMatchObject({ sort: 'limit', code: '90018', text: errmsg })
  })

  test('the request id is kept for support', () => {
    expect(troubleOf(wrapped('40014', 'x')).requestId).toBe('15r7wt5p6m4k2')
  })

  test('missing scopes are named', () => {
    const text =
      '应用尚未开通所需的权限：[qyapi_get_department_list]，点击链接申请{requiredScopes=[qyapi_get_department_list, qyapi_base]}'
    expect(troubleOf(wrapped('60011', text)).scopes).toEqual(['qyapi_get_department_list', 'qyapi_base'])
  })

  test('the refused address is named', () => {
    const text = '访问ip不在白名单之中,request ip=203.0.113.9 appKey(dingapp0001)'
    expect(troubleOf(wrapped('60020', text))).toMatchObject({ sort: 'ip', ip: '203.0.113.9' })
  })
})

describe('the new generation', () => {
  test.for<[number, string, Sort]>([
    [400, 'InvalidAuthentication', 'auth'],
    [400, 'AuthenticationFailed.Expired', 'auth'],
    [400, 'AuthenticationFailed.MissingParameter', 'request'],
    [400, 'invalidClientIdOrSecret', 'credentials'],
    [401, 'unauthorized.client', 'credentials'],
    [403, 'Forbidden.AccessDenied.AccessTokenPermissionDenied', 'permission'],
    [403, 'Forbidden.AccessDenied.IpNotInWhiteList', 'ip'],
    [403, 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', 'limit'],
    [403, 'Forbidden.AccessDenied.QpmLimitForAppkeyAndApi', 'limit'],
    [403, 'Forbidden.AccessDenied.QpsLimitForApi', 'limit'],
    [403, 'Forbidden.AccessDenied.ApiCountLimitForOrg', 'quota'],
    [400, 'invalidParameter.param.invalid', 'request'],
    [404, 'InvalidAction.NotFound', 'request'],
    [400, 'SomethingNew', 'unknown'],
    [500, 'unknownError', 'busy'],
    [503, 'anything', 'busy'],
  ])('HTTP %i %s', ([status, code, sort]) => {
    const met = troubleOf({ code, message: '…', requestid: 'R1' }, status, api)
    expect(met).toMatchObject({ sort, code, requestId: 'R1' })
  })

  test('an old body behind HTTP 200 is still a no', () => {
    expect(troubleOf({ errcode: 404, errmsg: '请求的URI地址不存在' }, 200, api).sort).toBe('request')
  })

  test('scopes stand in accessdenieddetail', () => {
    const body = {
      code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
      message: '没有权限',
      accessdenieddetail: { requiredScopes: ['Contact.User.Read'] },
    }
    expect(troubleOf(body, 403, api).scopes).toEqual(['Contact.User.Read'])
  })
})

describe('how long to stay away', () => {
  const end =
    '从 2026-11-02 10:00:00 到 2026-11-02 10:00:01 请求总次数超过 1200 次, 限制将在 2026-11-02 10:00:02 结束.'

  test('until the end the text names, wall clock at +08:00', () => {
    const until = troubleOf(wrapped('90002', end)).stay?.until
    expect(until?.toString()).toBe('2026-11-02T02:00:02Z')
  })

  test.for<[string, number, boolean]>([
    ['90018', 1_000, false],
    ['90002', 1_000, false],
    ['45009', 60_000, false],
    ['90001', 300_000, true],
    ['90004', 300_000, true],
    ['90006', 300_000, false],
  ])('%s: %i ms at first, the whole connection: %s', ([code, ms, whole]) => {
    const { stay } = troubleOf(wrapped(code, '限制'))
    expect(stay).toMatchObject({ whole, until: null })
    expect(stay?.waitsMs[0]).toBe(ms)
  })
})

describe('no answer of DingTalk at all', () => {
  test.for<[string, string, number, Sort]>([
    ['a ban page', '<!doctype html><title>访问被拒绝</title>', 200, 'banned'],
    ['a ban page with a status', '<html></html>', 403, 'banned'],
    ['the shield', '{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"u"}', 200, 'banned'],
    ['a page that is not there', '<html>404</html>', 404, 'unreadable'],
    ['a redirect', '<html>moved</html>', 302, 'unreadable'],
    ['a gateway in trouble', '<html>502 Bad Gateway</html>', 502, 'busy'],
    ['nothing', '', 200, 'empty'],
    ['half an answer', '{"errcode":0,"recordre', 200, 'unreadable'],
    ['a list', '[]', 200, 'unreadable'],
    ['a word', 'null', 200, 'unreadable'],
  ])('%s', ([, text, status, sort]) => {
    expect(troubleOf(text, status).sort).toBe(sort)
  })
})
