import { Comparison, compareAccounts } from './compare-accounts.ts'
import { evidences } from './evidence-levels.ts'
import type { Registry } from './registry.ts'

/** Every compared pair of accounts in flat arrays: at 100,000 people there are millions. */
export class PairTable {
  size = 0
  a = new Int32Array(1024)
  b = new Int32Array(1024)
  levels = new Uint8Array(1024 * evidences.length)
  /** Bits that the comparisons' own chances bring. */
  bits = new Float32Array(1024)

  add(a: number, b: number, comparison: Comparison): void {
    if (this.size === this.a.length) this.#grow()
    const at = this.size++
    this.a[at] = a
    this.b[at] = b
    this.set(at, comparison)
  }

  /** Replaces what a pair's comparison said. */
  set(at: number, comparison: Comparison): void {
    this.levels.set(comparison.levels, at * evidences.length)
    let bits = 0
    for (const chance of comparison.chances) if (chance > 0) bits -= Math.log2(chance)
    this.bits[at] = bits
  }

  #grow(): void {
    const larger = <T extends Int32Array | Uint8Array | Float32Array>(
      old: T,
      make: new (n: number) => T,
    ): T => {
      const next = new make(old.length * 1.5)
      next.set(old as never)
      return next
    }
    this.a = larger(this.a, Int32Array)
    this.b = larger(this.b, Int32Array)
    this.levels = larger(this.levels, Uint8Array)
    this.bits = larger(this.bits, Float32Array)
  }
}

/** Compares every account with everybody it shares a block with. `cuts`: namesakes left out, per account. */
export function comparePairs(registry: Registry): { table: PairTable; cuts: Int32Array } {
  const table = new PairTable()
  const cuts = new Int32Array(registry.profiles.length)
  const comparison = new Comparison()
  registry.profiles.forEach((profile, slot) => {
    const { found, cut } = registry.candidatesOf(slot)
    cuts[slot] = cut
    for (const other of found) {
      if (other <= slot) continue
      compareAccounts(profile, registry.profiles[other]!, registry, comparison)
      table.add(slot, other, comparison)
    }
  })
  return { table, cuts }
}
