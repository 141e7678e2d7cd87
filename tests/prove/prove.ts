import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The long proofs, one after the other: `npm run prove [seeds]`. Each prints its own table and says how it ended. */
const proofs = [
  'misfortunes.ts',
  'kills.ts',
  'planted-bugs.ts',
  'simulated-bugs.ts',
  'spreadsheet.ts',
  'identity.ts',
  'small-world.ts',
  'every-await.ts',
  'worlds.ts',
  'scale-out.ts',
]

let failed = 0
for (const proof of proofs) {
  const path = fileURLToPath(new URL(proof, import.meta.url))
  const run = spawnSync(process.execPath, [path, ...process.argv.slice(2)], { stdio: 'inherit' })
  if (run.status !== 0) failed++
}
console.log(`${proofs.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
