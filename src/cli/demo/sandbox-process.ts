import { spawn } from 'node:child_process'
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '#domain/effects.ts'
import { fail } from '#domain/failures.ts'
import type { SandboxReady } from '../outside.ts'
import { freePort, getJson, isAlive, isOurProgram } from './processes.ts'

/** The demo's platforms, in a process of their own. */
export type SandboxProcess = { ready: SandboxReady; pid: number; stop(): Promise<void> }

type Ask = {
  home: string
  /** Program and first arguments that run this command line again. */
  command: [string, ...string[]]
  env: Readonly<Record<string, string | undefined>>
  clock: Clock
  signal: AbortSignal
}

const host = '127.0.0.1'
const usualPort = 4001
const startsWithinMs = 60_000
const stopsWithinMs = 5000
const lookEveryMs = 50

/**
 * Starts the sandbox of this home, or adopts the one that outlived its product. It is on loopback, keeps its world in
 * the home and belongs to no terminal: a product that is killed does not take the platforms with it.
 */
export async function startSandbox(ask: Ask): Promise<SandboxProcess> {
  const record = join(ask.home, 'sandbox.json')
  const before = await readRecord(record)
  if (before && isOurProgram(before.pid, ask.command.at(-1)!)) {
    const ready = await askReady(before.url, ask)
    if (ready) return running(ready, before.pid, record, ask.clock)
    await stop(before.pid, ask.clock)
  }
  const asked = before ? Number(new URL(before.url).port) : usualPort
  const port = await freePort(host, asked, 2)
  const { pid, ready } = await launch(port, record, ask)
  return running(ready, pid, record, ask.clock)
}

const running = (ready: SandboxReady, pid: number, record: string, clock: Clock): SandboxProcess => ({
  ready,
  pid,
  async stop() {
    await stop(pid, clock)
    await rm(record, { force: true })
  },
})

/** Failures: `server.port-taken`, `internal` with the place of its log. */
async function launch(port: number, record: string, { home, command, env, clock, signal }: Ask) {
  const logs = join(home, 'logs')
  await mkdir(logs, { recursive: true, mode: 0o700 })
  // A file, not a pipe: a pipe would break under the sandbox when the product is killed.
  const saysPath = join(logs, 'sandbox.ready.json')
  const says = await open(saysPath, 'w', 0o600)
  const log = await open(join(logs, 'sandbox.log'), 'a', 0o600)
  const world = join(home, 'sandbox.world')
  const [program, ...first] = command
  const args = [...first, 'sandbox', '--json', '--host', host, '--port', String(port), '--file', world]
  const child = spawn(program, args, { detached: true, stdio: ['ignore', says.fd, log.fd], env })
  let ending: string | null = null
  child.once('error', (error) => {
    ending = error.message
  })
  child.once('exit', (code, killedBy) => {
    ending = `${killedBy ?? code}`
  })
  child.unref()
  await Promise.all([says.close(), log.close()])
  // Before it answers: were we killed now, the next start would still know whom to look for.
  if (child.pid)
    await writeFile(record, JSON.stringify({ pid: child.pid, url: `http://${host}:${port}` }), {
      mode: 0o600,
    })
  const startedMs = clock.now().epochMilliseconds
  while (ending === null && clock.now().epochMilliseconds - startedMs < startsWithinMs) {
    const ready = readyOf(parsed(await readFile(saysPath, 'utf8')))
    if (ready && child.pid) return { pid: child.pid, ready }
    await clock.sleep(lookEveryMs, signal)
  }
  if (child.pid && ending === null) await stop(child.pid, clock)
  const said = await readFile(saysPath, 'utf8')
  if (said.includes('"server-port-taken"')) fail('server.port-taken', { port, host })
  throw new Error(`the sandbox did not start (${ending ?? 'no answer'}): ${said.slice(0, 500)}`)
}

/** It may be busy: it is asked for a while before it counts as gone. */
async function askReady(url: string, { clock, signal }: Ask): Promise<SandboxReady | null> {
  for (let round = 0; round < 5; round++) {
    const ready = readyOf(await getJson(`${url}/_sandbox/ready`))
    if (ready) return ready
    await clock.sleep(lookEveryMs * 10, signal)
  }
  return null
}

async function stop(pid: number, clock: Clock): Promise<void> {
  const send = (signal: NodeJS.Signals) => {
    try {
      process.kill(pid, signal)
    } catch {
      // It is gone already.
    }
  }
  send('SIGTERM')
  const startedMs = clock.now().epochMilliseconds
  while (isAlive(pid)) {
    if (clock.now().epochMilliseconds - startedMs > stopsWithinMs) return send('SIGKILL')
    await clock.sleep(lookEveryMs)
  }
}

async function readRecord(path: string): Promise<{ pid: number; url: string } | null> {
  try {
    const record = JSON.parse(await readFile(path, 'utf8')) as { pid?: unknown; url?: unknown }
    return typeof record.pid === 'number' && URL.canParse(String(record.url))
      ? { pid: record.pid, url: String(record.url) }
      : null
  } catch {
    return null
  }
}

function readyOf(document: unknown): SandboxReady | null {
  const { addresses, setupYaml } = (document ?? {}) as Partial<SandboxReady>
  return typeof setupYaml === 'string' && typeof addresses?.dingtalk === 'string'
    ? ({ ...(document as object), addresses, setupYaml } as SandboxReady)
    : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
