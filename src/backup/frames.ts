import { NotABackup } from './envelope.ts'

/** What a backup is made of, in order: a header, the keys, each table with its rows, and the end. */
export type Frame =
  | { kind: 'header'; schema: string; migrations: string[]; createdAt: string; build: string }
  | { kind: 'key'; secretKey: string }
  | { kind: 'table'; name: string; columns: string[] }
  | { kind: 'rows'; rows: Buffer }
  /** `hash`: SHA-256 of the rows as they stand here; `sum`: of what they are, in whatever order. */
  | { kind: 'tableEnd'; name: string; count: number; hash: string; sum: string }
  | { kind: 'sequences'; values: { name: string; value: string }[] }
  | { kind: 'end'; tables: number }

const dataMark = 1
const wordMark = 0
const headBytes = 5
/** No frame is larger: what claims to be is no backup. */
const longestFrame = 64 * 2 ** 20

/** One frame as bytes: a mark, the length, and JSON; rows go as they are. */
export function toBytes(frame: Frame): Buffer {
  const body = frame.kind === 'rows' ? frame.rows : Buffer.from(JSON.stringify(frame))
  const head = Buffer.alloc(headBytes)
  head.writeUInt8(frame.kind === 'rows' ? dataMark : wordMark, 0)
  head.writeUInt32BE(body.length, 1)
  return Buffer.concat([head, body])
}

/** The frames of a stream of bytes. Throws `NotABackup` where it ends in the middle of one. */
export async function* framesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let waiting: Buffer = Buffer.alloc(0)
  for await (const chunk of bytes) {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk])
    for (;;) {
      if (waiting.length < headBytes) break
      const length = waiting.readUInt32BE(1)
      if (length > longestFrame) throw new NotABackup('damaged')
      if (waiting.length < headBytes + length) break
      const body = waiting.subarray(headBytes, headBytes + length)
      yield waiting.readUInt8(0) === dataMark
        ? { kind: 'rows', rows: body }
        : (JSON.parse(body.toString('utf8')) as Frame)
      waiting = waiting.subarray(headBytes + length)
    }
  }
  if (waiting.length > 0) throw new NotABackup('damaged')
}
