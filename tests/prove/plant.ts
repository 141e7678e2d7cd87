import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import type { Edit } from './simulated-bugs-table.ts'
import { databaseOf, type TellAsk, type Telling } from './tell-seeds.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The sources in a folder of their own, and what tells seeds; what is installed is shared. */
export function copyOf(tree: string): string {
  mkdirSync(tree, { recursive: true })
  for (const part of ['src', 'tests/prove', 'package.json', 'tsconfig.json'])
    cpSync(join(root, part), join(tree, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'))
  return tree
}

/** Changes a tree while `work` lasts. Throws when a replacement does not fit its file exactly once. */
export async function planted<T>(tree: string, edits: readonly Edit[], work: () => Promise<T>): Promise<T> {
  const originals = new Map<string, string>()
  try {
    for (const { file, find, put } of edits) {
      const path = join(tree, file)
      const text = readFileSync(path, 'utf8')
      if (!originals.has(path)) originals.set(path, text)
      const times = text.split(find).length - 1
      if (times !== 1) throw new Error(`found ${times} times in ${file}: ${find.split('\n')[0]}`)
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

/** Tells seeds as a tree has it, in a process of its own; one that says nothing for far too long hangs. */
export async function tellSeeds(
  tree: string,
  ask: TellAsk,
  onTold: (telling: Telling) => void = () => {},
): Promise<Telling[]> {
  const child = spawn(process.execPath, [join(tree, 'tests/prove/tell-seeds.ts')], { cwd: tree })
  const told: Telling[] = []
  let complained = ''
  const patience = setTimeout(() => child.kill('SIGKILL'), ask.mostMs * 1.5)
  child.stderr.on('data', (chunk) => (complained = `${complained}${chunk}`.slice(0, 4_000)))
  child.stdin.end(JSON.stringify(ask))
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  for await (const line of createInterface({ input: child.stdout })) {
    patience.refresh()
    const telling = JSON.parse(line) as Telling
    told.push(telling)
    onTold(telling)
  }
  const code = await ended
  clearTimeout(patience)
  await dropDatabase(ask.server, databaseOf(child.pid!))
  const seed = ask.seeds[told.length]
  if (code === null && seed !== undefined) told.push({ seed, hung: true })
  else if (code !== 0 && seed !== undefined)
    told.push({ seed, threw: complained.split('\n').find((line) => /Error\b/.test(line)) ?? complained })
  return told
}

async function dropDatabase(server: TellAsk['server'], name: string): Promise<void> {
  const client = new Client(server)
  await client.connect()
  await client.query(`drop database if exists ${name} with (force)`)
  await client.end()
}
