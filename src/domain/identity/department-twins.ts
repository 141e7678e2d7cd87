import { Comparison, compareAccounts } from './compare-accounts.ts'
import type { PairTable } from './pair-table.ts'
import type { Department } from './profile.ts'
import { type Registry, twinKey } from './registry.ts'

/** How sure a pair must be to teach anything, how many must agree, and which share of a department's people. */
const lesson = { probability: 0.99, people: 3, share: 0.5 }

/**
 * Learns which departments are one under two names (renamed, moved, another tree): where most people of the one who are
 * known on the other side stand in the other, and the other way round. Compares again whom it concerns.
 */
export function learnDepartmentTwins(registry: Registry, table: PairTable, posterior: Float64Array): void {
  const meetings = new Map<Department, Map<Department, number>>()
  const meet = (one: Department, other: Department) => {
    const met = meetings.get(one)
    if (met) met.set(other, (met.get(other) ?? 0) + 1)
    else meetings.set(one, new Map([[other, 1]]))
  }
  for (let i = 0; i < table.size; i++) {
    if (posterior[i]! < lesson.probability) continue
    const [a, b] = [registry.profiles[table.a[i]!]!, registry.profiles[table.b[i]!]!]
    const [mine] = a.departments
    const [theirs] = b.departments
    if (!mine || !theirs || a.connection === b.connection) continue
    meet(mine, theirs)
    meet(theirs, mine)
  }
  const isMostly = (one: Department, other: Department) => {
    const met = meetings.get(one)!
    const together = met.get(other) ?? 0
    const all = met.values().reduce((sum, count) => sum + count, 0)
    return together >= lesson.people && together >= lesson.share * all
  }
  const twins = new Set<string>()
  for (const [one, met] of meetings)
    for (const other of met.keys())
      if (one.id !== other.id && isMostly(one, other) && isMostly(other, one)) twins.add(twinKey(one, other))
  if (twins.size === 0) return
  registry.learnTwins(twins)
  compareAgain(registry, table)
}

function compareAgain(registry: Registry, table: PairTable): void {
  const comparison = new Comparison()
  for (let i = 0; i < table.size; i++) {
    const [a, b] = [registry.profiles[table.a[i]!]!, registry.profiles[table.b[i]!]!]
    if (!a.departments.some((mine) => b.departments.some((theirs) => registry.areTwins(mine, theirs))))
      continue
    compareAccounts(a, b, registry, comparison)
    table.set(i, comparison)
  }
}
