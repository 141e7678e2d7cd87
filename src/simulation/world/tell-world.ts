import { createHash } from 'node:crypto'
import type { Breach } from '#domain/simulation-report.ts'
import { openLook } from '../fresh-database.ts'
import type { Act } from './acts.ts'
import { foundWorld, type World, type WorldAsk } from './found-world.ts'
import { planActs } from './plan-acts.ts'
import { runWorld } from './run-world.ts'
import { createWatcher } from './watch.ts'

/** One world told to its end. `hash`: of every call, decision and end state; the same seed and code give the same. */
export type Ending = {
  seed: number
  breaches: Breach[]
  wakes: number
  kills: number
  /** Processes that stood still, wakes that failed with the database, and moments at which events were told. */
  freezes: number
  failures: number
  events: number
  /** Moments at which the last process could have died since it was at work. */
  awaits: number
  punches: number
  written: number
  /** Of what became of every punch, whatever led there. */
  endState: string
  hash: string
}

/** Tells one world from its seed, or from the acts given instead of the seed's own. */
export async function tellWorld(ask: WorldAsk, acts: readonly Act[] = planActs(ask)): Promise<Ending> {
  await using world = await foundWorld(ask)
  await using watch = createWatcher(world)
  const { steps, ...told } = await runWorld(world, acts, watch)
  const lines = await endOf(world)
  const written =
    world.sandbox.records().filter(({ origin }) => origin === 'api').length + world.sandbox.uploads().length
  const endState = createHash('sha256').update(lines.join('\n')).digest('hex')
  const hash = world.trace.update(endState).digest('hex').slice(0, 16)
  return {
    seed: ask.seed,
    breaches: [...watch.breaches],
    ...told,
    punches: lines.length,
    written,
    endState,
    hash,
  }
}

/** What the product holds in the end, a line a punch, row numbers left out. */
async function endOf({ ask, tenant }: World): Promise<string[]> {
  const pool = openLook(ask.database)
  try {
    const { rows } = await pool.query<{ line: string }>(
      `select connection.key || ' ' || punch.account_key || ' ' || punch.at || ' ' || punch.revision || ' ' || punch.hash || ' '
              || coalesce(case when delivery.state = 'batched' then batch.state else delivery.state end, '-') as line
         from punch join connection on connection.tenant_id = punch.tenant_id and connection.id = punch.connection_id
         left join route on route.tenant_id = punch.tenant_id
         left join lateral (select * from delivery where delivery.tenant_id = punch.tenant_id and delivery.route_id = route.id
                               and delivery.punch_id = punch.id offset 0) as delivery on true
         left join lateral (select * from batch where batch.tenant_id = delivery.tenant_id and batch.id = delivery.batch_id
                             offset 0) as batch on true
        where punch.tenant_id = $1 order by 1`,
      [tenant],
    )
    return rows.map(({ line }) => line)
  } finally {
    await pool.end()
  }
}
