import { createHash } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ClientBase } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { type FailureError, fail } from '#domain/failures.ts'
import { syncFolder } from '#store/home.ts'
import { copyTarget, readSequences, readTables, settleSession, type TableShape } from './catalogue.ts'
import { isBackup, writeEnvelope } from './envelope.ts'
import { type Frame, toBytes } from './frames.ts'
import { readBackup } from './read-backup.ts'
import { RowDigest } from './row-digest.ts'

/** What was written, and read again to be sure of it. */
export type BackupReport = {
  file: string
  bytes: number
  /** Rows by table. */
  tables: Record<string, number>
  schema: string
  createdAt: string
  verified: true
}

/** How far a backup or restore has come, in rows; `of` is 0 while nobody knows. */
export type OnProgress = (progress: { station: string; done: number; of: number }) => void

export type BackupAsk = {
  client: ClientBase & { end(): Promise<void> }
  file: string
  secretKey: Buffer
  build: string
  now: Temporal.Instant
  passphrase: string | null
  onProgress: OnProgress
  signal?: AbortSignal
}

/**
 * Writes everything of one moment into a file, reads it back whole, and only then gives it its name: what had this name
 * before, if it was a backup, stays until then. Streams: memory does not grow with history. Where it fails, the session is
 * ended. Failures: `backup.exists`, `backup.not-written`.
 */
export async function writeBackup(ask: BackupAsk): Promise<BackupReport> {
  await ask.client.query('begin transaction isolation level repeatable read read only')
  const report = await writeSnapshot(ask)
  await ask.client.query('rollback')
  return report
}

/** The same inside the transaction that is open, which nobody else may disturb. */
export async function writeSnapshot(ask: BackupAsk): Promise<BackupReport> {
  const { file, client, passphrase, signal = new AbortController().signal } = ask
  const part = `${file}.part`
  try {
    if (await isSomethingElse(file)) fail('backup.exists', { file })
    await rm(part, { force: true })
    await settleSession(client)
    const bytes = await writeEnvelope(part, frames(ask), passphrase, signal)
    const onProgress = (done: number, of: number) => ask.onProgress({ station: 'backupCheck', done, of })
    const { tables, schema, createdAt } = await readBackup({ file: part, passphrase, onProgress })
    signal.throwIfAborted()
    await rename(part, file)
    await syncFolder(dirname(file))
    return { file, bytes, tables, schema, createdAt, verified: true }
  } catch (error) {
    // A table may be half read: nothing else can be asked in this session.
    await client.end().catch(() => {})
    await rm(part, { force: true }).catch(() => {})
    if (isDiskTrouble(error)) return fail('backup.not-written', { file, reason: error.message }, error)
    throw error
  }
}

/** A file of this name that is no backup of ours. */
async function isSomethingElse(path: string): Promise<boolean> {
  try {
    await (await open(path, 'r')).close()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
  return !(await isBackup(path))
}

const isDiskTrouble = (error: unknown): error is Error & FailureError =>
  error instanceof Error &&
  ['ENOSPC', 'EDQUOT', 'EACCES', 'ENOENT', 'EROFS', 'EISDIR', 'ENOTDIR', 'EPERM', 'EIO'].includes(
    String((error as NodeJS.ErrnoException).code),
  )

async function* frames(ask: BackupAsk): AsyncGenerator<Buffer> {
  const { client } = ask
  const { rows } = await client.query<{ name: string }>('select name from schema_migration order by name')
  const migrations = rows.map(({ name }) => name)
  const tables = await readTables(client)
  const schema = migrations.at(-1) ?? ''
  yield toBytes({
    ...{ kind: 'header', schema, migrations, createdAt: ask.now.toString(), build: ask.build },
  } satisfies Frame)
  yield toBytes({ kind: 'key', secretKey: ask.secretKey.toString('base64') })
  const of = tables.reduce((sum, { estimate }) => sum + estimate, 0)
  let done = 0
  for (const table of tables) {
    const read = new RowDigest()
    yield* tableFrames(client, table, read, () =>
      ask.onProgress({ station: 'backup', done: Math.min(of, done + read.count), of }),
    )
    done += read.count
  }
  yield toBytes({ kind: 'sequences', values: await readSequences(client) })
  yield toBytes({ kind: 'end', tables: tables.length })
}

async function* tableFrames(
  client: ClientBase,
  table: TableShape,
  read: RowDigest,
  onRows: () => void,
): AsyncGenerator<Buffer> {
  const { name, columns } = table
  yield toBytes({ kind: 'table', name, columns })
  const hash = createHash('sha256')
  for await (const rows of readRows(client, table)) {
    read.add(rows)
    hash.update(rows)
    yield toBytes({ kind: 'rows', rows })
    onRows()
  }
  yield toBytes({ kind: 'tableEnd', name, count: read.count, hash: hash.digest('hex'), sum: read.sum })
}

/** A table's rows as COPY writes them, in pieces: every row ends with a newline, and none stands inside a value. */
export const readRows = (
  client: ClientBase,
  table: Pick<TableShape, 'name' | 'columns'>,
): AsyncIterable<Buffer> => client.query(copyTo(`copy ${copyTarget(table)} to stdout`))
