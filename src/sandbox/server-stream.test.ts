import { createRequire } from 'node:module'
import axios, { type InternalAxiosRequestConfig } from 'axios'
import { DWClient, type DWClientDownStream, EventAck } from 'dingtalk-stream'
import { afterEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { type SandboxServer, serveSandbox } from './server.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function serve(faults: Record<string, unknown> = {}): Promise<SandboxServer> {
  const server = await serveSandbox({
    ...{ seed: 1, port: 0, people: 12, now: () => Temporal.Now.instant() },
    faults: { streamDuplicates: 0, ...faults },
  })
  ends.push(server.close)
  return server
}
const anEvent = ({ ready }: SandboxServer, eventId: string) => ({
  ...{
    eventId,
    eventType: 'user_add_org',
    bornAt: 1690362102194,
    corpId: ready().credentials.dingtalk.corpId,
  },
  data: { timeStamp: '1690362102194', userId: ['u001'] },
})

/** DingTalk's own client; its gateway's address is fixed in its code, so its calls are turned to the sandbox. */
async function official({ addresses, ready }: SandboxServer, answer: () => EventAck) {
  // with another copy of axios nothing would be turned, and the real platform would be called
  const theirs = createRequire(import.meta.resolve('dingtalk-stream')).resolve('axios')
  expect(createRequire(import.meta.url).resolve('axios')).toBe(theirs)
  vi.spyOn(console, 'info').mockImplementation(() => {})
  const { clientId, clientSecret } = ready().credentials.dingtalk
  const turn = axios.interceptors.request.use((config: InternalAxiosRequestConfig) => ({
    ...config,
    url: config.url!.replace('https://api.dingtalk.com', addresses.dingtalk),
  }))
  const client = new DWClient({ clientId, clientSecret, ua: 'cross-check' })
  const received: DWClientDownStream[] = []
  client.registerAllEventListener((message) => {
    received.push(message)
    return { status: answer(), message: '' }
  })
  ends.push(() => {
    client.disconnect()
    axios.interceptors.request.eject(turn)
    vi.restoreAllMocks()
  })
  await client.connect()
  return { client, received }
}

test('the official client registers, receives events and acknowledges them; its pings and refusals are understood', async () => {
  const server = await serve({ streamPing: 0.2 })
  const { stream } = server.sandbox
  let answer = EventAck.SUCCESS
  const { received } = await official(server, () => answer)
  expect(stream.view().connections).toBe(1)
  expect(await stream.deliver(anEvent(server, 'e1'))).toBe('acknowledged')
  answer = EventAck.LATER
  expect(await stream.deliver(anEvent(server, 'e2'))).toBe('later')
  expect(received.map(({ headers }) => headers.eventId)).toEqual(['e1', 'e2'])
  expect(received[0]).toMatchObject({
    ...{ specVersion: '1.0', type: 'EVENT', data: '{"timeStamp":"1690362102194","userId":["u001"]}' },
    headers: { topic: '*', eventType: 'user_add_org', eventBornTime: '1690362102194' },
  })
  await vi.waitFor(() => expect(stream.view().pongs).toBeGreaterThan(1), { timeout: 3_000 })
  expect(stream.view()).toMatchObject({ acknowledged: 1, later: 1, nonsense: 0, connections: 1 })
})

test('the official client comes back with a new ticket after its connection was cut', async () => {
  const server = await serve()
  const { stream } = server.sandbox
  await official(server, () => EventAck.SUCCESS)
  stream.cutAll()
  await vi.waitFor(() => expect(stream.view().connections).toBe(1), { timeout: 5_000, interval: 50 })
  expect(await stream.deliver(anEvent(server, 'e1'))).toBe('acknowledged')
  expect(stream.view().refusedTickets).toBe(0)
})

test('the second use of a ticket, a guessed one and another path are refused over HTTP', async () => {
  const server = await serve()
  const ticket = server.sandbox.stream.issueTicket(true)
  const base = server.addresses.dingtalk.replace('http:', 'ws:')
  const knock = (path: string) =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(base + path)
      ends.push(() => socket.terminate())
      socket.on('open', () => resolve('open'))
      socket.on('error', ({ message }) => resolve(message))
    })
  expect(await knock(`/connect?ticket=${ticket}`)).toBe('open')
  expect(await knock(`/connect?ticket=${ticket}`)).toContain('401')
  expect(await knock('/connect?ticket=guessed')).toContain('401')
  expect(await knock('/connect')).toContain('401')
  expect(await knock('/elsewhere')).toContain('404')
})
