import type { LinkStatus } from '../person.ts'
import { areRivals, compete } from './compete.ts'
import { type Edge, type Ground, oddsOfUnseen } from './edge.ts'
import type { Model } from './model.ts'
import { type Mistakable, mistakableFor } from './namesakes.ts'
import type { IdentityPolicy } from './policy.ts'
import type { Profile } from './profile.ts'
import type { Registry } from './registry.ts'

/** Why a claim that is strong enough is not a link. */
export type Trouble =
  | { kind: 'taken'; by: number }
  /** A namesake without a counterpart could be meant as well. */
  | { kind: 'namesake'; by: number }
  /** A namesake fits better in everything but the job number. */
  | { kind: 'better-namesake'; by: number }
  | { kind: 'disagrees'; mobileSays: number; jobNumberSays: number }

/** What became of a claim, seen from both of its accounts. */
export type Tie = {
  a: number
  b: number
  probability: number
  bits: number
  isExplicit: boolean
  ground: Ground
  status: Exclude<LinkStatus, 'unmatched'>
  trouble: Trouble | null
  /** Not claimed by itself, but both are the same person as this account. */
  through: number | null
}

/** One account's share of the result. */
export type Settled = {
  status: LinkStatus
  /** All accounts of the person, this one included, in the order of their ids. */
  person: readonly number[]
  ties: readonly Tie[]
}

/** Decides a group of accounts whose claims depend on each other; `slots` and `edges` in the order of ids. */
export function settle(
  slots: readonly number[],
  edges: readonly Edge[],
  registry: Registry,
  model: Model,
  policy: IdentityPolicy,
  cutOf: (slot: number) => number,
): Map<number, Settled> {
  const { free, taken } = withoutTaken(edges, registry)
  const probability = compete(free, registry, (slot, other) =>
    oddsOfUnseen(registry, model, slot, other, cutOf(slot)),
  )
  const mistakable = mistakableFor(free, probability, registry, cutOf, policy.softBits)
  const ties = [...free.map((edge, at) => tieOf(edge, probability[at]!, mistakable[at]!, policy)), ...taken]
  markContradictions(free, ties, registry, policy)
  markRivals(free, ties, registry, policy)
  const people = gather(slots, ties, registry)
  return outcomes(slots, ties, people, registry, policy)
}

const isEnough = (ground: Ground, probability: number, policy: IdentityPolicy): boolean =>
  ground !== 'none' && probability >= (ground === 'hard' ? policy.linkAt : policy.softLinkAt)

function tieOf(edge: Edge, alike: number, namesake: Mistakable | null, policy: IdentityPolicy): Tie {
  const doubt = namesake === null ? 0 : policy.mixedUp * namesake.room
  const probability = alike / (1 + doubt * alike)
  const isLinked = isEnough(edge.ground, probability, policy)
  const isDoubted = namesake?.fitsBetter ? alike >= policy.sureAt : isEnough(edge.ground, alike, policy)
  const by = !isLinked && isDoubted ? (namesake?.slot ?? null) : null
  return {
    ...claimOf(edge, probability),
    status: isLinked ? 'linked' : 'suggested',
    trouble: by === null ? null : { kind: namesake?.fitsBetter ? 'better-namesake' : 'namesake', by },
  }
}

const claimOf = (edge: Edge, probability: number): Tie => ({
  a: edge.a,
  b: edge.b,
  probability,
  bits: edge.bits,
  isExplicit: edge.isExplicit,
  ground: edge.ground,
  status: 'suggested',
  trouble: null,
  through: null,
})

/** Claims on an account that a person has given to somebody else are no claims any more, but may be worth telling. */
function withoutTaken(edges: readonly Edge[], registry: Registry): { free: Edge[]; taken: Tie[] } {
  const explicit = edges.filter((edge) => edge.isExplicit)
  const taken: Tie[] = []
  const free = edges.filter((edge) => {
    if (edge.isExplicit) return true
    const rival = explicit.find((link) => excludes(link, edge, registry))
    if (!rival) return true
    const by = [rival.a, rival.b].find((slot) => slot !== edge.a && slot !== edge.b)!
    if (edge.ground !== 'none' && edge.odds >= 1)
      taken.push({ ...claimOf(edge, 0), status: 'conflicting', trouble: { kind: 'taken', by } })
    return false
  })
  return { free, taken }
}

