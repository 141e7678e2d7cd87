import * as wire from '#platforms/dingtalk/stream/wire.ts'
import { headerOf, jsonAnswer } from '../transport.ts'
import { refuseNew } from './answers.ts'
import { route } from './route.ts'

/** 注册 Stream 连接: credentials in the body, no token; an address and a ticket, in XML unless JSON is asked for. */
export const openConnection = route(
  'POST',
  '/v1.0/gateway/connections/open',
  wire.OpenConnectionRequest,
  { scope: null },
  (ask, world, call) => {
    const { clientId, clientSecret } = world.credentials.dingtalk
    if (ask.clientId !== clientId || ask.clientSecret !== clientSecret)
      return refuseNew(call, 401, 'authFailed', '鉴权失败')
    const wantsEvents = ask.subscriptions.some(({ type, topic }) => type === 'EVENT' && topic === '*')
    const ticket = world.stream.issueTicket(wantsEvents)
    const endpoint = world.faults.values.streamEndpoint ?? addressFor(call.request.url)
    if (!/\bapplication\/json\b/.test(headerOf(call.request.headers, 'accept'))) {
      const text = `<?xml version="1.0" encoding="UTF-8"?><Response><endpoint>${endpoint}</endpoint><ticket>${ticket}</ticket></Response>`
      return { http: { status: 200, headers: { 'content-type': 'application/xml' }, text }, code: 0 }
    }
    return { http: jsonAnswer(200, { endpoint, ticket }), code: 0 }
  },
)

/** The gateway stands where the call was made to. */
function addressFor(url: string): string {
  const { protocol, host } = new URL(url)
  return `${protocol === 'https:' ? 'wss:' : 'ws:'}//${host}/connect`
}
