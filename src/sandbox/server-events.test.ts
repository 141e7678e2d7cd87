import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { serveSandbox } from './server.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

test('events leave over the network by themselves; an address that cannot read them is not saved', async () => {
  const heard: string[] = []
  const customer = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://customer')
    heard.push(`${request.method} ${url.pathname}`)
    request.resume()
    // WeCom takes any 200; its trial call wants a word that only a real receiver can read.
    response.end()
  })
  await new Promise<void>((resolve) => customer.listen(0, '127.0.0.1', resolve))
  ends.push(() => customer.close())
  const { port } = customer.address() as AddressInfo

  const server = await serveSandbox({
    seed: 1,
    port: 0,
    people: 6,
    events: 'http',
    now: () => Temporal.Now.instant(),
  })
  ends.push(server.close)
  const save = (body: unknown) =>
    fetch(`${server.addresses.dingtalk}/_sandbox/callbacks`, { method: 'POST', body: JSON.stringify(body) })
  const answer = await save({
    wecom: `http://127.0.0.1:${port}/wecom`,
    dingtalk: `http://127.0.0.1:${port}/dingtalk`,
  })
  expect([answer.status, await answer.json()]).toMatchObject([400, { refused: ['dingtalk', 'wecom'] }])
  expect(heard.sort()).toEqual(['GET /wecom', 'POST /dingtalk'])
  expect((await save({ feishu: 'x' })).status).toBe(400)

  heard.length = 0
  const { events } = server.sandbox.world
  const taken: string[] = []
  events.setDeliverer(async ({ eventType }) => {
    taken.push(eventType)
    return 'acknowledged'
  })
  server.sandbox.staff({ act: 'leave', dingtalk: server.sandbox.pairs()[0]!.dingtalk })
  await vi.waitFor(() => expect(taken).toEqual(['user_leave_org']), { timeout: 3_000 })
})
