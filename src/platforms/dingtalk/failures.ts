import { dingtalkAddressLimit, dingtalkLimitWaitsMs, dingtalkPlaces } from '#platforms/dingtalk/limits.ts'
import {
  type Asked,
  type Body,
  type PlatformRules,
  type Sort,
  type Stay,
  said,
  sortTable,
  type Trouble,
  trouble,
} from '#platforms/trouble.ts'

/**
 * DingTalk's codes by what follows from them, both generations. A code that is not here is `unknown` and shown verbatim.
 * Source: https://open.dingtalk.com/document/development/server-api-error-codes-1 and contract 7.3.
 */
const table = sortTable([
  ['auth', '40001 40014 42001 33001 InvalidAuthentication AuthenticationFailed'],
  ['credentials', '40013 40089 40096 invalidClientIdOrSecret invalid.client unauthorized.client authFailed'],
  ['credentials', '40080-40090 40102 42009 48003 48004 853001-853004'],
  ['permission', '43007 50002 50004 60011 Forbidden.AccessDenied.AccessTokenPermissionDenied'],
  ['ip', '60020 Forbidden.AccessDenied.IpNotInWhiteList'],
  ['limit', '45009 90001-90014 90017 90018'],
  ['quota', '90020 Forbidden.AccessDenied.ApiCountLimitForOrg'],
  ['disabled', '50003 50005 70001'],
  ['person', '33012 40003 40031 40104 46004 60103 60111 60121'],
  [
    'request',
    '22 404 40000 40009 40023 40035 40038 40056 40066 40068 40069 60003 60019 200002 200003 400002',
  ],
  // a span over 7 days, a bad time, a body too big, a date beyond the history, too many days, bad columns
  ['request', '34001-34018 41001-41027 41041 41100-41102 43001-43005 43008 43009 850002 850012 850015'],
  ['request', 'AuthenticationFailed.MissingParameter invalidParameter Missingbody InvalidAction.NotFound'],
  ['request', 'unsupported.grant.type'],
  ['busy', '-1 systemError server.error unknownError'],
])

/** Suspensions of the whole corp, credential or address, not of one API. */
const wholeConnection = new Set(['90001', '90003', '90004', '90017'])
/** Limits counted by the second; their text may name the end. */
const perSecond = new Set(['90002', '90018'])

function sortOf(code: string): Sort {
  const known = table.get(code)
  if (known) return known
  if (/(^|\.)(Qps|Qpm)LimitFor/.test(code)) return 'limit'
  if (code.endsWith('ApiCountLimitForOrg')) return 'quota'
  if (code.endsWith('IpNotInWhiteList')) return 'ip'
  if (code.endsWith('PermissionDenied')) return 'permission'
  if (code.startsWith('AuthenticationFailed.')) return 'auth'
  if (/^invalidParameter\b/i.test(code)) return 'request'
  return 'unknown'
}

function stayOf(code: string, text: string): Stay {
  const waitsMs =
    perSecond.has(code) || code.includes('QpsLimitFor')
      ? dingtalkLimitWaitsMs.second
      : code === '45009' || code.includes('QpmLimitFor')
        ? dingtalkLimitWaitsMs.minute
        : dingtalkLimitWaitsMs.suspended
  return { whole: wholeConnection.has(code), waitsMs, until: endOf(text) }
}

/** `限制将在 2021-01-01 10:00:02 结束`, wall clock at +08:00. */
function endOf(text: string): Temporal.Instant | null {
  const end = /限制将在\s*(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\s*结束/.exec(text)
  if (!end) return null
  try {
    return Temporal.Instant.from(`${end[1]}T${end[2]}+08:00`)
  } catch {
    return null
  }
}

const listOf = (text: string): string[] =>
  text.split(/[\s,，;]+/).flatMap((scope) => scope.replace(/^["']|["']$/g, '') || [])

function scopesOf(body: Body, text: string): string[] {
  const detail = body['accessdenieddetail']
  const named = typeof detail === 'object' && detail !== null ? (detail as Body)['requiredScopes'] : undefined
  if (Array.isArray(named)) return named.map(said).filter((scope) => scope !== '')
  return listOf(/requiredScopes=\[([^\]]*)\]/.exec(text)?.[1] ?? '')
}

const ipOf = (text: string): string =>
  (/request ip\s*[=:]\s*([0-9a-f.:]+)/i.exec(text)?.[1] ?? '').replace(/[.:]+$/, '')

function refused(body: Body, status: number, code: string, text: string): Trouble {
  const sort = sortOf(code)
  // the facts may stand in either text
  const texts = `${text} ${said(body['errmsg'])}`
  return trouble(sort, {
    code,
    text,
    status,
    requestId: said(body['request_id']) || said(body['requestid']) || said(body['requestId']),
    scopes: sort === 'permission' ? scopesOf(body, texts) : [],
    ip: sort === 'ip' ? ipOf(texts) : '',
    stay: sort === 'limit' ? stayOf(code, texts) : null,
  })
}

/** The gateway wraps the true code: `errcode` 88 and `sub_code`, or `subcode=` within the text only. */
function unwrapped(body: Body): { code: string; text: string } {
  const [code, text] = [said(body['errcode']), said(body['errmsg'])]
  if (code !== '88') return { code, text }
  const inner = said(body['sub_code']) || /subcode=\s*([\w.-]+)/.exec(text)?.[1] || code
  return { code: inner.trim(), text: said(body['sub_msg']) || text }
}

/**
 * `oapi` answers HTTP 200 and means it only with `errcode` 0; `api` answers with a true HTTP status, but some failures
 * of its gateway still come as HTTP 200 with the old body, so both are looked at on both hosts.
 */
function refusalOf(body: Body, status: number, asked: Asked): Trouble | null {
  if (said(body['errcode']) !== '' && Number(body['errcode']) !== 0) {
    const { code, text } = unwrapped(body)
    return refused(body, status, code, text)
  }
  if (status >= 400)
    return refused(body, status, said(body['code']) || `HTTP ${status}`, said(body['message']))
  if (status < 200 || status >= 300) return trouble('unreadable', { status, text: 'redirected' })
  if (asked.host === 'oapi' && said(body['errcode']) === '')
    return trouble('unreadable', { status, text: 'no errcode' })
  return null
}

/** How DingTalk says no. At most three more attempts after trouble that passes, as its manual asks. */
export const dingtalkRules: PlatformRules = {
  refusalOf,
  banMs: dingtalkAddressLimit.banMs,
  retryWaitsMs: [1_000, 2_000, 4_000],
  atOnce: dingtalkPlaces.atOnce,
}
