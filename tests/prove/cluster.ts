import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { findSystemParts } from '../../bin/lib/system-parts.js'

/** The system's own PostgreSQL with its usual durability, over data of its own, to be restarted at will. */
export type DatabaseCluster = {
  port: number
  /** The server's own process, as it is now. */
  pid(): number
  /** As a `DATABASE_URL`; through another port where something stands in between. */
  url(port?: number): string
  /** `fast` ends sessions and writes everything down; `immediate` is a crash, recovered from at the next start. */
  restart(how: 'fast' | 'immediate'): void
  /** The rows of one statement, on a session of its own. */
  query<T>(statement: string, values?: unknown[]): Promise<T[]>
  stop(): void
}

const nobody = 65_534

/** Starts one on a free loopback port, in a folder of its own that goes when it is stopped. Throws where the system has no PostgreSQL. */
export async function startCluster(): Promise<DatabaseCluster> {
  const { found, reason } = findSystemParts(['postgres']) as {
    found: { postgres: string | null }
    reason: string
  }
  if (!found.postgres) throw new Error(`no PostgreSQL: ${reason}`)
  const programs = found.postgres
  const home = mkdtempSync(join(tmpdir(), 'qintong-cluster-'))
  const [data, passwordFile, password] = [
    join(home, 'data'),
    join(home, 'password'),
    randomBytes(12).toString('hex'),
  ]
  writeFileSync(passwordFile, password, { mode: 0o600 })
  // PostgreSQL refuses root.
  const as = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
  if (as.uid) for (const path of [home, passwordFile]) chownSync(path, nobody, nobody)
  const port = await freePort()
  const run = (program: string, args: string[]) => {
    const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' }
    const done = spawnSync(join(programs, program), args, { ...as, env, cwd: home, stdio: 'ignore' })
    if (done.status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${done.status}`)
  }
  run('initdb', [
    ...['-D', data, '-U', 'prove', '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
    ...['--encoding=UTF8', '--locale=C'],
  ])
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${home}`]
  const options = settings.map((setting) => `-c ${setting}`).join(' ')
  const control = (...args: string[]) =>
    run('pg_ctl', ['-D', data, '-w', '-t', '60', '-l', join(home, 'log'), ...args])
  control('start', '-o', options)
  const url = (via = port) => `postgres://prove:${password}@127.0.0.1:${via}/postgres`
  return {
    port,
    pid: () => Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]),
    url,
    restart: (how) => control('restart', '-m', how, '-o', options),
    async query<T>(statement: string, values: unknown[] = []) {
      const client = new Client({ connectionString: url(), application_name: 'prove' })
      client.on('error', () => {})
      await client.connect()
      try {
        return (await client.query(statement, values)).rows as T[]
      } finally {
        await client.end().catch(() => {})
      }
    },
    stop() {
      control('stop', '-m', 'immediate')
      rmSync(home, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const listener = createServer()
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as { port: number }
  await new Promise((resolve) => listener.close(resolve))
  return port
}
