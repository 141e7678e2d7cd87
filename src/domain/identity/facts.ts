import type { Profile } from './profile.ts'
import type { KnownFacts, Pair } from './staff-account.ts'

type Together = { sameSecond: number; of: number }

/** What is known beside the accounts, ready to be asked about one account or one pair. */
export class Facts {
  readonly #links = new Map<string, Set<string>>()
  /** By how many facts each pair is tied: with the last of them the tie goes. */
  readonly #partners = new Map<string, Map<string, number>>()
  readonly #apart = new Set<string>()
  readonly #probes = new Map<string, Map<string, string | null>>()
  readonly #together = new Map<string, Together>()

  constructor(known: KnownFacts) {
    for (const pair of known.links) this.link(pair)
    for (const pair of known.apart) this.part(pair)
    for (const probe of known.probes) this.probe(probe)
    for (const { pair, sameSecond, of } of known.together) this.meet(pair, { sameSecond, of })
  }

  link([a, b]: Pair): void {
    if (this.isLinked(a, b)) return
    put(this.#links, a, b)
    put(this.#links, b, a)
    this.#tie(a, b, 1)
  }

  unlink([a, b]: Pair): void {
    if (!this.isLinked(a, b)) return
    this.#links.get(a)?.delete(b)
    this.#links.get(b)?.delete(a)
    this.#tie(a, b, -1)
  }

  part([a, b]: Pair): void {
    this.#apart.add(pairKey(a, b))
  }

  unpart([a, b]: Pair): void {
    this.#apart.delete(pairKey(a, b))
  }

  probe({ account, connection, owner }: KnownFacts['probes'][number]): void {
    const answers = this.#probes.get(account) ?? new Map<string, string | null>()
    const before = answers.get(connection) ?? null
    this.#probes.set(account, answers.set(connection, owner))
    if (before !== null) this.#tie(account, before, -1)
    if (owner !== null) this.#tie(account, owner, 1)
  }

  meet([a, b]: Pair, together: Together): void {
    if (!this.#together.has(pairKey(a, b))) this.#tie(a, b, 1)
    this.#together.set(pairKey(a, b), together)
  }

  #tie(a: string, b: string, by: 1 | -1): void {
    count(this.#partners, a, b, by)
    count(this.#partners, b, a, by)
  }

  /** Ids that a person has declared to be the same human as this account, sorted. */
  linksOf(id: string): readonly string[] {
    const found = this.#links.get(id)
    return found ? [...found].sort() : nobody
  }

  isLinked(a: string, b: string): boolean {
    return this.#links.get(a)?.has(b) ?? false
  }

  isApart(a: string, b: string): boolean {
    return this.#apart.size > 0 && this.#apart.has(pairKey(a, b))
  }

  /** The owner of this account's mobile on that connection: undefined when never asked, null for nobody. */
  probeOf(id: string, connection: string): string | null | undefined {
    return this.#probes.get(id)?.get(connection)
  }

  /** What the platforms said about the mobiles of two accounts; null when neither was asked. */
  probed(a: Profile, b: Profile): 'same' | 'different' | null {
    if (this.#probes.size === 0) return null
    const [there, back] = [this.#answer(a, b), this.#answer(b, a)]
    return there === 'same' || back === 'same' ? 'same' : (there ?? back)
  }

  #answer({ account: from }: Profile, { account: to }: Profile): 'same' | 'different' | null {
    const owner = this.probeOf(from.id, to.connection)
    return owner === undefined ? null : owner === to.id ? 'same' : 'different'
  }

  together(a: string, b: string): Together | null {
    return this.#together.size === 0 ? null : (this.#together.get(pairKey(a, b)) ?? null)
  }

  /** Every id that some fact ties to this account. */
  partnersOf(id: string): Iterable<string> {
    return this.#partners.get(id)?.keys() ?? []
  }
}

const nobody: readonly string[] = []
const pairKey = (a: string, b: string) => (a < b ? `${a}\n${b}` : `${b}\n${a}`)

function put(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key)
  if (values) values.add(value)
  else map.set(key, new Set([value]))
}

/** One more or one less; what is counted down to nothing is gone. */
function count(map: Map<string, Map<string, number>>, key: string, value: string, by: 1 | -1): void {
  const counts = map.get(key) ?? new Map<string, number>()
  map.set(key, counts)
  const now = (counts.get(value) ?? 0) + by
  if (now > 0) counts.set(value, now)
  else counts.delete(value)
}
