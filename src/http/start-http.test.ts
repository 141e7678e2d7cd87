import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { FailureError } from '#domain/failures.ts'
import { type RunningHttp, startHttp } from './start-http.ts'
import { aRoute, httpOptions, sourcesOf } from './test-kit.ts'

async function started(change: Partial<Parameters<typeof startHttp>[0]> = {}): Promise<RunningHttp> {
  const running = await startHttp({ ...httpOptions({ routes: [aRoute()] }), port: 0, ...change })
  onTestFinished(() => running.close())
  return running
}

const failureOf = async (attempt: Promise<unknown>) => {
  const error = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  return error instanceof FailureError ? error.failure : error
}

/** What comes back for these very bytes. */
async function spoken(port: number, bytes: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port })
  socket.write(bytes)
  return text(socket)
}

test('it says where it answers, and answers there', async () => {
  const { url, host, port } = await started()
  expect([url, host]).toEqual([`http://127.0.0.1:${port}`, '127.0.0.1'])
  expect((await fetch(url)).status).toBe(200)
})

test('listening to the world, it still names an address that a person on this machine can open', async () => {
  const { url, host, port } = await started({ host: '0.0.0.0' })
  expect([url, host]).toEqual([`http://127.0.0.1:${port}`, '0.0.0.0'])
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect((await fetch(url)).status).toBe(403)
})

test('a taken port is a failure in words, and the one that has it goes on', async () => {
  const first = await started()
  expect(await failureOf(started({ port: first.port }))).toEqual({
    code: 'server.port-taken',
    facts: { port: first.port, host: '127.0.0.1' },
  })
  expect((await fetch(`${first.url}/healthz`)).status).toBe(200)
})

test('a host that this machine does not have is a failure in words', async () => {
  expect(await failureOf(started({ host: '203.0.113.1' }))).toMatchObject({ code: 'usage.invalid' })
})

test('an answer in flight ends before the pages are put away, and nothing new is taken', async () => {
  let release = () => {}
  const isAsked = Promise.withResolvers<void>()
  const status = await sourcesOf({ routes: [], runs: [], people: [] }).status()
  const running = await started({
    operations: {
      ...sourcesOf({ routes: [], runs: [], people: [] }),
      status: () =>
        new Promise((resolve) => {
          release = () => resolve(status)
          isAsked.resolve()
        }),
    },
  })
  const answer = fetch(`${running.url}/api/status`)
  await isAsked.promise
  const isClosed = running.close()
  release()
  expect((await answer).status).toBe(200)
  await isClosed
  await expect(fetch(`${running.url}/healthz`)).rejects.toThrow()
})

test('what is not HTTP is refused in our own form, without a word about the inside', async () => {
  const { port } = await started()
  const answer = await spoken(port, 'NOT HTTP AT ALL\r\n\r\n')
  expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  expect(answer).toContain('application/problem+json')
  expect(answer).toContain('"code":"bad-request"')
})

test('headers without end are refused', async () => {
  const { port } = await started()
  const answer = await spoken(port, `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`)
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
})

test('a body is refused unread and the connection ended', async () => {
  const { port } = await started()
  const head = 'POST /api/status HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000000\r\n\r\n'
  const answer = await spoken(port, `${head}{"a":`)
  expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  expect(answer.toLowerCase()).toContain('connection: close')
})

test('a request without a Host, as old tools send it, is refused', async () => {
  const { port } = await started()
  expect(await spoken(port, 'GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 421 /)
})
