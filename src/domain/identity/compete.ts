import type { Edge } from './edge.ts'
import { isAfterOther } from './profile.ts'
import type { Registry } from './registry.ts'

/** Rounds until the claims have settled, and the change that is no change. */
const patience = { rounds: 400, change: 1e-7 }

/**
 * How likely each claim is when claims compete: an account has at most one twin on a connection at a time. Each side
 * keeps telling its claims how much room the others leave them (belief propagation; exact where no circles are).
 * `unseen`: odds of rivals that are not among the edges.
 */
export function compete(
  edges: readonly Edge[],
  registry: Registry,
  unseen: (slot: number, connection: number) => number,
): Float64Array {
  const probability = new Float64Array(edges.length)
  const rivals = [rivalsOf(edges, registry, 'a'), rivalsOf(edges, registry, 'b')] as const
  const dark = [
    edges.map(({ a, b }) => unseen(a, registry.profiles[b]!.connection)),
    edges.map(({ a, b }) => unseen(b, registry.profiles[a]!.connection)),
  ] as const
  // room[end][edge]: the room that the account at that end leaves for the edge.
  const room = [new Float64Array(edges.length).fill(1), new Float64Array(edges.length).fill(1)] as const
  for (let round = 0, change = 1; round < patience.rounds && change > patience.change; round++) {
    change = 0
    const before = [room[0].slice(), room[1].slice()] as const
    for (const end of [0, 1] as const)
      edges.forEach((edge, at) => {
        if (edge.isExplicit) return
        let claimed = 1 + dark[end][at]!
        for (const [rival, theirEnd] of rivals[end][at]!)
          claimed += edges[rival]!.odds * before[theirEnd === 0 ? 1 : 0]![rival]!
        // Halfway in bits: circles of equal claims would swing for ever otherwise.
        const next = Math.sqrt(before[end][at]! / claimed)
        change = Math.max(change, Math.abs(Math.log(next / before[end][at]!)))
        room[end][at] = next
      })
  }
  edges.forEach((edge, at) => {
    const odds = edge.odds * room[0][at]! * room[1][at]!
    probability[at] = edge.isExplicit ? 1 : odds / (1 + odds)
  })
  return probability
}

/** For one end of every edge: the other edges of that account that cannot be true at the same time, and their end there. */
function rivalsOf(edges: readonly Edge[], registry: Registry, end: 'a' | 'b'): [number, 0 | 1][][] {
  const byAccount = new Map<number, number[]>()
  edges.forEach((edge, at) => {
    for (const slot of [edge.a, edge.b]) {
      const list = byAccount.get(slot)
      if (list) list.push(at)
      else byAccount.set(slot, [at])
    }
  })
  return edges.map((edge, at) => {
    const mine = edge[end]
    const other = registry.profiles[end === 'a' ? edge.b : edge.a]!
    const found: [number, 0 | 1][] = []
    for (const rival of byAccount.get(mine)!) {
      if (rival === at || edges[rival]!.isExplicit) continue
      const isAtA = edges[rival]!.a === mine
      const target = registry.profiles[isAtA ? edges[rival]!.b : edges[rival]!.a]!
      if (areRivals(other, target)) found.push([rival, isAtA ? 0 : 1])
    }
    return found
  })
}

type Placed = Parameters<typeof isAfterOther>[0]

/** Two accounts that cannot both belong to one person: the same connection at the same time. */
export const areRivals = (a: Placed, b: Placed): boolean =>
  a.connection === b.connection && !isAfterOther(a, b)
