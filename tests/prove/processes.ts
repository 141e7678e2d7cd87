import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

const launcher = fileURLToPath(new URL('../../bin/qintong.js', import.meta.url))

/** A running `qintong` in a process group of its own. `ended` never rejects; `said` is its standard output. */
export type Running = {
  child: ChildProcess
  ended: Promise<{ code: number | null; signal: string | null; said: string }>
}

/** Starts the command line as an operator would; `path` is the launcher of another build. */
export function start(args: string[], env: NodeJS.ProcessEnv, path = launcher): Running {
  const child = spawn(process.execPath, [path, ...args], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, said }))
  return { child, ended }
}

/** kill -9 for the process and all it started, but not the database server: that is in a session of its own. */
export function killOutright({ child }: Running): void {
  try {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL')
  } catch {
    // It has just ended by itself.
  }
}

/** The sandbox on these ports, over the world in this file; resolves when it answers. */
export async function startSandbox(args: string[], env: NodeJS.ProcessEnv): Promise<Running> {
  const running = start(['sandbox', '--json', ...args], env)
  process.once('exit', () => killOutright(running))
  await Promise.race([once(running.child.stdout!, 'data'), running.ended])
  return running
}

/** One request to the sandbox's own address (`/_sandbox/…`). */
export async function ask<T>(base: string, method: string, what: string, body?: unknown): Promise<T> {
  const response = await fetch(`${base}/_sandbox/${what}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${what}: ${await response.text()}`)
  return (await response.json()) as T
}

/** A free port whose neighbour is free too. */
export async function twoFreePorts(): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 20_000)
    if ((await isFree(first)) && (await isFree(first + 1))) return first
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  const isOpen = await Promise.race([
    once(server, 'listening').then(() => true),
    once(server, 'error').then(() => false),
  ])
  server.close()
  return isOpen
}
