import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Instance, takeInstance } from './instance-lock.ts'
import { freePort, isAlive } from './processes.ts'

let home = ''
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'qintong-lock-'))
})
afterEach(() => rm(home, { recursive: true }))

/** A clock that a wait pushes on: patience runs out at once. */
function impatient() {
  let nowMs = 0
  return {
    now: () => Temporal.Instant.fromEpochMilliseconds(nowMs),
    async sleep(ms: number) {
      nowMs += ms * 100
    },
  }
}
const script = process.argv[1] ?? ''
const take = (ofScript = script) => takeInstance(home, ofScript, impatient(), new AbortController().signal)
const hold = (holder: { pid: number; url: string | null }) =>
  writeFile(join(home, 'demo.lock'), JSON.stringify(holder))
const release = async (instance: Instance) => {
  if (instance.kind === 'ours') await instance.release()
}
/** A process number that nobody has any more. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  return child.pid!
}

test('the first one gets the home, and leaves nothing behind', async () => {
  const instance = await take()
  expect(instance.kind).toBe('ours')
  if (instance.kind === 'ours') await instance.publish('http://127.0.0.1:1')
  await release(instance)
  expect(await readdir(home)).toEqual([])
})

test('whoever died in the house is replaced', async () => {
  await hold({ pid: await deadPid(), url: 'http://127.0.0.1:1' })
  const instance = await take()
  expect(instance.kind).toBe('ours')
  await release(instance)
  expect(await readdir(home)).toEqual([])
})

test('a stranger who got the same number is not mistaken for us', async () => {
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  try {
    await hold({ pid: stranger.pid!, url: null })
    expect((await take('/somewhere/else/main.ts')).kind).toBe('ours')
  } finally {
    stranger.kill()
  }
})

test('the one that runs and answers is named', async () => {
  const server = createServer((request, answer) =>
    answer.writeHead(request.url === '/healthz' ? 200 : 404).end(),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    await hold({ pid: process.pid, url })
    expect(await take()).toEqual({ kind: 'running', url })
  } finally {
    server.close()
  }
})

test('one that never answers is told, not waited for for ever', async () => {
  const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '/x/src/main.ts'])
  try {
    await hold({ pid: holder.pid!, url: null })
    await expect(take('/y/src/main.ts')).rejects.toMatchObject({ failure: { code: 'home.not-writable' } })
  } finally {
    holder.kill()
  }
})

test('of several processes that start at once, exactly one gets the home', async () => {
  await hold({ pid: await deadPid(), url: null })
  const taker = join(import.meta.dirname, 'test-taker.ts')
  const takers = Array.from({ length: 4 }, () =>
    spawn(process.execPath, [taker, home], { stdio: ['pipe', 'pipe', 'inherit'] }),
  )
  try {
    const said = await Promise.all(
      takers.map(async ({ stdout }) => String((await once(stdout, 'data'))[0]).trim()),
    )
    expect(said.toSorted()).toEqual(['ours', 'waiting', 'waiting', 'waiting'])
  } finally {
    for (const each of takers) each.kill()
  }
})

test('a taken port is passed over, with its neighbour', async () => {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  try {
    expect(await freePort('127.0.0.1', port)).toBeGreaterThan(port)
    expect(await freePort('127.0.0.1', port - 1, 2)).toBeGreaterThan(port)
  } finally {
    server.close()
  }
})

test('the dead are not alive', async () => {
  expect(isAlive(process.pid)).toBe(true)
  expect(isAlive(await deadPid())).toBe(false)
})
