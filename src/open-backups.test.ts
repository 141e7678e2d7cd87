import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { explain } from '#messages/messages.ts'
import { readSettings } from '#settings/settings.ts'
import { openDatabase } from '#store/database.ts'
import { migrate } from '#store/migrate.ts'
import { type TestDatabase, testDatabase } from '../tests/support/database.ts'
import { failureOf } from '../tests/support/failure-of.ts'
import { noLog } from './app/parts.ts'
import { type BackupMemory, type BackupPlan, backUpIfDue, backupFacts } from './app/scheduled-backup.ts'
import { restore } from './back-up.ts'
import { readBackup } from './backup/read-backup.ts'
import { openBackups } from './open-backups.ts'

let store: TestDatabase
let home: string
beforeAll(async () => {
  store = await testDatabase()
  const database = openDatabase(store.config)
  await migrate(database)
  await database.close()
})
afterAll(() => store?.drop())
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'qintong-scheduled-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

const secretKey = Buffer.alloc(32, 9)
const start = Temporal.Instant.from('2026-11-01T04:00:00Z')
const never = new AbortController().signal

/** One process with a clock that a test sets. */
function aProcess(given: { everyHours?: number; keep?: number; key?: string } = {}) {
  const time = { now: start }
  const clock = { now: () => time.now, sleep: async () => {} }
  const settings = {
    home,
    secretKey: given.key,
    backupEveryHours: given.everyHours ?? 24,
    backupKeep: given.keep ?? 2,
  }
  const backups = openBackups(settings, { connect: store.config, secretKey, build: 'test', clock })
  const bugs: unknown[] = []
  const onBug = (error: unknown) => `bug ${bugs.push(error)}`
  const parts = { clock, log: noLog, onBug, backups }
  const memory: BackupMemory = { since: start, failed: null }
  return {
    memory,
    bugs,
    backups,
    after: (hours: number) => {
      time.now = start.add({ minutes: Math.round(hours * 60) })
    },
    look: (signal = never) => backUpIfDue(parts, memory, signal),
    /** The same, with something happening between the look and the lock. */
    lookLate: (meanwhile: () => Promise<void>) => {
      const alone: BackupPlan['alone'] = async (...ask) => {
        await meanwhile()
        return backups.alone(...ask)
      }
      return backUpIfDue({ ...parts, backups: { ...backups, alone } }, memory, never)
    },
    facts: () => backupFacts(parts, memory),
  }
}

const files = async () => (await readdir(join(home, 'backups')).catch(() => [])).toSorted()

test('each day makes one that reads back whole, and the oldest goes when a newer one is there', async () => {
  const { look, after, facts } = aProcess()
  for (const hours of [0, 0.1, 24, 24.1, 48]) {
    after(hours)
    await look()
  }
  const [second, third] = await files()
  expect(await files()).toEqual(['qintong-20261102T040000Z.backup', 'qintong-20261103T040000Z.backup'])
  const file = join(home, 'backups', third!)
  const contents = await readBackup({ file, passphrase: null })
  expect(contents.secretKey).toEqual(secretKey)
  expect(contents.tables['tenant']).toBe(1)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await stat(join(home, 'backups'))).mode & 0o777).toBe(0o700)
  expect(second).toBeDefined()
  expect(await facts()).toMatchObject({ lastAt: start.add({ hours: 48 }), failure: null })
})

test('a key of the environment is not written down: it is the passphrase', async () => {
  const key = secretKey.toString('base64')
  await aProcess({ key }).look()
  const file = join(home, 'backups', (await files())[0]!)
  await expect(readBackup({ file, passphrase: null })).rejects.toMatchObject({
    failure: { code: 'backup.unreadable' },
  })
  expect((await readBackup({ file, passphrase: key })).secretKey).toEqual(secretKey)
})

test('it is restored as the failure says: the key of that time in a passphrase file', async () => {
  const key = secretKey.toString('base64')
  await aProcess({ key }).look()
  const file = join(home, 'backups', (await files())[0]!)
  const ask = { file, build: 'test', now: start, onProgress: () => {}, actor: 'test' }
  const read = readSettings({ QINTONG_HOME: join(home, 'elsewhere'), QINTONG_SECRET_KEY: key })
  if (!read.ok) throw new Error(read.invalid.what)
  const target = await testDatabase()
  try {
    const settings = { ...read.settings, databaseUrl: target.url }
    const failed = await failureOf(restore(settings, { ...ask, isReplacing: false }))
    for (const lang of ['zh', 'en'] as const)
      expect(explain(failed, lang).hint).toContain('printenv QINTONG_SECRET_KEY > pass.txt')
    const passphraseFile = join(home, 'pass.txt')
    await writeFile(passphraseFile, `${key}\n`)
    expect(await restore(settings, { ...ask, isReplacing: false, passphraseFile })).toMatchObject({
      key: 'same',
      tables: { tenant: 1 },
    })
  } finally {
    await target.drop()
  }
})

