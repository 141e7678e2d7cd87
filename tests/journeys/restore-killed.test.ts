import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSettings } from '#settings/settings.ts'
import { foundCompany } from '#simulation/company.ts'
import { backUp } from '../../src/back-up.ts'
import { killOutright, start } from '../prove/processes.ts'
import { allRows } from '../support/all-rows.ts'
import { migratedDatabase, type TestDatabase } from '../support/database.ts'
import { type StopAt, stoppedAt } from '../support/stop-at-statement.ts'

const key = Buffer.alloc(32, 5).toString('base64')
/** Enough for every phase to last a while. */
const manyCalls = 60_000
let folder: string
let from: TestDatabase
let target: TestDatabase
let file: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qintong-killed-'))
  file = join(folder, 'one.backup')
  ;[from, target] = await Promise.all([migratedDatabase(), migratedDatabase()])
  for (const [{ config }, people] of [[from, 8] as const, [target, 4] as const]) {
    await using company = await foundCompany({ database: config, seed: 5, people, style: 'sample' })
    await company.sync()
  }
  await asked(
    from,
    `insert into call_log (tenant_id, connection_id, at, api, duration_ms, outcome, their_code, their_text, request_id, cost)
     select 1, 1, now(), 'x' || n, 1, 'ok', '', '', '', 0 from generate_series(1, ${manyCalls}) n`,
  )
  const read = readSettings({ QINTONG_HOME: join(folder, 'old'), QINTONG_SECRET_KEY: key })
  if (!read.ok) throw new Error(read.invalid.what)
  const now = Temporal.Instant.from('2026-11-01T00:00:00Z')
  await backUp(
    { ...read.settings, databaseUrl: from.url },
    { file, build: 'test', now, onProgress: () => {} },
  )
  await mkdir(join(folder, 'new'), { mode: 0o700 })
}, 60_000)
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await from?.drop()
  await target?.drop()
})

async function asked<T extends object>({ config }: TestDatabase, text: string): Promise<T[]> {
  const client = new Client({ ...config, application_name: 'looks on' })
  await client.connect()
  try {
    return (await client.query<T>(text)).rows
  } finally {
    await client.end()
  }
}

function command(args: string[], more: NodeJS.ProcessEnv = {}) {
  const { user, password, database, host, port } = target.config
  const at = `${encodeURIComponent(user)}:${encodeURIComponent(password)}@localhost`
  const env = {
    ...process.env,
    QINTONG_HOME: join(folder, 'new'),
    QINTONG_SECRET_KEY: key,
    DATABASE_URL: `postgres://${at}:${port}/${database}?host=${encodeURIComponent(host)}&port=${port}`,
    ...more,
  }
  return start([...args, '--json'], env)
}

/** A restore that gets this signal at one moment of its own, and when it has come. */
function restoring(at: Omit<StopAt, 'file'>) {
  const mark = join(folder, `came-${randomUUID()}`)
  const running = command(['restore', file, '--replace'], stoppedAt({ ...at, file: mark }))
  return { ...running, came: () => existsSync(mark) }
}

/** What our sessions on the target do; none when nobody is connected. */
const doings = `select query from pg_stat_activity where datname = current_database() and application_name like 'qintong%'`

const [out, into] = ['copy .*to stdout', 'copy .*from stdin']
const moments: { moment: string; steps: string[]; when: StopAt['when'] }[] = [
  { moment: 'while what is there is saved', steps: [out], when: 'sent' },
  {
    moment: 'in the middle of the largest table',
    steps: ['copy .*call_log.*from stdin'],
    when: { afterMs: 30 },
  },
  { moment: 'while what came is compared', steps: [into, out], when: 'sent' },
  { moment: 'late in that', steps: [into, 'copy .*call_log.*to stdout'], when: 'sent' },
  { moment: 'right before it counts', steps: [into, out, '^commit'], when: 'sent' },
]

async function stillWaits({ child, ended }: ReturnType<typeof command>): Promise<void> {
  await Promise.race([sleep(2_500), ended])
  expect(child.exitCode).toBeNull()
}

test('a restore that is killed has changed nothing, and what is there is served', async () => {
  const before = await allRows(target.config)
  for (const { moment, ...at } of moments) {
    const { ended, came } = restoring({ ...at, signal: 'SIGKILL' })
    const { signal } = await ended
    expect({ moment, came: came(), signal }).toEqual({ moment, came: true, signal: 'SIGKILL' })
    // The server notices within a moment that nobody is there any more.
    await expect.poll(() => asked(target, doings), { timeout: 10_000 }).toEqual([])
    expect({ moment, ...(await allRows(target.config)) }).toEqual({ moment, ...before })
  }
  expect((await command(['status']).ended).code).toBe(0)
}, 90_000)

test('whoever asks in the middle of one that dies waits, and is told what was there before', async () => {
  const before = await allRows(target.config)
  const stopped = restoring({
    steps: ['copy .*call_log.*from stdin'],
    when: { afterMs: 30 },
    signal: 'SIGSTOP',
  })
  await expect.poll(stopped.came, { timeout: 20_000 }).toBe(true)
  const beside = command(['status'])
  await stillWaits(beside)
  killOutright(stopped)
  expect((await beside.ended).code).toBe(0)
  expect(await allRows(target.config)).toEqual(before)
}, 60_000)

test('whoever asks in the middle of one that goes on waits, and it ends whole', async () => {
  const stopped = restoring({ steps: [into], when: 'sent', signal: 'SIGSTOP' })
  await expect.poll(stopped.came, { timeout: 20_000 }).toBe(true)
  const beside = command(['status'])
  await stillWaits(beside)
  process.kill(-stopped.child.pid!, 'SIGCONT')
  expect((await stopped.ended).code).toBe(0)
  expect((await beside.ended).code).toBe(0)
  const after = await allRows(target.config)
  const wanted = await allRows(from.config)
  for (const table of ['punch', 'delivery', 'batch', 'call_log', 'account', 'person_account'])
    expect([table, after[table]]).toEqual([table, wanted[table]])
  expect(after['call_log']!.rows).toBeGreaterThan(manyCalls)
}, 60_000)
