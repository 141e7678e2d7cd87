import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { foundCompany } from '#simulation/company.ts'
import { openDatabase } from '#store/database.ts'
import { migrate } from '#store/migrate.ts'
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts'
import { freeSequences, keptTables, readTables } from './catalogue.ts'
import { restoreBackup } from './restore-backup.ts'
import { writeBackup } from './write-backup.ts'

let home: TestDatabase
let folder: string
beforeAll(async () => {
  home = await migrated()
  folder = await mkdtemp(join(tmpdir(), 'qintong-backup-'))
  await using company = await foundCompany({
    database: home.config,
    seed: 9,
    people: 6,
    days: 2,
    style: 'sample',
  })
  await company.sync()
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await home?.drop()
})

async function migrated(): Promise<TestDatabase> {
  const made = await testDatabase()
  const database = openDatabase(made.config)
  await migrate(database)
  await database.close()
  return made
}

const secretKey = Buffer.alloc(32, 7)
const common = {
  secretKey,
  build: 'test',
  now: Temporal.Instant.from('2026-11-01T00:00:00Z'),
  onProgress: () => {},
}

async function inSession<T>({ config }: TestDatabase, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ ...config, options: '-c timezone=UTC' })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Everything a database holds, table by table. */
const everything = (of: TestDatabase) =>
  inSession(of, async (client) => {
    const found: Record<string, unknown[]> = {}
    for (const { name } of await readTables(client))
      found[name] = (await client.query(`select t::text as row from ${name} t order by 1`)).rows
    const sequences = await client.query(
      `select sequencename, last_value from pg_sequences where schemaname = 'public' order by 1`,
    )
    return { found, sequences: sequences.rows }
  })

const write = (name: string, passphrase: string | null = null) =>
  inSession(home, (client) => writeBackup({ ...common, client, file: join(folder, name), passphrase }))

const restore = (into: TestDatabase, name: string, passphrase: string | null = null) =>
  inSession(into, (client) =>
    restoreBackup(client, {
      file: join(folder, name),
      passphrase,
      onProgress: () => {},
      beforeCommit: async () => {},
    }),
  )

test.for([null, 'a passphrase'])(
  'what was backed up is there again, row for row, with passphrase %s',
  async (passphrase) => {
    const report = await write(`whole-${passphrase}`, passphrase)
    expect(report.tables['punch']).toBeGreaterThan(10)
    const other = await migrated()
    const contents = await restore(other, `whole-${passphrase}`, passphrase)
    expect(contents.secretKey).toEqual(secretKey)
    expect(await everything(other)).toEqual(await everything(home))
    await other.drop()
  },
)

test('a damaged file, one cut short, another passphrase and something else are refused, and change nothing', async () => {
  await write('good')
  await write('sealed', 'right')
  const bytes = await readFile(join(folder, 'good'))
  const flipped = Buffer.from(bytes)
  flipped[Math.floor(bytes.length / 2)]! ^= 1
  await writeFile(join(folder, 'flipped'), flipped)
  await writeFile(join(folder, 'short'), bytes.subarray(0, bytes.length - 20))
  await writeFile(join(folder, 'text'), 'hello')
  const other = await migrated()
  const before = await everything(other)
  for (const [name, passphrase, because] of [
    ['flipped', null, 'damaged'],
    ['short', null, 'damaged'],
    ['sealed', 'wrong', 'damaged'],
    ['sealed', null, 'passphrase-needed'],
    ['text', null, 'not-a-backup'],
  ] as const)
    await expect(restore(other, name, passphrase)).rejects.toMatchObject({
      failure: { code: 'backup.unreadable', facts: { because } },
    })
  expect(await everything(other)).toEqual(before)
  await other.drop()
})

test('a restore that is cut short leaves what was there', async () => {
  await write('cut')
  const other = await migrated()
  const before = await everything(other)
  await inSession(other, (client) =>
    expect(
      restoreBackup(client, {
        file: join(folder, 'cut'),
        passphrase: null,
        onProgress: () => {},
        beforeCommit: () => Promise.reject(new Error('killed')),
      }),
    ).rejects.toThrow('killed'),
  )
  expect(await everything(other)).toEqual(before)
  await other.drop()
})

test('a backup takes the place of an older one, and never of anything else', async () => {
  await writeFile(join(folder, 'there'), 'something dear')
  await expect(write('there')).rejects.toMatchObject({ failure: { code: 'backup.exists' } })
  expect(await readFile(join(folder, 'there'), 'utf8')).toBe('something dear')
  await writeFile(join(folder, 'again.part'), 'left by a backup that was killed')
  await write('again')
  await write('again')
  expect((await readdir(folder)).filter((name) => /again|part/.test(name))).toEqual(['again'])
  expect((await stat(join(folder, 'again'))).mode & 0o777).toBe(0o600)
})

test('every table and every free sequence is kept, and nobody else’s', async () => {
  await inSession(home, async (client) => {
    await client.query('create table if not exists somebody_elses (id serial)')
    const { rows } = await client.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
    )
    const kept = [...keptTables, 'schema_migration_lock', 'somebody_elses'].toSorted()
    expect(rows.map(({ name }) => name)).toEqual(kept)
    const free = await client.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S'
          and not exists (select 1 from pg_depend where objid = pg_class.oid and deptype in ('a', 'i')) order by 1`,
    )
    expect(free.rows.map(({ name }) => name)).toEqual(freeSequences)
    expect((await readTables(client)).map(({ name }) => name)).not.toContain('somebody_elses')
    await client.query('drop table somebody_elses')
  })
})

test('a backup that is stopped half-way leaves no file', async () => {
  const stopping = new AbortController()
  const onProgress = () => stopping.abort()
  await expect(
    inSession(home, (client) =>
      writeBackup({
        ...{ ...common, client, file: join(folder, 'stopped'), passphrase: null },
        ...{ onProgress, signal: stopping.signal },
      }),
    ),
  ).rejects.toMatchObject({ name: 'AbortError' })
  expect((await readdir(folder)).filter((name) => name.startsWith('stopped'))).toEqual([])
})

test('rows that arrive otherwise than they left are seen, and nothing of them stays', async () => {
  await write('twisted')
  const other = await migrated()
  const before = await everything(other)
  // A server that changes what it is given.
  await inSession(other, (client) =>
    expect(
      restoreBackup(client, {
        ...{ file: join(folder, 'twisted'), passphrase: null, beforeCommit: async () => {} },
        onProgress({ station }) {
          if (station === 'restore') void client.query(`update connection set corp_id = 'another' `)
        },
      }),
    ).rejects.toThrow(/^connection: .* arrived$/),
  )
  expect(await everything(other)).toEqual(before)
  await other.drop()
})
