import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { type Cable, layCable } from './cable.ts'
import type { DatabaseCluster } from './cluster.ts'
import { killOutright, type Running, start } from './processes.ts'

/** A `serve --role worker` with a cable of its own to the database. */
export type Worker = { running: Running; pid: number; cable: Cable; build: string }

/** Several workers on one database. */
export type Fleet = {
  workers: Worker[]
  /** One more; resolves when it says that it is ready. */
  add(build?: { name: string; launcher: string }): Promise<Worker>
  /** Who holds the lanes now; null when nobody does, or the database is away. */
  holder(): Promise<Worker | null>
  kill(worker: Worker): Promise<void>
  /** As an operator stops it: gives its exit code, or null when it had to be killed after all. */
  stop(worker: Worker): Promise<number | null>
  /** Processes of any worker there ever was that are still there. */
  leftBehind(): number[]
}

const readyWithinMs = 60_000
const stopWithinMs = 60_000

export function openFleet(cluster: DatabaseCluster, env: NodeJS.ProcessEnv): Fleet {
  const workers: Worker[] = []
  const groups = new Set<number>()
  process.once('exit', () => {
    for (const { running } of workers) killOutright(running)
  })
  const leave = async (worker: Worker) => {
    workers.splice(workers.indexOf(worker), 1)
    await worker.cable.close()
  }
  return {
    workers,
    async add(build) {
      const cable = await layCable(cluster.port)
      const running = start(
        ['serve', '--role', 'worker', '--json'],
        { ...env, DATABASE_URL: cluster.url(cable.port) },
        build?.launcher,
      )
      const pid = running.child.pid!
      groups.add(pid)
      const worker = { running, pid, cable, build: build?.name ?? 'this' }
      workers.push(worker)
      const late = setTimeout(() => killOutright(running), readyWithinMs)
      await Promise.race([once(running.child.stdout!, 'data'), running.ended])
      clearTimeout(late)
      if (running.child.exitCode !== null || running.child.signalCode !== null)
        throw new Error(`a worker did not start: ${(await running.ended).said}`)
      return worker
    },
    async holder() {
      const rows = await cluster
        .query<{ holder: string }>('select holder from lane where lease_until > now() order by connection_id')
        .catch(() => [])
      return workers.find(({ pid }) => rows[0]?.holder === `${hostname()} pid ${pid}`) ?? null
    },
    async kill(worker) {
      killOutright(worker.running)
      await worker.running.ended
      await leave(worker)
    },
    async stop(worker) {
      process.kill(worker.pid, 'SIGTERM')
      const late = setTimeout(() => killOutright(worker.running), stopWithinMs)
      const { code } = await worker.running.ended
      clearTimeout(late)
      await leave(worker)
      return code
    },
    leftBehind: () => processesIn(groups),
  }
}

/** Living processes whose group is one of these (Linux). */
function processesIn(groups: ReadonlySet<number>): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        // after the name in brackets: state, parent, group
        const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        return state !== 'Z' && groups.has(Number(group))
      } catch {
        return false
      }
    })
}
