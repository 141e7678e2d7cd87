import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Sandbox } from '#sandbox/sandbox.ts'
import { createChance } from '#simulation/chance.ts'
import { type Claim, checkEndState } from '#simulation/check-end-state.ts'
import { startCluster } from './cluster.ts'
import { openFleet, type Worker } from './fleet.ts'
import { copyBuild, copyOlderBuild } from './other-build.ts'
import { ask, killOutright, start, startSandbox, twoFreePorts } from './processes.ts'

/**
 * Three `serve --role worker` on one PostgreSQL, against one sandbox, while people punch: workers are killed, frozen past
 * their lease, cut off from the database, replaced by another version, and the database is restarted under them. After
 * each misfortune the workers are left alone until everything has arrived, and both worlds are compared.
 * Arguments: kills (default 20, at most 60; everything else in proportion), seed (default 1), a part of a misfortune's name.
 */
const usualKills = 20
const mostKills = 60
const dose = Math.min(Number(process.argv[2] ?? usualKills), mostKills) / usualKills
const seed = Number(process.argv[3] ?? 1)
const only = process.argv[4] ?? ''
const chance = createChance(seed)
const times = (count: number) => Math.max(1, Math.round(count * dose))

/** So many that nobody's turn comes twice within a minute: DingTalk tells of one punch a minute and person. */
const people = 600
const fleetSize = 3
const punchEveryMs = 150
/** A lease in seconds and not in minutes, so that freezing somebody past it does not take all day. */
const leaseMs = 10_000
const visibility = { min: 0, max: 2.5 }
const visibilityMax = '4s'
/** Events that nobody took are lost; then the next sweep finds what they were about. */
const pollEvery = '5m'
const arrivesWithinMs = 420_000

type World = {
  since: string
  now: string
  dingtalk: { punches: ReturnType<Sandbox['expectedPunches']> }
  wecom: { records: ReturnType<Sandbox['records']> }
  pairs: ReturnType<Sandbox['pairs']>
}

const onWrites = { api: 'add_checkin_record' }
const slowWrites = { slow: { ...onWrites, probability: 0.5, ms: 600, effect: 'before' } }
const calm = { slow: false }

const scratch = await mkdtemp(join(tmpdir(), 'qintong-scale-'))
const home = join(scratch, 'home')
await mkdir(home, { mode: 0o700 })
const port = await twoFreePorts()
const base = `http://127.0.0.1:${port}`
const env: NodeJS.ProcessEnv = {
  ...process.env,
  ...{ QINTONG_HOME: home, PACE: '1', TZ: 'America/Los_Angeles' },
  ...{ LANE_LEASE: `${leaseMs / 1000}s`, TIMEOUT_MS: '3000' },
}
for (const name of ['DATABASE_URL', 'HTTPS_PROXY', 'https_proxy', 'QINTONG_SECRET_KEY']) delete env[name]
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))

const cluster = await startCluster()
process.once('exit', () => cluster.stop())
const operator = { ...env, DATABASE_URL: cluster.url() }
const sandbox = await startSandbox(
  [
    ...['--port', String(port), '--people', String(people), '--seed', String(seed)],
    ...['--events', 'stream', '--file', join(scratch, 'world.sqlite')],
  ],
  env,
)
await setUp()
const fleet = openFleet(cluster, env)
for (let i = 0; i < fleetSize; i++) await fleet.add()
const { pairs, since } = await look()
const linkable = pairs.filter((pair) => pair.evidence.length > 0)
const taken = new Set<string>()
let turn = 0