/** Both cannot be true: they share one account, and their other accounts are rivals. */
function excludes(one: Edge | Tie, other: Edge | Tie, registry: Registry): boolean {
  for (const [mine, twin] of [
    [one.a, one.b],
    [one.b, one.a],
  ] as const)
    for (const [theirs, rival] of [
      [other.a, other.b],
      [other.b, other.a],
    ] as const)
      if (mine === theirs && twin !== rival && areRivals(registry.profiles[twin]!, registry.profiles[rival]!))
        return true
  return false
}

const alone = ({ odds }: Edge) => (odds === Number.POSITIVE_INFINITY ? 1 : odds / (1 + odds))

function claimsOf(edges: readonly Edge[]): Map<number, number[]> {
  const claims = new Map<number, number[]>()
  edges.forEach(({ a, b }, at) => {
    for (const slot of [a, b]) {
      const list = claims.get(slot)
      if (list) list.push(at)
      else claims.set(slot, [at])
    }
  })
  return claims
}

const farEnd = (edge: { a: number; b: number }, slot: number) => (edge.a === slot ? edge.b : edge.a)

/** The mobile says one, the job number another, and each alone would be believed. */
function markContradictions(
  edges: readonly Edge[],
  ties: Tie[],
  registry: Registry,
  policy: IdentityPolicy,
): void {
  for (const [slot, own] of claimsOf(edges)) {
    if (own.length < 2) continue
    const sure = own.filter((at) => !edges[at]!.isExplicit && alone(edges[at]!) >= policy.contradictionAt)
    for (const mobile of sure)
      for (const job of sure) {
        if (mobile === job || !edges[mobile]!.byMobile || !edges[job]!.byJobNumber) continue
        if (edges[mobile]!.byJobNumber || edges[job]!.byMobile) continue
        const [mobileSays, jobNumberSays] = [farEnd(edges[mobile]!, slot), farEnd(edges[job]!, slot)]
        if (!areRivals(registry.profiles[mobileSays]!, registry.profiles[jobNumberSays]!)) continue
        for (const at of [mobile, job]) {
          ties[at]!.status = 'conflicting'
          ties[at]!.trouble = { kind: 'disagrees', mobileSays, jobNumberSays }
        }
      }
  }
}

/** Two claims that would each be a link alone, and neither wins; and two explicit links to one account. */
function markRivals(edges: readonly Edge[], ties: Tie[], registry: Registry, policy: IdentityPolicy): void {
  const isStrong = (at: number) => isEnough(edges[at]!.ground, alone(edges[at]!), policy)
  for (const own of claimsOf(edges).values())
    for (const at of own) {
      if (!isStrong(at) || (ties[at]!.status === 'linked' && !edges[at]!.isExplicit)) continue
      for (const rival of own) {
        if (rival === at || !isStrong(rival) || edges[at]!.isExplicit !== edges[rival]!.isExplicit) continue
        if (!excludes(edges[at]!, edges[rival]!, registry)) continue
        const by = [edges[rival]!.a, edges[rival]!.b].find(
          (slot) => slot !== edges[at]!.a && slot !== edges[at]!.b,
        )
        ties[at]!.status = 'conflicting'
        if (ties[at]!.trouble?.kind !== 'disagrees') ties[at]!.trouble = { kind: 'taken', by: by! }
      }
    }
}

/** Puts linked accounts together, the surest first, never two of one connection at one time or two taken apart. */
function gather(slots: readonly number[], ties: readonly Tie[], registry: Registry): Map<number, number[]> {
  const people = new Map(slots.map((slot) => [slot, [slot]]))
  const surest = ties
    .filter((tie) => tie.status === 'linked')
    .toSorted((x, y) => Number(y.isExplicit) - Number(x.isExplicit) || y.bits - x.bits)
  for (const tie of surest) {
    const [one, other] = [people.get(tie.a)!, people.get(tie.b)!]
    if (one === other) continue
    const clash = clashOf(one, other, tie, registry)
    if (clash !== null) {
      tie.status = 'conflicting'
      tie.trouble = { kind: 'taken', by: clash }
      continue
    }
    const idOf = (slot: number) => registry.profiles[slot]!.account.id
    // `concat` makes an array as long as its content; one that grows keeps room for seventeen.
    const together = one.concat(other).sort((x, y) => (idOf(x) < idOf(y) ? -1 : 1))
    for (const slot of together) people.set(slot, together)
  }
  return people
}

