import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { type Embedded, startEmbedded } from '#store/embedded/embedded.ts'
import { bulkUpsert } from './floor.ts'

/**
 * Figures, not assertions: `npm run bench`. Each row says what was measured, the floor it is held against, the ratio,
 * and what limits it. `npm run bench quick` leaves the large company out.
 */
const isQuick = process.argv.includes('quick')
const root = fileURLToPath(new URL('../..', import.meta.url))

type Carried = {
  firstMs: number
  againMs: number
  peakMb: number
  punches: { read: number }
  deliveries: { verified: number }
  calls: Counts
  leastCalls: Counts
  again: { punches: { read: number }; deliveries: { written: number }; calls: Counts }
}
type Counts = Record<string, Record<string, number>>

const dataCalls = ['listRecord', 'getcheckindata', 'add_checkin_record']
const total = (counts: Counts) =>
  Object.values(counts).reduce((sum, apis) => sum + dataCalls.reduce((n, api) => n + (apis[api] ?? 0), 0), 0)

async function inFreshHome<T>(work: (embedded: Embedded) => Promise<T>): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'qintong-bench-'))
  const embedded = await startEmbedded({ home })
  try {
    return await work(embedded)
  } finally {
    await embedded.release()
    await rm(home, { recursive: true, force: true })
  }
}

function carryOnce(embedded: Embedded, people: number, days: number): Carried {
  const script = fileURLToPath(new URL('carry-once.ts', import.meta.url))
  const run = spawnSync(
    process.execPath,
    [...process.execArgv, script, String(people), String(days), JSON.stringify(embedded.config)],
    { encoding: 'utf8', maxBuffer: 1e8 },
  )
  if (run.status !== 0) throw new Error(run.stderr)
  return JSON.parse(run.stdout) as Carried
}

const rows: string[][] = []
const row = (figure: string, value: string, floor: string, ratio: string, limit: string) => {
  rows.push([figure, value, floor, ratio, limit])
  console.log(`| ${figure} | ${value} | ${floor} | ${ratio} | ${limit} |`)
}
const perSecond = (count: number, ms: number) => Math.round((count / ms) * 1000)

function rowCompared(figure: string, { again, againMs }: Carried): void {
  const speed = perSecond(again.punches.read, againMs)
  row(
    figure,
    `${speed}`,
    '60000 aimed at',
    (speed / 60_000).toFixed(2),
    'the process’s one core: the sandbox’s answers made and parsed, rows read and hashed',
  )
}

console.log('| figure | measured | floor or aim | ratio | what limits it |')
console.log('|---|---|---|---|---|')

const week = await inFreshHome(async (embedded) => {
  const client = new Client(embedded.config)
  await client.connect()
  const floor = await bulkUpsert(client, 70_000)
  await client.end()
  const carried = carryOnce(embedded, 5_000, 7)
  const { read } = carried.punches
  const speed = perSecond(read, carried.firstMs)
  row(
    `carried and verified, 5,000 people × 7 days (${read} punches), per s`,
    `${speed}`,
    '12000 aimed at',
    (speed / 12_000).toFixed(2),
    'the process’s one core: parsing, hashing, rows to JSON; then the database’s core',
  )
  row(
    'plain bulk upsert of as many rows, per s',
    `${floor.insert} first, ${floor.again} again`,
    '–',
    (speed / floor.insert).toFixed(2),
    'the database',
  )
  rowCompared('rows compared on a sync of that window, unchanged, per s', carried)
  row('records written on that second sync', `${carried.again.deliveries.written}`, '0', '–', '–')
  row(
    'data calls used',
    `${total(carried.calls)}`,
    `${total(carried.leastCalls)} at least`,
    (total(carried.calls) / total(carried.leastCalls)).toFixed(3),
    'batch sizes of the platforms',
  )
  row(
    'peak memory of the process, sandbox included, MB',
    carried.peakMb.toFixed(0),
    '300 allowed',
    (carried.peakMb / 300).toFixed(2),
    'the run time itself: about 150 MB before the first punch',
  )
  return carried
})

if (!isQuick) {
  const large = await inFreshHome(async (embedded) => carryOnce(embedded, 5_000, 70))
  row(
    `peak memory for ten times the punches (${large.punches.read}), MB`,
    large.peakMb.toFixed(0),
    `${(week.peakMb * 1.1).toFixed(0)} allowed`,
    (large.peakMb / week.peakMb).toFixed(2),
    'twenty-eight days of a hundred people are decided at once, whatever the window',
  )
  row(
    'carried and verified there, per s',
    `${perSecond(large.punches.read, large.firstMs)}`,
    '12000 aimed at',
    (perSecond(large.punches.read, large.firstMs) / 12_000).toFixed(2),
    'as above',
  )
  rowCompared('rows compared there, unchanged, per s', large)
}

await warmStart()

// Tables of their own: saying who is who; what the planner makes of a month; from a punch to its record; many companies
// over several workers; beside a plain loop, and sweeps beside the documented rate; a week of idle running.
const tables: [name: string, ...quick: string[]][] = [
  ['identity-speed.ts', '10000'],
  ['planner.ts'],
  ['event-latency.ts', '2000', '60'],
  ['lanes.ts', '20'],
  ['plain-loop.ts', '1000', '7', '10000'],
  ['idle-week.ts', '2', '20'],
]
for (const [name, ...quick] of tables) {
  const script = fileURLToPath(new URL(name, import.meta.url))
  spawnSync(process.execPath, [...process.execArgv, script, ...(isQuick ? quick : [])], { stdio: 'inherit' })
}

/** Start of a home that exists, from the launcher to an answering /readyz. */
async function warmStart(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'qintong-warm-'))
  const times: number[] = []
  for (let start = 0; start < 4; start++) {
    const began = performance.now()
    const child = spawn(process.execPath, [join(root, 'bin/qintong.js'), 'serve', '--json', '--port', '0'], {
      env: { ...process.env, QINTONG_HOME: home },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    for await (const chunk of child.stdout) {
      text += String(chunk)
      if (text.includes('\n')) break
    }
    const { url } = JSON.parse(text) as { url: string }
    while (
      !(await fetch(`${url}/readyz`).then(
        (answer) => answer.ok,
        () => false,
      ))
    );
    // The first start makes the database.
    if (start > 0) times.push(performance.now() - began)
    child.kill('SIGTERM')
    await new Promise((resolve) => child.once('exit', resolve))
  }
  await rm(home, { recursive: true, force: true })
  const median = times.toSorted((a, b) => a - b)[1]!
  row(
    'warm start to /readyz, s (median of 3)',
    (median / 1000).toFixed(2),
    '3 allowed',
    (median / 3000).toFixed(2),
    'loading the code; the database is up in a tenth of it',
  )
}
