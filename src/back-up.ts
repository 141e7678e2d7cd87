import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sql } from 'kysely'
import { Client } from 'pg'
import { fail } from '#domain/failures.ts'
import type { Settings } from '#settings/settings.ts'
import { type Executor, inWords, openDatabase, processName } from '#store/database.ts'
import { startEmbedded } from '#store/embedded/embedded.ts'
import { giveToOwnerOf, type Home, keepNextKey, openHome, takeNextKey } from '#store/home.ts'
import { keepOthersOut, readPrintKey, resealAll } from '#store/keys.ts'
import { bringForward, migrate, schemaOf } from '#store/migrate.ts'
import { onSession } from '#store/one-session.ts'
import { createSeal, printKeyOf } from '#store/seal.ts'
import { readStanding, type Standing, settleRestored } from './backup/after-restore.ts'
import { type BackupContents, readBackup } from './backup/read-backup.ts'
import { restoreBackup } from './backup/restore-backup.ts'
import { type BackupReport, type OnProgress, writeBackup, writeSnapshot } from './backup/write-backup.ts'
import { openSeal, settledKey } from './open-seal.ts'

export type BackupOptions = {
  file: string
  /** A file whose first line is the passphrase; absent: whoever has the backup has the keys. */
  passphraseFile?: string | undefined
  build: string
  now: Temporal.Instant
  onProgress: OnProgress
  signal?: AbortSignal
}

/**
 * Which key the restored data need: the home's own, which is the backup's; the backup's, which is the home's from now on;
 * or the one in QINTONG_SECRET_KEY, with which everything was sealed anew.
 */
export type KeyOutcome = 'same' | 'adopted' | 'resealed'

export type RestoreReport = {
  file: string
  tables: Record<string, number>
  schema: string
  createdAt: string
  verified: true
  /** Where what was there before stands now; null when there was nothing. */
  before: string | null
  /** Migrations that came after the backup and were applied to it. */
  migrated: string[]
  key: KeyOutcome
  /** Nothing is written to a platform before. RFC 3339. */
  writesFrom: string
}

/** Where backups stand that nobody named a place for. */
export const backupFolder = (home: string): string => join(home, 'backups')

/**
 * Everything this home holds, keys included, in one file; the schema is taken as it is. Others may go on working.
 * Failures: `backup.exists`, `backup.not-written`, `home.bad-key`, `store.*`.
 */
export async function backUp(settings: Settings, ask: BackupOptions): Promise<BackupReport> {
  const passphrase = await passphraseOf(ask)
  return withSession(settings, { mayMigrate: false }, async ({ client, home }) => {
    const secretKey = await keyInUse(client, home)
    return writeBackup({ ...ask, client, passphrase, secretKey })
  })
}

/** Reads a backup whole and changes nothing. Failures: `backup.unreadable`. */
export async function checkBackup(ask: BackupOptions): Promise<Omit<BackupReport, 'bytes'>> {
  const passphrase = await passphraseOf(ask)
  const onProgress = (done: number, of: number) => ask.onProgress({ station: 'backupCheck', done, of })
  const { tables, schema, createdAt } = await readBackup({ file: ask.file, passphrase, onProgress })
  return { file: ask.file, tables, schema, createdAt, verified: true }
}

/**
 * Puts a backup in place of what this home holds; with data there only when `isReplacing`, and after a backup of them.
 * All of it is one transaction, older schemas are brought forward in it, and nobody else of ours may be connected. A kill
 * leaves what was there, or all that was restored. Failures: `backup.*`, `store.*`, `home.*`.
 */
export async function restore(
  settings: Settings,
  ask: BackupOptions & { isReplacing: boolean; actor: string },
): Promise<RestoreReport> {
  const passphrase = await passphraseOf(ask)
  return withSession(settings, { mayMigrate: true }, async ({ client, home }) => {
    const tx = onSession(client)
    const isVariable = settings.secretKey !== undefined
    const done = { before: null as string | null, migrated: [] as string[], key: 'same' as KeyOutcome }
    let standing: Standing = { fence: 0, spent: [] }
    let writesFrom = ask.now
    const contents = await restoreBackup(client, {
      ...ask,
      passphrase,
      async beforeDrop() {
        await keepOthersOut(tx)
        standing = await readStanding(tx)
        const punches = await countWhatIsThere(tx)
        if (punches === null) return
        if (!ask.isReplacing) fail('store.not-empty', { punches })
        const file = join(await ownFolder(home), `before-restore-${stampOf(ask.now)}.backup`)
        const secretKey = await keyInUse(client, home)
        done.before = (await writeSnapshot({ ...ask, file, client, passphrase, secretKey })).file
      },
      async beforeCommit(known) {
        done.migrated = await bringForward(tx, ask.now)
        done.key = await settleKey(tx, known, { home, isVariable })
        const settled = await settleRestored(tx, { ...ask, standing, createdAt: known.createdAt })
        writesFrom = settled.writesFrom
      },
    })
    if (done.key === 'adopted') await takeNextKey(home.path)
    // Tables as new as these have no statistics yet, and nobody should wait for the server to make some.
    await client.query('analyze').catch(() => {})
    const { tables, schema, createdAt } = contents
    return {
      ...{ file: ask.file, tables, schema, createdAt, verified: true, ...done },
      writesFrom: writesFrom.toString(),
    }
  })
}

