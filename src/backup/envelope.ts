import { argon2Sync, createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { PassThrough, Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'

/**
 * The file around the frames: a line that says what it is, then zstd, and with a passphrase AES-256-GCM around that, its
 * tag at the end.
 */
type Head = { salt: string; nonce: string } | Record<string, never>

const magic = 'QINTONG-BACKUP 1 '
const tagBytes = 16
const longestHead = 4_096

/** OWASP's second choice: 19 MiB, two passes. */
const keyOf = (passphrase: string, salt: Buffer): Buffer =>
  argon2Sync('argon2id', {
    message: passphrase,
    nonce: salt,
    parallelism: 1,
    tagLength: 32,
    memory: 19_456,
    passes: 2,
  })

/** Writes what `frames` gives into `path` (0600), down to the disk. Resolves with the number of bytes. */
export async function writeEnvelope(
  path: string,
  frames: AsyncIterable<Buffer>,
  passphrase: string | null,
  signal: AbortSignal,
): Promise<number> {
  const file = await open(path, 'wx', 0o600)
  try {
    const [salt, nonce] = [randomBytes(16), randomBytes(12)]
    const head: Head = passphrase ? { salt: salt.toString('base64'), nonce: nonce.toString('base64') } : {}
    await file.write(`${magic}${JSON.stringify(head)}\n`)
    const cipher = passphrase ? createCipheriv('aes-256-gcm', keyOf(passphrase, salt), nonce) : null
    await pipeline(
      Readable.from(frames, { objectMode: false }),
      createZstdCompress(),
      cipher ?? new PassThrough(),
      // A stream of the file's own never closes without the file, and the pipeline would wait for that.
      new Writable({
        write: (chunk: Buffer, _, done) => void file.writeFile(chunk).then(() => done(), done),
      }),
      { signal },
    )
    if (cipher) await file.write(cipher.getAuthTag())
    await file.sync()
    return (await file.stat()).size
  } finally {
    await file.close()
  }
}

/** Why a file cannot be read as a backup. */
export type Unreadable = 'not-a-backup' | 'passphrase-needed' | 'damaged'

export class NotABackup extends Error {
  readonly because: Unreadable

  constructor(because: Unreadable, options?: ErrorOptions) {
    super(because, options)
    this.because = because
  }
}

/** Begins as every backup of ours does. */
export async function isBackup(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const first = Buffer.alloc(magic.length)
    await file.read(first, 0, magic.length, 0)
    return first.toString('latin1') === magic
  } catch {
    return false
  } finally {
    await file.close()
  }
}

/** A file that cannot even be opened is no backup; what is wrong later on is damage. */
const openToRead = (path: string) =>
  open(path, 'r').catch((cause) => {
    throw new NotABackup('not-a-backup', { cause })
  })

/** The frames' bytes of a file. Throws `NotABackup` where it is none, or the passphrase is another one. */
export async function* readEnvelope(path: string, passphrase: string | null): AsyncGenerator<Buffer> {
  const file = await openToRead(path)
  let head: Head
  let start: number
  let size: number
  try {
    const first = Buffer.alloc(longestHead)
    const { bytesRead } = await file.read(first, 0, longestHead, 0)
    const line = first.subarray(0, bytesRead)
    const end = line.indexOf(10)
    if (!line.toString('latin1').startsWith(magic) || end < 0) throw new NotABackup('not-a-backup')
    head = JSON.parse(line.subarray(magic.length, end).toString('utf8')) as Head
    start = end + 1
    size = (await file.stat()).size
    if ('salt' in head && !passphrase) throw new NotABackup('passphrase-needed')
  } finally {
    await file.close()
  }
  const isSealed = 'salt' in head && passphrase !== null
  const end = size - 1 - (isSealed ? tagBytes : 0)
  const body = createReadStream(path, { start, end })
  const out = createZstdDecompress()
  let failure: unknown = null
  const decipher = isSealed
    ? await decipherOf(path, size, head as { salt: string; nonce: string }, passphrase)
    : new PassThrough()
  const running = pipeline(body, decipher, out).catch((error) => {
    failure = error
  })
  try {
    for await (const chunk of out) yield chunk as Buffer
  } catch (error) {
    failure ??= error
  }
  await running
  if (failure) throw new NotABackup('damaged', { cause: failure })
}

async function decipherOf(
  path: string,
  size: number,
  head: { salt: string; nonce: string },
  passphrase: string,
) {
  const file = await open(path, 'r')
  try {
    const tag = Buffer.alloc(tagBytes)
    await file.read(tag, 0, tagBytes, size - tagBytes)
    const key = keyOf(passphrase, Buffer.from(head.salt, 'base64'))
    return createDecipheriv('aes-256-gcm', key, Buffer.from(head.nonce, 'base64')).setAuthTag(tag)
  } finally {
    await file.close()
  }
}
