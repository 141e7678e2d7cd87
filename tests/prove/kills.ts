import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { SyncReport } from '#domain/sync-report.ts'
import type { Sandbox } from '#sandbox/sandbox.ts'
import { createChance } from '#simulation/chance.ts'
import { type Claim, checkEndState } from '#simulation/check-end-state.ts'
import { postmasterOf } from '#store/embedded/server.ts'
import { ask, killOutright, type Running, start, startSandbox, twoFreePorts } from './processes.ts'

/**
 * Real processes, real sockets, real `kill -9`: a sandbox company punches while `qintong sync` is killed again and again,
 * sometimes two of them at once, sometimes the database server or the platforms with it, while answers and effects are
 * lost. Then it is simply run again, and both worlds are compared.
 * Arguments: kills (default 100), seed (default 1).
 */
const wanted = Number(process.argv[2] ?? 100)
const seed = Number(process.argv[3] ?? 1)
const chance = createChance(seed)
const people = 60
const freshPerRound = 25
/** A killed write may show this late, and the product is told to wait a little longer: so doubts settle in the proof. */
const visibility = { min: 0, max: 2.5 }
const visibilityMax = '4s'
const longestLifeMs = 4_000
const calmRuns = 12

type World = {
  since: string
  now: string
  dingtalk: { punches: ReturnType<Sandbox['expectedPunches']> }
  wecom: { records: ReturnType<Sandbox['records']> }
  pairs: ReturnType<Sandbox['pairs']>
}

const calm = { answerLost: false, effectLost: false, busy: false, http5xx: false, slow: false }
const onWrites = { api: 'add_checkin_record' }
/** What may come on top of the kill. Every second round has nothing but the kill. */
const troubles: Record<string, unknown>[] = [
  { answerLost: { ...onWrites, next: 1 } },
  { effectLost: { ...onWrites, next: 1 } },
  { busy: { ...onWrites, probability: 0.7, after: true } },
  { http5xx: { ...onWrites, probability: 0.7, after: true } },
  { slow: { ...onWrites, probability: 1, ms: 700, effect: 'before' } },
  { slow: { ...onWrites, probability: 1, ms: 700, effect: 'after' } },
  { answerLost: 0.15, busy: 0.1 },
]

const scratch = await mkdtemp(join(tmpdir(), 'qintong-kills-'))
const home = join(scratch, 'home')
await mkdir(home, { mode: 0o700 })
const port = await twoFreePorts()
const base = `http://127.0.0.1:${port}`
const env: NodeJS.ProcessEnv = { ...process.env, QINTONG_HOME: home, PACE: '1', TZ: 'America/Los_Angeles' }
for (const name of ['DATABASE_URL', 'HTTPS_PROXY', 'https_proxy', 'QINTONG_SECRET_KEY']) delete env[name]

let sandbox = await openSandbox()
process.once('exit', killDatabase)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
const began = Date.now()
const count = { kills: 0, inFlight: 0, unread: 0, databaseKills: 0, sandboxKills: 0 }
const taken = new Set<string>()
const met = new Set<string>()
const endings: string[] = []

const { setupYaml } = await ask<{ setupYaml: string }>(base, 'GET', 'ready')
const setup = join(scratch, 'setup.yaml')
// The professional edition's quota: a hundred half-finished runs read the contacts a hundred times.
await writeFile(
  setup,
  setupYaml
    .replace('edition: standard', 'edition: professional')
    .replace('    jobNumber:', `    visibilityMax: ${visibilityMax}\n    jobNumber:`),
)
await ask(base, 'PUT', 'faults', { duplicates: 'store', visibilityDelay: visibility, quotaGraceDays: 5 })
const applied = await product(['apply', '-f', setup, '--json']).ended
if (applied.code !== 0) throw new Error(`apply ended with ${applied.code}: ${applied.said}`)
const linkable = (await ask<World>(base, 'GET', 'world')).pairs.filter((pair) => pair.evidence.length > 0)
const since = (await ask<World>(base, 'GET', 'world')).since

