import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chown,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fail } from '#domain/failures.ts'
import type { Binaries } from './binaries.ts'

type Program = { name: 'initdb' | 'postgres'; arguments: string[]; stdio: StdioOptions; isDetached: boolean }

/** As whom PostgreSQL runs, since it refuses root. */
export interface RunAs {
  kind: 'ourselves' | 'namespace' | 'another-user'
  /** Starts a program on a data folder; `-D` is added. */
  start(program: Program, data: string): ChildProcess
  /** Makes a data folder belong to the one who will run it. */
  own(data: string): Promise<void>
  /** Writes a file only the programs can read, for as long as `use` runs. */
  lend<T>(content: string, use: (path: string) => Promise<T>): Promise<T>
}

/** nobody: the one ordinary user every Linux has an entry for, which initdb insists on. */
const nobody = 65534

/**
 * Ordinary users run it themselves. Root uses a user namespace where that is allowed: nothing changes owner and a
 * 0700 folder is no obstacle. Where it is not (most containers) root drops to the data folder's owner or nobody.
 */
export async function chooseRunAs(binaries: Binaries, data: string): Promise<RunAs> {
  const environment = {
    PATH: process.env['PATH'] ?? '',
    LC_ALL: 'C',
    TZ: 'UTC',
    ...(binaries.libraryPath
      ? { LD_LIBRARY_PATH: binaries.libraryPath, DYLD_LIBRARY_PATH: binaries.libraryPath }
      : {}),
  }
  const isRoot = process.getuid?.() === 0
  if (!isRoot && isInPasswd()) return ourselves(binaries, environment)
  const owner = isRoot ? await ownerOf(data) : 0
  if (owner === 0 && namespaceWorks(binaries, environment)) return inNamespace(binaries, environment)
  if (!isRoot) return ourselves(binaries, environment)
  const uid = owner === 0 ? nobody : owner
  return asAnotherUser(await enterable(binaries, environment, uid), environment, uid)
}

type Environment = Record<string, string>

const ourselves = (binaries: Binaries, env: Environment): RunAs => ({
  kind: 'ourselves',
  start: ({ name, arguments: args, stdio, isDetached }, data) =>
    spawn(programPath(binaries, name), ['-D', data, ...args], { env, stdio, detached: isDetached }),
  own: async () => {},
  lend: (content, use) => lendAs(null, content, use),
})

const unshare = ['--user', `--map-user=${nobody}`, `--map-group=${nobody}`, '--']

const inNamespace = (binaries: Binaries, env: Environment): RunAs => ({
  ...ourselves(binaries, env),
  kind: 'namespace',
  start: ({ name, arguments: args, stdio, isDetached }, data) =>
    spawn('unshare', [...unshare, programPath(binaries, name), '-D', data, ...args], {
      env,
      stdio,
      detached: isDetached,
    }),
})

function namespaceWorks(binaries: Binaries, env: Environment): boolean {
  if (process.platform !== 'linux') return false
  const tried = spawnSync('unshare', [...unshare, programPath(binaries, 'postgres'), '--version'], { env })
  return tried.status === 0
}

const asAnotherUser = (binaries: Binaries, env: Environment, uid: number): RunAs => ({
  kind: 'another-user',
  // The folders above may be closed to this user. Its working directory is entered before root is dropped, and
  // /proc/self/cwd leads back there without passing them.
  start: ({ name, arguments: args, stdio, isDetached }, data) =>
    spawn(programPath(binaries, name), ['-D', '/proc/self/cwd', ...args], {
      cwd: data,
      uid,
      gid: uid,
      env,
      stdio,
      detached: isDetached,
    }),
  own: (data) => giveTree(data, uid),
  lend: (content, use) => lendAs(uid, content, use),
})

/** The programs, where `uid` can run them: in place when possible, else copied once to a folder of root's. */
async function enterable(binaries: Binaries, env: Environment, uid: number): Promise<Binaries> {
  if (runsAs(binaries, env, uid)) return binaries
  const { name, version } = JSON.parse(await readFile(join(binaries.folder, '..', 'package.json'), 'utf8'))
  for (const parent of ['/var/cache', tmpdir()]) {
    const folder = join(parent, `qintong-${basename(name)}-${version}`)
    const copy = { folder, libraryPath: null }
    try {
      if (!(await isRoots(folder))) await copyOver(binaries, folder)
      if (runsAs(copy, env, uid)) return copy
    } catch {
      // not here then: no such folder, no room, or it forbids running programs
    }
  }
  return fail('store.gone', { reason: `embedded PostgreSQL: uid ${uid} can run no copy of it` })
}

async function copyOver(binaries: Binaries, folder: string): Promise<void> {
  const draft = `${folder}.${randomBytes(4).toString('hex')}`
  try {
    await mkdir(draft, { mode: 0o755 })
    await cp(binaries.folder, draft, { recursive: true, verbatimSymlinks: true })
    await rename(draft, folder)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** Somebody else may have put a folder of this name there: only root's own, that no one else can write, will do. */
async function isRoots(folder: string): Promise<boolean> {
  try {
    const found = await lstat(folder)
    if (found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0) return true
  } catch {
    return false
  }
  throw new Error(`${folder} is not ours`)
}

function runsAs(binaries: Binaries, env: Environment, uid: number): boolean {
  const postgres = programPath(binaries, 'postgres')
  const options = { uid, gid: uid, env, cwd: '/', encoding: 'utf8' } as const
  return ['postgres', 'initdb'].every(
    (name) => spawnSync(join(dirname(postgres), name), ['--version'], options).status === 0,
  )
}

async function lendAs<T>(uid: number | null, content: string, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'qintong-'))
  try {
    const path = join(folder, 'lent')
    await writeFile(path, content, { mode: 0o600, flag: 'wx' })
    if (uid !== null) {
      await chown(path, uid, uid)
      await chown(folder, uid, uid)
    }
    return await use(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function giveTree(path: string, uid: number): Promise<void> {
  const found = await lstat(path)
  if (found.uid === uid) return // it was given before, with everything in it
  if (found.isDirectory()) {
    for (const name of await readdir(path)) await giveTree(join(path, name), uid)
  }
  if (!found.isSymbolicLink()) await chown(path, uid, uid)
}

/** The uid a data folder belongs to; 0 where there is none yet. */
async function ownerOf(data: string): Promise<number> {
  try {
    return (await stat(data)).uid
  } catch {
    return 0
  }
}

function isInPasswd(): boolean {
  try {
    return userInfo().username !== ''
  } catch {
    return false
  }
}

const programPath = (binaries: Binaries, name: string) => join(binaries.folder, 'bin', name)