/** One has left and nobody knows when the other came: perhaps the same person, come back. */
const mayFollow = (a: Profile, b: Profile): boolean =>
  (Number.isFinite(a.left) && !b.hasLeft && !Number.isFinite(b.hired)) ||
  (Number.isFinite(b.left) && !a.hasLeft && !Number.isFinite(a.hired))

function clashOf(
  one: readonly number[],
  other: readonly number[],
  tie: Tie,
  registry: Registry,
): number | null {
  for (const a of one)
    for (const b of other) {
      if (a === tie.a && b === tie.b) continue
      const [mine, theirs] = [registry.profiles[a]!, registry.profiles[b]!]
      const isApart =
        registry.facts.isApart(mine.account.id, theirs.account.id) &&
        !registry.facts.isLinked(mine.account.id, theirs.account.id)
      if (isApart || (areRivals(mine, theirs) && !mayFollow(mine, theirs))) return a === tie.a ? b : a
    }
  return null
}

function outcomes(
  slots: readonly number[],
  ties: readonly Tie[],
  people: ReadonlyMap<number, readonly number[]>,
  registry: Registry,
  policy: IdentityPolicy,
): Map<number, Settled> {
  const own = new Map<number, Tie[]>(slots.map((slot) => [slot, []]))
  for (const tie of ties) {
    own.get(tie.a)!.push(tie)
    own.get(tie.b)!.push(tie)
  }
  const settled = new Map<number, Settled>()
  for (const slot of slots) {
    const person = people.get(slot)!
    const direct = own.get(slot)!
    const links = direct.filter((tie) => tie.status === 'linked')
    const implied = person.flatMap((other) =>
      other === slot || links.some((tie) => farEnd(tie, slot) === other)
        ? []
        : [impliedTie(slot, other, person, ties)],
    )
    const rest = direct.filter((tie) => {
      if (tie.status === 'linked' || person.includes(farEnd(tie, slot))) return false
      const far = registry.profiles[farEnd(tie, slot)]!
      return (
        tie.status === 'conflicting' ||
        !person.some((member) => member !== slot && areRivals(registry.profiles[member]!, far))
      )
    })
    const open = [
      ...rest.filter((tie) => tie.status === 'conflicting'),
      ...worthTelling(slot, rest, registry, policy),
    ]
    const status =
      person.length > 1
        ? 'linked'
        : open.some((tie) => tie.status === 'conflicting')
          ? 'conflicting'
          : open.length > 0
            ? 'suggested'
            : 'unmatched'
    settled.set(slot, { status, person, ties: links.concat(implied, open) })
  }
  return settled
}

/** Suggestions by connection: likely ones, or several that are likely together. */
function worthTelling(slot: number, ties: readonly Tie[], registry: Registry, policy: IdentityPolicy): Tie[] {
  const byConnection = Map.groupBy(
    ties.filter((tie) => tie.status === 'suggested'),
    (tie) => registry.profiles[farEnd(tie, slot)]!.connection,
  )
  const idOf = (tie: Tie) => registry.profiles[farEnd(tie, slot)]!.account.id
  return [...byConnection.values()].flatMap((claims) => {
    const likely = claims.filter((tie) => tie.probability >= policy.suggestAt)
    const sum = claims.reduce((total, tie) => total + tie.probability, 0)
    return (likely.length > 0 || sum < 0.5 ? likely : claims)
      .toSorted((x, y) => y.probability - x.probability || (idOf(x) < idOf(y) ? -1 : 1))
      .slice(0, policy.candidatesAtMost)
  })
}

function impliedTie(slot: number, other: number, person: readonly number[], ties: readonly Tie[]): Tie {
  const within = ties.filter(
    (tie) => tie.status === 'linked' && person.includes(tie.a) && person.includes(tie.b),
  )
  const through =
    person.find((middle) =>
      [slot, other].every((end) =>
        within.some((tie) => (tie.a === end && tie.b === middle) || (tie.b === end && tie.a === middle)),
      ),
    ) ?? person.find((member) => member !== slot && member !== other)!
  const product = within.reduce((all, tie) => all * tie.probability, 1)
  const bits = Math.min(...within.map((tie) => tie.bits))
  return {
    a: slot,
    b: other,
    probability: product,
    bits,
    isExplicit: false,
    ground: 'hard',
    status: 'linked',
    trouble: null,
    through,
  }
}
