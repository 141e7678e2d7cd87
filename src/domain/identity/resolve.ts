import type { LinkStatus } from '../person.ts'
import { type Edge, edgeBetween } from './edge.ts'
import { estimateModel } from './estimate-model.ts'
import { evidences, levelNumber, placeOf, slotsPerEvidence } from './evidence-levels.ts'
import { type Model, modelBetween } from './model.ts'
import { outcomeOf, type Told, verdictTowards } from './outcome.ts'
import { comparePairs, type PairTable } from './pair-table.ts'
import { type IdentityPolicy, identityPolicy } from './policy.ts'
import { type Frequencies, Registry } from './registry.ts'
import type { Outcome, Resolution } from './resolution.ts'
import { type Settled, settle } from './settle.ts'
import type { KnownFacts, StaffAccount } from './staff-account.ts'

/** A resolution with all that is needed to go on from it. */
export type Resolved = { told: Told; settled: Map<number, Settled>; resolution: Resolution }

/** What was learned and counted in an earlier pass. */
export type Frozen = { model: Model; frequencies: Frequencies }

/**
 * Who is who among all accounts of a group, over any number of connections. Every two connections are compared, two of
 * one platform as well; an account has one twin on a connection at a time. The order of `accounts` changes nothing, no
 * tie is decided by an id, and a name alone never links. Pure; about 15 s for twice 100,000 accounts.
 */
export function resolveIdentities(
  accounts: readonly StaffAccount[],
  known: KnownFacts,
  options: { policy?: Partial<IdentityPolicy> } = {},
): Resolution {
  return resolveAll(accounts, known, { ...identityPolicy, ...options.policy }).resolution
}

/** The same, for whoever goes on from it. `frozen`: a model that was estimated before. */
export function resolveAll(
  accounts: readonly StaffAccount[],
  known: KnownFacts,
  policy: IdentityPolicy,
  frozen?: Frozen,
): Resolved {
  const registry = new Registry(
    accounts,
    known,
    frozen && { ...frozen, connections: frozen.model.connections },
  )
  const { model, pairs, cuts } = compareAndLearn(registry, policy, frozen?.model)
  const told: Told = { registry, model, policy, cutOf: (slot) => cuts[slot] ?? 0 }
  const settled = settleAll(told, pairs)
  return { told, settled, resolution: toResolution(told, settled) }
}

/** Apart from the rest, so that the large tables are gone when claims are settled. */
function compareAndLearn(registry: Registry, policy: IdentityPolicy, known: Model | undefined) {
  const { table, cuts } = comparePairs(registry)
  const model = known ?? estimateModel(registry, table)
  return { model, cuts, pairs: likelyPairs(table, registry, model, policy) }
}

/** The pairs that have any odds at all, explicit ones included: about one an account. */
function likelyPairs(
  table: PairTable,
  registry: Registry,
  model: Model,
  policy: IdentityPolicy,
): { a: Int32Array; b: Int32Array } {
  const kept = new Int32Array(table.size)
  let size = 0
  for (let i = 0; i < table.size; i++) {
    const [a, b] = [registry.profiles[table.a[i]!]!, registry.profiles[table.b[i]!]!]
    const pairModel = modelBetween(model, a.connection, b.connection)
    if (!pairModel) continue
    let bits = table.bits[i]!
    for (let kind = 0; kind < evidences.length; kind++) {
      const level = table.levels[i * evidences.length + kind]!
      if (level > 0) bits += pairModel.weights[kind * slotsPerEvidence + level]!
    }
    const isLikely = pairModel.odds * 2 ** Math.min(bits, 200) >= leastOdds(table, i, policy) * 0.999
    if (isLikely || registry.facts.isLinked(a.account.id, b.account.id)) kept[size++] = i
  }
  const chosen = kept.subarray(0, size)
  return { a: chosen.map((i) => table.a[i]!), b: chosen.map((i) => table.b[i]!) }
}

