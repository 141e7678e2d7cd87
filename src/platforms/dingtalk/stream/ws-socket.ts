import { Agent } from 'node:https'
import { WebSocket } from 'ws'
import { streamHabits } from '#platforms/dingtalk/stream/habits.ts'
import type { OpenSocket } from '#platforms/dingtalk/stream/socket.ts'

/** `ws` says so when a frame is larger than we are willing to hold. */
const tooLarge = 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'

/**
 * Real WebSockets. `proxy` (HTTPS_PROXY) carries every encrypted one, as it carries the calls, so that the platform
 * sees one egress address; those in the clear are on this machine and go direct. Redirects are not followed.
 */
export function createSocketOpener({
  proxy,
  openMs = streamHabits.openMs,
}: {
  proxy?: string | undefined
  openMs?: number
} = {}): OpenSocket {
  const agent = proxy === undefined ? undefined : new Agent({ proxyEnv: { HTTPS_PROXY: proxy } })
  return (url, events) => {
    const socket = new WebSocket(url, {
      handshakeTimeout: openMs,
      maxPayload: streamHabits.frameBytes,
      perMessageDeflate: false,
      followRedirects: false,
      ...(agent && url.startsWith('wss:') && { agent }),
    })
    let reason = ''
    socket.on('open', events.opened)
    socket.on('message', (data, isBinary) => (isBinary ? events.unreadable() : events.frame(String(data))))
    socket.on('ping', events.alive)
    socket.on('pong', events.alive)
    socket.on('error', (error: Error & { code?: string }) => {
      if (error.code === tooLarge) events.unreadable()
      reason = reasonOf(error)
    })
    socket.on('close', (code) => events.ended(reason || String(code)))
    const isOpen = () => socket.readyState === WebSocket.OPEN
    return {
      send: (text) => isOpen() && socket.send(text),
      ping: () => isOpen() && socket.ping(),
      close() {
        socket.removeAllListeners()
        socket.on('error', () => {}) // closing one that is still opening is an error to `ws`
        socket.close()
      },
    }
  }
}

/** Never the whole message: it may hold the address, and the address holds the ticket. */
const reasonOf = (error: Error & { code?: string }): string =>
  error.code ?? /response: (\d{3})/.exec(error.message)?.[1] ?? error.name
