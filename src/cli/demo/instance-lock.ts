import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '#domain/effects.ts'
import { fail } from '#domain/failures.ts'
import { answers, isAlive, isOurProgram } from './processes.ts'

type Holder = { pid: number; url: string | null }

/** One demo a home: either it is ours now, or it runs already and answers at `url`. */
export type Instance =
  | { kind: 'ours'; publish(url: string): Promise<void>; release(): Promise<void> }
  | { kind: 'running'; url: string }

const patienceMs = 120_000
const lookEveryMs = 200

/**
 * Takes the home for this process. A holder that is gone is replaced; one that is still starting is waited for.
 * `script` is how a process of ours is told from a stranger that got the same number. Failure: `home.not-writable`.
 */
export async function takeInstance(
  home: string,
  script: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<Instance> {
  const path = join(home, 'demo.lock')
  const startedMs = clock.now().epochMilliseconds
  for (;;) {
    if (await create(path, { pid: process.pid, url: null })) return ours(path)
    const holder = await read(path)
    if (holder?.url && isAlive(holder.pid) && (await answers(`${holder.url}/healthz`)))
      return { kind: 'running', url: holder.url }
    if (holder && !isOurProgram(holder.pid, script)) await clearAway(path, holder)
    else if (clock.now().epochMilliseconds - startedMs > patienceMs)
      fail('home.not-writable', { path: home, reason: `pid ${holder?.pid ?? '?'}` })
    else await clock.sleep(lookEveryMs, signal)
  }
}

function ours(path: string): Instance {
  return {
    kind: 'ours',
    publish: (url) => replace(path, { pid: process.pid, url }),
    async release() {
      if ((await read(path))?.pid === process.pid) await rm(path, { force: true })
    },
  }
}

/** False when somebody else was first. The file appears whole or not at all. */
async function create(path: string, holder: Holder): Promise<boolean> {
  const draft = `${path}.${process.pid}`
  try {
    await writeFile(draft, JSON.stringify(holder), { mode: 0o600 })
    await link(draft, path)
    return true
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    return fail('home.not-writable', { path, reason: code ?? message }, error)
  } finally {
    await rm(draft, { force: true })
  }
}

async function replace(path: string, holder: Holder): Promise<void> {
  const draft = `${path}.${process.pid}`
  await writeFile(draft, JSON.stringify(holder), { mode: 0o600 })
  await rename(draft, path)
}

/** Moves a dead holder's lock aside; when somebody living took its place in between, puts theirs back. */
async function clearAway(path: string, dead: Holder): Promise<void> {
  const aside = `${path}.dead.${process.pid}`
  try {
    await rename(path, aside)
  } catch {
    return
  }
  const moved = await read(aside)
  if (moved && moved.pid !== dead.pid) await link(aside, path).catch(() => {})
  await rm(aside, { force: true })
}

async function read(path: string): Promise<Holder | null> {
  try {
    const { pid, url } = JSON.parse(await readFile(path, 'utf8')) as Partial<Holder>
    return typeof pid === 'number' ? { pid, url: url ?? null } : null
  } catch {
    return null
  }
}
