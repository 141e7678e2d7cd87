import { ask, bodyOf } from '../body.ts'
import { type Answered, type Call, exchange } from '../exchange.ts'
import { wecomAllowances, wecomBase } from '../limits.ts'
import type { HttpRequest, Outcome } from '../transport.ts'
import type { World } from '../world.ts'
import { addCheckinRecord } from './add-checkin-record.ts'
import { refuse } from './answers.ts'
import * as departments from './departments.ts'
import { getCheckinData } from './get-checkin-data.ts'
import { getHardwareCheckinData } from './get-hardware-checkin-data.ts'
import { getToken } from './get-token.ts'
import { getUserId } from './get-userid.ts'
import { messageSend, robotSend } from './notices.ts'
import { getCorpCheckinOption } from './options.ts'
import type { Route } from './route.ts'
import * as users from './users.ts'

const routes = new Map<string, Route>(
  [
    getToken,
    ...Object.values(departments),
    ...Object.values(users),
    getUserId,
    getCheckinData,
    getHardwareCheckinData,
    getCorpCheckinOption,
    addCheckinRecord,
    robotSend,
    messageSend,
  ].map((route) => [route.path, route]),
)

/** WeCom: qyapi.weixin.qq.com. */
export const wecom = (world: World, request: HttpRequest, ip: string): Outcome =>
  exchange(world, 'wecom', request, ip, (call) => respond(world, call))

function respond(world: World, call: Call): Answered {
  const found = routes.get(call.path)
  if (!found) {
    const http = {
      status: 404,
      headers: { 'content-type': 'text/html' },
      text: '<html><body>404 Not Found</body></html>',
    }
    return { http, code: 404 }
  }
  if (found.method !== call.request.method)
    return found.method === 'GET'
      ? refuse(call, 43001, 'require GET method')
      : refuse(call, 43002, 'require POST method')
  const shut = world.limits.enter(
    `wecom ${call.path}`,
    [...(wecomAllowances[call.path] ?? []), ...wecomBase],
    call.nowMs,
  )
  if (shut) return refuse(call, 45009, 'api freq out of limit', found.empty)
  const refused = found.needs === null ? null : tokenRefusal(world, call, found)
  if (refused) return refused
  const asked = parametersOf(call, found)
  if ('http' in asked) return asked
  const busy = world.faults.strike('busy', call)
  if (busy && !busy.after) return refuse(call, -1, 'system busy', found.empty)
  const parsed = ask(found.schema, asked.value, world.faults.values.strictRequests)
  if (!parsed.ok) return badParameter(call, found, parsed.what)
  const answered = found.answer(parsed.ask as never, world, call)
  return busy ? refuse(call, -1, 'system busy', found.empty) : answered
}

/** Token, address and permission, in that order. */
function tokenRefusal(world: World, call: Call, { needs, empty }: Route): Answered | null {
  const value = call.query['access_token'] ?? ''
  if (value === '') return refuse(call, 41001, 'access_token missing', empty)
  if (world.faults.strike('tokenRevokedEarly', call)) world.tokens.revoke(value)
  const looked = world.tokens.look(value, call.nowMs)
  if (looked.state === 'expired') return refuse(call, 42001, 'access_token expired', empty)
  if (looked.state !== 'alive' || !looked.token.app.startsWith('wecom'))
    return refuse(call, 40014, 'invalid access_token', empty)
  const { ipNotTrusted, permissionMissing } = world.faults.values
  if (ipNotTrusted.wecom) return refuse(call, 60020, 'not allow to access from your ip', empty)
  const missing = permissionMissing.wecom ?? []
  const isContactsSync = looked.token.app === 'wecom-contacts'
  if (needs === 'checkin' && (isContactsSync || missing.includes('checkin')))
    return refuse(call, 48002, 'api forbidden', empty)
  if (needs === 'agent' && isContactsSync)
    return refuse(call, 301002, 'not allow operate another agent', empty)
  if (needs === 'contacts-sync' && !isContactsSync) return refuse(call, 48002, 'api forbidden', empty)
  if (needs === 'contacts' && isContactsSync)
    return refuse(call, 48009, 'api forbidden for contacts sync secret', empty)
  if ((needs === 'contacts' || needs === 'ids') && missing.includes('contacts'))
    return refuse(call, 60011, 'no privilege to access/modify contact/party/agent', empty)
  return null
}

function parametersOf(call: Call, found: Route): Answered | { value: unknown } {
  if (found.method === 'GET') {
    const { access_token, ...fields } = call.query
    return { value: fields }
  }
  const body = bodyOf(call.request, true)
  if (body.kind === 'json') return { value: body.value }
  if (body.kind === 'empty') return { value: {} }
  return refuse(call, 40058, 'invalid Request Parameter, Warning: wrong json format.', found.empty)
}

function badParameter(call: Call, { path, empty }: Route, what: string): Answered {
  if (path === '/cgi-bin/gettoken') {
    if (call.query['corpid'] === undefined) return refuse(call, 41002, 'corpid missing')
    if (call.query['corpsecret'] === undefined) return refuse(call, 41004, 'corpsecret missing')
  }
  return refuse(call, 40058, `invalid Request Parameter ${what}`, empty)
}
