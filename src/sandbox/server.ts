import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Addresses, ReadyDocument } from './ready.ts'
import { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts'
import { postOut, serveEvents } from './server-events.ts'
import { serveStream } from './server-stream.ts'
import { jsonAnswer } from './transport.ts'

/** As createSandbox, and where to listen. */
export type ServeOptions = Omit<SandboxOptions, 'addresses' | 'sleep'> & {
  /** DingTalk's port; WeCom's is the next one. 0: two free ones. */
  port: number
  host?: string
}
/** A running sandbox. */
export type SandboxServer = {
  addresses: Addresses
  ready: () => ReadyDocument
  sandbox: Sandbox
  /** Finishes the answers in flight and closes the world. */
  close: () => Promise<void>
}

const LARGEST_BODY = 4 * 1024 * 1024

/** The sandbox behind two real ports. Prints nothing; rejects when a port is taken. */
export async function serveSandbox({
  port,
  host = '127.0.0.1',
  ...options
}: ServeOptions): Promise<SandboxServer> {
  const addresses: Addresses = { dingtalk: '', wecom: '' }
  const sandbox = createSandbox({ post: postOut, ...options, addresses })
  const closing = new AbortController()
  const servers: Server[] = []
  try {
    for (const [nth, platform] of (['dingtalk', 'wecom'] as const).entries()) {
      const server = createServer((request, response) => {
        serve(sandbox, platform, addresses[platform], request, response, closing.signal).catch(() =>
          request.socket.destroy(),
        )
      })
      servers.push(server)
      addresses[platform] = await listen(server, host, port === 0 ? 0 : port + nth)
    }
  } catch (error) {
    for (const server of servers) server.close()
    sandbox.close()
    throw error
  }
  const stream = serveStream(servers[0]!, sandbox.stream)
  const events = serveEvents(sandbox.subscriptions)
  return {
    addresses,
    ready: sandbox.ready,
    sandbox,
    async close() {
      closing.abort()
      events.close()
      stream.close()
      await Promise.all(servers.map(stop))
      sandbox.close()
    },
  }
}

/** Answers in flight are finished; whoever keeps a connection open after that is cut off. */
const stop = (server: Server): Promise<void> =>
  new Promise((done) => {
    const force = setTimeout(() => server.closeAllConnections(), 2000)
    server.close(() => {
      clearTimeout(force)
      done()
    })
    server.closeIdleConnections()
  })

async function serve(
  sandbox: Sandbox,
  platform: 'dingtalk' | 'wecom',
  base: string,
  request: IncomingMessage,
  response: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  const body = await read(request)
  const asked = {
    url: new URL(request.url ?? '/', base).href,
    headers: plain(request),
    timeoutMs: Number.MAX_SAFE_INTEGER,
    ...(body === '' ? {} : { body }),
  }
  const { method = 'GET' } = request
  const send = ({
    status,
    headers,
    text,
  }: {
    status: number
    headers: Record<string, string>
    text: string
  }): void => {
    response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(text)) }).end(text)
  }
  if (new URL(asked.url).pathname.startsWith('/_sandbox/'))
    return send(await sandbox.control({ ...asked, method }))
  if (method !== 'GET' && method !== 'POST')
    return send(jsonAnswer(405, { errcode: 43002, errmsg: 'method not allowed' }))
  const { answer, delayMs, lost } = sandbox.exchange(
    platform,
    { ...asked, method },
    request.socket.remoteAddress ?? '',
  )
  if (delayMs > 0) await pause(delayMs, undefined, { signal: closing }).catch(() => {})
  if (lost) request.socket.destroy()
  else send(answer)
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > LARGEST_BODY) throw new RangeError('body too large')
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const plain = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))

const listen = (server: Server, host: string, port: number): Promise<string> =>
  new Promise((done, failed) => {
    server.once('error', failed)
    server.listen(port, host, () => done(`http://${host}:${(server.address() as AddressInfo).port}`))
  })
