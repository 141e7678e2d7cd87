import type { Edge } from './edge.ts'
import { edgeBetween } from './edge.ts'
import { outcomeOf, type Told } from './outcome.ts'
import { type IdentityPolicy, identityPolicy } from './policy.ts'
import type { Outcome, Resolution } from './resolution.ts'
import { type Frozen, resolveAll, toResolution, unsettled } from './resolve.ts'
import { type Settled, settle, type Tie } from './settle.ts'
import type { KnownFacts, Pair, StaffAccount } from './staff-account.ts'

/** Something that is different from now on. An account replaces the one with its id. */
export type Change =
  | { kind: 'account'; account: StaffAccount }
  | { kind: 'removal'; id: string }
  | { kind: 'link' | 'unlink' | 'part' | 'unpart'; pair: Pair }
  | { kind: 'probe'; probe: KnownFacts['probes'][number] }
  | { kind: 'together'; together: KnownFacts['together'][number] }

/** A resolution that is kept up to date. */
export type Resolver = {
  /** As of now; it changes with every change. */
  readonly resolution: Resolution
  /** What was learned; with it `resolveAll` gives the same result from scratch. */
  readonly frozen: Frozen
  /** Takes one change in, looking only at the accounts it can reach; answers the outcomes that are different now. */
  change(change: Change): Outcome[]
}

/**
 * Resolves everything once and then keeps up with changes. What evidence weighs stays as it was learned at the opening;
 * accounts of a connection that nobody had then stay unmatched until the next opening.
 */
