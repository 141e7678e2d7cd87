import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { getJson, isAlive } from './processes.ts'
import { startSandbox } from './sandbox-process.ts'

let home = ''
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'qintong-demo-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

const main = join(import.meta.dirname, '../../main.ts')
const start = () =>
  startSandbox({
    home,
    command: [process.execPath, main],
    env: process.env,
    clock: { now: () => Temporal.Now.instant(), sleep: (ms) => pause(ms) },
    signal: new AbortController().signal,
  })

test('the sandbox is a process of its own, adopted by the next start and ended by stop', {
  timeout: 60_000,
}, async () => {
  const first = await start()
  const second = await start()
  try {
    expect(second.pid).toBe(first.pid)
    expect(second.pid).not.toBe(process.pid)
    expect(second.ready.setupYaml).toBe(first.ready.setupYaml)
    expect(second.ready.setupYaml).toContain(second.ready.addresses.wecom)
    expect(await getJson(`${second.ready.addresses.dingtalk}/_sandbox/world`)).not.toBeNull()
    expect(JSON.parse(await readFile(join(home, 'sandbox.json'), 'utf8'))).toMatchObject({ pid: first.pid })
  } finally {
    await second.stop()
  }
  expect(isAlive(first.pid)).toBe(false)
  await expect(readFile(join(home, 'sandbox.json'))).rejects.toMatchObject({ code: 'ENOENT' })
  // The world outlives its process.
  const third = await start()
  await third.stop()
  expect(third.ready).toMatchObject({ seed: (first.ready as unknown as { seed: number }).seed })
})
