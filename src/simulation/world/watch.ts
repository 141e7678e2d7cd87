import type { Breach } from '#domain/simulation-report.ts'
import { openLook } from '../fresh-database.ts'
import { checkEvents } from './check-events.ts'
import { checkLedger } from './check-ledger.ts'
import { checkNeighbour } from './check-neighbour.ts'
import { checkPlatforms } from './check-platforms.ts'
import { checkSecrets } from './check-secrets.ts'
import { checkSettled } from './check-settled.ts'
import type { World, WorldProcess } from './found-world.ts'

/** Looks at a world from outside: after every wake, at every day's end, and when all is over. */
export interface Watcher {
  readonly breaches: Breach[]
  step(world: World, process: WorldProcess): Promise<void>
  day(world: World, process: WorldProcess, day: number): Promise<void>
  /** Bodies of events that a process said it had. */
  kept(bodies: readonly string[]): Promise<void>
  end(world: World, process: WorldProcess): Promise<void>
}

/** What a check reports to: the invariant's number and a sentence. */
export type Report = (invariant: string, what: string) => void

const mostTold = 20

/**
 * The independent checker of I1–I11. It shares no code with the product: the platforms' truth comes from the sandbox, the
 * product's claims from its tables, read by a session of its own.
 */
export function createWatcher(world: World): Watcher & AsyncDisposable {
  const pool = openLook(world.ask.database)
  const breaches: Breach[] = []
  const told = new Set<string>()
  const report: Report = (invariant, what) => {
    if (told.has(`${invariant} ${what}`) || breaches.length >= mostTold) return
    told.add(`${invariant} ${what}`)
    breaches.push({ invariant, what, at: world.time.now().toString({ timeZone: '+08:00' }) })
  }
  const platforms = checkPlatforms(world, report)
  const ledger = checkLedger(world, pool, report)
  const secrets = checkSecrets(world, pool, report)
  const neighbour = checkNeighbour(world, pool, report)
  // A planner that has not looked at the tables of a large company for itself takes minutes over a question.
  const prepare = async () => {
    if (world.ask.people >= 100) await pool.query('analyze punch, punch_revision, delivery, batch')
  }
  return {
    breaches,
    async step() {
      platforms()
    },
    async day() {
      platforms()
      await prepare()
      await ledger()
      await secrets()
      await neighbour()
    },
    kept: (bodies) => checkEvents(world, pool, report, bodies),
    async end() {
      platforms()
      await prepare()
      await ledger()
      await secrets()
      await neighbour()
      await checkSettled(world, pool, report)
    },
    [Symbol.asyncDispose]: () => pool.end(),
  }
}