export function openResolver(
  accounts: readonly StaffAccount[],
  known: KnownFacts,
  options: { policy?: Partial<IdentityPolicy> } = {},
): Resolver {
  const policy = { ...identityPolicy, ...options.policy }
  const { told, settled } = resolveAll(accounts, known, policy)
  const { registry, model } = told
  const cuts = new Map<number, number>()
  const kept: Told = { ...told, cutOf: (slot) => cuts.get(slot) ?? told.cutOf(slot) }
  const idOf = (slot: number) => registry.profiles[slot]!.account.id
  const byId = (x: number, y: number) => (idOf(x) < idOf(y) ? -1 : 1)

  /** Everybody the given accounts hang together with, and the claims among them. */
  const regionOf = (seeds: Iterable<number>): { slots: number[]; edges: Edge[] } => {
    const reached = new Set(seeds)
    const edges: Edge[] = []
    for (const slot of reached) {
      const { found, cut } = registry.candidatesOf(slot)
      cuts.set(slot, cut)
      for (const other of found) {
        const [a, b] = idOf(slot) < idOf(other) ? [slot, other] : [other, slot]
        const edge = edgeBetween(registry, model, policy, a, b)
        if (!edge) continue
        reached.add(other)
        if (a === slot) edges.push(edge)
      }
    }
    return { slots: [...reached], edges }
  }

  const resettle = ({ touched: seeds, named }: Touched): Outcome[] => {
    const { slots, edges } = regionOf([...seeds].filter((slot) => !registry.isGone(slot)))
    const changed: number[] = []
    for (const group of groupsOf(slots, edges)) {
      group.slots.sort(byId)
      group.edges.sort((x, y) => (x.a === y.a ? byId(x.b, y.b) : byId(x.a, y.a)))
      const result = settle(group.slots, group.edges, registry, model, policy, kept.cutOf)
      for (const slot of group.slots) {
        const now = group.edges.length > 0 ? result.get(slot)! : unsettled(slot)
        const before = settled.get(slot)
        settled.set(slot, now)
        if (!before || named.has(slot) || signatureOf(before) !== signatureOf(now)) changed.push(slot)
      }
    }
    return changed.sort(byId).map((slot) => outcomeOf(kept, slot, settled.get(slot)!))
  }

  /** Whoever may be touched by an account as it stands. */
  const around = (slot: number): number[] => [
    slot,
    ...registry.neighboursOf(slot),
    ...(settled.get(slot)?.ties ?? []).flatMap(({ a, b }) => [a, b]),
  ]

  const take = (change: Change): Touched => {
    const touched = new Set<number>()
    const named = new Set<number>()
    const name = (id: string) => {
      const slot = registry.slots.get(id)
      if (slot !== undefined) named.add(slot)
    }
    const touch = (slot: number | undefined) => {
      if (slot === undefined || registry.isGone(slot)) return
      for (const other of around(slot)) {
        touched.add(other)
        for (const { a, b } of settled.get(other)?.ties ?? []) touched.add(a).add(b)
      }
    }
    const touchPair = (pair: Pair) => pair.map((id) => registry.slots.get(id)).forEach(touch)
    switch (change.kind) {
      case 'account':
      case 'removal': {
        const old = registry.slots.get(change.kind === 'account' ? change.account.id : change.id)
        touch(old)
        // A link to an account that comes or goes is told anew, also where nothing else changes.
        for (const id of registry.facts.partnersOf(change.kind === 'account' ? change.account.id : change.id))
          name(id)
        const reports = new Set<number>()
        if (old !== undefined) {
          for (const slot of registry.reportsOf(registry.profiles[old]!.account)) reports.add(slot)
          registry.remove(old)
          settled.delete(old)
        }
        if (change.kind === 'account') {
          const slot = registry.add(change.account)
          for (const report of registry.reportsOf(change.account)) reports.add(report)
          touch(slot)
        }
        for (const report of reports) {
          if (registry.isGone(report)) continue
          registry.refresh(report)
          touched.add(report)
          for (const { a, b } of settled.get(report)?.ties ?? []) touched.add(a).add(b)
        }
        return { touched, named }
      }
      case 'probe': {
        const { account, owner } = change.probe
        touchPair([account, owner ?? account])
        registry.facts.probe(change.probe)
        touchPair([account, owner ?? account])
        return { touched, named }
      }
      case 'together': {
        const { pair, sameSecond, of } = change.together
        registry.facts.meet(pair, { sameSecond, of })
        touchPair(pair)
        return { touched, named }
      }
      default:
        change.pair.forEach(name)
        touchPair(change.pair)
        registry.facts[change.kind](change.pair)
        touchPair(change.pair)
        return { touched, named }
    }
  }

  return {
    resolution: toResolution(kept, settled),
    frozen: { model, frequencies: registry.frequencies },
    change: (change) => resettle(take(change)),
  }
}

/** Accounts to look at again, and those of them that are told again in any case. */
type Touched = { touched: ReadonlySet<number>; named: ReadonlySet<number> }

function groupsOf(slots: readonly number[], edges: readonly Edge[]): { slots: number[]; edges: Edge[] }[] {
  const roots = new Map(slots.map((slot) => [slot, slot]))
  const rootOf = (slot: number): number => {
    let root = slot
    while (roots.get(root) !== root) root = roots.get(root)!
    roots.set(slot, root)
    return root
  }
  for (const { a, b } of edges) roots.set(rootOf(a), rootOf(b))
  const groups = new Map<number, { slots: number[]; edges: Edge[] }>()
  for (const slot of slots) {
    const root = rootOf(slot)
    const group = groups.get(root)
    if (group) group.slots.push(slot)
    else groups.set(root, { slots: [slot], edges: [] })
  }
  for (const edge of edges) groups.get(rootOf(edge.a))!.edges.push(edge)
  return [...groups.values()]
}

/** Equal when nobody would see a difference. */
const signatureOf = ({ status, person, ties }: Settled): string =>
  JSON.stringify([status, person, ties.map(tieSignature).sort()])
const tieSignature = (tie: Tie): string =>
  [
    tie.a,
    tie.b,
    tie.status,
    tie.probability.toFixed(9),
    tie.bits.toFixed(6),
    JSON.stringify(tie.trouble),
  ].join()
