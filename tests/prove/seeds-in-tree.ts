import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Client } from 'pg'
import { copyOf } from './plant.ts'
import { databaseOf, type TellAsk, type Telling } from './tell-seeds.ts'

/** As much of the project as tells seeds. */
export const treeOfSeeds = (tree: string): string =>
  copyOf(tree, ['src', 'tests/prove', 'package.json', 'tsconfig.json'])

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