const progress = setInterval(
  () => process.stderr.write(`${count.kills} kills in ${seconds()} s\n`),
  30_000,
).unref()
while (count.kills < wanted) await round()
clearInterval(progress)

await ask(base, 'PUT', 'faults', calm)
const last = await untilSettled()
const end = await judge()
const row = {
  kills: count.kills,
  'with a write in flight': count.inFlight,
  'with writes not yet read back': count.unread,
  'database server killed too': count.databaseKills,
  'platforms killed too': count.sandboxKills,
  'runs that ended before their kill': tallied(endings) || 'none',
  punches: end.expected,
  lost: end.lost.length,
  doubled: end.doubled.length,
  invented: end.invented.length,
  'falsely verified': end.falselyVerified.length,
  'in doubt': end.inDoubt,
  recovered: last !== null && end.inDoubt === 0,
  seconds: seconds(),
}
console.log('| what | how many |\n|---|---|')
for (const [what, value] of Object.entries(row)) console.log(`| ${what} | ${value} |`)
const bad = [...end.lost, ...end.doubled, ...end.invented, ...end.falselyVerified]
if (bad.length > 0) console.log(`seed ${seed}: ${JSON.stringify(end).slice(0, 2000)}`)
killOutright(sandbox)
await sandbox.ended
const isGood = bad.length === 0 && row.recovered && end.expected > 0
if (isGood) await rm(scratch, { recursive: true, force: true })
else console.log(`everything is kept in ${scratch}`)
console.log(isGood ? 'nothing lost, nothing doubled' : 'the proof failed')
process.exitCode = isGood ? 0 : 1

/**
 * People punch, misfortune is set, one or two runs start, and each is killed at a moment of its own. Half of the rounds
 * aim: answers to writes are slow, and the kill falls while one is on its way or just after.
 */
async function round(): Promise<void> {
  await punchSome()
  const isAimed = chance() < 0.5
  const slowWrites = {
    slow: { ...onWrites, probability: 1, ms: 600, effect: chance() < 0.5 ? 'before' : 'after' },
  }
  const trouble = chance() < 0.5 ? {} : troubles[Math.floor(chance() * troubles.length)]!
  await ask(base, 'PUT', 'faults', { ...calm, ...trouble, ...(isAimed && slowWrites) })
  const databaseDies = chance() < 0.12
  const platformsDie = !isAimed && chance() < 0.12
  const lives = (chance() < 0.2 ? [0, chance() * 800] : [0]).map(async (startMs) => {
    const doom = isAimed
      ? aWrite().then(() => sleep(chance() * 500))
      : sleep(startMs + 200 + chance() * longestLifeMs)
    await sleep(startMs)
    const run = product(['sync', '--route', 'hq', '--from', since, '--json'])
    await Promise.race([doom, run.ended])
    killOutright(run)
    return run.ended
  })
  if (platformsDie) await sleep(chance() * longestLifeMs).then(killSandbox)
  for (const { signal, code, said } of await Promise.all(lives)) {
    if (signal === 'SIGKILL') count.kills++
    else
      endings.push(
        code === 0 || code === 3 ? 'well' : (/"code":\s*"([^"]+)"/.exec(said)?.[1] ?? `exit ${code}`),
      )
  }
  await lookIntoLedger()
  if (databaseDies) killDatabase()
}

/** Resolves when the platform has been asked to write, or when that does not happen for a while. */
async function aWrite(): Promise<void> {
  const asked = async () =>
    (await ask<{ struck: Record<string, number> }>(base, 'GET', 'faults')).struck['slow'] ?? 0
  const before = await asked()
  for (let waitedMs = 0; waitedMs < 2 * longestLifeMs && (await asked()) === before; waitedMs += 25)
    await sleep(25)
}

