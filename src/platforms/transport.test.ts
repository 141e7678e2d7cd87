import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { broken } from '#platforms/testing.ts'
import { createHttpTransport, TransportError, transportKind } from '#platforms/transport.ts'

const servers: Server[] = []
const transports: { close(): Promise<void> }[] = []

async function listen(server: Server): Promise<string> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}
const serve = (listener: RequestListener) => listen(createServer(listener))
const serveRaw = (onSocket: (socket: Socket) => void) => listen(createTcpServer(onSocket))

function aTransport(options: Parameters<typeof createHttpTransport>[0] = {}) {
  const transport = createHttpTransport(options)
  transports.push(transport)
  return transport
}
const get = (url: string, timeoutMs = 5_000) => ({ method: 'GET' as const, url, headers: {}, timeoutMs })
const kindOf = (calling: Promise<unknown>) => calling.then(() => 'answered', transportKind)

afterEach(async () => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) (server as ReturnType<typeof createServer>).closeAllConnections()
    server.close()
  }
  await Promise.all(transports.splice(0).map((transport) => transport.close()))
})

describe('an exchange', () => {
  test('carries method, path, query, headers and body, and answers status, lower-case headers and text', async () => {
    const url = await serve((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        response.writeHead(403, { 'X-Thing': 'A' })
        response.end(`${request.method} ${request.url} ${request.headers['x-mine']} ${body}`)
      })
    })
    const asked = {
      method: 'POST' as const,
      url: `${url}/a?b=1`,
      headers: { 'x-mine': 'm' },
      body: '钉',
      timeoutMs: 5_000,
    }
    const answer = await aTransport()(asked)
    expect(answer).toMatchObject({ status: 403, text: 'POST /a?b=1 m 钉' })
    expect(answer.headers['x-thing']).toBe('A')
  })

  test('follows no redirect', async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: '/b' }).end())
    expect((await aTransport()(get(url))).status).toBe(302)
  })
})

describe('what goes wrong', () => {
  test('nobody listens: certainly unreachable', async () => {
    const url = await serve(() => {})
    const closed = servers.splice(0)
    await Promise.all(closed.map((server) => new Promise((resolve) => server.close(resolve))))
    expect(await kindOf(aTransport()(get(url)))).toBe('unreachable')
  })

  test('a name nobody has, and no address at all: unreachable', async () => {
    const transport = aTransport()
    expect(await kindOf(transport(get('http://no-such-host.invalid/')))).toBe('unreachable')
    expect(await kindOf(transport(get('nonsense')))).toBe('unreachable')
  })

  test('no TLS where TLS was expected: unreachable', async () => {
    const url = await serveRaw((socket) =>
      socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    )
    expect(await kindOf(aTransport()(get(url.replace('http:', 'https:'))))).toBe('unreachable')
  })

  test('the proxy refuses the tunnel: unreachable', async () => {
    const proxy = await serveRaw((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n'))
    })
    expect(await kindOf(aTransport({ proxy })(get('https://platform.invalid/')))).toBe('unreachable')
  })

  test('the line breaks after the request left: reset', async () => {
    const url = await serveRaw((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.resetAndDestroy())
    })
    expect(await kindOf(aTransport()(get(url)))).toBe('reset')
  })

  test('the answer stops in the middle: reset', async () => {
    const url = await serveRaw((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"errcode"'))
    })
    expect(await kindOf(aTransport()(get(url)))).toBe('reset')
  })

  test('no answer in time: timeout, before the headers and within the body', async () => {
    const silent = await serve(() => {})
    const slow = await serve((_, response) => response.writeHead(200).write('{'))
    expect(await kindOf(aTransport()(get(silent, 100)))).toBe('timeout')
    expect(await kindOf(aTransport()(get(slow, 100)))).toBe('timeout')
  })

  test('an answer longer than we are willing to hold: too-large', async () => {
    const url = await serve((_, response) => response.end('x'.repeat(5_000)))
    expect(await kindOf(aTransport({ maxBytes: 1_000 })(get(url)))).toBe('too-large')
  })

  test('the error never holds the address, which holds the token', async () => {
    const error = await aTransport()(get('http://no-such-host.invalid/?access_token=secret')).catch(
      (thrown) => thrown,
    )
    expect(error).toBeInstanceOf(TransportError)
    expect(error.message).not.toMatch(/secret|invalid/)
  })
})

test.for<[string, unknown, string | null]>([
  ['our own', new TransportError('timeout', 'x'), 'timeout'],
  ['a look-alike', broken('reset'), 'reset'],
  ['a look-alike of no kind we know', broken('tired'), null],
  ['another error', new TypeError('x'), null],
  ['no error', { name: 'TransportError', kind: 'reset' }, null],
])('the kind is read from the shape: %s', ([, error, kind]) => {
  expect(transportKind(error)).toBe(kind)
})
