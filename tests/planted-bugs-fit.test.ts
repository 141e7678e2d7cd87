import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { plantedBugs } from './prove/planted-bugs-table.ts'
import { simulatedBugs } from './prove/simulated-bugs-table.ts'

test.each([...plantedBugs, ...simulatedBugs].map(({ bug, edits }) => [bug, edits] as const))(
  'the code has moved on, and the bug can still be planted: %s',
  (_, edits) => {
    for (const { file, find } of edits) {
      const source = readFileSync(fileURLToPath(new URL(`../${file}`, import.meta.url)), 'utf8')
      expect(source.split(find).length - 1, `${file}: ${find}`).toBe(1)
    }
  },
)