console.log(
  '| misfortune | times | punches | arrived by themselves after, s | lost | doubled | invented | falsely verified | in doubt | workers that died of it | noted |',
)
console.log('|---|---|---|---|---|---|---|---|---|---|---|')
let failures = 0
await prove('nothing at all', 1, () => sleep(5_000).then(() => ''))
await prove('a worker is killed outright (kill -9)', times(usualKills), killSomebody)
await prove('a worker is frozen past its lease and wakes again', times(5), freezeHolder)
await prove('the database is restarted (fast)', times(4), () => restart('fast'))
await prove('the database crashes (immediate)', times(4), () => restart('immediate'))
await prove('a worker is cut off from the database', times(4), cutHolderOff)
await prove('the network to the database swallows everything', times(2), silenceHolder)
await prove('the network comes back without its connections', times(1), silenceAndCutHolder)
await prove('two versions side by side, one rolled out', 1, roll)
await tellLog()
await end()

/** Brings the misfortune so often while people punch, then waits until all has arrived, and judges. */
async function prove(name: string, count: number, once: () => Promise<string>): Promise<void> {
  if (!name.includes(only)) return
  await ask(base, 'PUT', 'faults', slowWrites)
  const before = taken.size
  const stopped = new AbortController()
  const punching = punch(stopped.signal)
  let died = 0
  const noted = new Set<string>()
  for (let i = 0; i < count; i++) {
    await sleep(500 + chance() * 2_500)
    const note = await once()
    if (note) noted.add(note)
    for (const worker of [...fleet.workers])
      if (worker.running.child.exitCode !== null || worker.running.child.signalCode !== null) {
        died++
        await fleet.kill(worker)
        await fleet.add()
      }
  }
  stopped.abort()
  await punching
  await ask(base, 'PUT', 'faults', calm)
  // People go on punching as they please: what is judged is what was punched until now.
  const { now: until } = await look()
  const arrivedMs = await untilArrived(until)
  const found = await judge(until)
  const bad = [...found.lost, ...found.doubled, ...found.invented, ...found.falselyVerified]
  const isGood = arrivedMs !== null && bad.length === 0 && found.inDoubt === 0 && died === 0
  const isRight = isGood && ![...noted].some((note) => note.startsWith('WRONG'))
  if (!isRight) failures++
  const cells = [
    ...[name, count, taken.size - before, arrivedMs === null ? 'never' : Math.round(arrivedMs / 1000)],
    ...[found.lost.length, found.doubled.length, found.invented.length, found.falselyVerified.length],
    ...[found.inDoubt, died, [...noted].join('; ') || '–'],
  ]
  console.log(`| ${cells.join(' | ')} |`)
  if (bad.length > 0) console.log(`  ${JSON.stringify(found).slice(0, 1500)}`)
}

/** Mostly whoever is at work, sometimes anybody. */
async function victim(): Promise<Worker> {
  const holder = chance() < 0.8 ? await untilSomebodyHolds() : null
  return holder ?? fleet.workers[Math.floor(chance() * fleet.workers.length)]!
}

async function untilSomebodyHolds(): Promise<Worker | null> {
  for (let waitedMs = 0; waitedMs < 8_000; waitedMs += 20) {
    const holder = await fleet.holder()
    if (holder) return holder
    await sleep(20)
  }
  return null
}

async function killSomebody(): Promise<string> {
  await fleet.kill(await victim())
  await fleet.add()
  return ''
}

/** It must write nothing more under the fence it had: others have the lanes since its lease ended. */
async function freezeHolder(): Promise<string> {
  const worker = await untilSomebodyHolds()
  if (!worker) return 'nobody was at work'
  process.kill(-worker.pid, 'SIGSTOP')
  const [lane] = await cluster.query<{ fence: number; at: string }>(
    'select fence, connection_id as at from lane order by connection_id desc limit 1',
  )
  await sleep(leaseMs + 4_000)
  const [now] = await cluster.query<{ fence: number }>(
    'select fence from lane order by connection_id desc limit 1',
  )
  const thawedAt = new Date()
  process.kill(-worker.pid, 'SIGCONT')
  await sleep(4_000)
  const [after] = await cluster.query<{ count: string }>(
    "select count(*) from batch where fence = $1 and (claimed_at > $2 or (ended_at > $2 and state = 'sent'))",
    [lane!.fence, thawedAt],
  )
  if (Number(after!.count) > 0) return `WRONG: ${after!.count} batches under the old fence`
  return now!.fence > lane!.fence ? 'others took the lanes over' : 'frozen between two steps'
}

