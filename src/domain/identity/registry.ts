import { AccountReader } from './account-reader.ts'
import { BlockIndex, blockKey, blocksOf, isOpaqueName } from './blocks.ts'
import type { Identifier, Surroundings } from './compare-accounts.ts'
import { Facts } from './facts.ts'
import { countNames, type NameFrequencies } from './name-frequencies.ts'
import { blockLimits } from './policy.ts'
import { type Department, isAfterOther, type Profile } from './profile.ts'
import type { KnownFacts, StaffAccount } from './staff-account.ts'

/** How common things are in the data: counted once, frozen with the model. */
export type Frequencies = {
  names: NameFrequencies
  /** Accounts per connection. */
  sizes: readonly number[]
  /** Accounts per connection that have a mobile, a job number. */
  known: { mobile: readonly number[]; jobNumber: readonly number[] }
  /** Per connection: how many have this value. */
  values: ReadonlyMap<string, readonly number[]>
  /** Departments that are one under two names, by `twinKey` of their paths: learned with the model. */
  twins: Set<string>
}

type Counted = { frequencies: Frequencies; connections: readonly string[] }

const holderKinds = {
  mobile: 'mobile',
  jobNumber: 'job',
  core: 'core',
  email: 'email',
  address: 'address',
} as const

/** All accounts of a group, read and indexed: who could be whose twin, and how common everything is. */
export class Registry implements Surroundings {
  readonly connections: string[]
  readonly profiles: Profile[] = []
  readonly slots = new Map<string, number>()
  readonly facts: Facts
  readonly frequencies: Frequencies
  readonly #reader: AccountReader
  readonly #blocks: BlockIndex
  readonly #isGone = new Set<number>()
  readonly #twins = new Map<number, boolean>()
  #seen = new Int32Array(0)
  #visits = 0
  #isAsBuilt = true

  /** The order of `accounts` changes nothing: they are taken by id. `frozen`: counted before, and kept. */
  constructor(accounts: readonly StaffAccount[], known: KnownFacts, frozen?: Counted) {
    const sorted = accounts.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
    const found = [...new Set(accounts.map(({ connection }) => connection))].sort()
    this.connections = [...new Set([...(frozen?.connections ?? []), ...found])]
    this.facts = new Facts(known)
    this.#reader = new AccountReader(sorted)
    for (const account of sorted) {
      this.slots.set(account.id, this.profiles.length)
      this.profiles.push(this.#read(account))
    }
    this.#blocks = new BlockIndex(this.profiles)
    this.frequencies = frozen?.frequencies ?? this.#count()
  }

  /** A connection nobody had before gets a place of its own. */
  #read(account: StaffAccount): Profile {
    let connection = this.connections.indexOf(account.connection)
    if (connection < 0) connection = this.connections.push(account.connection) - 1
    return this.#reader.read(account, connection)
  }

  /** Accounts that name this account as their superior. */
  reportsOf(account: StaffAccount): number[] {
    return this.#reader.reportsOf(account).flatMap((id) => this.slots.get(id) ?? [])
  }

  /** Reads an account again: its superior has come, gone or another name. */
  refresh(slot: number): void {
    this.profiles[slot] = this.#read(this.profiles[slot]!.account)
  }

