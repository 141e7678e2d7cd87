import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
} from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { fail } from '#domain/failures.ts'
import { giveToOwnerOf } from '../home.ts'
import { findBinaries, linkLibraries } from './binaries.ts'
import { readTail } from './log-file.ts'
import { chooseRunAs, type RunAs } from './run-as.ts'

/** How to reach the server; fits pg's `PoolConfig`. */
export type Address = { host: string; port: number; user: string; password: string; database: string }

/** One embedded server's places. */
export type Cluster = {
  home: string
  /** `<home>/postgres` */
  folder: string
  data: string
  log: string
  address: Address
  /** Extra `-c name=value`, for tests. */
  settings: Record<string, string>
}

const user = 'qintong'
const startPatienceMs = 60_000
const orphanPatienceMs = 15_000
const stopPatienceMs = 30_000

/** Sized for a laptop beside other programs. Statements and values stay out of the log: they may hold people's data. */
const settings: Record<string, string> = {
  listen_addresses: '',
  unix_socket_directories: '.', // the data folder: ours alone, and never too long for a socket's name
  unix_socket_permissions: '0700',
  max_connections: '60',
  shared_buffers: '128MB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
}

/** The password of the one database user, made once. */
export async function readOrMakePassword(home: string, folder: string): Promise<string> {
  const path = join(folder, 'password')
  if (!existsSync(path)) {
    await writeFile(path, randomBytes(24).toString('base64url'), { mode: 0o600, flush: true })
    await giveToOwnerOf(home, path)
  }
  return (await readFile(path, 'utf8')).trim()
}

/** Brings the server up where it is not up already, and makes its database. Only inside the turnstile. */
export async function bringUp(cluster: Cluster): Promise<void> {
  let found = await knock(cluster)
  if (found === 'busy') found = await whileBusy(cluster)
  if (found !== 'ready') await startHere(cluster)
  await makeDatabase(cluster) // also when adopting: whoever started it may have been killed before this
}

async function startHere(cluster: Cluster): Promise<void> {
  const binaries = await linkLibraries(findBinaries(), join(cluster.folder, 'lib'))
  const runAs = await chooseRunAs(binaries, cluster.data)
  if (!existsSync(join(cluster.data, 'PG_VERSION'))) await initialise(cluster, runAs)
  else await runAs.own(cluster.data)
  await start(cluster, runAs)
}

/** Stops the server and waits until it is gone. */
export async function bringDown(cluster: Cluster): Promise<void> {
  const pid = askToStop(cluster)
  for (let waitedMs = 0; pid !== null && isServer(pid, cluster); waitedMs += 20) {
    // Not even a fast shutdown came to an end: stop at once, the log is replayed at the next start.
    if (waitedMs === stopPatienceMs) process.kill(pid, 'SIGQUIT')
    if (waitedMs > 2 * stopPatienceMs) return
    await sleep(20)
  }
}

/** Tells the server to end its sessions and stop; does not wait. Its pid, or null where none runs. */
export function askToStop(cluster: Cluster): number | null {
  const pid = postmasterOf(cluster)
  if (pid !== null) process.kill(pid, 'SIGINT')
  return pid
}

