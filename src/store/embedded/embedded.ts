import { openSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { FailureError, fail } from '#domain/failures.ts'
import { giveToOwnerOf } from '../home.ts'
import { boundLog } from './log-file.ts'
import { type Address, askToStop, bringDown, bringUp, type Cluster, readOrMakePassword } from './server.ts'
import { openTurnstile, type Turnstile } from './turnstile.ts'

/** This process's share of the home's database server. */
export interface Embedded {
  /** For pg: a unix socket, a password, no TCP. Valid in this process only. */
  readonly config: Address
  /** Starts the server again where it died under us; nothing happens when it lives. */
  ensureRunning(): Promise<void>
  /** Gives up this process's share. The last one out stops the server, and then this resolves after it is gone. */
  release(): Promise<void>
}

export type EmbeddedAsk = {
  /** An existing, writable home (`openHome`). */
  home: string
  /** Extra server settings, for tests: `{ fsync: 'off' }`. */
  settings?: Record<string, string>
}

const database = 'qintong'
const longestSocketPath = 107
const boundEveryMs = 3_600_000

/**
 * Starts the home's PostgreSQL, or adopts the one that is running: it belongs to the home, not to a process.
 * Any number of processes may hold it. It is first initialised here (about a second). A process that is killed
 * leaves it running for the next one; one that exits without `release` still stops it when it was the last.
 * Failures: `store.gone` (with the end of `<home>/postgres.log`), `store.disk-full`, `store.no-embedded`,
 * `home.not-writable`.
 */
export async function startEmbedded({ home, settings = {} }: EmbeddedAsk): Promise<Embedded> {
  const { cluster, turnstile } = await open(home, settings)
  await turnstile.exclusively(async () => {
    turnstile.join()
    try {
      cluster.address.password = await readOrMakePassword(cluster.home, cluster.folder)
      boundLog(cluster.log)
      await bringUp(cluster)
    } catch (error) {
      if (turnstile.leave()) await bringDown(cluster)
      throw error
    }
  })
  const stopOnExit = () => {
    if (turnstile.leaveNow()) askToStop(cluster)
  }
  process.once('exit', stopOnExit)
  const bounding = setInterval(() => boundLog(cluster.log), boundEveryMs).unref()
  return {
    config: cluster.address,
    ensureRunning: () => turnstile.exclusively(() => bringUp(cluster)),
    async release() {
      process.off('exit', stopOnExit)
      clearInterval(bounding)
      await leave(cluster, turnstile)
    },
  }
}

/** Keeps the home's server up between its users, without starting it: for a test run that outlives its workers. */
export async function holdEmbedded(home: string): Promise<{ release(): Promise<void> }> {
  const { cluster, turnstile } = await open(home, {})
  await turnstile.exclusively(async () => turnstile.join())
  return { release: () => leave(cluster, turnstile) }
}

async function leave(cluster: Cluster, turnstile: Turnstile): Promise<void> {
  await turnstile.exclusively(async () => {
    if (turnstile.leave()) await bringDown(cluster)
  })
}

async function open(homePath: string, settings: Record<string, string>) {
  const home = resolve(homePath)
  const folder = join(home, 'postgres')
  const data = join(folder, 'data')
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await giveToOwnerOf(home, folder)
  } catch (error) {
    if (error instanceof FailureError) throw error
    fail('home.not-writable', { path: folder, reason: error instanceof Error ? error.message : '' }, error)
  }
  const cluster: Cluster = {
    home,
    folder,
    data,
    log: join(home, 'postgres.log'),
    address: { host: socketFolder(folder), port: 5432, user: 'qintong', password: '', database },
    settings,
  }
  return { cluster, turnstile: openTurnstile(folder) }
}

/** pg takes the socket's folder. One whose path is too long for a socket is reached through an open descriptor. */
function socketFolder(folder: string): string {
  const data = join(folder, 'data')
  if (Buffer.byteLength(join(data, '.s.PGSQL.5432')) <= longestSocketPath || process.platform !== 'linux')
    return data
  return `/proc/self/fd/${openSync(folder, 'r')}/data`
}
