import { blockLimits } from './policy.ts'
import type { Profile } from './profile.ts'

/** What may bring two accounts together; a block is all accounts with one value of one kind. */
const kinds = {
  mobile: 1, job: 2, core: 3, email: 4, address: 5, name: 6, nameAtWork: 7, pinyin: 8, pinyinAtWork: 9,
  near: 10, nearAtWork: 11, opaque: 12,
} as const // biome-ignore format: a table
type Kind = keyof typeof kinds

export const blockKey = (kind: Kind, value: string, at = ''): number => {
  let high = 0xdeadbeef ^ (kinds[kind] * 0x9e3779b1)
  let low = 0x41c6ce57 ^ (kinds[kind] * 0x85ebca6b)
  for (const text of [value, at])
    for (let i = 0; i <= text.length; i++) {
      const code = i < text.length ? text.charCodeAt(i) : 0x1f
      high = Math.imul(high ^ code, 2654435761)
      low = Math.imul(low ^ code, 1597334677)
    }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return 4294967296 * (2097151 & low) + (high >>> 0)
}

/**
 * A block an account stands in, and the smaller ones that take its place when it is too large. `forOpaque`: only for
 * pairs of which one has a name that says nothing.
 */
export type BlockUse = { key: number; most: number; instead: readonly number[]; forOpaque?: true }

/** Every block an account stands in, so that whoever could be its twin shares at least one. */
export function blocksOf(profile: Profile): { uses: BlockUse[]; keys: number[] } {
  const uses: BlockUse[] = []
  const one = (kind: Kind, value: string | null | undefined, most: number = blockLimits.identifier) => {
    if (value) uses.push({ key: blockKey(kind, value), most, instead: [] })
  }
  const { account, name, job, email, userId } = profile
  one('mobile', account.mobile)
  one('job', job?.text)
  one('core', job?.core)
  one('email', email?.whole)
  if (email && email.local.length > 3) one('address', email.local)
  if (userId.local.length > 3 && userId.local !== email?.local) one('address', userId.local)
  if (!job && userId.local.length > 2 && /\d/.test(userId.local)) one('job', userId.local.toUpperCase())

  const work = [...profile.departments.map(({ last }) => last), ...hireText(profile)]
  const cut = (kind: Kind, atWork: Kind, value: string, most: number) =>
    uses.push({
      key: blockKey(kind, value),
      most,
      instead: work.map((at) => blockKey(atWork, value, at)),
    })
  if (name.key !== '' && name.chars.length !== 1) cut('name', 'nameAtWork', name.key, blockLimits.name)
  for (const spelt of name.pinyinKeys) cut('pinyin', 'pinyinAtWork', spelt, blockLimits.pinyin)
  const [department] = profile.departments
  const team = department && Number.isFinite(profile.hired) ? `${department.last} ${profile.hired}` : null
  for (const rest of nearNames(name.chars))
    if (rest.length > 2 && work.length > 0)
      for (const at of work)
        uses.push({ key: blockKey('nearAtWork', rest, at), most: blockLimits.nearName, instead: [] })
    else if (rest.length > 2) one('near', rest, blockLimits.nearName)
    else if (team !== null)
      uses.push({ key: blockKey('nearAtWork', rest, team), most: blockLimits.nearName, instead: [] })
  if (team !== null)
    uses.push({ key: blockKey('opaque', team), most: blockLimits.opaque, instead: [], forOpaque: true })
  const keys = uses.flatMap(({ key, instead }) => [key, ...instead])
  return { uses, keys: [...new Set(keys)] }
}

const hireText = ({ hired }: Profile): string[] => (Number.isFinite(hired) ? [`${hired}`] : [])

/** A name that says nothing about its Chinese form: a nickname, a single character. */
export const isOpaqueName = ({ name }: Profile): boolean => name.chars.length < 2

/** A name with one character left out, for names that differ in one; surnames are hardly ever mistyped. */
function nearNames(chars: readonly string[]): string[] {
  if (chars.length < 2) return []
  if (chars.length === 2) return [`${chars[0]}_`, `_${chars[1]}`]
  return chars
    .slice(1, 4)
    .map((_, at) => chars.map((char, place) => (place === at + 1 ? '_' : char)).join(''))
}

/** Uses in flat arrays: a block's limit, or `insteadOf` for one that takes the place of the last one with a limit. */
const insteadOf = 255
const forOpaqueOnly = 254

/** Blocks in a few flat arrays, with what came or went since the build beside them. */
export class BlockIndex {
  /** Block numbers by hashed key; -1 is free. */
  readonly #table: Int32Array
  #keys: Float64Array
  readonly #starts: Int32Array
  readonly #members: Int32Array
  readonly #added = new Map<number, number[]>()
  readonly #gone = new Map<number, number>()

  readonly #ends: Int32Array
  readonly #roles: Uint8Array
  readonly #useBlocks: Int32Array

