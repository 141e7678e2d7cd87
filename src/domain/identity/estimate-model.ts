import { Comparison, compareAccounts } from './compare-accounts.ts'
import { learnDepartmentTwins } from './department-twins.ts'
import {
  evidenceLevels,
  evidences,
  identifiers,
  placeOf,
  slotOf,
  slotsPerEvidence,
  strangers,
  tableSize,
} from './evidence-levels.ts'
import { believedModel, type Model, type PairModel, pairIndex, weigh } from './model.ts'
import type { PairTable } from './pair-table.ts'
import { identityPolicy } from './policy.ts'
import type { Profile } from './profile.ts'
import type { Registry } from './registry.ts'

/** Pairs that the beliefs are worth, over the whole group and for one pair of connections. */
const worth = { group: 60, pair: 40, wrong: 400, sample: 300, spelt: 20 }
const places = { name: placeOf('name'), email: placeOf('email') }
const speltEmail = slotOf('email', 'spelt')
/** Of a connection's accounts, to begin with: those who are on another one, and those who came back. */
const believedOverlap = { both: 0.7, rehired: 0.01 }
const rounds = 9
/** Round after which departments are understood well enough to be told apart from renamed ones. */
const learnAfter = 4
const sampleSize = 20_000

type Pool = {
  same: Float64Array
  wrong: Float64Array
  unique: Float64Array
  expected: number
  /** Strangers of one name who both have an e-mail spelt from it, and how many of them have the same one. */
  namesakes: { all: number; equal: number }
}
const newPool = (): Pool => ({
  same: new Float64Array(tableSize),
  wrong: new Float64Array(tableSize),
  unique: new Float64Array(tableSize),
  expected: 0,
  namesakes: { all: 0, equal: 0 },
})

/**
 * Learns from the pairs at hand what agreement is worth, without knowing who is who (expectation maximisation): guesses
 * who is who, counts how often those agree, guesses again. Few data leave the beliefs nearly as they were.
 */
export function estimateModel(registry: Registry, table: PairTable): Model {
  const { sizes } = registry.frequencies
  const count = registry.connections.length
  const sides = sidesOf(registry, table)
  const pairs = new Map<number, PairModel>()
  for (let a = 0; a < count; a++)
    for (let b = a; b < count; b++) {
      const model = believedModel(Math.max(sizes[a]!, sizes[b]!))
      const overlap = a === b ? believedOverlap.rehired : believedOverlap.both
      setOdds(model, sizes[a]!, sizes[b]!, overlap * Math.min(sizes[a]!, sizes[b]!))
      weigh(model)
      pairs.set(pairIndex(a, b, count), model)
    }
  const sampled = sampleStrangers(registry)
  for (const model of pairs.values()) applySample(model, sampled)

  const posterior = new Float64Array(table.size)
  const rivals = new Float64Array(registry.profiles.length * count)
  for (let round = 0; round < rounds; round++) {
    expect(table, sides, pairs, posterior, rivals)
    maximise(registry, table, sides, pairs, posterior)
    if (round === learnAfter) learnDepartmentTwins(registry, table, posterior)
  }
  return { connections: [...registry.connections], pairs }
}

/** Sets the odds so that `expected` people of `a` accounts here and `b` there are on both. */
function setOdds(model: PairModel, a: number, b: number, expected: number): void {
  const { overlapAtMost, overlapAtLeast } = identityPolicy
  const share = (size: number) =>
    Math.min(overlapAtMost, Math.max(overlapAtLeast, expected / Math.max(size, 1)))
  const smaller = Math.max(1, Math.min(a, b))
  const believed = Math.min(expected, overlapAtMost * smaller)
  model.expected = expected
  model.odds =
    Math.max(believed, overlapAtLeast * smaller) /
    (Math.max(a, 1) * Math.max(b, 1)) /
    ((1 - share(a)) * (1 - share(b)))
}

/** For every pair of the table its pair of connections; and the connection of every account. */
type Sides = { index: Uint16Array; connections: Uint16Array; count: number }

function sidesOf(registry: Registry, table: PairTable): Sides {
  const count = registry.connections.length
  const connections = Uint16Array.from(registry.profiles, ({ connection }) => connection)
  const index = new Uint16Array(table.size)
  for (let i = 0; i < table.size; i++)
    index[i] = pairIndex(connections[table.a[i]!]!, connections[table.b[i]!]!, count)
  return { index, connections, count }
}

/** Guesses for every pair how likely it is one person, its rivals considered. */
function expect(
  table: PairTable,
  sides: Sides,
  pairs: ReadonlyMap<number, PairModel>,
  posterior: Float64Array,
  rivals: Float64Array,
): void {
  const { connections, count } = sides
  rivals.fill(0)
  const kinds = evidences.length
  let [last, model] = [-1, undefined as PairModel | undefined]
  for (let i = 0; i < table.size; i++) {
    if (sides.index[i] !== last) [last, model] = [sides.index[i]!, pairs.get(sides.index[i]!)]
    let bits = table.bits[i]!
    for (let kind = 0, at = i * kinds; kind < kinds; kind++, at++)
      bits += model!.weights[kind * slotsPerEvidence + table.levels[at]!]!
    const odds = model!.odds * 2 ** Math.min(200, bits)
    const [a, b] = [table.a[i]!, table.b[i]!]
    posterior[i] = odds
    rivals[a * count + connections[b]!]! += odds
    rivals[b * count + connections[a]!]! += odds
  }
  for (let i = 0; i < table.size; i++) {
    const odds = posterior[i]!
    const [a, b] = [table.a[i]!, table.b[i]!]
    const around = rivals[a * count + connections[b]!]! + rivals[b * count + connections[a]!]!
    posterior[i] = odds / (1 + around - odds)
  }
}

