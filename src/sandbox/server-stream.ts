import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { StreamGateway } from './dingtalk/stream-gateway.ts'

const TICK_MS = 100
const LARGEST_FRAME = 256 * 1024

/** Lets WebSockets in on a server of the sandbox, and makes time pass for the gateway. */
export function serveStream(server: Server, gateway: StreamGateway): { close: () => void } {
  const sockets = new WebSocketServer({
    noServer: true,
    autoPong: false,
    perMessageDeflate: false,
    maxPayload: LARGEST_FRAME,
  })
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {})
    const url = new URL(request.url ?? '/', 'http://sandbox')
    if (url.pathname !== '/connect') return refuse(socket, '404 Not Found')
    const admission = gateway.redeem(url.searchParams.get('ticket'))
    if (!admission) return refuse(socket, '401 Unauthorized')
    sockets.handleUpgrade(request, socket, head, (client) => {
      const seat = gateway.take(admission, {
        send: (text) => client.send(text),
        cut: () => client.close(1001),
      })
      client.on('message', (data, isBinary) => seat.heard(isBinary ? '' : String(data)))
      client.on('ping', (data) => seat.answersPings() && client.pong(data))
      client.on('error', () => {})
      client.on('close', seat.left)
    })
  })
  const ticking = setInterval(gateway.tick, TICK_MS)
  return {
    close() {
      clearInterval(ticking)
      for (const client of sockets.clients) client.terminate()
    },
  }
}

const refuse = (socket: Duplex, status: string): void => {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}
