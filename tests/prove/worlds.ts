import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { SimulationReport } from '#domain/simulation-report.ts'

/**
 * The long simulation: thousands of one-day worlds and month-long ones with all faults, through `qintong simulate`, as
 * many at a time as there are cores for. Anything but a world in which every invariant holds fails the proof.
 * `--day-seeds N` (9900), `--month-seeds N` (100), `--from-seed N` (1), `--at-once N` (2), `--minutes N`: ends early and
 * says how far it came. A number alone, as `npm run prove` hands on, is the number of one-day seeds.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'day-seeds': { type: 'string' },
    'month-seeds': { type: 'string', default: '100' },
    'from-seed': { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '2' },
    minutes: { type: 'string', default: '0' },
  },
})
const daySeeds = Number(values['day-seeds'] ?? positionals[0] ?? 9_900)
const monthSeeds = Number(values['month-seeds'])
const firstSeed = Number(values['from-seed'])
const limitMs = Number(values.minutes) * 60_000 || Number.POSITIVE_INFINITY
const monthDays = 30
/** Many times what the longest portion takes. A story that comes to no end is a failure of the proof, not silence. */
const portionLimitMs = 40 * 60_000
const seedsPerRun = { day: 50, month: 1 }

type Portion = { kind: 'day' | 'month'; from: number; seeds: number }
type Total = Omit<SimulationReport, 'hash' | 'durationMs' | 'fromSeed'>

const command = fileURLToPath(new URL('../../bin/qintong.js', import.meta.url))
const scratch = await mkdtemp(join(tmpdir(), 'qintong-worlds-'))
const began = performance.now()
const waiting = [...portions('month', monthSeeds), ...portions('day', daySeeds)]
/** What was said of portions that ended without a report. */
const untold: string[] = []
const total: Record<'day' | 'month', Total> = { day: nothing(1), month: nothing(monthDays) }
await Promise.all(Array.from({ length: Number(values['at-once']) }, (_, i) => work(`home-${i}`)))
await rm(scratch, { recursive: true, force: true })

console.log(
  '| worlds | days each | punches | written | wake-ups | kills | broken |\n|---|---|---|---|---|---|---|',
)
for (const { seeds, days, punches, written, wakes, kills, broken } of Object.values(total))
  console.log(`| ${[seeds, days, punches, written, wakes, kills, broken.length].join(' | ')} |`)
const isBroken = untold.length > 0 || Object.values(total).some(({ broken }) => broken.length > 0)
const isWhole = total.day.seeds === daySeeds && total.month.seeds === monthSeeds
console.log(
  `${isBroken ? 'BROKEN' : 'every invariant held'} in ${Math.round((performance.now() - began) / 1000)} s${isWhole ? '' : ', ended before all were told'}`,
)
process.exitCode = isBroken ? 1 : 0

function portions(kind: Portion['kind'], seeds: number): Portion[] {
  const size = seedsPerRun[kind]
  return Array.from({ length: Math.ceil(seeds / size) }, (_, i) => ({
    ...{ kind, from: firstSeed + i * size },
    seeds: Math.min(size, seeds - i * size),
  }))
}

function nothing(days: number): Total {
  return { seeds: 0, days, wakes: 0, kills: 0, punches: 0, written: 0, broken: [] }
}

/** Takes the next portion until none is left or the time is over. */
async function work(name: string): Promise<void> {
  for (;;) {
    if (performance.now() - began > limitMs) return
    const portion = waiting.shift()
    if (!portion) return
    const report = await simulate(join(scratch, name), portion).catch((error: Error) => {
      untold.push(error.message)
      console.log(error.message)
    })
    if (!report) continue
    const sum = total[portion.kind]
    for (const field of ['seeds', 'wakes', 'kills', 'punches', 'written'] as const)
      sum[field] += report[field]
    sum.broken.push(...report.broken)
    for (const { seed, breaches, story } of report.broken) {
      console.log(`seed ${seed}, ${report.days} days`)
      for (const { invariant, at, what } of breaches) console.log(`  ${invariant} ${at} ${what}`)
      for (const line of story) console.log(`    ${line}`)
    }
    console.log(`${total.month.seeds} months and ${total.day.seeds} days told, ${sum.broken.length} broken`)
  }
}

/** A portion through the command itself; one that ends without a report is a failure of the proof. */
function simulate(home: string, { kind, from, seeds }: Portion): Promise<SimulationReport> {
  const days = kind === 'month' ? monthDays : 1
  const numbers = ['--seeds', seeds, '--from-seed', from, '--days', days].map(String)
  const child = spawn(process.execPath, [command, 'simulate', '--json', ...numbers], {
    env: { ...process.env, QINTONG_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...{ timeout: portionLimitMs, killSignal: 'SIGKILL' },
  })
  let said = ''
  let complained = ''
  child.stdout.on('data', (chunk) => (said += chunk))
  child.stderr.on('data', (chunk) => (complained = `${complained}${chunk}`.slice(-4_000)))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      const report = reportIn(said)
      if (report) resolve(report)
      else
        reject(
          new Error(`seeds ${from} and on, ${days} days each, ended with ${code}: ${said} ${complained}`),
        )
    })
  })
}

/** The report among what a command said; null when it ended with something else. */
function reportIn(said: string): SimulationReport | null {
  try {
    const report = JSON.parse(said) as Partial<SimulationReport>
    return report.broken ? (report as SimulationReport) : null
  } catch {
    return null
  }
}
