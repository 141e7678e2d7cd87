import * as wire from '#platforms/wecom/wire.ts'
import { ok, refuse } from './answers.ts'
import { route } from './route.ts'

/** 获取access_token: the same one while it lives. Five wrong secrets within a minute shut the address out for an hour. */
export const getToken = route('GET', 'gettoken', wire.GetTokenRequest, null, {}, (ask, world, call) => {
  const { credentials, ledger, tokens } = world
  const door = `wecom gettoken ${call.ip}`
  if (call.nowMs < ledger.shutUntil(door)) return refuse(call, 45009, 'api freq out of limit')
  if (ask.corpid === '') return refuse(call, 41002, 'corpid missing')
  if (ask.corpsecret === '') return refuse(call, 41004, 'corpsecret missing')
  if (ask.corpid !== credentials.wecom.corpId) return refuse(call, 40013, 'invalid corpid')
  const app =
    ask.corpsecret === credentials.wecom.secret
      ? 'wecom-agent'
      : ask.corpsecret === credentials.wecom.contactsSecret
        ? 'wecom-contacts'
        : null
  if (!app) {
    if (ledger.count(`wrong secret ${call.ip}`, call.nowMs, 60_000) >= 5)
      ledger.shut(door, call.nowMs + 3_600_000)
    return refuse(call, 40001, 'invalid credential')
  }
  const token = tokens.issue(app, [], call.nowMs, false)
  return ok({ access_token: token.value, expires_in: Math.floor((token.expiresAt - call.nowMs) / 1000) })
})