/** Names that agree are kept longer: `edgeBetween` looks closer. */
const leastOdds = ({ levels }: PairTable, pair: number, policy: IdentityPolicy): number =>
  levels[pair * evidences.length + placeOf('name')] === levelNumber('name', 'same')
    ? policy.namesakeOddsAtLeast
    : policy.oddsAtLeast

/** Accounts whose claims hang together are settled together; everybody else stands alone. */
function settleAll(told: Told, pairs: { a: Int32Array; b: Int32Array }): Map<number, Settled> {
  const { registry, model, policy, cutOf } = told
  const roots = Int32Array.from(registry.profiles, (_, slot) => slot)
  const rootOf = (slot: number): number => {
    let root = slot
    while (roots[root] !== root) root = roots[root]!
    for (let at = slot; roots[at] !== root; ) [at, roots[at]] = [roots[at]!, root]
    return root
  }
  for (let i = 0; i < pairs.a.length; i++) {
    const [one, other] = [rootOf(pairs.a[i]!), rootOf(pairs.b[i]!)]
    roots[Math.max(one, other)] = Math.min(one, other)
  }
  const members = sortInto(roots.length, roots.length, rootOf)
  const claims = sortInto(roots.length, pairs.a.length, (pair) => rootOf(pairs.a[pair]!))
  const settled = new Map<number, Settled>()
  // An edge lives only as long as its group is settled: all at once they weigh as much as what is settled.
  for (let root = 0; root < roots.length; root++) {
    const edges: Edge[] = []
    for (const pair of claims(root)) {
      const edge = edgeBetween(registry, model, policy, pairs.a[pair]!, pairs.b[pair]!)
      if (edge) edges.push(edge)
    }
    if (edges.length === 0) continue
    edges.sort((x, y) => x.a - y.a || x.b - y.b)
    for (const [slot, own] of settle([...members(root)], edges, registry, model, policy, cutOf))
      settled.set(slot, own)
  }
  return settled
}

/** Sorts the numbers below `count` into so many groups; answers who is in a group, in their order. */
function sortInto(
  groups: number,
  count: number,
  groupOf: (item: number) => number,
): (group: number) => Int32Array {
  const ends = new Int32Array(groups + 1)
  for (let item = 0; item < count; item++) ends[groupOf(item) + 1]!++
  for (let group = 0; group < groups; group++) ends[group + 1]! += ends[group]!
  const items = new Int32Array(count)
  for (let item = 0; item < count; item++) items[ends[groupOf(item)]!++] = item
  return (group) => items.subarray(group === 0 ? 0 : ends[group - 1], ends[group])
}

/** What an account is that nobody resembles. */
export const unsettled = (slot: number): Settled => ({ status: 'unmatched', person: [slot], ties: [] })

/** Makes outcomes on demand from what was settled. */
export function toResolution(told: Told, settled: ReadonlyMap<number, Settled>): Resolution {
  const { registry } = told
  const slotOf = (id: string): number => {
    const slot = registry.slots.get(id)
    if (slot === undefined) throw new RangeError(`no account ${id}`)
    return slot
  }
  const of = (slot: number) => settled.get(slot) ?? unsettled(slot)
  const slots = () => registry.profiles.keys().filter((slot) => !registry.isGone(slot))
  const outcome = (slot: number): Outcome => outcomeOf(told, slot, of(slot))
  return {
    model: told.model,
    accountOf: (id) => registry.profiles[slotOf(id)]!.account,
    outcomeOf: (id) => outcome(slotOf(id)),
    towards: (id, connection) => verdictTowards(told, slotOf(id), of(slotOf(id)), connection),
    outcomes: () => slots().map(outcome),
    people: () =>
      slots()
        .filter((slot) => of(slot).person[0] === slot)
        .map((slot) => of(slot).person.map((member) => registry.profiles[member]!.account.id)),
    get counts() {
      const counts: Record<LinkStatus, number> = { linked: 0, suggested: 0, conflicting: 0, unmatched: 0 }
      for (const slot of slots()) counts[of(slot).status]++
      return counts
    },
  }
}
