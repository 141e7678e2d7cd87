import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'

/** Still running: neither gone nor a zombie that nobody has buried. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  const stat = readProc(pid, 'stat')
  return stat === null || stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z'
}

/** Still running, and the same program: after a restart of the machine the number may be somebody else's. */
export function isOurProgram(pid: number, script: string): boolean {
  if (pid === process.pid || !isAlive(pid)) return false
  const commandLine = readProc(pid, 'cmdline')
  // The folder may be reached by another path; what the program is called there stays.
  const name = script.split('/').slice(-2).join('/')
  return commandLine === null || commandLine.split('\0').some((word) => word.endsWith(name))
}

/** null where there is no /proc. */
function readProc(pid: number, what: 'stat' | 'cmdline'): string | null {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8')
  } catch {
    return null
  }
}

/** The first port from `port` on whose `count` neighbours, itself included, are free; at most 100 are tried. */
export async function freePort(host: string, port: number, count = 1): Promise<number> {
  for (let candidate = port; candidate < Math.min(port + 100, 65_536 - count); candidate++) {
    const isFree = await Promise.all(
      Array.from({ length: count }, (_, next) => isPortFree(host, candidate + next)),
    )
    if (isFree.every(Boolean)) return candidate
  }
  return port
}

const isPortFree = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)))
  })

/** A JSON answer of a neighbour on this machine; null when there is none within two seconds. */
export async function getJson(url: string): Promise<unknown> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) })
    return answer.ok ? await answer.json() : null
  } catch {
    return null
  }
}

/** Somebody answers there with success. */
export async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) })
    await answer.arrayBuffer()
    return answer.ok
  } catch {
    return false
  }
}
