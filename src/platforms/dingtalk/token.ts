import { AccessTokenRequest, AccessTokenResponse } from '#platforms/dingtalk/wire.ts'
import { endpoint } from '#platforms/endpoint.ts'
import { limitsOf } from '#platforms/limits.ts'
import type { AskForToken } from '#platforms/token-keeper.ts'

/**
 * 获取企业内部应用的 accessToken, good for both hosts. Asking again while it lives answers the same token and extends it.
 * `expireIn`: seconds, normally 7200. A bad secret is HTTP 400 `invalidClientIdOrSecret`.
 * Source: https://open.dingtalk.com/document/development/obtain-the-access-token-of-an-internal-app
 */
export const accessToken = endpoint({
  name: 'accessToken',
  method: 'POST',
  host: 'api',
  path: '/v1.0/oauth2/accessToken',
  request: AccessTokenRequest,
  response: AccessTokenResponse,
  limit: limitsOf('dingtalk.accessToken'),
  metered: false,
  writes: false,
  token: 'none',
})

/** Asks DingTalk for this connection's token. */
export const askDingtalkForToken: AskForToken = async (call, { clientId, secret }) => {
  const { data } = await call(accessToken, { appKey: clientId, appSecret: secret })
  return { value: data.accessToken, lifeSeconds: data.expireIn }
}