  #count(): Frequencies {
    const sizes = this.connections.map(() => 0)
    const known = { mobile: sizes.slice(), jobNumber: sizes.slice() }
    const values = new Map<string, number[]>()
    const add = (key: string, connection: number) => {
      const counts = values.getOrInsertComputed(key, () => this.connections.map(() => 0))
      counts[connection]!++
    }
    for (const { account, job, connection, departments, title, hired } of this.profiles) {
      sizes[connection]!++
      if (account.mobile !== null) known.mobile[connection]!++
      if (job) known.jobNumber[connection]!++
      for (const at of new Set(departments.flatMap(({ tails }) => tails))) add(`department ${at}`, connection)
      if (title !== null) add(`title ${title}`, connection)
      if (Number.isFinite(hired)) add(`hiredOn ${hired}`, connection)
    }
    return { names: countNames(this.profiles), sizes, known, values, twins: new Set() }
  }

  /** A person has linked this account to one that is not among the accounts. */
  hasUnseenLink(slot: number): boolean {
    return this.facts.linksOf(this.profiles[slot]!.account.id).some((id) => !this.slots.has(id))
  }

  isGone(slot: number): boolean {
    return this.#isGone.has(slot)
  }

  /** Puts one more account in; what is common stays as it was counted. */
  add(account: StaffAccount): number {
    this.#reader.add(account)
    const slot = this.profiles.push(this.#read(account)) - 1
    this.slots.set(account.id, slot)
    this.#isAsBuilt = false
    this.#blocks.add(slot, blocksOf(this.profiles[slot]!).keys)
    return slot
  }

  remove(slot: number): void {
    this.#isAsBuilt = false
    this.#isGone.add(slot)
    this.#blocks.remove(blocksOf(this.profiles[slot]!).keys)
    const { account } = this.profiles[slot]!
    this.slots.delete(account.id)
    this.#reader.remove(account)
  }

  /**
   * Everybody who shares a block with this account and may be the same person, each once. `cut`: how many namesakes were
   * left out because there are too many of them.
   */
  candidatesOf(slot: number): { found: number[]; cut: number } {
    const profile = this.profiles[slot]!
    if (this.#seen.length < this.profiles.length) this.#seen = new Int32Array(this.profiles.length * 2 + 64)
    const visit = ++this.#visits
    const found: number[] = []
    const take = (other: number, forOpaque: boolean): number => {
      if (this.#seen[other] === visit || this.#isGone.has(other)) return 0
      const theirs = this.profiles[other]!
      if (!mayBeOne(profile, theirs) || (forOpaque && !isOpaqueName(profile) && !isOpaqueName(theirs)))
        return 0
      this.#seen[other] = visit
      found.push(other)
      return 1
    }
    const cut = this.#isAsBuilt ? this.#blocks.visitBuilt(slot, take) : this.#visit(profile, take)
    for (const id of this.facts.partnersOf(profile.account.id)) {
      const other = this.slots.get(id)
      if (other === undefined || this.#seen[other] === visit) continue
      if (!mayBeOne(profile, this.profiles[other]!)) continue
      this.#seen[other] = visit
      found.push(other)
    }
    return { found, cut }
  }

  #visit(profile: Profile, take: (other: number, forOpaque: boolean) => number): number {
    let cut = 0
    for (const { key, most, instead, forOpaque } of blocksOf(profile).uses) {
      const size = this.#blocks.sizeOf(key)
      if (size <= most) {
        for (const other of this.#blocks.membersOf(key)) take(other, forOpaque === true)
        continue
      }
      let taken = 0
      for (const smaller of instead)
        if (this.#blocks.sizeOf(smaller) <= most)
          for (const other of this.#blocks.membersOf(smaller)) taken += take(other, false)
      if (most === blockLimits.name) cut += size - taken
    }
    return Math.max(0, cut)
  }

  /** Everybody whose comparisons may change when this account comes, goes or changes. */
  neighboursOf(slot: number): number[] {
    const found = new Set<number>()
    for (const { key, most, instead } of blocksOf(this.profiles[slot]!).uses) {
      const size = this.#blocks.sizeOf(key)
      // One more or one less may have taken the block over its limit.
      for (const at of size <= most + 1 ? [key, ...instead] : instead)
        if (this.#blocks.sizeOf(at) <= most + 1)
          for (const other of this.#blocks.membersOf(at)) if (!this.#isGone.has(other)) found.add(other)
    }
    for (const id of this.facts.partnersOf(this.profiles[slot]!.account.id)) {
      const other = this.slots.get(id)
      if (other !== undefined) found.add(other)
    }
    return [...found]
  }

  get names(): NameFrequencies {
    return this.frequencies.names
  }

  share(kind: 'department' | 'title' | 'hiredOn', value: string, a: Profile, b: Profile): number {
    const counts = this.frequencies.values.get(`${kind} ${value}`)
    const shareOn = (connection: number) =>
      ((counts?.[connection] ?? 0) + 1) / ((this.frequencies.sizes[connection] ?? 0) + 10)
    return Math.max(shareOn(a.connection), shareOn(b.connection))
  }

  /** The share of a connection's accounts that have such a number at all. */
  shareWith(kind: 'mobile' | 'jobNumber', connection: number): number {
    return (
      (this.frequencies.known[kind][connection] ?? 0) / Math.max(1, this.frequencies.sizes[connection] ?? 0)
    )
  }

  areTwins(a: Department, b: Department): boolean {
    if (this.frequencies.twins.size === 0 || a.id === b.id) return false
    const key = pairOfDepartments(a, b)
    let found = this.#twins.get(key)
    if (found === undefined) {
      found = this.frequencies.twins.has(twinKey(a, b))
      this.#twins.set(key, found)
    }
    return found
  }

  /** Takes departments for one from now on. */
  learnTwins(keys: Iterable<string>): void {
    for (const key of keys) this.frequencies.twins.add(key)
    this.#twins.clear()
  }

  size(a: Profile, b: Profile): number {
    const { sizes } = this.frequencies
    return Math.max(sizes[a.connection] ?? 1, sizes[b.connection] ?? 1, 1)
  }

  holders(kind: Identifier, value: string, a: Profile, b: Profile): number {
    const key = blockKey(holderKinds[kind], value)
    const size = this.#blocks.sizeOf(key)
    if (size <= 2) return 1
    if (size > blockLimits.identifier) return size
    let [onA, onB] = [1, 1]
    for (const slot of this.#blocks.membersOf(key)) {
      const profile = this.profiles[slot]!
      if (this.#isGone.has(slot) || !holds(profile, kind, value)) continue
      // Whoever had left before does not hold it at the same time: a predecessor, or the same person before.
      if (profile === a || profile === b || isAfterOther(profile, a) || isAfterOther(profile, b)) continue
      if (profile.connection === a.connection) onA++
      else if (profile.connection === b.connection) onB++
    }
    return Math.max(onA, onB)
  }

  /** Somebody beside this account has its mobile, on its own connection or the other account's. */
  isMobileShared(holder: Profile, other: Profile): boolean {
    const { mobile } = holder.account
    if (mobile === null) return false
    const key = blockKey(holderKinds.mobile, mobile)
    if (this.#blocks.sizeOf(key) > blockLimits.identifier) return true
    for (const slot of this.#blocks.membersOf(key)) {
      const profile = this.profiles[slot]!
      if (this.#isGone.has(slot) || profile === holder || profile.account.mobile !== mobile) continue
      if (profile.connection === holder.connection || profile.connection === other.connection) return true
    }
    return false
  }

  probed(a: Profile, b: Profile): 'same' | 'different' | null {
    return this.facts.probed(a, b)
  }

  together(a: Profile, b: Profile): { sameSecond: number; of: number } | null {
    return this.facts.together(a.account.id, b.account.id)
  }
}

function holds(profile: Profile, kind: Identifier, value: string): boolean {
  switch (kind) {
    case 'mobile':
      return profile.account.mobile === value
    case 'jobNumber':
      return profile.job?.text === value
    case 'core':
      return profile.job?.core === value
    case 'email':
      return profile.email?.whole === value
    case 'address':
      return profile.email?.local === value || profile.userId.local === value
  }
}

/** Accounts of one connection may be one person only one after the other. */
const mayBeOne = (a: Profile, b: Profile) => a.connection !== b.connection || (a !== b && isAfterOther(a, b))

const pairOfDepartments = (a: Department, b: Department) =>
  Math.min(a.id, b.id) * 67108864 + Math.max(a.id, b.id)

/** The name of two departments, in either order. */
export const twinKey = (a: Department, b: Department): string =>
  [a.parts.join('/'), b.parts.join('/')].sort().join('\n')