/**
 * The data and their key go together. A key file gives way to the backup's: that one is on disk before the data count,
 * and a kill in between is settled by whoever starts next. What is in the environment we cannot change: everything is
 * sealed with it anew.
 */
async function settleKey(
  tx: Executor,
  { secretKey }: BackupContents,
  { home, isVariable }: { home: Home; isVariable: boolean },
): Promise<KeyOutcome> {
  if (secretKey.equals(home.secretKey)) return 'same'
  if (!isVariable) {
    await keepNextKey(home.path, secretKey)
    return 'adopted'
  }
  const from = createSeal(secretKey)
  const printKey = (await readPrintKey(tx, from)) ?? printKeyOf(secretKey)
  await resealAll(tx, { from, to: createSeal(home.secretKey, printKey), printKey })
  return 'resealed'
}

/** The key that opens what is there. Fails with `home.bad-key`: a backup with another key would be of no use. */
async function keyInUse(client: Client, home: Home): Promise<Buffer> {
  const db = onSession(client)
  const { rows } = await client.query<{ sealed: Buffer }>('select sealed from connection limit 1')
  const knowsPrints = await client.query(
    `select 1 from information_schema.columns where table_schema = 'public' and table_name = 'tenant' and column_name = 'print_key'`,
  )
  // A home that an older build has left knows of no change of keys.
  if (knowsPrints.rows.length === 0) {
    if (rows[0]) openOrFail(home, home.secretKey, rows[0].sealed)
    return home.secretKey
  }
  const key = await settledKey(home, db)
  const seal = await openSeal({ ...home, secretKey: key }, db)
  if (rows[0]) seal.open(rows[0].sealed)
  return key
}

function openOrFail(home: Home, key: Buffer, sealed: Buffer): void {
  try {
    createSeal(key).open(sealed)
  } catch (error) {
    fail('home.bad-key', { source: home.secretKeySource }, error)
  }
}

/** Punches, where anybody has set anything up; null where a new database would hold no less. */
async function countWhatIsThere(tx: Executor): Promise<number | null> {
  const { rows } = await sql<{ isSetUp: boolean; punches: string }>`
    select exists (select 1 from subsidiary) or exists (select 1 from punch) or (select count(*) from tenant) > 1 as "isSetUp",
           (select count(*) from punch) as punches`.execute(tx)
  return rows[0]!.isSetUp ? Number(rows[0]!.punches) : null
}

async function ownFolder({ path }: Home): Promise<string> {
  const folder = backupFolder(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await giveToOwnerOf(dirname(folder), folder)
  return folder
}

/** For names of files: `20261123T014200Z`. */
export const stampOf = (at: Temporal.Instant): string =>
  at.toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '')

/** The first line of the passphrase file; null without one. Fails with `usage.invalid`. */
async function passphraseOf({ passphraseFile }: BackupOptions): Promise<string | null> {
  if (!passphraseFile) return null
  const line = (await readFile(passphraseFile, 'utf8').catch(() => '')).split('\n')[0]!.trim()
  return (
    line ||
    fail('usage.invalid', { what: passphraseFile, instead: 'a file whose first line is the passphrase' })
  )
}

/** One session of its own. Without `mayMigrate` only an empty database is brought up to date. */
async function withSession<T>(
  settings: Settings,
  { mayMigrate }: { mayMigrate: boolean },
  work: (session: { client: Client; home: Home }) => Promise<T>,
): Promise<T> {
  const home = await openHome({ path: settings.home, secretKey: settings.secretKey })
  const embedded = settings.databaseUrl ? null : await startEmbedded({ home: home.path })
  const connect = embedded ? embedded.config : { connectionString: settings.databaseUrl! }
  const client = new Client({ ...connect, application_name: processName, options: '-c timezone=UTC' })
  client.on('error', () => {})
  try {
    const database = openDatabase(connect)
    try {
      if (mayMigrate || (await schemaOf(database)) === null) await migrate(database)
    } finally {
      await database.close()
    }
    await inWords(() => client.connect())
    return await inWords(() => work({ client, home }))
  } finally {
    await client.end().catch(() => {})
    await embedded?.release()
  }
}