async function restart(how: 'fast' | 'immediate'): Promise<string> {
  await untilSomebodyHolds()
  cluster.restart(how)
  await sleep(1_500)
  return ''
}

async function cutHolderOff(): Promise<string> {
  const worker = await victim()
  await worker.cable.cut()
  await sleep(3_000 + chance() * 9_000)
  await worker.cable.heal()
  return ''
}

async function silenceHolder(): Promise<string> {
  const worker = await victim()
  worker.cable.freeze()
  await sleep(leaseMs + 12_000)
  await worker.cable.heal()
  return ''
}

async function silenceAndCutHolder(): Promise<string> {
  const worker = await victim()
  worker.cable.freeze()
  await sleep(leaseMs + 2_000)
  await worker.cable.cut()
  await worker.cable.heal()
  return ''
}

/** One after the other is replaced by the newer build; a build older than the schema is refused. */
async function roll(): Promise<string> {
  const newer = { name: 'newer', launcher: await copyBuild(join(scratch, 'newer'), '9.9.9') }
  const older = await copyOlderBuild(join(scratch, 'older'), '0.0.1')
  const codes: (number | null)[] = []
  for (const worker of [...fleet.workers]) {
    await fleet.add(newer)
    await sleep(4_000)
    codes.push(await fleet.stop(worker))
    await sleep(2_000)
  }
  const refused = await start(['serve', '--role', 'worker', '--json'], operator, older).ended
  const { error } = JSON.parse(refused.said || '{}') as { error?: { code: string; title: string } }
  if (refused.code === 0 || !error?.code.includes('newer-schema'))
    return `WRONG: ${refused.said.slice(0, 200)}`
  if (codes.some((code) => code !== 0)) return `WRONG: ended with ${codes.join(', ')}`
  return `an older build is refused: ${error.title}`
}

/** People punch, a few a second, at this very moment. */
async function punch(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const { dingtalk } = linkable[turn++ % linkable.length]!
    const { now } = await ask<{ now: string }>(base, 'GET', 'clock')
    const at = Temporal.Instant.from(now).round({ smallestUnit: 'second', roundingMode: 'floor' })
    const name = `${dingtalk}@${at.epochMilliseconds}`
    if (!taken.has(name)) {
      taken.add(name)
      const body = { platform: 'dingtalk', userId: dingtalk, at: at.toString({ timeZone: '+08:00' }) }
      await ask(base, 'POST', 'punch', body)
    }
    await sleep(punchEveryMs, undefined, { signal }).catch(() => {})
  }
}

/** Until the target holds every punch that travels and nothing is open; null when that took too long. */
async function untilArrived(until: string): Promise<number | null> {
  const began = performance.now()
  for (;;) {
    const open = await countOpen(until)
    // What was punched last may have come into the ledger since it was counted.
    const { lost, inDoubt } = open === 0 ? await judge(until) : { lost: [], inDoubt: 0 }
    const tookMs = performance.now() - began
    if (open + lost.length + inDoubt === 0) return tookMs
    if (tookMs > arrivesWithinMs) {
      console.log(`  ${open} open, ${lost.length} not written: ${lost.slice(0, 3).join(', ')}`)
      return null
    }
    await sleep(1_000)
  }
}

/** Deliveries decided and not written, or written and not seen. */
async function countOpen(until: string): Promise<number> {
  const [row] = await cluster.query<{ count: string }>(
    `select count(*) from delivery
       left join batch on batch.tenant_id = delivery.tenant_id and batch.id = delivery.batch_id
      where delivery.at <= $1
        and (delivery.state in ('waiting', 'inDoubt') or (delivery.state = 'batched' and batch.state <> 'verified'))`,
    [until],
  )
  return Number(row!.count)
}

