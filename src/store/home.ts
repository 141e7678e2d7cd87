import { randomBytes } from 'node:crypto'
import {
  access,
  chmod,
  chown,
  constants,
  link,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FailureError, fail } from '#domain/failures.ts'

/** The folder that holds everything one installation remembers: `QINTONG_HOME`. */
export type Home = {
  path: string
  /** 32 bytes that seal secrets at rest. */
  secretKey: Buffer
  /** Where the key came from, to say when it is wrong: the variable's name or the file's path. */
  secretKeySource: string
  /** The sandbox's durable world. */
  sandbox: string
  /** The home of `qintong demo`: a whole home of its own inside this one. */
  demo: string
}

/** The name of the variable that replaces the key file. */
const keyVariable = 'QINTONG_SECRET_KEY'
const keyBytes = 32

/**
 * Makes the home (0700) and its key (0600) where they are missing, and reads the key.
 * Several processes may do this at once: they agree on one key.
 * Failures: `home.not-writable`, `home.bad-key`.
 */
export async function openHome(ask: { path: string; secretKey?: string | undefined }): Promise<Home> {
  const { path } = ask
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK)
    await closeToOthers(path)
    const fromFile = ask.secretKey ? null : await readOrMakeKey(path)
    const secretKeySource = fromFile ? fromFile.source : keyVariable
    return {
      path,
      secretKey: decodeKey(fromFile ? fromFile.text : (ask.secretKey ?? ''), secretKeySource),
      secretKeySource,
      sandbox: join(path, 'sandbox'),
      demo: join(path, 'demo'),
    }
  } catch (error) {
    if (error instanceof FailureError) throw error
    return fail('home.not-writable', { path, reason: reasonOf(error) }, error)
  }
}

/** A folder we made is ours alone; somebody else's folder (a mounted volume, say) keeps the mode it was given. */
async function closeToOthers(path: string): Promise<void> {
  const { mode, uid } = await stat(path)
  if ((mode & 0o077) !== 0 && uid === process.getuid?.()) await chmod(path, 0o700)
}

async function readOrMakeKey(home: string): Promise<{ text: string; source: string }> {
  const source = join(home, 'secret.key')
  const there = await readIfThere(source)
  if (there !== null) return { text: there, source }
  // A database without its key holds secrets that a new key could never open: better to say so than to start.
  if ((await readIfThere(join(home, 'postgres', 'data', 'PG_VERSION'))) !== null)
    fail('home.bad-key', { source })
  const draft = `${source}.${process.pid}.${randomBytes(4).toString('hex')}`
  await writeFile(draft, `${randomBytes(keyBytes).toString('base64')}\n`, {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  })
  await giveToOwnerOf(home, draft)
  try {
    await link(draft, source) // fails where another process was first: its key is the key
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
  return { text: await readFile(source, 'utf8'), source }
}

function decodeKey(text: string, source: string): Buffer {
  const trimmed = text.trim()
  const key = Buffer.from(trimmed, 'base64')
  const isBase64 = /^[A-Za-z0-9+/_-]+={0,2}$/.test(trimmed)
  return isBase64 && key.length === keyBytes ? key : fail('home.bad-key', { source })
}

/** What root makes inside an ordinary user's home must stay theirs. */
export async function giveToOwnerOf(home: string, path: string): Promise<void> {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = await stat(home)
  if (uid !== 0) await chown(path, uid, gid)
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Where the next key stands while the key is being changed. */
export const nextKeyFile = (home: string): string => join(home, 'secret.key.next')

/** A key that nobody had before. */
export const freshKey = (): Buffer => randomBytes(keyBytes)

/** Writes a key into a new file that nobody else may read, down to the disk. Fails with `EEXIST` where there is one. */
export async function writeKey(path: string, key: Buffer, home: string): Promise<void> {
  await writeFile(path, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true })
  await giveToOwnerOf(home, path)
  await syncFolder(dirname(path))
}

/** Lays a key down as the next one. */
export async function keepNextKey(home: string, key: Buffer): Promise<void> {
  await dropNextKey(home)
  await writeKey(nextKeyFile(home), key, home)
}

/** The next key, where a change of keys has left one behind. */
export async function readNextKey(home: string): Promise<Buffer | null> {
  const text = await readIfThere(nextKeyFile(home))
  return text === null ? null : decodeKey(text, nextKeyFile(home))
}

/** The next key becomes the key; the one before stays beside it. There is a key at every moment. */
export async function takeNextKey(home: string): Promise<void> {
  const file = join(home, 'secret.key')
  await rm(`${file}.before`, { force: true })
  await link(file, `${file}.before`).catch(unlessGone)
  // Gone: another process has settled it already.
  await rename(nextKeyFile(home), file).catch(unlessGone)
  await syncFolder(home)
}

/** A next key that was never used goes. */
export const dropNextKey = (home: string): Promise<void> => rm(nextKeyFile(home), { force: true })

/** What was renamed or made in a folder stays so, even if the power fails. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  // Some file systems know nothing of it.
  await folder.sync().catch(() => {})
  await folder.close()
}

function unlessGone(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error
}