  constructor(profiles: readonly Profile[]) {
    const { keys, roles, ends } = usesOf(profiles)
    this.#ends = ends
    this.#roles = roles
    let capacity = 1024
    // Most keys stand there several times: the table is half empty at the end.
    while (capacity < keys.length) capacity *= 2
    this.#table = new Int32Array(capacity).fill(-1)
    this.#keys = new Float64Array(keys.length)
    const blockOf = new Int32Array(keys.length)
    const sizes = new Int32Array(keys.length)
    this.#useBlocks = blockOf
    let blocks = 0
    for (let i = 0; i < keys.length; i++) {
      const place = this.#placeOf(keys[i]!)
      if (this.#table[place] === -1) {
        this.#keys[blocks] = keys[i]!
        this.#table[place] = blocks++
      }
      const block = this.#table[place]!
      blockOf[i] = block
      sizes[block]!++
    }
    this.#keys = this.#keys.slice(0, blocks)
    this.#starts = new Int32Array(blocks + 1)
    for (let block = 0; block < blocks; block++)
      this.#starts[block + 1] = this.#starts[block]! + sizes[block]!
    const next = this.#starts.slice()
    this.#members = new Int32Array(keys.length)
    for (let slot = 0, i = 0; slot < profiles.length; slot++)
      for (; i < ends[slot]!; i++) this.#members[next[blockOf[i]!]!++] = slot
  }

  #placeOf(key: number): number {
    const mask = this.#table.length - 1
    let place = (key ^ (key / 4294967296)) & mask
    while (this.#table[place] !== -1 && this.#keys[this.#table[place]!] !== key) place = (place + 1) & mask
    return place
  }

  /** Everybody ever put into the block; whoever has gone since is the caller's to leave out. */
  *membersOf(key: number): Iterable<number> {
    const block = this.#table[this.#placeOf(key)]!
    if (block >= 0)
      for (let at = this.#starts[block]!; at < this.#starts[block + 1]!; at++) yield this.#members[at]!
    yield* this.#added.get(key) ?? []
  }

  /**
   * Calls `take` for everybody in the blocks of a slot that was there at the build and shares them still; only while
   * nothing was added or removed. Answers how many namesakes were left out.
   */
  visitBuilt(slot: number, take: (other: number, forOpaque: boolean) => number): number {
    let [cut, most, isCut] = [0, 0, false]
    for (let i = slot === 0 ? 0 : this.#ends[slot - 1]!; i < this.#ends[slot]!; i++) {
      const role = this.#roles[i]!
      const block = this.#useBlocks[i]!
      const [start, end] = [this.#starts[block]!, this.#starts[block + 1]!]
      const isInstead = role === insteadOf
      if (isInstead && !isCut) continue
      if (!isInstead) {
        most = role === forOpaqueOnly ? blockLimits.opaque : role
        isCut = end - start > most
        if (isCut && most === blockLimits.name) cut += end - start
      }
      if (end - start > most) continue
      let taken = 0
      for (let at = start; at < end; at++) taken += take(this.#members[at]!, role === forOpaqueOnly)
      if (isInstead && most === blockLimits.name) cut -= taken
    }
    return Math.max(0, cut)
  }

  sizeOf(key: number): number {
    const block = this.#table[this.#placeOf(key)]!
    const built = block < 0 ? 0 : this.#starts[block + 1]! - this.#starts[block]!
    return built + (this.#added.get(key)?.length ?? 0) - (this.#gone.get(key) ?? 0)
  }

  /** Takes a slot out of the sizes of its blocks. */
  remove(keys: readonly number[]): void {
    for (const key of keys) this.#gone.set(key, (this.#gone.get(key) ?? 0) + 1)
  }

  /** Puts one more slot into its blocks. */
  add(slot: number, keys: readonly number[]): void {
    for (const key of keys) {
      const list = this.#added.get(key)
      if (list) list.push(slot)
      else this.#added.set(key, [slot])
    }
  }
}

function usesOf(profiles: readonly Profile[]): { keys: Float64Array; roles: Uint8Array; ends: Int32Array } {
  let keys = new Float64Array(profiles.length * 16 + 64)
  let roles = new Uint8Array(keys.length)
  const ends = new Int32Array(profiles.length)
  let used = 0
  const put = (key: number, role: number) => {
    if (used === keys.length) {
      const [moreKeys, moreRoles] = [new Float64Array(used * 1.5), new Uint8Array(used * 1.5)]
      moreKeys.set(keys)
      moreRoles.set(roles)
      ;[keys, roles] = [moreKeys, moreRoles]
    }
    keys[used] = key
    roles[used++] = role
  }
  profiles.forEach((profile, slot) => {
    for (const { key, most, instead, forOpaque } of blocksOf(profile).uses) {
      put(key, forOpaque ? forOpaqueOnly : most)
      for (const smaller of instead) put(smaller, insteadOf)
    }
    ends[slot] = used
  })
  return { keys: keys.subarray(0, used), roles: roles.subarray(0, used), ends }
}
