import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { freshDatabase } from '#simulation/fresh-database.ts'
import { crashAt, morning, type Scar } from '#simulation/world/one-crash.ts'
import { tellWorld } from '#simulation/world/tell-world.ts'
import { startEmbedded } from '#store/embedded/embedded.ts'

/**
 * One crash at every await: a morning in which the only misfortune is that the process dies once, before or after one
 * statement or call, for each of them in turn. `every=1` is all of them and takes hours; every 25th unless said otherwise.
 */
const directions = ['dingtalk-to-wecom', 'wecom-to-dingtalk', 'both'] as const
const atOnce = 2
const usualEvery = 25

type Told = { direction: string; awaits: number; crashes: number; scars: Scar[] }

const [asked, second = String(usualEvery), third = '1'] = process.argv.slice(2)
if (asked?.startsWith('part='))
  await tellPart(Number(asked.slice('part='.length)), Number(second), Number(third))
else await tellAll(asked?.startsWith('every=') ? asked.slice('every='.length) : String(usualEvery))

async function tellAll(every: string): Promise<void> {
  const began = performance.now()
  const parts = await Promise.all(
    Array.from({ length: atOnce }, (_, i) => inOwnProcess([`part=${i}`, every])),
  )
  console.log('| direction | awaits | crashes | ended otherwise |\n|---|---|---|---|')
  let scars = 0
  for (const direction of directions) {
    const own = parts.flat().filter((told) => told.direction === direction)
    const crashes = own.reduce((sum, one) => sum + one.crashes, 0)
    const found = own.flatMap((one) => one.scars)
    console.log(`| ${direction} | ${own[0]?.awaits ?? 0} | ${crashes} | ${found.length} |`)
    for (const { atAwait, what } of found.slice(0, 20)) console.log(`  await ${atAwait}: ${what}`)
    scars += found.length + Number(crashes === 0)
  }
  console.log(
    `${scars === 0 ? 'one end, wherever it crashed' : 'BROKEN'}, ${Math.round((performance.now() - began) / 1000)} s`,
  )
  process.exitCode = scars === 0 ? 0 : 1
}

async function inOwnProcess(args: string[]): Promise<Told[]> {
  const script = fileURLToPath(import.meta.url)
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const told: Told[] = []
  for await (const line of createInterface({ input: child.stdout })) told.push(JSON.parse(line) as Told)
  return told
}

/** Every `atOnce`-th of the crashes, on a server of its own. */
async function tellPart(part: number, every: number, first: number): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'qintong-awaits-'))
  const server = await startEmbedded({ home, settings: { fsync: 'off' } })
  try {
    const database = await freshDatabase(server.config, 'awaits')
    for (const direction of directions) {
      const ask = morning(database, direction)
      const whole = await tellWorld(ask, [])
      const told: Told = { direction, awaits: whole.awaits, crashes: 0, scars: [] }
      for (let at = first + part * every; at <= whole.awaits; at += every * atOnce) {
        told.crashes++
        told.scars.push(...(await crashAt(ask, whole, at)))
      }
      console.log(JSON.stringify(told))
    }
  } finally {
    await server.release()
    await rm(home, { recursive: true, force: true })
  }
  process.exit(0)
}