function look(): Promise<World> {
  return ask<World>(base, 'GET', 'world')
}

/** Holds both worlds against each other, and against what the product says, up to this instant. */
async function judge(until: string) {
  const world = await look()
  const { said } = await start(['punches', '--from', since, '--to', until, '--json'], operator).ended
  type Told = { userId: string; at: string; void: boolean; deliveries: { state: string }[] }
  const claims = (JSON.parse(said) as Told[]).map(
    (told): Claim => ({
      userId: told.userId,
      at: Temporal.Instant.from(told.at).epochMilliseconds / 1000,
      isVoid: told.void,
      state: told.deliveries[0]?.state ?? null,
    }),
  )
  const last = Temporal.Instant.from(until).epochMilliseconds / 1000
  const worlds = {
    records: () => world.wecom.records.filter((record) => record.checkin_time <= last),
    expectedPunches: () => world.dingtalk.punches.filter(({ at }) => at <= last),
  }
  const twins = new Map(linkable.map((pair) => [pair.dingtalk, pair.wecom]))
  return checkEndState(worlds, claims, twins, { from: since, to: until })
}

async function setUp(): Promise<void> {
  const { setupYaml } = await ask<{ setupYaml: string }>(base, 'GET', 'ready')
  const path = join(scratch, 'setup.yaml')
  await writeFile(
    path,
    setupYaml
      .replace('edition: standard', 'edition: [professional, development-pack]')
      .replace('    jobNumber:', `    visibilityMax: ${visibilityMax}\n    jobNumber:`)
      .replace('    direction:', `    pollEvery: ${pollEvery}\n    direction:`),
  )
  await ask(base, 'PUT', 'faults', { duplicates: 'store', visibilityDelay: visibility, quotaGraceDays: 5 })
  const { code, said } = await start(['apply', '-f', path, '--json'], operator).ended
  if (code !== 0) throw new Error(`apply ended with ${code}: ${said}`)
}

/** What the workers themselves noted: expected failures by code, and errors that nobody expected. */
async function tellLog(): Promise<void> {
  const text = await readFile(join(home, 'logs/qintong.log'), 'utf8').catch(() => '')
  const lines = text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as { level: unknown; code?: string; error?: string; reference?: string }]
    } catch {
      return []
    }
  })
  const bugs = lines.filter((line) => line.reference)
  const codes = Map.groupBy(
    lines.flatMap(({ code }) => (code ? [code] : [])),
    (code) => code,
  )
  console.log(
    `said in the log: ${[...codes].map(([code, all]) => `${all.length} × ${code}`).join(', ') || 'nothing'}`,
  )
  console.log(`errors nobody expected: ${bugs.length}`)
  for (const [error, all] of [...Map.groupBy(bugs, ({ error = '' }) => error.split('\n')[0]!)].slice(0, 8))
    console.log(`  ${all.length} × ${error}`)
  if (bugs.length > 0) failures++
}

/** Stops everything as an operator does, and looks for what is left behind. */
async function end(): Promise<void> {
  const codes = await Promise.all([...fleet.workers].map((worker) => fleet.stop(worker)))
  await sleep(500)
  const left = fleet.leftBehind()
  const [sessions] = await cluster.query<{ count: string }>(
    "select count(*) from pg_stat_activity where application_name like 'qintong%'",
  )
  console.log(
    `workers ended with ${codes.join(', ')}; processes left behind: ${left.length}; sessions left behind: ${sessions!.count}`,
  )
  killOutright(sandbox)
  await sandbox.ended
  const isGood =
    failures === 0 && codes.every((code) => code === 0) && left.length + Number(sessions!.count) === 0
  if (isGood) await rm(scratch, { recursive: true, force: true })
  else console.log(`everything is kept in ${scratch}`)
  console.log(isGood ? 'every punch once, whatever happened' : 'the proof failed')
  process.exitCode = isGood ? 0 : 1
}
