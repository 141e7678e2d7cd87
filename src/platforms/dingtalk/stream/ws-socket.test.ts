import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Clock } from '#domain/effects.ts'
import type { PlatformEvent } from '#domain/platform-event.ts'
import { openStream, type StreamOptions } from './client.ts'
import { streamHabits } from './habits.ts'
import { createSocketOpener } from './ws-socket.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const clock: Clock = {
  now: () => Temporal.Now.instant(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms)
      signal?.addEventListener('abort', () => {
        clearTimeout(timer)
        reject(signal.reason)
      })
    }),
}
const portOf = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(() => server.close())
  return (server.address() as AddressInfo).port
}

/** A gateway that does to each new socket what it is told. */
async function gateway(greet: (socket: WebSocket, nth: number) => void, autoPong = true): Promise<string> {
  const server = createServer()
  const sockets = new WebSocketServer({ server, autoPong })
  let nth = 0
  sockets.on('connection', (socket) => greet(socket, ++nth))
  ends.push(() => {
    for (const socket of sockets.clients) socket.terminate()
  })
  return `ws://127.0.0.1:${await portOf(server)}/connect`
}

const hurried = {
  ...streamHabits,
  lookEveryMs: 40,
  graceMs: 500,
  retryMs: { first: 10, most: 10, jitter: 0 },
}

/** A Stream over real sockets that looks every 40 ms and tries again after 10. */
function listen(url: string, change: Partial<StreamOptions> = {}) {
  const stopping = new AbortController()
  const kept: PlatformEvent[] = []
  const lines: string[] = []
  const stream = openStream({
    ...{ corpId: 'ding1', clock, connections: 1, signal: stopping.signal, random: () => 0 },
    open: createSocketOpener({ openMs: 300 }),
    register: async () => url,
    keep: async (event) => {
      kept.push(event)
      return 'kept'
    },
    onTrouble: () => {},
    onLine: (what, code) => lines.push(`${what} ${code}`.trim()),
    habits: hurried,
    ...change,
  })
  ends.push(async () => {
    stopping.abort()
    await stream.done
  })
  return { stream, kept, lines }
}

const event = (messageId: string, size = 0) =>
  JSON.stringify({
    type: 'EVENT',
    headers: { topic: '*', messageId, eventId: messageId, eventType: 'check_in', eventCorpId: 'ding1' },
    data: JSON.stringify({ staffId: 'u001', filling: 'x'.repeat(size) }),
  })

test('an event sent with the very first bytes of the connection is not lost', async () => {
  const answers: string[] = []
  const url = await gateway((socket) => {
    socket.on('message', (data) => answers.push(String(data)))
    socket.send(event('m1'))
  })
  const { kept } = listen(url)
  await vi.waitFor(() => expect(answers).toHaveLength(1))
  expect(kept).toMatchObject([{ eventId: 'm1', type: 'check_in' }])
  expect(JSON.parse(answers[0]!)).toMatchObject({ code: 200, headers: { messageId: 'm1' } })
})

test('a gateway that says nothing at all is left after three looks, again and again', async () => {
  const url = await gateway(() => {}, false)
  const { stream, lines } = listen(url)
  await vi.waitFor(() => expect(stream.health().reconnects).toBeGreaterThan(1))
  expect(lines.slice(0, 4)).toEqual(['opened', 'dead', 'opened', 'dead'])
})

test('a gateway that answers pings only is kept', async () => {
  const url = await gateway(() => {})
  const { stream } = listen(url)
  await clock.sleep(400)
  expect(stream.health()).toMatchObject({ connections: 1, reconnects: 0 })
})

test('a server that never finishes the handshake is given up, and nothing hangs', async () => {
  const tcp = createTcpServer((socket) => ends.push(() => socket.destroy()))
  const { stream, lines } = listen(`ws://127.0.0.1:${await portOf(tcp)}/connect`, {
    habits: { ...hurried, lookEveryMs: 60_000 },
  })
  await vi.waitFor(() => expect(stream.health().refused).toBeGreaterThan(1), { timeout: 3_000 })
  expect(lines[0]).toMatch(/^unopened/)
})

test('a server that is no WebSocket server, and one that is not there', async () => {
  const http = createServer((_, response) => response.end('hello'))
  const port = await portOf(http)
  const web = listen(`ws://127.0.0.1:${port}/connect`)
  await vi.waitFor(() => expect(web.lines[0]).toBe('unopened 200'))
  http.close()
  http.closeAllConnections()
  const gone = listen(`ws://127.0.0.1:${port}/connect?ticket=very-secret`)
  await vi.waitFor(() => expect(gone.lines[0]).toBe('unopened ECONNREFUSED'))
  expect(gone.stream.health()).toMatchObject({ connections: 0, failing: 'platform.unreachable' })
})

test('a frame of more than 1 MiB ends the socket unread; the largest below it is kept', async () => {
  const url = await gateway((socket, nth) => socket.send(event(`m${nth}`, nth === 1 ? 1_048_576 : 1_048_000)))
  const { stream, kept } = listen(url)
  await vi.waitFor(() => expect(kept).toHaveLength(1))
  expect(kept[0]!.eventId).toBe('m2')
  expect(stream.health()).toMatchObject({ rubbish: 1, reconnects: 1, connections: 1 })
})

test('binary frames, bad UTF-8 and noise are counted and cost no event', async () => {
  const url = await gateway((socket, nth) => {
    socket.send(Buffer.from(event('binary')), { binary: true })
    socket.send('\u0000\u0001 noise')
    socket.send('{'.repeat(200_000))
    socket.send(event(`m${nth}`))
    if (nth === 1) socket.send(Buffer.from([0xff, 0xfe]), { binary: false })
  })
  const { stream, kept } = listen(url)
  await vi.waitFor(() => expect(kept.map(({ eventId }) => eventId)).toEqual(['m1', 'm2']))
  expect(stream.health().rubbish).toBeGreaterThanOrEqual(6)
})

test('a socket that breaks without a word comes back', async () => {
  const url = await gateway((socket, nth) => nth === 1 && socket.terminate())
  const { stream, lines } = listen(url)
  await vi.waitFor(() => expect(stream.health()).toMatchObject({ connections: 1, reconnects: 1 }))
  expect(lines).toEqual(['opened', 'closed 1006', 'opened'])
})

test('stopping closes the socket in good order', async () => {
  const closed = Promise.withResolvers<number>()
  const url = await gateway((socket) => socket.on('close', closed.resolve))
  const { stream } = listen(url)
  await vi.waitFor(() => expect(stream.health().connections).toBe(1))
  await ends.pop()!()
  expect(await closed.promise).toBe(1005)
})

test('an encrypted socket goes through the proxy, one on this machine does not', async () => {
  const asked: string[] = []
  const proxy = createServer()
  proxy.on('connect', (request, socket) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization']}`)
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  const open = createSocketOpener({ proxy: `http://user:pass@127.0.0.1:${await portOf(proxy)}` })
  const outside = listen('wss://stream.example.test/connect?ticket=t', { open })
  await vi.waitFor(() => expect(asked[0]).toBe('stream.example.test:443 Basic dXNlcjpwYXNz'))
  await vi.waitFor(() => expect(outside.lines[0]).toMatch(/^unopened/))
  expect(outside.lines.join()).not.toContain('ticket')
  const before = asked.length
  const inside = listen(await gateway(() => {}), { open })
  await vi.waitFor(() => expect(inside.stream.health().connections).toBe(1))
  expect(asked.slice(before).filter((host) => host.includes('127.0.0.1'))).toEqual([])
})
