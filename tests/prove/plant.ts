import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One replacement; it fits its file exactly once. */
export type Edit = { file: string; find: string; put: string }

/** A bug that one replacement plants. */
export const edit = (file: string, find: string, put: string): Edit[] => [{ file, find, put }]

const root = fileURLToPath(new URL('../..', import.meta.url))

/** These parts of the project in a folder of their own; what is installed is shared. */
export function copyOf(tree: string, parts: readonly string[]): string {
  mkdirSync(tree, { recursive: true })
  for (const part of parts) cpSync(join(root, part), join(tree, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'))
  return tree
}

/** A replacement that does not fit its file exactly once: the table must follow the code. */
export class Unfit extends Error {}

/** Changes a tree while `work` lasts. Throws `Unfit` when a replacement does not fit. */
export async function planted<T>(tree: string, edits: readonly Edit[], work: () => Promise<T>): Promise<T> {
  const originals = new Map<string, string>()
  try {
    for (const { file, find, put } of edits) {
      const path = join(tree, file)
      const text = readFileSync(path, 'utf8')
      if (!originals.has(path)) originals.set(path, text)
      const times = text.split(find).length - 1
      if (times !== 1) throw new Unfit(`found ${times} times in ${file}: ${find.split('\n')[0]}`)
      writeFileSync(
        path,
        text.replace(find, () => put),
      )
    }
    return await work()
  } finally {
    for (const [path, text] of originals) writeFileSync(path, text)
  }
}
