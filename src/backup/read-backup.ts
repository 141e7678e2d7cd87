import { createHash, type Hash } from 'node:crypto'
import { FailureError, fail } from '#domain/failures.ts'
import { NotABackup, readEnvelope } from './envelope.ts'
import { type Frame, framesOf } from './frames.ts'
import { RowDigest } from './row-digest.ts'

/** Hears a backup as it is read. */
export type Listener = {
  table?(name: string, columns: string[]): Promise<void>
  rows?(rows: Buffer): Promise<void>
  tableEnd?(name: string): Promise<void>
}

export type BackupContents = {
  schema: string
  /** Those that made it, the schema being the newest of them. */
  migrations: string[]
  createdAt: string
  secretKey: Buffer
  /** Rows by table. */
  tables: Record<string, number>
  /** What the rows of a table are, in whatever order. */
  shapes: { name: string; columns: string[]; sum: string }[]
  sequences: { name: string; value: string }[]
}

/**
 * Reads a whole backup, checking every count and hash on the way. Failures: `backup.unreadable` for what is none, was
 * damaged, or has another passphrase.
 */
export async function readBackup(
  ask: { file: string; passphrase: string | null; onProgress?: (done: number, of: number) => void },
  listen: Listener = {},
): Promise<BackupContents> {
  const contents: BackupContents = {
    schema: '',
    migrations: [],
    createdAt: '',
    secretKey: Buffer.alloc(0),
    tables: {},
    shapes: [],
    sequences: [],
  }
  let open: { name: string; columns: string[]; hash: Hash; digest: RowDigest } | null = null
  let rows = 0
  let isEnded = false
  try {
    for await (const frame of framesOf(readEnvelope(ask.file, ask.passphrase))) {
      if (frame.kind === 'header')
        Object.assign(contents, {
          ...{ schema: frame.schema, migrations: frame.migrations, createdAt: frame.createdAt },
        })
      else if (frame.kind === 'key') contents.secretKey = Buffer.from(frame.secretKey, 'base64')
      else if (frame.kind === 'table') {
        const { name, columns } = frame
        open = { name, columns, hash: createHash('sha256'), digest: new RowDigest() }
        await listen.table?.(name, columns)
      } else if (frame.kind === 'rows') {
        if (!open) throw new NotABackup('damaged')
        open.hash.update(frame.rows)
        open.digest.add(frame.rows)
        await listen.rows?.(frame.rows)
        ask.onProgress?.(rows + open.digest.count, 0)
      } else if (frame.kind === 'tableEnd') {
        if (!open || !isWhole(open, frame)) throw new NotABackup('damaged')
        contents.tables[frame.name] = frame.count
        contents.shapes.push({ name: frame.name, columns: open.columns, sum: frame.sum })
        rows += frame.count
        open = null
        await listen.tableEnd?.(frame.name)
      } else if (frame.kind === 'sequences') contents.sequences = frame.values
      else isEnded = frame.tables === Object.keys(contents.tables).length
    }
    if (!isEnded) throw new NotABackup('damaged')
    return contents
  } catch (error) {
    if (error instanceof FailureError || !isOfTheFile(error)) throw error
    const because = error instanceof NotABackup ? error.because : 'damaged'
    return fail('backup.unreadable', { file: ask.file, because }, error)
  }
}

/** Trouble of the file itself; whatever the listener throws is its own. */
const isOfTheFile = (error: unknown): boolean => error instanceof NotABackup || error instanceof SyntaxError

const isWhole = (
  read: { name: string; hash: Hash; digest: RowDigest },
  said: Extract<Frame, { kind: 'tableEnd' }>,
): boolean =>
  read.name === said.name &&
  read.digest.count === said.count &&
  read.digest.sum === said.sum &&
  read.hash.digest('hex') === said.hash
