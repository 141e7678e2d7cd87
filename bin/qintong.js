#!/usr/bin/env node
// Plain JavaScript, for whatever Node (20 or newer) is on the PATH: it sees to the install, then runs the TypeScript
// on the Node that package-lock.json pins.
import { join, resolve } from 'node:path'
import { become } from './lib/become.js'
import { ensureInstalled, root } from './lib/install.js'
import { checkMachine, pinnedNode } from './lib/pinned-node.js'
import { LaunchError } from './lib/words.js'

const [command, ...rest] = process.argv.slice(2)

/** V8 lets its heap grow generously before it collects; a server that shares a laptop should not. Measured by the bench. */
const flags = ['--max-semi-space-size=16', '--heap-growing-percent=30']
/** The same for what glibc keeps back for each thread: 25 MB after a long window. */
process.env.MALLOC_ARENA_MAX ??= '2'

/** What to run: `npm start` is the demo, `run-script` any file of ours, and all else the command line. */
function toRun() {
  if (command === 'start') return [join(root, 'src/main.ts'), 'demo', ...rest]
  if (command === 'run-script') return [resolve(root, rest[0] ?? ''), ...rest.slice(1)]
  return [join(root, 'src/main.ts'), ...process.argv.slice(2)]
}

try {
  checkMachine()
  await ensureInstalled({ withTools: command === 'run-script' })
  become(pinnedNode(), [...flags, ...toRun()])
} catch (error) {
  if (!(error instanceof LaunchError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
