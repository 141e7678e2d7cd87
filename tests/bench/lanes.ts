import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import type { ReadyDocument } from '#sandbox/ready.ts'
import { simulationOptions } from '#simulation/company.ts'
import { type Database, openDatabase, rowOf } from '#store/database.ts'
import { migrate } from '#store/migrate.ts'
import { createSeal } from '#store/seal.ts'
import { ensureTenant } from '#store/setup.ts'
import { noLog, noWakeUps } from '../../src/app/parts.ts'
import { createApp } from '../../src/app.ts'
import { systemClock } from '../../src/this-machine.ts'
import { startCluster } from '../prove/cluster.ts'
import { killOutright, type Running, start } from '../prove/processes.ts'

/**
 * A hundred tenants with a route each, which is two hundred connections, on platforms that take 200 ms to answer: every
 * company is read for the first time and its punches are written, by 1, 2 and 4 worker processes on one PostgreSQL. First
 * with few lanes at once in each process, where waiting for the platforms is the limit; then with as many as a worker
 * usually runs, where the processor is. Arguments: companies (100), people in each (40).
 */
const companies = Number(process.argv[2] ?? 100)
const people = Number(process.argv[3] ?? 40)
const answerMs = 200
const fewLanes = 4
const usualLanes = 16
const world = {
  ...{ people, days: 1, style: 'plain', edition: ['professional', 'development-pack'] },
  faults: {
    ...{ duplicates: 'store', quotaGraceDays: 5 },
    slow: { probability: 1, ms: answerMs, effect: 'before' },
  },
}
/** Linux counts a process's time in hundredths of a second. */
const msPerTick = 10

const cluster = await startCluster()
const started: Running[] = []
process.once('exit', () => {
  started.forEach(killOutright)
  cluster.stop()
})
let databases = 0
const script = (name: string) => fileURLToPath(new URL(name, import.meta.url))

type Row = {
  lanes: number
  workers: number
  seconds: number
  punches: number
  workerMs: number
  databaseMs: number
  machineMs: number
}

console.log(
  '| lanes at once a worker | workers | companies | punches | seconds | punches/s | to one worker | of linear | cores: workers | cores: database | cores: whole machine |',
)
console.log('|---|---|---|---|---|---|---|---|---|---|')
for (const lanes of [fewLanes, usualLanes]) {
  let one = 0
  for (const workers of [1, 2, 4]) {
    const row = await measure(lanes, workers)
    const rate = row.punches / row.seconds
    if (workers === 1) one = rate
    const cells = [
      ...[lanes, workers, companies, row.punches, row.seconds.toFixed(1), rate.toFixed(1)],
      ...[(rate / one).toFixed(2), (rate / one / workers).toFixed(2)],
      ...[(row.workerMs / row.seconds / 1000).toFixed(2), (row.databaseMs / row.seconds / 1000).toFixed(2)],
      `${(row.machineMs / row.seconds / 1000).toFixed(2)} of ${availableParallelism()}`,
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
}

async function measure(lanes: number, workers: number): Promise<Row> {
  const platforms = start(
    ['run-script', script('platforms.ts'), JSON.stringify(world), String(companies)],
    process.env,
  )
  const name = `bench_${++databases}`
  await cluster.query(`create database ${name}`)
  const url = cluster.url().replace(/\/postgres$/, `/${name}`)
  await setUp(url, JSON.parse(await lineOf(platforms)) as ReadyDocument[])
  const running = Array.from({ length: workers }, () =>
    start(['run-script', script('lane-worker.ts'), url, String(lanes)], process.env),
  )
  started.push(platforms, ...running)
  const [databaseBefore, machineBefore] = [databaseCpuMs(), machineCpuMs()]
  await Promise.all(running.map(lineOf))
  const began = performance.now()
  const database = openDatabase({ connectionString: url, max: 1 })
  while (!(await isDone(database))) await sleep(100)
  const seconds = (performance.now() - began) / 1000
  const databaseMs = databaseCpuMs() - databaseBefore
  const machineMs = machineCpuMs() - machineBefore
  const counted = await rowOf(sql<{ count: number }>`select count(*) as count from delivery`, database.kysely)
  await database.close()
  for (const worker of running) worker.child.kill('SIGTERM')
  const said = await Promise.all(running.map(({ ended }) => ended))
  killOutright(platforms)
  await platforms.ended
  const workerMs = said.reduce((sum, one) => sum + Number(one.said.trim().split('\n').at(-1)), 0)
  return { lanes, workers, seconds, punches: counted!.count, workerMs, databaseMs, machineMs }
}

/** Every company becomes a tenant with the setup its sandbox gives out. */
async function setUp(url: string, ready: ReadyDocument[]): Promise<void> {
  const database = openDatabase({ connectionString: url })
  await migrate(database)
  for (const [i, { setupYaml }] of ready.entries()) {
    const app = createApp({
      ...{ clock: systemClock, random: Math.random, database, seal: createSeal(Buffer.alloc(32, 1)) },
      transport: () => Promise.reject(new Error('setting up asks no platform')),
      tenant: await ensureTenant(database.kysely, `company-${i}`, `company ${i}`),
      ...{ holder: 'bench', actor: 'bench', env: {}, openWakeUps: noWakeUps, log: noLog, onBug: String },
      options: simulationOptions,
    })
    await app.apply({ text: setupYaml, file: 'setup.yaml', dryRun: false })
  }
  await database.close()
}

/** Everybody was read, and what was owed is written. */
async function isDone(database: Database): Promise<boolean> {
  const row = await rowOf(
    sql<{ swept: number; open: number }>`
    select (select count(*) from leg where swept_at is not null) as swept,
           (select count(*) from delivery left join batch
               on batch.tenant_id = delivery.tenant_id and batch.id = delivery.batch_id
             where delivery.state = 'waiting' or (delivery.state = 'batched' and batch.state in ('planned', 'sending'))) as open`,
    database.kysely,
  )
  return row!.swept === companies && row!.open === 0
}

async function lineOf({ child }: Running): Promise<string> {
  let text = ''
  child.stdout!.on('data', (chunk: string) => {
    text += chunk
  })
  while (!text.includes('\n')) await once(child.stdout!, 'data')
  return text
}

/** What the server and all its processes, those that have ended included, have had of the processor. */
function databaseCpuMs(): number {
  const server = cluster.pid()
  let ticks = 0
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const [, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      // user and system time, then those of children that have ended: fields 14 to 17 of the whole line
      const [own, ended] = [Number(rest[9]) + Number(rest[10]), Number(rest[11]) + Number(rest[12])]
      if (Number(name) === server) ticks += own + ended
      else if (Number(parent) === server) ticks += own
    } catch {
      // It has just ended.
    }
  }
  return ticks * msPerTick
}

/** What everything on this machine has had of its processors, the platforms and strangers included. */
function machineCpuMs(): number {
  const [, ...times] = readFileSync('/proc/stat', 'utf8').split('\n')[0]!.trim().split(/\s+/).map(Number)
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = times
  return (user + nice + system + irq + softirq) * msPerTick
}
