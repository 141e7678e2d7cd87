import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type { ClientBase } from 'pg'
import { type CopyStreamQuery, from as copyFrom } from 'pg-copy-streams'
import { fail } from '#domain/failures.ts'
import { buildSchema, newestSchema } from '#store/migrate.ts'
import { onSession } from '#store/one-session.ts'
import { copyTarget, dropAll, publicName, settleSession, type TableShape } from './catalogue.ts'
import { type BackupContents, readBackup } from './read-backup.ts'
import { RowDigest } from './row-digest.ts'
import { type OnProgress, readRows } from './write-backup.ts'

export type RestoreAsk = {
  file: string
  passphrase: string | null
  onProgress: OnProgress
  /** With the transaction open, before anything is taken away. */
  beforeDrop?: (known: BackupContents) => Promise<void>
  /** Right before it counts: all is there as the backup's build knew it. */
  beforeCommit: (contents: BackupContents) => Promise<void>
}

/**
 * Puts a backup in place of what the database holds, in one transaction: a kill at any moment leaves what was there. The
 * tables are made as the backup's build knew them, filled, and read back: what is there is compared with what was, row by
 * row, before it counts. Failures: `backup.unreadable`, `store.newer-schema`.
 */
export async function restoreBackup(client: ClientBase, ask: RestoreAsk): Promise<BackupContents> {
  // Read once without touching anything: what cannot be read whole is not begun.
  const of = (station: string, rows: number) => (done: number) => ask.onProgress({ station, done, of: rows })
  const known = await readBackup({ ...ask, onProgress: of('backupCheck', 0) })
  if (known.schema > newestSchema) fail('store.newer-schema', { schema: known.schema, build: newestSchema })
  const rows = Object.values(known.tables).reduce((a, b) => a + b, 0)
  await client.query('begin')
  try {
    await client.query('set local synchronous_commit = on')
    await ask.beforeDrop?.(known)
    await settleSession(client)
    await dropAll(client)
    await buildSchema(onSession(client), known.migrations)
    await load(client, { ...ask, onProgress: of('restore', rows) }, known)
    await compareAll(client, known, of('restoreCheck', rows))
    await ask.beforeCommit(known)
    await client.query('commit')
    return known
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

/** Migrations leave a few rows of their own, which are in the backup as well: everything begins empty. */
async function load(
  client: ClientBase,
  ask: { file: string; passphrase: string | null; onProgress: (done: number, of: number) => void },
  known: BackupContents,
): Promise<void> {
  await client.query(`truncate ${known.shapes.map(({ name }) => publicName(name)).join(', ')}`)
  let into: CopyStreamQuery | null = null
  await readBackup(ask, {
    async table(name, columns) {
      into = client.query(copyFrom(`copy ${copyTarget({ name, columns })} from stdin`))
      // Heard of by whoever waits for the stream, here or there.
      into.on('error', () => {})
    },
    async rows(rows) {
      if (into!.errored) throw into!.errored
      if (!into!.write(rows)) await once(into!, 'drain')
    },
    async tableEnd() {
      into!.end()
      await finished(into!)
    },
  })
  for (const { name, value } of known.sequences)
    await client.query('select setval($1::regclass, $2::int8)', [publicName(name), value])
}

async function compareAll(
  client: ClientBase,
  known: BackupContents,
  onRows: (done: number) => void,
): Promise<void> {
  let done = 0
  for (const { sum, ...table } of known.shapes) {
    const found = await digestOf(client, table, (count) => onRows(done + count))
    const wanted = known.tables[table.name]!
    if (found.count !== wanted || found.sum !== sum)
      throw new Error(`${table.name}: ${found.count} rows (${found.sum}) of ${wanted} (${sum}) arrived`)
    done += found.count
  }
}

async function digestOf(
  client: ClientBase,
  table: Pick<TableShape, 'name' | 'columns'>,
  onRows: (count: number) => void,
): Promise<RowDigest> {
  const digest = new RowDigest()
  for await (const rows of readRows(client, table)) {
    digest.add(rows)
    onRows(digest.count)
  }
  return digest
}
