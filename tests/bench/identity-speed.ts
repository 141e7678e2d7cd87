import { spawnSync } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { generateStaff } from '#simulation/staff/generate-staff.ts'

/**
 * How long it takes to say who is who: `node bin/qintong.js run-script tests/bench/identity-speed.ts [people…]`. Each
 * company is resolved in a process of its own, so that its memory is its own as well.
 */
const sizes = process.argv.slice(2).map(Number).filter(Boolean)
if (sizes.length === 0) sizes.push(10_000, 30_000, 100_000)
const aims = { people: 100_000, seconds: 20, mb: 600, changeMs: 50 }
const seed = 1

type Whole = { accounts: number; readMb: number; ms: number; peakMb: number }
type Changes = { medianMs: number; nearlyMs: number; mostMs: number }

const home = await mkdtemp(join(tmpdir(), 'qintong-identity-'))
const script = fileURLToPath(new URL('resolve-once.ts', import.meta.url))
const nLogN = (n: number) => n * Math.log2(n)

function inOwnProcess<T>(file: string, what: 'whole' | 'changes'): T {
  const run = spawnSync(process.execPath, [...process.execArgv, script, file, what], { encoding: 'utf8' })
  if (run.status !== 0) throw new Error(run.stderr)
  return JSON.parse(run.stdout) as T
}

const printRow = (...cells: (string | number)[]) => console.log(`| ${cells.join(' | ')} |`)
printRow(
  'people, with two accounts each',
  'seconds',
  'aim',
  'time beside n log n',
  'peak MB',
  'aim',
  'of it the accounts as read',
  'ms for one changed account: median, 99 of 100, most',
  'aim',
)
printRow(...Array.from({ length: 9 }, () => '---'))
let first: Whole | undefined
for (const people of sizes) {
  const file = join(home, `${people}.jsonl`)
  await pipeline(
    generateStaff({ seed, people }).accounts.map((account) => `${JSON.stringify(account)}\n`),
    createWriteStream(file),
  )
  const whole = inOwnProcess<Whole>(file, 'whole')
  const changes = inOwnProcess<Changes>(file, 'changes')
  first ??= whole
  const growth = whole.ms / first.ms / (nLogN(whole.accounts) / nLogN(first.accounts))
  const aim = (text: string) => (people === aims.people ? text : '–')
  printRow(
    people.toLocaleString('en'),
    (whole.ms / 1000).toFixed(1),
    aim(`≤ ${aims.seconds}`),
    `× ${growth.toFixed(2)}`,
    whole.peakMb.toFixed(0),
    aim(`≤ ${aims.mb}`),
    whole.readMb.toFixed(0),
    [changes.medianMs, changes.nearlyMs, changes.mostMs].map((ms) => ms.toFixed(1)).join(', '),
    aim(`≤ ${aims.changeMs}`),
  )
}
await rm(home, { recursive: true, force: true })
