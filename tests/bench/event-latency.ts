import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ReadyDocument } from '#sandbox/ready.ts'
import { startCluster } from '../prove/cluster.ts'
import { ask, killOutright, type Running, start } from '../prove/processes.ts'
import { percentiles } from './percentiles.ts'

/**
 * From a punch in DingTalk to its record in WeCom, and until it was read back: one `serve --role worker` on PostgreSQL, both
 * platforms in a process of their own over real HTTP and a real Stream, the development pack's documented limits at pace
 * 1.0, 50 ms answers, and a store that shows within five seconds. Nobody punches twice, and all
 * evenly over the time.
 * Arguments: people (10000), seconds (300), punches (as many as people). `10000 60 2000` is the short form.
 */
const people = Number(process.argv[2] ?? 10_000)
const seconds = Number(process.argv[3] ?? 300)
const punches = Number(process.argv[4] ?? people)
const answerMs = 50
const visibility = { min: 0, max: 5 }
const settlesWithinMs = 120_000

type Pair = { dingtalk: string; wecom: string }
type World = {
  pairs: Pair[]
  wecom: { records: { userid: string; checkin_time: number; origin: string; storedAt: string }[] }
}

const scratch = await mkdtemp(join(tmpdir(), 'qintong-latency-'))
const cluster = await startCluster()
process.once('exit', () => cluster.stop())
const platforms = startPlatforms()
const base = (await readyOf(platforms)).addresses.dingtalk
const env: NodeJS.ProcessEnv = { ...process.env, QINTONG_HOME: join(scratch, 'home'), PACE: '1' }
env['DATABASE_URL'] = cluster.url()
for (const name of ['HTTPS_PROXY', 'https_proxy', 'QINTONG_SECRET_KEY']) delete env[name]

await setUp()
const begun = new Date()
const worker = start(['serve', '--role', 'worker', '--json'], env)
process.once('exit', () => killOutright(worker))
await until('the first sweep is over', async () => {
  const [route] = await cluster.query<{ done: boolean }>(
    'select count(*) > 0 as done from leg where swept_at is not null',
  )
  return route!.done && (await countOpen(begun)) === 0
})

const { pairs } = await ask<World>(base, 'GET', 'world')
const punchedAt = await punchAll(pairs.slice(0, punches))
const punched = new Date()
await until('everything is verified', async () => (await countOpen(punched)) === 0)
await tell()

worker.child.kill('SIGTERM')
await worker.ended
killOutright(platforms)
await rm(scratch, { recursive: true, force: true })

function startPlatforms(): Running {
  const options = {
    ...{ people, days: 1, style: 'plain', events: 'stream' },
    edition: ['professional', 'development-pack'],
    faults: {
      ...{ duplicates: 'store', visibilityDelay: visibility, quotaGraceDays: 5 },
      slow: { probability: 1, ms: answerMs, effect: 'before' },
    },
  }
  const path = fileURLToPath(new URL('platforms.ts', import.meta.url))
  const running = start(['run-script', path, JSON.stringify(options)], process.env)
  process.once('exit', () => killOutright(running))
  return running
}

async function readyOf(running: Running): Promise<ReadyDocument> {
  let text = ''
  running.child.stdout!.on('data', (chunk: string) => {
    text += chunk
  })
  while (!text.includes('\n')) await once(running.child.stdout!, 'data')
  return (JSON.parse(text) as ReadyDocument[])[0]!
}

async function setUp(): Promise<void> {
  const { setupYaml } = await ask<{ setupYaml: string }>(base, 'GET', 'ready')
  const path = join(scratch, 'setup.yaml')
  await writeFile(
    path,
    setupYaml.replace('    jobNumber:', `    visibilityMax: ${visibility.max}s\n    jobNumber:`),
  )
  const { code, said } = await start(['apply', '-f', path, '--json'], env).ended
  if (code !== 0) throw new Error(`apply ended with ${code}: ${said}`)
}

/** One punch each, at the moment when it is its turn. Gives when each was made, epoch ms, by WeCom id and second. */
async function punchAll(all: Pair[]): Promise<Map<string, number>> {
  const made = new Map<string, number>()
  const begun = Date.now()
  await Promise.all(
    all.map(async ({ dingtalk, wecom }, i) => {
      await sleep((i * seconds * 1000) / all.length)
      const now = Date.now()
      const second = Math.floor(now / 1000)
      const at = Temporal.Instant.fromEpochMilliseconds(second * 1000).toString({ timeZone: '+08:00' })
      await ask(base, 'POST', 'punch', { platform: 'dingtalk', userId: dingtalk, at })
      made.set(`${wecom.toLowerCase()}@${second}`, now)
    }),
  )
  console.log(`${made.size} punches in ${Math.round((Date.now() - begun) / 1000)} s`)
  return made
}

/** What came in by then and is not settled: the sandbox's own people go on punching where it is their hour. */
async function countOpen(by: Date): Promise<number> {
  const [row] = await cluster.query<{ count: string }>(
    `select (select count(*) from event where handled_at is null and received_at <= $1)
          + (select count(*) from delivery left join batch
               on batch.tenant_id = delivery.tenant_id and batch.id = delivery.batch_id
              where delivery.at <= $1 and (delivery.state in ('waiting', 'inDoubt')
                 or (delivery.state = 'batched' and batch.state <> 'verified'))) as count`,
    [by],
  )
  return Number(row!.count)
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const began = Date.now()
  while (!(await isSo())) {
    if (Date.now() - began > settlesWithinMs + seconds * 1000) throw new Error(`never: ${what}`)
    await sleep(500)
  }
}

async function tell(): Promise<void> {
  const { wecom } = await ask<World>(base, 'GET', 'world')
  const written: number[] = []
  for (const record of wecom.records) {
    const at = punchedAt.get(`${record.userid.toLowerCase()}@${record.checkin_time}`)
    if (at !== undefined) written.push(Temporal.Instant.from(record.storedAt).epochMilliseconds - at)
  }
  const rows = await cluster.query<{ user: string; second: string; at: Date }>(
    `select lower(target_user) as user, extract(epoch from at)::int8 as second, coalesce(settled_at, batch.verified_at) as at
       from delivery left join batch on batch.tenant_id = delivery.tenant_id and batch.id = delivery.batch_id
      where delivery.state = 'verified' or batch.state = 'verified'`,
  )
  const verified = rows.flatMap(({ user, second, at }) => {
    const made = punchedAt.get(`${user}@${second}`)
    return made === undefined ? [] : [at.getTime() - made]
  })
  console.log('| from the punch until it is … | punches | p50, s | p95, s | longest, s | p95 allowed, s |')
  console.log('|---|---|---|---|---|---|')
  for (const [what, values, allowed] of [
    ['written in WeCom', written, 2],
    ['verified', verified, 60],
  ] as const) {
    const { p50, p95, most } = percentiles(values)
    console.log(`| ${what} | ${values.length} | ${p50} | ${p95} | ${most} | ${allowed} |`)
  }
  const calls = await cluster.query<{ api: string; count: string; outcome: string }>(
    'select api, outcome, count(*) from call_log group by 1, 2 order by 1, 2',
  )
  console.log(`calls: ${calls.map(({ api, outcome, count }) => `${count} ${api} ${outcome}`).join(', ')}`)
}
