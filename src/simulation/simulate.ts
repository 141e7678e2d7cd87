import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, elapsedMs } from '#domain/effects.ts'
import type { BrokenSeed, SimulationReport } from '#domain/simulation-report.ts'
import { startEmbedded } from '#store/embedded/embedded.ts'
import { freshDatabase } from './fresh-database.ts'
import { tellAct } from './world/acts.ts'
import type { WorldAsk } from './world/found-world.ts'
import { planActs } from './world/plan-acts.ts'
import { worldOf } from './world/seeds.ts'
import { shrink } from './world/shrink.ts'
import { type Ending, tellWorld } from './world/tell-world.ts'

export type SimulateAsk = {
  /** Where the throw-away database of the simulation lives while it runs. */
  home: string
  seeds: number
  fromSeed: number
  days: number
  /** Real time, for saying how long it took. */
  clock: Clock
  signal: AbortSignal
  onProgress: (done: number, of: number) => void
}

/** Tells worlds seed by seed, on a database of its own with durability off. A world that breaks an invariant is shrunk. */
export async function simulate(ask: SimulateAsk): Promise<SimulationReport> {
  const home = join(ask.home, 'simulation')
  const server = await startEmbedded({ home, settings: { fsync: 'off' } })
  const started = ask.clock.now()
  const report: SimulationReport = {
    ...{ seeds: 0, fromSeed: ask.fromSeed, days: ask.days, wakes: 0, kills: 0, punches: 0, written: 0 },
    ...{ broken: [], hash: '', durationMs: 0 },
  }
  const hashes: string[] = []
  try {
    const database = await freshDatabase(server.config, 'worlds')
    for (let seed = ask.fromSeed; seed < ask.fromSeed + ask.seeds && !ask.signal.aborted; seed++) {
      const world = worldOf(seed, database, ask.days)
      const ending = await tellWorld(world)
      hashes.push(ending.hash)
      report.seeds++
      for (const name of ['wakes', 'kills', 'punches', 'written'] as const) report[name] += ending[name]
      if (ending.breaches.length > 0) report.broken.push(await shrunk(world, ending))
      ask.onProgress(report.seeds, ask.seeds)
    }
  } finally {
    await server.release()
    await rm(home, { recursive: true, force: true })
  }
  const hash = createHash('sha256').update(hashes.join('\n')).digest('hex').slice(0, 16)
  return { ...report, hash, durationMs: elapsedMs(ask.clock, started) }
}

async function shrunk(world: WorldAsk, { seed, breaches }: Ending): Promise<BrokenSeed> {
  const invariants = new Set(breaches.map(({ invariant }) => invariant))
  const acts = await shrink(planActs(world), world.days, async (shorter) =>
    (await tellWorld(world, shorter)).breaches.some(({ invariant }) => invariants.has(invariant)),
  )
  return { seed, breaches, story: acts.map(tellAct) }
}
