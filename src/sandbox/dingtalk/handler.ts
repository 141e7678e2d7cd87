import { ask, bodyOf } from '../body.ts'
import { type Answered, type Call, exchange } from '../exchange.ts'
import { dingtalkPerAddress, dingtalkPerApi, monthlyCalls } from '../limits.ts'
import { wallText } from '../shanghai.ts'
import { type HttpRequest, headerOf, jsonAnswer, type Outcome } from '../transport.ts'
import type { World } from '../world.ts'
import { generationOf, refuse, refuseAtGate, refuseNew, requestId } from './answers.ts'
import { attendanceList } from './attendance-list.ts'
import * as departments from './departments.ts'
import { failedEvents } from './failed-list-call.ts'
import { getUpdateData } from './get-update-data.ts'
import { listRecord } from './list-record.ts'
import { robotSend, workNotice } from './notices.ts'
import { matches, type Route } from './route.ts'
import { scopesOf } from './scopes.ts'
import * as streams from './stream-calls.ts'
import * as tokens from './token-calls.ts'
import { upload } from './upload.ts'
import * as users from './users.ts'

const routes: Route[] = [
  ...Object.values(tokens),
  ...Object.values(streams),
  ...Object.values(departments),
  ...Object.values(users),
  listRecord,
  failedEvents,
  robotSend,
  workNotice,
  attendanceList,
  getUpdateData,
  upload,
]

/** DingTalk, both hosts in one: oapi.dingtalk.com and api.dingtalk.com tell themselves apart by the path. */
export const dingtalk = (world: World, request: HttpRequest, ip: string): Outcome =>
  exchange(world, 'dingtalk', request, ip, (call) => respond(world, call))

function respond(world: World, call: Call): Answered {
  const found = routes.find(({ path }) => matches(path, call.path))
  if (!found) return unknownPath(call)
  if (found.method !== call.request.method) {
    if (generationOf(call.path) === 'new')
      return refuseNew(call, 404, 'InvalidAction.NotFound', 'Specified api is not found')
    return found.method === 'GET' ? refuse(call, 43001, '需要GET请求') : refuse(call, 43002, '需要POST请求')
  }
  const refused = atTheGate(world, call, found)
  if (refused) return refused
  const asked = parametersOf(call, found)
  if ('http' in asked) return asked
  if (found.metered && !pay(world, call))
    return refuseAtGate(call, 90020, '当前组织本月的API调用量已用完，请升级版本或等待下月重置')
  const busy = world.faults.strike('busy', call)
  if (busy && !busy.after) return tooBusy(call)
  const parsed = ask(found.schema, asked.value, world.faults.values.strictRequests)
  if (!parsed.ok) return badParameter(call, found, parsed.what)
  const answered = found.answer(parsed.ask as never, world, call)
  return busy ? tooBusy(call) : answered
}

/** Address, pace, token and permission, in that order. */
function atTheGate(world: World, call: Call, { scope, path }: Route): Answered | null {
  const { limits, faults, ledger, credentials, origin } = world
  if (limits.enter(`dingtalk ${call.ip}`, [dingtalkPerAddress], call.nowMs)) {
    ledger.shut(`dingtalk address ${call.ip}`, call.nowMs + dingtalkPerAddress.closedMs)
    const body = { status: 1111, wait: 5, source: 'x5', punish: 'deny', uuid: requestId(call) }
    return { http: jsonAnswer(200, body), code: 'banned' }
  }
  const pace = dingtalkPerApi(origin.edition)
  const shut = limits.enter(`dingtalk ${path}`, [pace], call.nowMs)
  if (shut) return throttled(call, 90018, '当前应用调用该接口次数过多', pace.max, shut.until)
  if (faults.strike('globalThrottle', call))
    return throttled(call, 90002, '当前所有钉钉应用调用该接口次数过多', 1200, call.nowMs + 1000)
  if (scope === null) return null
  const token = tokenRefusal(world, call)
  if (token) return token
  if (faults.values.ipNotTrusted.dingtalk) {
    const text = `访问ip不在白名单之中,request ip=${call.ip} appKey(${credentials.dingtalk.clientId})`
    return refuseAtGate(call, 60020, text)
  }
  const looked = world.tokens.look(tokenOf(call), call.nowMs)
  const isGranted =
    looked.state === 'alive' && looked.token.scopes.includes(scope) && scopesOf(world).includes(scope)
  if (isGranted) return null
  const text = `应用尚未开通所需的权限：[${scope}]，点击链接申请并开通即可：https://open-dev.dingtalk.com/appscope/apply?content=${credentials.dingtalk.clientId}#${scope}，{requiredScopes=[${scope}]}`
  return refuseAtGate(call, 60011, text)
}