/** initdb in a folder aside: one that was cut short is never mistaken for a database. */
async function initialise(cluster: Cluster, runAs: RunAs): Promise<void> {
  const draft = `${cluster.data}.new`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  await giveToOwnerOf(cluster.home, draft)
  await runAs.own(draft)
  await runAs.lend(cluster.address.password, async (passwordFile) => {
    const log = openLog(cluster)
    const program = runAs.start(
      {
        name: 'initdb',
        arguments: [
          ...['-U', user, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8'],
          ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions'],
        ],
        stdio: ['ignore', log, log],
        isDetached: true, // Ctrl-C must not leave half a database behind it
      },
      draft,
    )
    closeSync(log)
    const [code] = await once(program, 'exit')
    if (code !== 0) await failWithLog(cluster)
  })
  await rename(draft, cluster.data)
}

async function start(cluster: Cluster, runAs: RunAs): Promise<void> {
  await clearAfterDeath(cluster)
  const log = openLog(cluster)
  const all = { ...settings, ...cluster.settings }
  const program = runAs.start(
    {
      name: 'postgres',
      arguments: Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      stdio: ['ignore', log, log],
      isDetached: true, // a session of its own: Ctrl-C reaches whoever started it, not the server others use
    },
    cluster.data,
  )
  closeSync(log)
  program.unref()
  let hasEnded = false
  const end = () => {
    hasEnded = true
  }
  program.once('exit', end).once('error', end)
  for (let waitedMs = 0; waitedMs < startPatienceMs && !hasEnded; waitedMs += 10) {
    if ((await knock(cluster)) === 'ready') return
    await sleep(10)
  }
  await failWithLog(cluster)
}

/**
 * After a kill -9 the old server's sessions need a moment to notice; then only its pid files are left. PostgreSQL
 * would trust the number in them, which by now may be a zombie or, in a restarted container, any program.
 */
async function clearAfterDeath(cluster: Cluster): Promise<void> {
  if (process.platform !== 'linux') return
  for (let waitedMs = 0; waitedMs < orphanPatienceMs; waitedMs += 50) {
    const isAnyoneThere = readdirSync('/proc').some(
      (name) => /^\d+$/.test(name) && isServer(Number(name), cluster),
    )
    if (!isAnyoneThere) {
      for (const name of ['postmaster.pid', '.s.PGSQL.5432.lock'])
        await rm(join(cluster.data, name), { force: true })
      return
    }
    await sleep(50)
  }
}

async function makeDatabase(cluster: Cluster): Promise<void> {
  const client = new Client({ ...cluster.address, database: 'postgres' })
  await client.connect()
  try {
    const { database } = cluster.address
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database])
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`)
  } finally {
    await client.end()
  }
}

/** Whether somebody opens. `busy`: a server is there that is starting, stopping or full. */
async function knock(cluster: Cluster): Promise<'ready' | 'busy' | 'absent'> {
  const client = new Client({ ...cluster.address, database: 'postgres', connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return 'ready'
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (error instanceof Error && code === '28P01')
      return fail('store.gone', { reason: `${error.message} (${join(cluster.folder, 'password')})` }, error)
    if (code === 'ENOENT' || code === 'ECONNREFUSED')
      return postmasterOf(cluster) === null ? 'absent' : 'busy'
    return 'busy'
  } finally {
    await client.end().catch(() => {})
  }
}

async function whileBusy(cluster: Cluster): Promise<'ready' | 'absent'> {
  for (let waitedMs = 0; waitedMs < startPatienceMs; waitedMs += 50) {
    const found = await knock(cluster)
    if (found !== 'busy') return found
    await sleep(50)
  }
  return failWithLog(cluster)
}

/** The pid of the server that runs on this data folder, or null. A pid file that outlived its server does not count. */
export function postmasterOf(cluster: Pick<Cluster, 'data'>): number | null {
  try {
    const pid = Number.parseInt(readFileSync(join(cluster.data, 'postmaster.pid'), 'utf8'), 10)
    return pid > 0 && isServer(pid, cluster) ? pid : null
  } catch {
    return null
  }
}

/** The number in a pid file may be another program's by now, even another PostgreSQL's: ours works in our folder. */
function isServer(pid: number, { data }: Pick<Cluster, 'data'>): boolean {
  try {
    if (process.platform !== 'linux') return process.kill(pid, 0)
    const isPostgres = basename(readlinkSync(`/proc/${pid}/exe`)).startsWith('postgres')
    return isPostgres && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data)
  } catch {
    return false
  }
}

const openLog = (cluster: Cluster): number => openSync(cluster.log, 'a', 0o600)

async function failWithLog(cluster: Cluster): Promise<never> {
  const tail = readTail(cluster.log)
  if (/no space left on device|disk quota exceeded/i.test(tail)) fail('store.disk-full', { reason: tail })
  return fail('store.gone', { reason: `${tail}\n(${cluster.log})` })
}
