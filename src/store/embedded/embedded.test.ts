import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startEmbedded } from './embedded.ts'
import { postmasterOf } from './server.ts'

const script = fileURLToPath(new URL('../../../tests/support/embedded-user.ts', import.meta.url))

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'qintong-embedded-'))
})
afterEach(async () => {
  const pid = server()
  if (pid !== null) process.kill(pid, 'SIGQUIT')
  await vi.waitUntil(() => server() === null, { timeout: 20_000 })
  await rm(home, { recursive: true, force: true })
})

const server = () => postmasterOf({ data: join(home, 'postgres', 'data') })

/** Starts a process on the home and waits for it to have added its visit. */
async function visit(ending: 'release' | 'exit' | 'hang' = 'release', env = process.env) {
  const child = spawn(process.execPath, [script, home, ending], { stdio: ['pipe', 'pipe', 'inherit'], env })
  const lines = createInterface({ input: child.stdout })
  const [line] = await once(lines, 'line')
  return { visits: Number(String(line).split(' ')[1]), leave: () => leave(child), kill: () => kill(child) }
}

async function leave(child: ChildProcess) {
  child.stdin?.end()
  await once(child, 'exit')
}

async function kill(child: ChildProcess) {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

test('several processes share one server, and the last one out stops it, whoever started it', async () => {
  const [first, second, third] = await Promise.all([visit(), visit(), visit('exit')])
  const pid = server()
  expect(pid).not.toBeNull()
  expect([first.visits, second.visits, third.visits].sort()).toEqual([1, 2, 3])
  await first.leave()
  expect(server()).toBe(pid)
  await second.leave()
  expect(server()).toBe(pid)
  await third.leave()
  await vi.waitUntil(() => server() === null, { timeout: 20_000 })
})

test('a process that exits without a word takes the server with it when it was the last', async () => {
  const { leave } = await visit('exit')
  await leave()
  await vi.waitUntil(() => server() === null, { timeout: 20_000 })
})

test('a killed process leaves the server running; the next adopts it and stops it at the end', async () => {
  const { kill } = await visit('hang')
  await kill()
  const pid = server()
  expect(pid).not.toBeNull()
  const next = await visit()
  expect(server()).toBe(pid)
  expect(next.visits).toBe(2)
  await next.leave()
  expect(server()).toBeNull()
})

test('a killed server starts again with all that was committed', async () => {
  const { kill, visits } = await visit('hang')
  expect(visits).toBe(1)
  process.kill(server() ?? 0, 'SIGKILL')
  await kill()
  const next = await visit()
  expect(next.visits).toBe(2)
  await next.leave()
})

test('a server that dies under a running process is started again when it asks', async () => {
  const embedded = await startEmbedded({ home })
  const pid = server() ?? 0
  process.kill(pid, 'SIGKILL')
  await vi.waitUntil(() => server() === null)
  await embedded.ensureRunning()
  const client = new Client(embedded.config)
  await client.connect()
  await client.end()
  expect(server()).not.toBe(pid)
  await embedded.release()
  expect(server()).toBeNull()
})

test('a pid file that names a stranger, as after a restarted container, neither stops the start nor the stranger', async () => {
  await (await visit()).leave()
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const data = join(home, 'postgres', 'data')
  for (const name of ['postmaster.pid', '.s.PGSQL.5432.lock']) {
    await writeFile(join(data, name), `${stranger.pid}\n${data}\n1\n5432\n.\n\n  1 1\nready   \n`)
  }
  const next = await visit()
  expect(next.visits).toBe(2)
  await next.leave()
  expect(stranger.exitCode).toBeNull()
  await kill(stranger)
})

test('an initialisation that was cut short is done again', async () => {
  await mkdir(join(home, 'postgres', 'data.new', 'base'), { recursive: true })
  await writeFile(join(home, 'postgres', 'data.new', 'PG_VERSION'), '18\n')
  const { visits, leave } = await visit()
  expect(visits).toBe(1)
  await leave()
})

test('a home whose path is too long for a socket works', async () => {
  const short = home
  home = join(short, 'x'.repeat(100))
  await mkdir(home)
  const { visits, leave } = await visit()
  expect(visits).toBe(1)
  await leave()
  home = short
})

test('where no user namespace can be made it runs all the same, and goes back and forth', async () => {
  const before = await visit()
  await before.leave()
  const without = await visit('release', { ...process.env, PATH: '' })
  expect(without.visits).toBe(2)
  await without.leave()
  const after = await visit()
  expect(after.visits).toBe(3)
  await after.leave()
})

test('it listens nowhere but on its own socket, with a password', async () => {
  const embedded = await startEmbedded({ home })
  const client = new Client(embedded.config)
  await client.connect()
  const { rows } = await client.query(
    "select current_setting('listen_addresses') as addresses, current_setting('fsync') as fsync",
  )
  await client.end()
  expect(rows).toEqual([{ addresses: '', fsync: 'on' }])
  const stranger = new Client({ ...embedded.config, password: 'guess' })
  await expect(stranger.connect()).rejects.toMatchObject({ code: '28P01' })
  await embedded.release()
})

test('a statement that fails leaves no value of it in the log', async () => {
  const embedded = await startEmbedded({ home })
  const client = new Client(embedded.config)
  await client.connect()
  await client.query('create table person (mobile text primary key)')
  await client.query("insert into person values ('13800000000')")
  await expect(client.query("insert into person values ('13800000000')")).rejects.toMatchObject({
    code: '23505',
  })
  await expect(client.query("select '13800000000x'::int")).rejects.toMatchObject({ code: '22003' })
  await client.end()
  await embedded.release()
  expect(await readFile(join(home, 'postgres.log'), 'utf8')).not.toContain('13800000000')
  expect((await readdir(home)).sort()).toEqual(['postgres', 'postgres.log'])
})

test('data that cannot be read ends in a failure that carries the end of the log', async () => {
  await (await visit()).leave()
  await writeFile(join(home, 'postgres', 'data', 'PG_VERSION'), '12\n')
  await expect(startEmbedded({ home })).rejects.toMatchObject({
    failure: { code: 'store.gone', facts: { reason: expect.stringContaining('incompatible') } },
  })
  expect(server()).toBeNull()
})
