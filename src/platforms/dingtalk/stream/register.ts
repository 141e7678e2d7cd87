import { isStreamAddress, withTicket } from '#platforms/dingtalk/stream/address.ts'
import { OpenConnectionRequest, OpenConnectionResponse } from '#platforms/dingtalk/stream/wire.ts'
import { endpoint } from '#platforms/endpoint.ts'
import type { Gate } from '#platforms/gate.ts'
import { limitsOf } from '#platforms/limits.ts'
import type { ConnectionFacts } from '#platforms/ports.ts'

/**
 * 注册 Stream 连接: an address and a ticket, which opens one WebSocket within 90 s. Without `Accept: application/json`
 * the answer is XML. Bad credentials: HTTP 401 `authFailed`. Free of charge, and each reconnection needs a new one.
 * Which events arrive is ticked in the developer console; for `EVENT` the only useful topic is `*`.
 * Source: https://open.dingtalk.com/document/direction/stream-mode-protocol-access-description
 */
export const openConnection = endpoint({
  name: 'connections/open',
  method: 'POST',
  host: 'api',
  path: '/v1.0/gateway/connections/open',
  request: OpenConnectionRequest,
  response: OpenConnectionResponse.refine(({ endpoint: address }) => isStreamAddress(address), {
    path: ['endpoint'],
    message: 'neither wss: nor ws: on loopback',
  }),
  limit: limitsOf('dingtalk.connections/open'),
  metered: false,
  writes: false,
  token: 'none',
})

/** Registers once; answers the address to open, ticket included. Failures: `platform.*`, as with every call. */
export async function registerStream(
  gate: Pick<Gate, 'call'>,
  { clientId, secret }: Pick<ConnectionFacts, 'clientId' | 'secret'>,
  ua: string,
): Promise<string> {
  const { data } = await gate.call(openConnection, {
    clientId,
    clientSecret: secret,
    ua,
    subscriptions: [{ type: 'EVENT', topic: '*' }],
  })
  return withTicket(data.endpoint, data.ticket)
}
