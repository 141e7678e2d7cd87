import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { virtualClock } from '#platforms/testing.ts'
import { createHttpTransport } from '#platforms/transport.ts'
import { webhook, webhookSignature } from './webhook.ts'

type Got = { headers: IncomingHttpHeaders; body: string }

/** A receiver on loopback that answers the same to everything. */
async function startReceiver(status: number, headers: Record<string, string> = {}) {
  const got: Got[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    got.push({ headers: request.headers, body })
    response.writeHead(status, headers).end(status < 300 ? 'ok' : 'no: hush-hush-hush')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    got,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?room=1`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}

const secret = 'hush-hush-hush'
const notice = { id: 'abc', subject: 's', text: 't', document: { notices: [{ code: 'route-behind' }] } }
async function post(url: string) {
  const transport = createHttpTransport({})
  const answer = await webhook({ kind: 'webhook', url, secret }, { transport, clock: virtualClock() })(notice)
  await transport.close()
  return answer
}

test('a receiver gets the document and can tell that it is ours', async () => {
  await using receiver = await startReceiver(204)
  expect(await post(receiver.url)).toEqual({ kind: 'accepted' })
  const [{ headers, body }] = receiver.got as [Got]
  expect(JSON.parse(body)).toEqual(notice.document)
  const [, t = '', v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-qintong-signature'])) ?? []
  expect(v1).toBe(webhookSignature(Number(t), body, secret))
  expect(webhookSignature(Number(t), `${body} `, secret)).not.toBe(v1)
  expect(headers['x-qintong-notice']).toBe('abc')
})

test.for<{ status: number; headers?: Record<string, string>; gives: object }>([
  { status: 429, headers: { 'retry-after': '90' }, gives: { kind: 'throttled', untilMs: 90_000 } },
  { status: 429, headers: { 'retry-after': '999999' }, gives: { kind: 'throttled', untilMs: 3_600_000 } },
  { status: 429, gives: { kind: 'throttled', untilMs: 60_000 } },
  { status: 500, gives: { kind: 'lost' } },
  { status: 404, gives: { kind: 'refused' } },
  { status: 302, headers: { location: 'http://169.254.169.254/' }, gives: { kind: 'refused' } },
])('$status is $gives', async ({ status, headers, gives }) => {
  await using receiver = await startReceiver(status, headers)
  const answer = await post(receiver.url)
  expect(answer).toMatchObject(gives)
  expect(JSON.stringify(answer)).not.toContain(secret)
  expect(receiver.got).toHaveLength(1)
})

test('nobody listening is lost', async () => {
  const receiver = await startReceiver(200)
  await receiver[Symbol.asyncDispose]()
  expect(await post(receiver.url)).toEqual({ kind: 'lost', because: 'unreachable' })
})
