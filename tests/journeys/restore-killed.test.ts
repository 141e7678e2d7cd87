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

function command(...args: string[]) {
  const { user, password, database, host, port } = target.config
  const at = `${encodeURIComponent(user)}:${encodeURIComponent(password)}@localhost`
  const env = {
    ...process.env,
    QINTONG_HOME: join(folder, 'new'),
    QINTONG_SECRET_KEY: key,
    DATABASE_URL: `postgres://${at}:${port}/${database}?host=${encodeURIComponent(host)}&port=${port}`,
  }
  return start([...args, '--json'], env)
}

/** What our sessions on the target do; none when nobody is connected. */
const doings = `select query from pg_stat_activity where datname = current_database() and application_name like 'qintong%'`

/** Resolves when sessions of ours have done these one after the other; false when the process ended without. */
async function haveDone(steps: readonly RegExp[], ended: Promise<unknown>): Promise<boolean> {
  let isOver = false
  void ended.then(() => {
    isOver = true
  })
  const client = new Client({ ...target.config, application_name: 'looks on' })
  await client.connect()
  try {
    let next = 0
    while (!isOver && next < steps.length) {
      const { rows } = await client.query<{ query: string }>(doings)
      if (rows.some(({ query }) => steps[next]!.test(query))) next++
    }
    return next === steps.length
  } finally {
    await client.end()
  }
}

const [out, into] = [/copy .*to stdout/is, /copy .*from stdin/is]
const moments = [
  { when: 'while what is there is saved', steps: [out], afterMs: 0 },
  {
    when: 'in the middle of the largest table',
    steps: [/copy .*call_log.*from stdin/is],
    afterMs: 30,
    isAsked: true,
  },
  { when: 'while what came is compared', steps: [into, out], afterMs: 0 },
  { when: 'late in that', steps: [into, /copy .*call_log.*to stdout/is], afterMs: 30 },
]

async function stillWaits({ child, ended }: ReturnType<typeof command>): Promise<void> {
  await Promise.race([sleep(2_500), ended])
  expect(child.exitCode).toBeNull()
}

test('a restore that is killed has changed nothing, what is there is served, and run again it ends whole', async () => {
  const before = await allRows(target.config)
  for (const { when, steps, afterMs, isAsked = false } of moments) {
    const restoring = command('restore', file, '--replace')
    const isThere = await haveDone(steps, restoring.ended)
    await sleep(afterMs)
    // Whoever asks meanwhile is told nothing of what is half there: they wait, and hear what counts.
    if (isAsked) process.kill(-restoring.child.pid!, 'SIGSTOP')
    const beside = isAsked ? command('status') : null
    if (beside) await stillWaits(beside)
    killOutright(restoring)
    if (beside) expect({ when, code: (await beside.ended).code }).toEqual({ when, code: 0 })
    const { signal } = await restoring.ended
    expect({ when, isThere, signal }).toEqual({ when, isThere: true, signal: 'SIGKILL' })
    // The server notices within a moment that nobody is there any more.
    await expect.poll(() => asked(target, doings), { timeout: 10_000 }).toEqual([])
    expect({ when, ...(await allRows(target.config)) }).toEqual({ when, ...before })
  }
  const status = await command('status').ended
  expect(status.code).toBe(0)
  const restoring = command('restore', file, '--replace')
  expect(await haveDone([into], restoring.ended)).toBe(true)
  process.kill(-restoring.child.pid!, 'SIGSTOP')
  const beside = command('status')
  await stillWaits(beside)
  process.kill(-restoring.child.pid!, 'SIGCONT')
  expect((await restoring.ended).code).toBe(0)
  expect((await beside.ended).code).toBe(0)
  const after = await allRows(target.config)
  const wanted = await allRows(from.config)
  for (const table of ['punch', 'delivery', 'batch', 'call_log', 'account', 'person_account'])
    expect([table, after[table]]).toEqual([table, wanted[table]])
  expect(after['call_log']!.rows).toBeGreaterThan(manyCalls)
}, 90_000)
