#!/usr/bin/env node
// `npm test`: installs what is missing, runs every stage, and ends with one plain line of figures.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startExternalPostgres } from './lib/external-postgres.js'
import { ensureInstalled, root } from './lib/install.js'
import { checkMachine, pinnedNode } from './lib/pinned-node.js'
import { findSystemParts } from './lib/system-parts.js'
import { Tally } from './lib/tally.js'
import { LaunchError } from './lib/words.js'

/** Where an hour's difference could hide: run once more in a zone far from Shanghai. */
const zoneTests = ['src/domain', 'src/settings', 'src/platforms', 'src/sandbox', 'src/messages', 'src/cli']
/** What speaks SQL: run once more on the system's PostgreSQL. */
const databaseTests = ['src/store', 'src/engine', 'src/journey', 'tests/journeys']

/** Far above any stage: only so that one that hangs ends as a failure, not as silence. */
const longestStageMs = 40 * 60_000

const isCi = process.env.CI === 'true'
const tally = new Tally()
const scratch = mkdtempSync(join(tmpdir(), 'qintong-reports-'))
/** @type {{ stop: () => Promise<void> } | null} */
let external = null
/** @type {import('node:child_process').ChildProcess | null} */
let running = null

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, async () => {
    if (running) stopGroup(running, signal)
    await external?.stop()
    rmSync(scratch, { recursive: true, force: true })
    process.exit(130)
  })
}

try {
  checkMachine()
  await ensureInstalled({ withTools: true })
  await runStages(pinnedNode())
} catch (error) {
  process.stderr.write(`${error instanceof LaunchError ? error.message : error.stack}\n`)
  tally.check('npm test', false)
} finally {
  await external?.stop()
  rmSync(scratch, { recursive: true, force: true })
}
process.stdout.write(`\n${tally}\n`)
process.exitCode = tally.failed.length === 0 ? 0 : 1

/** @param {string} node */
async function runStages(node) {
  const hasBrowserTests = listTests('tests/browser').length > 0
  const wanted = hasBrowserTests ? ['postgres', 'chromium', 'font'] : ['postgres']
  const { found, reason } = findSystemParts(wanted)

  tally.check(
    'type check',
    (await run('type check', node, ['node_modules/typescript/bin/tsc', '--noEmit'])) === 0,
  )
  tally.check(
    'lint',
    (await run('lint', node, ['node_modules/@biomejs/biome/bin/biome', 'check', '.'])) === 0,
  )
  await vitest(node, 'tests', ['--project', 'code'], { TZ: 'UTC' })
  await vitest(node, 'tests in New York', ['--project', 'code', ...zoneTests], { TZ: 'America/New_York' })

  if (found.postgres) {
    external = await startExternalPostgres(found.postgres)
    const filter = ['--project', 'code', ...databaseTests]
    await vitest(node, 'tests on external PostgreSQL', filter, { TZ: 'UTC', TEST_DATABASE_URL: external.url })
  } else miss('tests on external PostgreSQL', 'no PostgreSQL server', reason)

  if (!hasBrowserTests) return
  if (found.chromium && found.font) {
    await vitest(node, 'browser tests', ['--project', 'browser'], { TZ: 'UTC', CHROMIUM: found.chromium })
  } else miss('browser tests', found.chromium ? 'no Chinese font' : 'no Chromium', reason)
}

/** A part of the system is missing: seen as a skip at home, a failure where everything must run. */
function miss(stage, what, why) {
  if (isCi) tally.failed.push(`${stage}: ${what} (${why})`)
  else tally.skipped.push(`${stage}: ${what} (${why})`)
}

async function vitest(node, stage, filter, env) {
  const report = join(scratch, `${tally.passed}-${stage.replaceAll(' ', '-')}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--passWithNoTests', ...reporters, ...filter]
  tally.vitest(stage, report, await run(stage, node, args, env))
}

async function run(stage, program, args, env = {}) {
  process.stdout.write(`\n── ${stage}\n`)
  running = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    detached: true, // a group of its own: a worker that spins does not hear its parent end
  })
  const limit = setTimeout(stopGroup, longestStageMs, running, 'SIGKILL')
  const [code] = await once(running, 'exit')
  clearTimeout(limit)
  running = null
  return code ?? 1
}

function stopGroup(child, signal) {
  try {
    process.kill(-child.pid, signal)
  } catch {
    // it has just ended by itself
  }
}

function listTests(folder) {
  const path = join(root, folder)
  return existsSync(path)
    ? readdirSync(path, { recursive: true }).filter((name) => name.endsWith('.test.ts'))
    : []
}
