import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type SandboxServer, type ServeOptions, serveSandbox } from './server.ts'
import { aRecord, second } from './test-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'qintong-sandbox-'))
const open: SandboxServer[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

const nine = second('2026-03-02T09:00:00+08:00')
async function serve(options: Partial<ServeOptions> = {}): Promise<SandboxServer> {
  const server = await serveSandbox({
    seed: 1,
    port: 0,
    now: () => Temporal.Instant.from('2026-03-02T12:00:00+08:00'),
    ...options,
  })
  open.push(server)
  return server
}
const close = async (server: SandboxServer) => {
  open.splice(open.indexOf(server), 1)
  await server.close()
}
async function token({ ready }: SandboxServer): Promise<string> {
  const { credentials, addresses } = ready()
  const url = `${addresses.wecom}/cgi-bin/gettoken?corpid=${credentials.wecom.corpId}&corpsecret=${credentials.wecom.secret}`
  return ((await (await fetch(url)).json()) as { access_token: string }).access_token
}
const steer = async ({ addresses }: SandboxServer, method: string, path: string, body?: unknown) =>
  (
    await fetch(
      `${addresses.dingtalk}/_sandbox/${path}`,
      body === undefined ? { method } : { method, body: JSON.stringify(body) },
    )
  ).json()
const write = async (server: SandboxServer, userid: string) =>
  fetch(`${server.addresses.wecom}/cgi-bin/checkin/add_checkin_record?access_token=${await token(server)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ records: [aRecord(userid, nine)] }),
  })

test('both platforms answer on their ports, and the hand of the sandbox on either', async () => {
  const server = await serve()
  const { addresses } = server
  expect(new URL(addresses.wecom).port).not.toBe(new URL(addresses.dingtalk).port)
  expect(await (await write(server, 'zhangsanfeng')).json()).toEqual({ errcode: 0, errmsg: 'ok' })
  const dingtalk = await fetch(`${addresses.dingtalk}/gettoken`)
  expect(await dingtalk.json()).toMatchObject({ errcode: 40035 })
  expect(dingtalk.headers.get('date')).toBe('Mon, 02 Mar 2026 04:00:00 GMT')
  expect(await steer(server, 'GET', 'ready')).toEqual(server.ready())
  expect(server.ready().setupYaml).toContain(addresses.wecom)
  expect(await (await fetch(`${addresses.wecom}/_sandbox/clock`)).json()).toMatchObject({ offsetSeconds: 0 })
})

test('a lost answer is a broken connection, and the record is there', async () => {
  const server = await serve({ faults: { answerLost: { next: 1, api: 'add_checkin_record' } } })
  await expect(write(server, 'zhangsanfeng')).rejects.toThrow('fetch failed')
  expect(server.sandbox.records()).toHaveLength(1)
})

test('a slow answer comes late, and not at all to whoever leaves', async () => {
  const server = await serve({ faults: { slow: { ms: 60_000, api: 'add_checkin_record' } } })
  const url = `${server.addresses.wecom}/cgi-bin/checkin/add_checkin_record?access_token=${await token(server)}`
  const body = JSON.stringify({ records: [aRecord('zhangsanfeng', nine)] })
  const impatient = new AbortController()
  const sent = fetch(url, { method: 'POST', body, signal: impatient.signal })
  const left = expect(sent).rejects.toThrow()
  await expect.poll(() => server.sandbox.records().length).toBe(1)
  impatient.abort()
  await left
})

test('what was acknowledged is there after starting again on the same file: the same company, records, tokens, switches, clock', async () => {
  const file = join(folder, 'world.sqlite')
  const first = await serve({ file })
  const known = await token(first)
  await write(first, 'zhangsanfeng')
  await steer(first, 'PUT', 'faults', { shows: 'winners', busy: { next: 3, api: 'nothing' } })
  await steer(first, 'POST', 'clock', { advanceSeconds: 3600 })
  await steer(first, 'POST', 'punch', {
    platform: 'dingtalk',
    userId: '张三丰',
    at: '2026-03-02T11:11:11+08:00',
  })
  const before = first.sandbox.view()
  await close(first)

  const second = await serve({ file, seed: 99, people: 7 })
  expect(second.sandbox.view()).toEqual({ ...before, struck: {} })
  expect(second.ready().credentials).toEqual(first.ready().credentials)
  expect(await token(second)).toBe(known)
  await write(second, 'zhangsanfeng')
  expect(second.sandbox.records()).toHaveLength(1)
  const faults = (await steer(second, 'GET', 'faults')) as { faults: unknown }
  expect(faults.faults).toMatchObject({ shows: 'winners', busy: { next: 3 } })
})

test('kill -9 right after an answer loses nothing of what was answered', async () => {
  const file = join(folder, 'killed.sqlite')
  const program = `import { serveSandbox } from ${JSON.stringify(new URL('./server.ts', import.meta.url).href)}
    const now = () => Temporal.Instant.from('2026-03-02T12:00:00+08:00')
    const { ready } = await serveSandbox({ seed: 1, port: 0, file: ${JSON.stringify(file)}, now })
    console.log(JSON.stringify(ready()))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const ready = JSON.parse(line.toString()) as ReturnType<SandboxServer['ready']>
  const other = { addresses: ready.addresses, ready: () => ready } as SandboxServer
  for (const userid of ['zhangsanfeng', 'lina']) {
    const answer = await (await write(other, userid)).json()
    expect(answer).toMatchObject({ errcode: 0 })
  }
  child.kill('SIGKILL')
  await once(child, 'exit')
  const again = await serve({ file })
  expect(again.sandbox.records().map(({ userid }) => userid)).toEqual(['zhangsanfeng', 'lina'])
  expect(again.sandbox.view().calls.wecom['/cgi-bin/checkin/add_checkin_record']?.calls).toBe(2)
})

test('a taken port is said so, and nothing stays open', async () => {
  const server = await serve()
  const port = Number(new URL(server.addresses.dingtalk).port)
  await expect(serve({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test('methods no platform knows are refused', async () => {
  const server = await serve()
  expect((await fetch(`${server.addresses.wecom}/cgi-bin/gettoken`, { method: 'DELETE' })).status).toBe(405)
})

test('closing ends a slow answer in flight', async () => {
  const server = await serve({ faults: { slow: { ms: 600_000 } } })
  const waiting = fetch(`${server.addresses.dingtalk}/gettoken`).then((answer) => answer.json())
  await expect.poll(() => server.sandbox.view().calls.dingtalk['/gettoken']?.calls).toBe(1)
  await close(server)
  expect(await waiting).toMatchObject({ errcode: 40035 })
  rmSync(folder, { recursive: true, force: true })
})
