import { endpoint } from '#platforms/endpoint.ts'
import { limitsOf } from '#platforms/limits.ts'
import type { AskForToken } from '#platforms/token-keeper.ts'
import { GetTokenRequest, GetTokenResponse } from '#platforms/wecom/wire.ts'

/**
 * 获取 access_token. Asking again while it lives answers the same token; it never invalidates the earlier one.
 * `expires_in`: seconds, normally 7200. Repeated wrong secrets ban the source address for an hour, for every corp
 * served from it.
 * Source: https://developer.work.weixin.qq.com/document/path/91039
 */
export const gettoken = endpoint({
  name: 'gettoken',
  method: 'GET',
  host: 'api',
  path: '/cgi-bin/gettoken',
  request: GetTokenRequest,
  response: GetTokenResponse,
  limit: limitsOf('wecom.gettoken'),
  metered: false,
  writes: false,
  token: 'none',
})

/** Asks WeCom for this connection's token. */
export const askWecomForToken: AskForToken = async (call, { corpId, secret }) => {
  const { data } = await call(gettoken, { corpid: corpId, corpsecret: secret })
  return { value: data.access_token, lifeSeconds: data.expires_in }
}
