import { readFileSync } from 'node:fs'
import type { Breach } from '#domain/simulation-report.ts'
import { freshDatabase } from '#simulation/fresh-database.ts'
import { foundWorld, type WorldAsk } from '#simulation/world/found-world.ts'
import { planActs } from '#simulation/world/plan-acts.ts'
import { runWorld } from '#simulation/world/run-world.ts'
import { worldOf } from '#simulation/world/seeds.ts'
import { createWatcher, type Watcher } from '#simulation/world/watch.ts'

/**
 * Tells seeds of the simulation as the sources around this file have it and says of each in a line what came of it. A world
 * is told no further than its first breach of the invariant asked for. What to tell comes as JSON on the standard input.
 */
export type TellAsk = {
  server: WorldAsk['database']
  seeds: readonly number[]
  days: number
  /** Only this one counts; absent, any. */
  invariant?: string
  /** Longer than this nobody waits for one seed, milliseconds. */
  mostMs: number
}

/** What came of a seed; `breach` null: it was told to its end and nothing was broken. */
export type Telling = { seed: number } & ({ breach: Breach | null } | { threw: string } | { hung: true })

/** The database of the process with this number; whoever started it drops it when it has ended. */
export const databaseOf = (pid: number): string => `seeds_${pid}`

class Found extends Error {
  readonly breach: Breach
  constructor(breach: Breach) {
    super(breach.what)
    this.breach = breach
  }
}

if (import.meta.main) {
  const ask = JSON.parse(readFileSync(0, 'utf8')) as TellAsk
  const database = await freshDatabase(ask.server, databaseOf(process.pid))
  for (const seed of ask.seeds) {
    const telling = await tell(ask, database, seed)
    console.log(JSON.stringify(telling))
    if (!('breach' in telling) || (telling.breach && ask.invariant)) break
  }
  // A world that was left in the middle has sessions and sleepers that nobody will end.
  process.exit(0)
}

async function tell(ask: TellAsk, database: WorldAsk['database'], seed: number): Promise<Telling> {
  const late = AbortSignal.timeout(ask.mostMs)
  const hung = new Promise<Telling>((resolve) =>
    late.addEventListener('abort', () => resolve({ seed, hung: true })),
  )
  return Promise.race([untilBreach(worldOf(seed, database, ask.days), ask.invariant), hung])
}

async function untilBreach(ask: WorldAsk, invariant: string | undefined): Promise<Telling> {
  const { seed } = ask
  try {
    await using world = await foundWorld(ask)
    await using watch = createWatcher(world)
    await runWorld(world, planActs(ask), stoppingAt(watch, invariant))
    return { seed, breach: null }
  } catch (error) {
    return error instanceof Found ? { seed, breach: error.breach } : { seed, threw: firstLine(error) }
  }
}

/** The same watcher, which ends the story at a breach. */
function stoppingAt(watch: Watcher, invariant: string | undefined): Watcher {
  const looked = async (look: Promise<void>) => {
    await look
    const breach = watch.breaches.find((one) => invariant === undefined || one.invariant === invariant)
    if (breach) throw new Found(breach)
  }
  return {
    breaches: watch.breaches,
    step: (...of) => looked(watch.step(...of)),
    day: (...of) => looked(watch.day(...of)),
    kept: (bodies) => looked(watch.kept(bodies)),
    end: (...of) => looked(watch.end(...of)),
  }
}

const firstLine = (error: unknown): string => String(error).split('\n')[0]!.slice(0, 160)
