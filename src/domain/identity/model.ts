import type { Comparison } from './compare-accounts.ts'
import {
  beliefs,
  type Evidence,
  evidenceLevels,
  evidences,
  identifiers,
  slotOf,
  slotsPerEvidence,
  strangers,
  tableSize,
} from './evidence-levels.ts'

/**
 * What two accounts' evidence weighs between two connections (Fellegi and Sunter): `same`, how often one person's
 * accounts agree at each level, against `chance`, how often strangers' do.
 */
export type PairModel = {
  /** By `slotOf`: the m-probabilities. */
  same: Float64Array
  /** By `slotOf`: the u-probabilities; 0 where each comparison brings its own (names, departments, dates). */
  chance: Float64Array
  /** Bits of each level; a comparison's own chance is added to it. */
  weights: Float64Array
  /** Odds of two accounts to be one person before any evidence. */
  odds: number
  /** People expected to have an account on both. */
  expected: number
}

/** The model of a whole group: one per pair of connections, `a * connections + b` with a ≤ b. */
export type Model = { connections: readonly string[]; pairs: ReadonlyMap<number, PairModel> }

export const pairIndex = (a: number, b: number, connections: number): number =>
  a < b ? a * connections + b : b * connections + a

/** The model between two connections by their places; undefined for one that came after the model was made. */
export function modelBetween({ connections, pairs }: Model, a: number, b: number): PairModel | undefined {
  const count = connections.length
  return a >= 0 && b >= 0 && a < count && b < count ? pairs.get(pairIndex(a, b, count)) : undefined
}

/** What is believed before any data; `size` is the larger roster's head-count. */
export function believedModel(size: number): PairModel {
  const same = new Float64Array(tableSize)
  const chance = new Float64Array(tableSize)
  for (const evidence of evidences)
    for (const level of evidenceLevels[evidence]) {
      const slot = slotOf(evidence, level as never)
      same[slot] = (beliefs[evidence] as Record<string, number>)[level]!
      chance[slot] = (strangers[evidence] as Record<string, number> | undefined)?.[level] ?? 0
    }
  for (const { evidence, level, wrong } of identifiers)
    chance[slotOf(evidence, level)] = wrong / Math.max(size, 1)
  return { same, chance, weights: new Float64Array(tableSize), odds: 0, expected: 0 }
}

/** Levels that speak against one person: they never raise anything, whatever the data seem to say. */
const against = new Set(
  evidences.flatMap((evidence) =>
    evidenceLevels[evidence].flatMap((level) =>
      level === 'different' || level === 'apart' || level === 'half'
        ? [slotOf(evidence, level as never)]
        : [],
    ),
  ),
)
/** Bits that one level may weigh at most against one person: data never prove that somebody is somebody else. */
const leastWeights: { readonly [E in Evidence]?: number } = {
  name: -9,
  mobile: -6,
  jobNumber: -6,
  email: -5,
  userId: -2,
  department: -4,
  title: -3,
  hiredOn: -5,
  period: -7,
  manager: -3,
}
const apart = slotOf('period', 'apart')
const opaque = slotOf('name', 'opaque')

/** Works out the bits of every level from both probabilities. */
export function weigh(model: PairModel): void {
  for (let slot = 0; slot < tableSize; slot++) {
    const same = model.same[slot]!
    if (same === 0) continue
    const chance = model.chance[slot]!
    let bits = Math.log2(same) - (chance > 0 ? Math.log2(chance) : 0)
    const evidence = evidences[Math.floor(slot / slotsPerEvidence)]!
    if (against.has(slot)) bits = Math.min(0, Math.max(bits, leastWeights[evidence] ?? -6))
    // Believed, not learned: a number or a name that was seen before is not yet the same person.
    if (slot === apart) bits = Math.min(bits, -4)
    if (slot === opaque) bits = Math.min(0, bits)
    if (evidence === 'period' && slot !== apart) bits = Math.min(bits, 4)
    model.weights[slot] = bits
  }
}

/** Bits of one kind of evidence in a comparison. */
export function bitsOf(comparison: Comparison, evidence: number, model: PairModel): number {
  const level = comparison.levels[evidence]!
  if (level === 0) return 0
  const chance = comparison.chances[evidence]!
  return model.weights[evidence * slotsPerEvidence + level]! - (chance > 0 ? Math.log2(chance) : 0)
}
