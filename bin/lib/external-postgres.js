import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const nobody = 65534

/**
 * A throw-away server of the system's own PostgreSQL, on a free loopback port: the tests' second database home.
 * @param {string} programs the folder of initdb and postgres
 */
export async function startExternalPostgres(programs) {
  const folder = mkdtempSync(join(tmpdir(), 'qintong-external-'))
  // PostgreSQL refuses root.
  const as = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
  const data = join(folder, 'data')
  const password = randomBytes(12).toString('hex')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  for (const path of as.uid ? [folder, passwordFile] : []) chownSync(path, nobody, nobody)
  const stop = async () => {
    if (server?.exitCode === null && server.signalCode === null) {
      server.kill('SIGINT')
      await once(server, 'exit')
    }
    rmSync(folder, { recursive: true, force: true })
  }
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' }
  const initArguments = ['-D', data, '-U', 'test', '--auth=scram-sha-256', `--pwfile=${passwordFile}`]
  initArguments.push('--encoding=UTF8', '--locale=C', '--no-sync')
  let server = null
  const made = spawnSync(join(programs, 'initdb'), initArguments, {
    ...as,
    env,
    cwd: folder,
    encoding: 'utf8',
  })
  if (made.status !== 0) {
    await stop()
    throw new Error(`initdb: ${made.stderr ?? made.error}`)
  }
  const port = await freePort()
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`]
  settings.push('fsync=off', 'max_connections=100', 'log_min_messages=panic')
  server = spawn(
    join(programs, 'postgres'),
    ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    {
      ...as,
      env,
      cwd: folder,
      stdio: ['ignore', 'ignore', 2],
    },
  )
  for (let waited = 0; !(await answers(port)); waited += 50) {
    if (waited > 30_000 || server.exitCode !== null) {
      await stop()
      throw new Error('postgres did not start')
    }
    await sleep(50)
  }
  return { url: `postgres://test:${password}@127.0.0.1:${port}/postgres`, stop }
}

async function freePort() {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address()
  listener.close()
  await once(listener, 'close')
  return port
}

async function answers(port) {
  const socket = createConnection(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
