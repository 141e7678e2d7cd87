import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { planted } from '../prove/plant.ts'
import { tellSeeds, treeOfSeeds } from '../prove/seeds-in-tree.ts'
import { type SimulatedBug, simulatedBugs } from '../prove/simulated-bugs-table.ts'
import type { TellAsk, Telling } from '../prove/tell-seeds.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

const atOnce = 2
/** A world takes seconds; the machine may have much else to do. */
const mostMs = 120_000
const scratch = mkdtempSync(join(tmpdir(), 'qintong-simulated-'))

let home: TestDatabase
const withBug = new Map<SimulatedBug, Telling | undefined>()
const withoutBug = new Map<string, Telling>()

/** The worlds of a day that the other tests here tell without a bug. */
const isToldAnyway = (seed: number, days: number) => days === 1 && seed <= 200

const nameOf = ({ seed, days = 1 }: Pick<SimulatedBug, 'seed' | 'days'>) => `${seed} × ${days}`

beforeAll(async () => {
  home = await testDatabase()
  const ask = (seeds: readonly number[], days = 1): TellAsk => ({ server: home.config, seeds, days, mostMs })
  const seedsByDays = Map.groupBy(simulatedBugs, ({ days = 1 }) => days)
  const sound = [...seedsByDays].flatMap(([days, bugs]) => {
    const seeds = [...new Set(bugs.map(({ seed }) => seed))].filter((seed) => !isToldAnyway(seed, days))
    return Array.from({ length: atOnce }, (_, i) => ({
      days,
      seeds: seeds.filter((_, n) => n % atOnce === i),
    }))
  })
  const waiting = [
    ...simulatedBugs.map((bug) => async (tree: string) => {
      const told = await planted(tree, bug.edits, () =>
        tellSeeds(tree, { ...ask([bug.seed], bug.days), invariant: bug.invariant }),
      )
      withBug.set(bug, told[0])
    }),
    ...sound.map(({ seeds, days }) => async (tree: string) => {
      for (const told of await tellSeeds(tree, ask(seeds, days)))
        withoutBug.set(nameOf({ seed: told.seed, days }), told)
    }),
  ]
  await Promise.all(
    Array.from({ length: atOnce }, async (_, i) => {
      const tree = treeOfSeeds(join(scratch, `tree-${i}`))
      for (let work = waiting.shift(); work; work = waiting.shift()) await work(tree)
    }),
  )
}, 600_000)
afterAll(async () => {
  await home?.drop()
  rmSync(scratch, { recursive: true, force: true })
})

describe('the simulation finds', () => {
  test.each(simulatedBugs.map((bug) => [bug.bug, bug] as const))('%s', (_, bug) => {
    expect(withBug.get(bug)).toMatchObject({ seed: bug.seed, breach: { invariant: bug.invariant } })
  })

  test('twenty bugs at least, each within a thousand seeds', () => {
    expect(new Set(simulatedBugs.map(({ bug }) => bug)).size).toBeGreaterThanOrEqual(20)
    expect(simulatedBugs.filter(({ seed }) => seed < 1 || seed > 1_000)).toEqual([])
  })

  test('nothing in any of these worlds while no bug is planted', () => {
    for (const bug of simulatedBugs.filter(({ seed, days = 1 }) => !isToldAnyway(seed, days)))
      expect(withoutBug.get(nameOf(bug))).toEqual({ seed: bug.seed, breach: null })
  })
})
