import { z } from 'zod'
import * as wire from '#platforms/dingtalk/wire.ts'
import type { Answered } from '../exchange.ts'
import { jsonAnswer } from '../transport.ts'
import type { World } from '../world.ts'
import { ok, refuse, refuseNew } from './answers.ts'
import { route } from './route.ts'
import { scopesOf } from './scopes.ts'

const secondsLeft = (expiresAt: number, nowMs: number): number => Math.floor((expiresAt - nowMs) / 1000)
const said = (body: unknown): Answered => ({ http: jsonAnswer(200, body), code: 0 })
const isOurs = ({ credentials }: World, id: string, secret: string): boolean =>
  id === credentials.dingtalk.clientId && secret === credentials.dingtalk.clientSecret

/** 获取企业内部应用的access_token, old generation: credentials in the query. */
export const getToken = route(
  'GET',
  '/gettoken',
  wire.GetTokenRequest,
  { scope: null },
  (ask, world, call) => {
    if (!isOurs(world, ask.appkey, ask.appsecret)) return refuse(call, 40096, '不合法的appKey或appSecret')
    const token = world.tokens.issue('dingtalk-old', scopesOf(world), call.nowMs, true)
    return ok(call, { access_token: token.value, expires_in: secondsLeft(token.expiresAt, call.nowMs) })
  },
)

/** 获取企业内部应用的accessToken, new generation. */
export const accessToken = route(
  'POST',
  '/v1.0/oauth2/accessToken',
  wire.AccessTokenRequest,
  { scope: null },
  (ask, world, call) => {
    if (!isOurs(world, ask.appKey, ask.appSecret))
      return refuseNew(call, 400, 'invalidClientIdOrSecret', '无效的clientId或者clientSecret')
    const token = world.tokens.issue('dingtalk-new', scopesOf(world), call.nowMs, true)
    return said({ accessToken: token.value, expireIn: secondsLeft(token.expiresAt, call.nowMs) })
  },
)

const CorpTokenRequest = z.strictObject({
  client_id: z.string(),
  client_secret: z.string(),
  grant_type: z.string(),
})

/** 获取应用的Access Token, for internal apps and others alike; answers in snake_case. */
export const corpToken = route(
  'POST',
  '/v1.0/oauth2/{corpId}/token',
  CorpTokenRequest,
  { scope: null },
  (ask, world, call) => {
    if (call.path.split('/')[3] !== world.credentials.dingtalk.corpId)
      return refuseNew(call, 500, 'unknownError', '未知错误')
    if (ask.grant_type !== 'client_credentials')
      return refuseNew(call, 400, 'unsupported.grant.type', '不支持的grant_type')
    if (!isOurs(world, ask.client_id, ask.client_secret))
      return refuseNew(call, 400, 'invalid.client', '无效的client')
    const token = world.tokens.issue('dingtalk-new', scopesOf(world), call.nowMs, true)
    return said({ access_token: token.value, expires_in: secondsLeft(token.expiresAt, call.nowMs) })
  },
)
