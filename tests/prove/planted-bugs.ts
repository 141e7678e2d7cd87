import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyOf, planted, Unfit } from './plant.ts'
import { type PlantedBug, plantedBugs } from './planted-bugs-table.ts'

/**
 * Plants one bug at a time in a copy of the sources and demands that the test named for it fails there, having passed
 * without it. A replacement that does not fit its file exactly once fails the proof: the table must follow the code.
 * Argument: a part of a bug's name; a number, as `npm run prove` hands on, means all.
 */
const only = /\D/.test(process.argv[2] ?? '') ? process.argv[2]! : ''
const bugs = plantedBugs.filter((one) => one.bug.includes(only))
const scratch = mkdtempSync(join(tmpdir(), 'qintong-bugs-'))
const parts = [
  'src',
  'tests',
  'bin',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'vitest.config.ts',
]
const atOnce = 2
/** A bug may make a test wait for what never comes. */
const testTimeoutMs = 20_000

type Verdict = { passed: boolean; said: string }

const trees = Array.from({ length: atOnce }, (_, i) => copyOf(join(scratch, `tree-${i}`), parts))
const sound = await run(bugs, trees[0]!)
const results = new Map<PlantedBug, string>()
const waiting = [...bugs]
await Promise.all(
  trees.map(async (tree) => {
    for (let bug = waiting.shift(); bug; bug = waiting.shift()) results.set(bug, await judge(bug, tree))
  }),
)
console.log('| bug | where | caught by | result |\n|---|---|---|---|')
for (const [bug, result] of [...results].toSorted(([a], [b]) => bugs.indexOf(a) - bugs.indexOf(b))) {
  const where = [...new Set(bug.edits.map(({ file }) => file))].join(', ')
  console.log(`| ${bug.bug} | ${where} | ${bug.test} › ${bug.name} | ${result} |`)
}
rmSync(scratch, { recursive: true, force: true })
const missed = [...results.values()].filter((result) => !result.startsWith('caught')).length
const isGood = missed === 0 && bugs.length > 0
console.log(
  isGood ? `${bugs.length} planted, ${bugs.length} caught` : `${missed} of ${bugs.length} went wrong`,
)
process.exitCode = isGood ? 0 : 1

async function judge(bug: PlantedBug, tree: string): Promise<string> {
  const before = sound.get(keyOf(bug))
  if (!before) return 'NO SUCH TEST'
  if (!before.passed) return `FAILS WITHOUT THE BUG: ${before.said}`
  try {
    const after = (await planted(tree, bug.edits, () => run([bug], tree))).get(keyOf(bug))
    if (!after) return 'THE TEST DID NOT RUN'
    return after.passed ? 'NOT CAUGHT' : `caught: ${after.said}`
  } catch (error) {
    if (error instanceof Unfit) return `CANNOT BE PLANTED: ${oneLine(error.message)}`
    throw error
  }
}

/** Runs the tests named by these bugs in a copy; what became of each, by `keyOf`. */
async function run(wanted: readonly PlantedBug[], tree: string): Promise<Map<string, Verdict>> {
  const report = join(tree, 'report.json')
  rmSync(report, { force: true })
  const files = [...new Set(wanted.map((bug) => bug.test))]
  const names = [...new Set(wanted.map((bug) => escaped(bug.name)))].join('|')
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'code', ...files, '-t', names]
  const reporting = ['--reporter=json', `--outputFile=${report}`, `--testTimeout=${testTimeoutMs}`]
  await once(spawn(process.execPath, [...args, ...reporting], { cwd: tree, stdio: 'ignore' }), 'exit')
  if (!existsSync(report)) return new Map()
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report
  return new Map(
    testResults.flatMap(({ name: file, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === 'passed' || status === 'failed')
        .map(({ title, status, failureMessages }): [string, Verdict] => [
          keyOf({ test: file.slice(tree.length + 1), name: title }),
          { passed: status === 'passed', said: oneLine(failureMessages[0] ?? '') },
        ]),
    ),
  )
}

type Report = {
  testResults: {
    name: string
    assertionResults: { title: string; status: string; failureMessages: string[] }[]
  }[]
}

function keyOf({ test, name }: { test: string; name: string }): string {
  return `${test} › ${name}`
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** The first line, short enough for a table. */
function oneLine(text: string): string {
  return (text.split('\n')[0] ?? '').replaceAll('|', '/').slice(0, 110)
}
