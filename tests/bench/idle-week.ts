import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { freshDatabase, openLook } from '#simulation/fresh-database.ts'
import { foundWorld } from '#simulation/world/found-world.ts'
import { runWorld } from '#simulation/world/run-world.ts'
import type { Watcher } from '#simulation/world/watch.ts'
import { startEmbedded } from '#store/embedded/embedded.ts'
import { queueRetention, retention } from '#store/retention.ts'
import { forget } from '../../src/app/forget.ts'

/**
 * Idle running in virtual time: fifty people whose first day's punches are carried, then nothing new, both platforms up.
 * Tells the process's memory after a collection, the rows of every table and the database's size, day by day, and what
 * bounds each table that grew. Forgetting is done once a day. Arguments: days (default 7), people (default 50).
 */
const days = Number(process.argv[2] ?? 7)
const people = Number(process.argv[3] ?? 50)
const kept = { calls: 180, raws: 90, runs: 400, events: 30 }

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

type Day = { day: number; heapMb: number; rssMb: number; databaseMb: number; rows: Map<string, number> }

const home = await mkdtemp(join(tmpdir(), 'qintong-idle-'))
const embedded = await startEmbedded({ home, settings: { fsync: 'off' } })
try {
  const database = await freshDatabase(embedded.config, 'idle')
  await using world = await foundWorld({
    ...{ database, seed: 7, people, days, calmHours: 1, direction: 'dingtalk-to-wecom', style: 'sample' },
    ...{ edition: ['standard'], punchIn: 'dingtalk' },
  })
  // After the first day nobody punches any more.
  for (const person of world.sandbox.world.company.people) person.leavesAfter ??= 0
  const look = openLook(database)
  const seen: Day[] = []
  const watcher: Watcher = {
    breaches: [],
    step: async () => {},
    kept: async () => {},
    end: async () => {},
    async day(_, { parts }, day) {
      await forget(parts)
      seen.push({ day, ...memory(), ...(await held(look)) })
    },
  }
  const { wakes, steps, failures } = await runWorld(world, [], watcher)
  await look.end()
  tell(seen)
  console.log(`${wakes} wakes, ${steps} steps, ${failures} failures`)
} finally {
  await embedded.release()
  await rm(home, { recursive: true, force: true })
}

function memory() {
  collect()
  collect()
  const { heapUsed, rss } = process.memoryUsage()
  return { heapMb: heapUsed / 1e6, rssMb: rss / 1e6 }
}

async function held(look: ReturnType<typeof openLook>) {
  const { rows: tables } = await look.query<{ schema: string; name: string }>(
    `select schemaname as schema, relname as name from pg_stat_user_tables order by 1, 2`,
  )
  const rows = new Map<string, number>()
  for (const { schema, name } of tables) {
    const found = await look.query<{ count: number }>(
      `select count(*)::int as count from only "${schema}"."${name}"`,
    )
    rows.set(schema === 'public' ? name : `queue: ${name}`, found.rows[0]!.count)
  }
  await look.query('vacuum')
  const size = await look.query<{ mb: number }>(
    `select pg_database_size(current_database())::float8 / 1e6 as mb`,
  )
  return { databaseMb: size.rows[0]!.mb, rows }
}

function tell(seen: readonly Day[]): void {
  const first = seen[0]!
  const last = seen.at(-1)!
  console.log('| day | heap after gc, MB | RSS, MB | database, MB | rows |\n|---|---|---|---|---|')
  for (const { day, heapMb, rssMb, databaseMb, rows } of seen)
    console.log(
      `| ${day} | ${heapMb.toFixed(1)} | ${rssMb.toFixed(0)} | ${databaseMb.toFixed(1)} | ${[...rows.values()].reduce((a, b) => a + b, 0)} |`,
    )
  console.log('\n| table that grew after the first day | rows, day by day | what bounds it |\n|---|---|---|')
  for (const [name, count] of last.rows)
    if (count > (first.rows.get(name) ?? 0))
      console.log(`| ${name} | ${seen.map(({ rows }) => rows.get(name) ?? 0).join(' ')} | ${boundOf(name)} |`)
}

/** In the words of the table of retention. */
function boundOf(name: string): string {
  const rule = retention.find(({ table }) => table === name)
  if (rule && 'days' in rule) return `${typeof rule.days === 'number' ? rule.days : kept[rule.days]} days`
  if (rule) return rule.forEver
  return queueRetention.find(({ table }) => `queue: ${table}` === name)?.bound ?? 'nothing is stated'
}