function maximise(
  registry: Registry,
  table: PairTable,
  { index }: Sides,
  pairs: ReadonlyMap<number, PairModel>,
  posterior: Float64Array,
): void {
  const pools = new Map<number, Pool>([...pairs.keys()].map((key) => [key, newPool()]))
  const kinds = evidences.length
  for (let i = 0; i < table.size; i++) {
    const pool = pools.get(index[i]!)!
    const likely = posterior[i]!
    pool.expected += likely
    const [name, email] = [table.levels[i * kinds + places.name]!, table.levels[i * kinds + places.email]!]
    if (name > 0 && name <= 3 && email > 0) {
      pool.namesakes.all += 1 - likely
      if (email === 2) pool.namesakes.equal += 1 - likely
    }
    for (let kind = 0; kind < kinds; kind++) {
      const slot = kind * slotsPerEvidence + table.levels[i * kinds + kind]!
      pool.same[slot]! += likely
      pool.wrong[slot]! += 1 - likely
      pool.unique[slot]!++
    }
  }
  const whole = newPool()
  for (const pool of pools.values()) {
    whole.namesakes.all += pool.namesakes.all
    whole.namesakes.equal += pool.namesakes.equal
    for (let slot = 0; slot < tableSize; slot++) {
      whole.same[slot]! += pool.same[slot]!
      whole.wrong[slot]! += pool.wrong[slot]!
      whole.unique[slot]! += pool.unique[slot]!
    }
  }
  const believed = believedModel(1)
  const group = shares(whole.same, believed.same, worth.group)
  const { sizes } = registry.frequencies
  const count = registry.connections.length
  for (const [key, model] of pairs) {
    const pool = pools.get(key)!
    const [a, b] = [sizes[Math.floor(key / count)]!, sizes[key % count]!]
    model.same.set(shares(pool.same, group, worth.pair))
    for (const { evidence, level, wrong, least } of identifiers) {
      const slot = slotOf(evidence, level)
      const everywhere = (whole.wrong[slot]! + wrong * worth.wrong) / (whole.unique[slot]! + worth.wrong)
      const here = (pool.wrong[slot]! + everywhere * worth.wrong) / (pool.unique[slot]! + worth.wrong)
      model.chance[slot] = Math.max(here, least) / Math.max(a, b, 1)
    }
    model.chance[speltEmail] =
      (whole.namesakes.equal + 0.1 * worth.spelt) / (whole.namesakes.all + worth.spelt)
    setOdds(model, a, b, pool.expected)
    weigh(model)
  }
}

/** How often each level was seen among those where the kind says something, the beliefs counting as `worth` pairs. */
function shares(counts: Float64Array, before: Float64Array, pairsWorth: number): Float64Array {
  const found = new Float64Array(tableSize)
  for (let kind = 0; kind < evidences.length; kind++) {
    let total = pairsWorth
    for (let level = 1; level < slotsPerEvidence; level++) total += counts[kind * slotsPerEvidence + level]!
    for (let level = 1; level < slotsPerEvidence; level++) {
      const slot = kind * slotsPerEvidence + level
      found[slot] = (counts[slot]! + before[slot]! * pairsWorth) / total
    }
  }
  return found
}

/** How strangers agree: all pairs, or some at even steps through the rosters; nearly none of them is one person. */
function sampleStrangers(registry: Registry): Float64Array {
  const counts = new Float64Array(tableSize)
  const { profiles } = registry
  const comparison = new Comparison()
  const look = (a: Profile, b: Profile) => {
    if (a.connection === b.connection) return
    compareAccounts(a, b, registry, comparison)
    comparison.levels.forEach((level, kind) => {
      counts[kind * slotsPerEvidence + level]!++
    })
  }
  const size = profiles.length
  if ((size * (size - 1)) / 2 <= sampleSize) {
    for (let a = 0; a < size; a++) for (let b = a + 1; b < size; b++) look(profiles[a]!, profiles[b]!)
    return counts
  }
  const step = Math.floor(size * 0.6180339887)
  for (let i = 0; i < sampleSize; i++)
    look(profiles[(i * 7919) % size]!, profiles[(i * 7919 + step + (i % 97) * 31) % size]!)
  return counts
}

function applySample(model: PairModel, counts: Float64Array): void {
  evidences.forEach((evidence, kind) => {
    let total = worth.sample
    for (let level = 1; level <= evidenceLevels[evidence].length; level++)
      total += counts[kind * slotsPerEvidence + level]!
    const known = strangers[evidence] as Record<string, number> | undefined
    for (const [level, before] of Object.entries(known ?? {})) {
      const slot = slotOf(evidence, level as never)
      model.chance[slot] = (counts[slot]! + before * worth.sample) / total
    }
  })
  weigh(model)
}
