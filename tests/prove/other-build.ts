import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A copy of this build in a folder of its own that calls itself another version. Gives its launcher. */
export async function copyBuild(folder: string, version: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  for (const name of ['bin', 'src', 'package-lock.json'])
    await cp(join(root, name), join(folder, name), { recursive: true })
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const about = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<string, unknown>
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...about, version }))
  return join(folder, 'bin/qintong.js')
}

/** The same, as it was before its last migration: a build that is older than this build's schema. */
export async function copyOlderBuild(folder: string, version: string): Promise<string> {
  const launcher = await copyBuild(folder, version)
  const path = join(folder, 'src/store/migrate.ts')
  const text = await readFile(path, 'utf8')
  const last = [...text.matchAll(/^ {2}'\d{4}-[a-z-]+': \w+,\n/gm)].at(-1)
  if (!last) throw new Error('no table of migrations found')
  await writeFile(path, text.slice(0, last.index) + text.slice(last.index + last[0].length))
  return launcher
}