const tokenOf = (call: Call): string =>
  generationOf(call.path) === 'new'
    ? headerOf(call.request.headers, 'x-acs-dingtalk-access-token')
    : (call.query['access_token'] ?? '')

function tokenRefusal(world: World, call: Call): Answered | null {
  const isNew = generationOf(call.path) === 'new'
  const value = tokenOf(call)
  if (value === '') {
    if (isNew)
      return refuseNew(
        call,
        400,
        'AuthenticationFailed.MissingParameter',
        '缺少参数：x-acs-dingtalk-access-token',
      )
    return refuseAtGate(call, 40000, 'access_token is blank')
  }
  if (world.faults.strike('tokenRevokedEarly', call)) world.tokens.revoke(value)
  const looked = world.tokens.look(value, call.nowMs)
  const isWrongKind =
    looked.state === 'alive' &&
    (!looked.token.app.startsWith('dingtalk') ||
      (world.faults.values.separateTokens && looked.token.app !== (isNew ? 'dingtalk-new' : 'dingtalk-old')))
  if (looked.state === 'alive' && !isWrongKind) return null
  if (isNew) return refuseNew(call, 400, 'InvalidAuthentication', '不合法的access_token')
  return looked.state === 'expired'
    ? refuseAtGate(call, 42001, 'access_token超时')
    : refuseAtGate(call, 40014, '不合法的access_token')
}

function throttled(call: Call, code: number, why: string, max: number, until: number): Answered {
  if (generationOf(call.path) === 'new') {
    const name = code === 90018 ? 'QpsLimitForAppkeyAndApi' : 'QpsLimitForApi'
    return refuseNew(call, 403, `Forbidden.AccessDenied.${name}`, why)
  }
  const api = `dingtalk.oapi${call.path.replace('/topapi', '').replaceAll('/', '.')}`
  const from = wallText(call.nowMs - 1000)
  const end = wallText(Math.ceil(until / 1000) * 1000)
  return refuseAtGate(
    call,
    code,
    `${why}，超出了该接口承受的最大qps，请求被暂时限制了，建议错开整点时刻调用该接口, apiPath(${api}), 从 ${from} 到 ${wallText(call.nowMs)} 请求总次数超过 ${max} 次, 限制将在 ${end} 结束.`,
  )
}

/** The fields asked with: the query without the token, or the JSON body. */
function parametersOf(call: Call, found: Route): Answered | { value: unknown } {
  if (found.method === 'GET') {
    const { access_token, ...fields } = call.query
    return { value: fields }
  }
  const generation = generationOf(call.path)
  const body = bodyOf(call.request, false)
  if (body.kind === 'json') return { value: body.value }
  if (body.kind === 'empty')
    return generation === 'new'
      ? refuseNew(call, 400, 'Missingbody', 'body is mandatory for this action.')
      : { value: {} }
  if (body.kind === 'broken') return refuse(call, 40035, '不合法的参数：JSON 格式错误')
  if (generation === 'topapi') return { value: formOf(call.request.body ?? '') }
  return refuse(call, 43009, '不支持的Content-Type')
}

/** The old gateway reads forms too; numbers and booleans are recognised by their look. `0007` is a user id. */
const formOf = (text: string): Record<string, unknown> =>
  Object.fromEntries(
    [...new URLSearchParams(text)].map(([key, value]) => [
      key,
      /^(0|[1-9]\d{0,14}|true|false)$/.test(value) ? JSON.parse(value) : value,
    ]),
  )

function badParameter(call: Call, { path }: Route, what: string): Answered {
  if (path === '/gettoken') return refuse(call, 40035, '缺少参数 corpid or appkey')
  return refuse(call, 40035, `不合法的参数：${what}`)
}

const tooBusy = (call: Call): Answered =>
  generationOf(call.path) === 'new'
    ? refuseNew(call, 500, 'systemError', '系统繁忙')
    : refuse(call, -1, '系统繁忙')

function pay(world: World, call: Call): boolean {
  const { quotaExhausted, quotaGraceDays } = world.faults.values
  return !quotaExhausted && world.ledger.meter(call.nowMs, monthlyCalls(world.origin.edition), quotaGraceDays)
}

function unknownPath(call: Call): Answered {
  const generation = generationOf(call.path)
  if (generation === 'new')
    return refuseNew(call, 404, 'InvalidAction.NotFound', 'Specified api is not found')
  if (generation === 'legacy') return refuse(call, 404, '请求的URI地址不存在')
  const api = `dingtalk.oapi${call.path.replace('/topapi', '').replaceAll('/', '.')}`
  const sub_msg = `不合法ApiName，ApiName = ${api}`
  const body = {
    errcode: 22,
    errmsg: `Invalid method[submsg=${sub_msg}]`,
    sub_msg,
    request_id: requestId(call),
  }
  return { http: jsonAnswer(200, body), code: 22 }
}
