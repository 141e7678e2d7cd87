import { afterAll, beforeAll } from 'vitest'
import { foundWorld, type World, type WorldAsk } from '#simulation/world/found-world.ts'
import type { ConnectionRow } from '#store/setup.ts'
import { readConnections } from '#store/setup.ts'
import type { AppParts } from '../../src/app/parts.ts'
import { type LaneNews, runLane } from '../../src/app/run-lane.ts'
import { Stalls } from '../../src/app/stalls.ts'
import { createApp } from '../../src/app.ts'
import { migratedDatabase, type TestDatabase } from '../support/database.ts'

/** A company whose engine is in the test's hand, under virtual time. */
export interface LaneInHand extends AsyncDisposable {
  world: World
  parts: AppParts
  app: ReturnType<typeof createApp>
  /** Lets the engine work until then. What it did, in order. */
  until(at: string): Promise<LaneNews[]>
  connection(platform: 'dingtalk' | 'wecom'): Promise<ConnectionRow>
}

/** One database for the tests of a file; every company is a tenant of its own in it. */
export function laneInHand(): (ask?: Partial<WorldAsk>) => Promise<LaneInHand> {
  let home: TestDatabase | undefined
  let seed = 500
  beforeAll(async () => {
    home = await migratedDatabase()
  })
  afterAll(() => home?.drop())
  return async (ask = {}) => {
    const world = await foundWorld({
      database: home!.config,
      seed: ++seed,
      people: 6,
      days: 1,
      direction: 'dingtalk-to-wecom',
      style: 'plain',
      edition: ['standard'],
      punchIn: 'dingtalk',
      ...ask,
    })
    const process = await world.process()
    return inHand(world, process)
  }
}

function inHand(world: World, process: Awaited<ReturnType<World['process']>>): LaneInHand {
  const { parts } = process
  const { time } = world
  const stalls = new Stalls(parts.random)
  return {
    world,
    parts,
    app: createApp(parts),
    async until(at) {
      const end = Temporal.Instant.from(at)
      const told: LaneNews[] = []
      while (Temporal.Instant.compare(time.now(), end) < 0) {
        const tell = (news: LaneNews) => {
          if ('bug' in news.outcome) throw news.outcome.bug
          told.push(news)
        }
        const until = await runLane(parts, world.lane, new AbortController().signal, tell, stalls)
        const next = until && Temporal.Instant.compare(until, end) < 0 ? until : end
        time.advanceTo(next)
      }
      return told
    },
    connection: async (platform) =>
      (await readConnections(parts.database.kysely, parts.tenant)).find((row) => row.platform === platform)!,
    async [Symbol.asyncDispose]() {
      await process.stop()
      await world[Symbol.asyncDispose]()
    },
  }
}
