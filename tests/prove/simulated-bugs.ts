import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmbedded } from '#store/embedded/embedded.ts'
import { planted } from './plant.ts'
import { tellSeeds, treeOfSeeds } from './seeds-in-tree.ts'
import { type SimulatedBug, simulatedBugs } from './simulated-bugs-table.ts'
import type { Telling } from './tell-seeds.ts'

/**
 * Plants one bug at a time in a copy of the sources and tells the seed recorded for it, and if that does not show it, seeds
 * 1, 2, 3, … until the checker reports a breach of the invariant named for it; a world that throws or hangs is no find. The
 * sources as they are must tell every one of those seeds to the end. Arguments: `record` writes the seeds into the table;
 * `anew` forgets those that are there; a part of a bug's name keeps to that bug.
 */
const words = process.argv.slice(2).filter((word) => /\D/.test(word))
const isRecording = words.includes('record')
const isAnew = words.includes('anew')
const only = words.find((word) => word !== 'record' && word !== 'anew') ?? ''
const bugs = simulatedBugs.filter((one) => one.bug.includes(only))
const table = fileURLToPath(new URL('simulated-bugs-table.ts', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'qintong-simulated-'))
const atOnce = 2
const mostSeeds = 1_000
/** Far longer than any world takes: a bug may make one go round in a circle. */
const mostMs = 120_000

type Found = { bug: SimulatedBug; told: number; failed: number; result: Telling | { unfit: string } | null }

const server = await startEmbedded({ home: join(scratch, 'home'), settings: { fsync: 'off' } })
const results: Found[] = []
let broken: string[] = []
try {
  const waiting = [...bugs]
  await Promise.all(
    Array.from({ length: atOnce }, async (_, i) => {
      const tree = treeOfSeeds(join(scratch, `tree-${i}`))
      for (let bug = waiting.shift(); bug; bug = waiting.shift()) {
        const found = await search(bug, tree)
        results.push(found)
        console.log(rowOf(found))
      }
    }),
  )
  broken = await tellSound(join(scratch, 'tree-0'))
} finally {
  await server.release()
  rmSync(scratch, { recursive: true, force: true })
}
const inOrder = results.toSorted((a, b) => bugs.indexOf(a.bug) - bugs.indexOf(b.bug))
console.log(
  '\n| bug | where | seed | told | threw or hung | invariant | what the checker says |\n|---|---|---|---|---|---|---|',
)
for (const found of inOrder) console.log(rowOf(found))
for (const line of broken) console.log(line)
if (isRecording) record(inOrder)
const missed = inOrder.filter((found) => breachOf(found) === null).length
const isGood = missed === 0 && broken.length === 0 && bugs.length > 0
console.log(
  isGood
    ? `${bugs.length} planted, ${bugs.length} found; without them every one of these seeds is sound`
    : `${missed} of ${bugs.length} not found, ${broken.length} seeds unsound without a bug`,
)
process.exitCode = isGood ? 0 : 1

/** Tells seeds until one breaks the invariant. */
async function search(bug: SimulatedBug, tree: string): Promise<Found> {
  const found: Found = { bug, told: 0, failed: 0, result: null }
  const { days = 1, invariant, seed, edits } = bug
  const waiting = Array.from({ length: mostSeeds }, (_, i) => i + 1)
  if (!isAnew && seed > 0) waiting.unshift(seed)
  try {
    await planted(tree, edits, async () => {
      while (waiting.length > 0) {
        const told = await tellSeeds(tree, { server: server.config, seeds: waiting, days, invariant, mostMs })
        waiting.splice(0, Math.max(1, told.length))
        found.told += told.length
        const last = told.at(-1)
        if (last && 'breach' in last && last.breach) {
          found.result = last
          return
        }
        found.failed++
        console.log(`${bug.bug}: ${JSON.stringify(last)}`)
      }
    })
  } catch (error) {
    found.result = { unfit: String(error) }
  }
  return found
}

/** The seeds just found, told without a bug. */
async function tellSound(tree: string): Promise<string[]> {
  const lines: string[] = []
  const byDays = Map.groupBy(
    results.flatMap(({ bug, result }) =>
      result && 'seed' in result ? [{ days: bug.days ?? 1, seed: result.seed }] : [],
    ),
    ({ days }) => days,
  )
  for (const [days, seeds] of byDays) {
    const each = [...new Set(seeds.map(({ seed }) => seed))]
    const told = await tellSeeds(tree, { server: server.config, seeds: each, days, mostMs })
    if (told.length < each.length) lines.push(`only ${told.length} of ${each.length} sound worlds were told`)
    for (const one of told)
      if (!('breach' in one) || one.breach) lines.push(`WITHOUT A BUG: ${JSON.stringify(one)}`)
  }
  return lines
}

function breachOf({ result }: Found) {
  return result && 'breach' in result ? result.breach : null
}

function rowOf(found: Found): string {
  const { bug, told, failed, result } = found
  const where = [...new Set(bug.edits.map(({ file }) => file))].join(', ')
  const breach = breachOf(found)
  const said =
    result && 'unfit' in result ? `CANNOT BE PLANTED: ${result.unfit}` : (breach?.what ?? 'NOT FOUND')
  const seed = result && 'seed' in result ? result.seed : '–'
  const what = said.replaceAll('|', '/').slice(0, 160)
  return `| ${bug.bug} | ${where} | ${seed} | ${told} | ${failed} | ${bug.invariant} | ${what} |`
}

/** Writes the seeds into the table, whose rows stand as they are otherwise. */
function record(found: readonly Found[]): void {
  let text = readFileSync(table, 'utf8')
  for (const { bug, result } of found) {
    if (!result || !('seed' in result)) continue
    const from = text.indexOf(`bug: '${bug.bug}'`)
    const at = text.indexOf('    seed: ', from)
    text = text.slice(0, at) + text.slice(at).replace(/seed: \d+/, `seed: ${result.seed}`)
  }
  writeFileSync(table, text)
}