async function punchSome(): Promise<void> {
  const { now } = await ask<{ now: string }>(base, 'GET', 'clock')
  const latest = Temporal.Instant.from(now).epochMilliseconds / 1000 - 60
  const earliest = Temporal.Instant.from(since).epochMilliseconds / 1000
  for (let i = 0; i < freshPerRound; i++) {
    const { dingtalk } = linkable[Math.floor(chance() * linkable.length)]!
    const at = Math.floor(earliest + chance() * (latest - earliest))
    if (taken.has(`${dingtalk}@${at}`)) continue
    taken.add(`${dingtalk}@${at}`)
    const instant = Temporal.Instant.fromEpochMilliseconds(at * 1000)
    await ask(base, 'POST', 'punch', {
      platform: 'dingtalk',
      userId: dingtalk,
      at: instant.toString({ timeZone: '+08:00' }),
    })
  }
}

/** In what the kill caught the product: counted from its own ledger, for the table only. */
async function lookIntoLedger(): Promise<void> {
  const data = join(home, 'postgres/data')
  const password = await readFile(join(home, 'postgres/password'), 'utf8').catch(() => '')
  const client = new Client({
    host: data,
    port: 5432,
    user: 'qintong',
    password: password.trim(),
    database: 'qintong',
  })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ id: string; state: string }>('select id, state from batch')
    // What an earlier kill had left, and this run never got to, does not count again.
    const isNew = ({ id, state }: { id: string; state: string }) =>
      !met.has(`${id} ${state}`) && met.add(`${id} ${state}`)
    const states = rows.filter(isNew).map((one) => one.state)
    if (states.includes('sending')) count.inFlight++
    else if (states.includes('sent') || states.includes('inDoubt')) count.unread++
  } catch {
    // No server: nothing was begun, or it is on its way up or down.
  } finally {
    await client.end().catch(() => {})
  }
}

function killDatabase(): void {
  const pid = postmasterOf({ data: join(home, 'postgres/data') })
  if (pid === null) return
  process.kill(pid, 'SIGKILL')
  count.databaseKills++
}

async function killSandbox(): Promise<void> {
  killOutright(sandbox)
  await sandbox.ended
  count.sandboxKills++
  sandbox = await openSandbox()
}

/** Runs it as an operator would, until nothing is in doubt any more. Null when that never came. */
async function untilSettled(): Promise<SyncReport | null> {
  for (let run = 0; run < calmRuns; run++) {
    const { code, said } = await product(['sync', '--route', 'hq', '--from', since, '--json']).ended
    const report = code === 0 || code === 3 ? (JSON.parse(said) as SyncReport) : null
    if (report && report.deliveries.inDoubt === 0) return report
    process.stderr.write(`calm run ${run + 1}: exit ${code} ${said.slice(0, 300)}\n`)
  }
  return null
}

async function judge() {
  const world = await ask<World>(base, 'GET', 'world')
  const { said } = await product(['punches', '--from', since, '--to', world.now, '--json']).ended
  const claims = (
    JSON.parse(said) as { userId: string; at: string; void: boolean; deliveries: { state: string }[] }[]
  ).map(
    (punch): Claim => ({
      userId: punch.userId,
      at: Temporal.Instant.from(punch.at).epochMilliseconds / 1000,
      isVoid: punch.void,
      state: punch.deliveries[0]?.state ?? null,
    }),
  )
  const worlds = { records: () => world.wecom.records, expectedPunches: () => world.dingtalk.punches }
  const pairs = new Map(linkable.map((pair) => [pair.dingtalk, pair.wecom]))
  return checkEndState(worlds, claims, pairs, { from: since, to: world.now })
}

function product(args: string[]): Running {
  return start(args, env)
}

function openSandbox(): Promise<Running> {
  const args = ['--port', String(port), '--people', String(people), '--seed', String(seed)]
  return startSandbox([...args, '--file', join(scratch, 'world.sqlite')], env)
}

function tallied(names: string[]): string {
  return [...Map.groupBy(names, (name) => name)].map(([name, list]) => `${list.length} ${name}`).join(', ')
}

function seconds(): number {
  return Math.round((Date.now() - began) / 1000)
}
