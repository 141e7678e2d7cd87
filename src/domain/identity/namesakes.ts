import { areRivals } from './compete.ts'
import type { Edge } from './edge.ts'
import type { Registry } from './registry.ts'

/** A namesake for whom the other account may have been meant, null when too many to compare, and what room it leaves (0–1). */
export type Mistakable = { slot: number | null; room: number; fitsBetter?: true }

/**
 * For every claim that rests on entries which are kept by name: the namesakes of either account who have nobody on the
 * other side yet. Lists are joined by name, so that what a roster says of one of them may be meant for the other; then
 * department, title and hire date agree all together, with the wrong one. `probability`: how likely each claim is when
 * claims compete; `cutOf`: an account's namesakes who were too many to compare. Null where there is nobody.
 */
export function mistakableFor(
  edges: readonly Edge[],
  probability: Float64Array,
  registry: Registry,
  cutOf: (slot: number) => number,
  softBits: number,
): (Mistakable | null)[] {
  const claims = new Map<number, number[]>()
  const put = (slot: number, at: number) => {
    const list = claims.get(slot)
    if (list) list.push(at)
    else claims.set(slot, [at])
  }
  edges.forEach(({ a, b }, at) => {
    put(a, at)
    put(b, at)
  })
  const farEnd = (at: number, slot: number) => (edges[at]!.a === slot ? edges[at]!.b : edges[at]!.a)
  const profileOf = (slot: number) => registry.profiles[slot]!
  /** How little is known of this account's twin on a connection when one claim is left aside. */
  const lack = (slot: number, connection: number, aside: number): number => {
    let known = 0
    for (const at of claims.get(slot)!)
      if (at !== aside && profileOf(farEnd(at, slot)).connection === connection)
        known = Math.max(known, probability[at]!)
    return 1 - known
  }
  /** The namesakes that compete with a claim, each with the claim that competes. */
  const rivalsOf = (edge: Edge, at: number) =>
    [edge.a, edge.b].flatMap((shared) =>
      claims.get(shared)!.flatMap((rival) => {
        const [slot, own] = [farEnd(rival, shared), farEnd(at, shared)]
        const isRival =
          rival !== at && edges[rival]!.namesake > 0 && areRivals(profileOf(slot), profileOf(own))
        return isRival ? [{ rival, slot, shared }] : []
      }),
    )
  return edges.map((edge, at) => {
    if (edge.isByNumberAlone) {
      // The number says one namesake, all else another: numbers are looked up by name as well.
      for (const { rival, slot } of rivalsOf(edge, at)) {
        const { workBits, namesakeButNumber } = edges[rival]!
        if (workBits - edge.workBits >= softBits && namesakeButNumber > 0.5)
          return { slot, room: 1, fitsBetter: true }
      }
      return null
    }
    if (!edge.isListed) return null
    // Of so many, somebody always has nobody on the other side.
    if (cutOf(edge.a) > 0 || cutOf(edge.b) > 0) return { slot: null, room: 1 }
    let likeliest: Mistakable | null = null
    for (const { rival, slot, shared } of rivalsOf(edge, at)) {
      const room = edges[rival]!.namesake * lack(slot, profileOf(shared).connection, rival)
      if (likeliest === null || room > likeliest.room) likeliest = { slot, room }
    }
    return likeliest
  })
}