test('of several processes one makes it', async () => {
  const processes = [aProcess(), aProcess(), aProcess()]
  await Promise.all(processes.map(({ look }) => look()))
  expect(await files()).toHaveLength(1)
  expect(processes.map(({ memory }) => memory.failed)).toEqual([null, null, null])
  // While one is at it, another does nothing, and is not told that it failed.
  const [one, other] = processes
  one!.after(24)
  other!.after(24)
  let isRefused: boolean | undefined
  await one!.backups.alone(async () => {
    isRefused = !(await other!.backups.alone(async () => expect.unreachable(), never))
  }, never)
  expect(isRefused).toBe(true)
})

test('what another process made between the look and the lock is not made again', async () => {
  const [one, other] = [aProcess(), aProcess()]
  one.after(0.5)
  await one.lookLate(other.look)
  expect(await files()).toEqual(['qintong-20261101T040000Z.backup'])
})

test('one whose session is killed is told, and the old one stays', async () => {
  const { look, after, facts, bugs } = aProcess({ keep: 1 })
  await look()
  after(24)
  const holder = await lockedOut()
  const looking = look()
  await waitingSession(holder)
  await holder.query('select pg_terminate_backend(pid) from pg_locks where not granted')
  await looking
  await holder.end()
  expect(await files()).toEqual(['qintong-20261101T040000Z.backup'])
  expect(bugs).toEqual([])
  expect(await facts()).toMatchObject({ lastAt: start, failure: expect.stringMatching(/terminat/) })
})

test('what fails is told, and is tried again an hour later', async () => {
  const { look, after, facts, memory, bugs } = aProcess()
  await look()
  after(24)
  await rm(join(home, 'backups'), { recursive: true })
  await writeFile(join(home, 'backups'), 'a file where the folder should be')
  await look()
  expect(memory.failed?.because).toMatch(/EEXIST|ENOTDIR/)
  expect(bugs).toEqual([])
  expect(await facts()).toMatchObject({ failure: expect.stringMatching(/EEXIST|ENOTDIR/) })
  await rm(join(home, 'backups'))
  after(24.5)
  await look()
  expect(await files()).toEqual([])
  after(25)
  await look()
  expect(await files()).toHaveLength(1)
  expect(await facts()).toMatchObject({ failure: null })
})

test('nothing is said of a first backup that is about to be made, and all of one that never came', async () => {
  const { facts, after } = aProcess()
  expect(await facts()).toBeUndefined()
  after(1)
  expect(await facts()).toEqual({ lastAt: null, failure: null, maxAgeMs: 36 * 3_600_000 })
  const off = aProcess({ everyHours: 0 })
  await off.look()
  expect(await files()).toEqual([])
  expect(await off.facts()).toEqual({ lastAt: null, failure: null, maxAgeMs: null })
})

test('one that is ended in the middle leaves nothing, and its leavings after a kill are cleared away', async () => {
  const holder = await lockedOut()
  const { look, memory, after } = aProcess()
  const ending = new AbortController()
  const looking = look(ending.signal)
  await waitingSession(holder)
  ending.abort()
  await looking
  await holder.query('rollback')
  await holder.end()
  expect(await files()).toEqual([])
  expect(memory.failed).toBeNull()
  await writeFile(join(home, 'backups', 'qintong-20261030T040000Z.backup.part'), 'half')
  after(0.1)
  await look()
  expect(await files()).toEqual(['qintong-20261101T040600Z.backup'])
  expect((await readFile(join(home, 'backups', (await files())[0]!))).length).toBeGreaterThan(100)
})

/** A session that keeps everybody from reading a table. */
async function lockedOut(): Promise<Client> {
  const holder = new Client(store.config)
  await holder.connect()
  await holder.query('begin; lock table tenant in access exclusive mode')
  return holder
}

/** Resolves when somebody waits for a lock that this session holds. */
async function waitingSession(holder: Client): Promise<void> {
  const waiting = async () =>
    (await holder.query('select count(*)::int as n from pg_locks where not granted')).rows[0].n
  await expect.poll(waiting, { timeout: 10_000 }).toBeGreaterThan(0)
}
