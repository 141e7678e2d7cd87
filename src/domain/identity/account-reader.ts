import { type Department, type Profile, profileOf } from './profile.ts'
import type { StaffAccount } from './staff-account.ts'
import { readName, type WrittenName } from './written-name.ts'

/** On one connection, by user id in lower case: names, and the ids of accounts that name somebody as their superior. */
type Hierarchy = { names: Map<string, string>; reports: Map<string, string[]> }

/** Reads accounts; what many of them share (names, dates, departments) is read once and kept once. */
export class AccountReader {
  readonly #accounts: StaffAccount[]
  readonly #names = new Map<string, WrittenName>()
  readonly #days = new Map<string, number | null>()
  readonly #departments = new Map<string, Department>()
  readonly #departmentLists = new Map<string, readonly Department[]>()
  readonly #departmentIds = new Map<string, number>()
  readonly #titles = new Map<string, string | null>()
  /** Made when somebody has a superior. */
  #hierarchies: Map<string, Hierarchy> | null = null

  constructor(accounts: readonly StaffAccount[]) {
    this.#accounts = [...accounts]
  }

  read(account: StaffAccount, connection: number): Profile {
    const { manager } = account
    const name =
      manager === null ? undefined : this.#hierarchyOf(account.connection)?.names.get(manager.toLowerCase())
    return profileOf(account, connection, {
      nameOf: (written) => remember(this.#names, written, readName),
      dayOf: (date) => (date === null ? null : remember(this.#days, date, dayOf)),
      departmentsOf: (paths) => this.#departmentsOf(paths),
      titleOf: (written) => (written === null ? null : remember(this.#titles, written, plainTitle)),
      managerName: name === undefined ? null : remember(this.#names, name, readName).key || null,
    })
  }

  /** Ids of accounts that name this one as their superior; some may be gone by now. */
  reportsOf({ connection, userId }: StaffAccount): string[] {
    return this.#hierarchies?.get(connection)?.reports.get(userId.toLowerCase()) ?? []
  }

  add(account: StaffAccount): void {
    this.#accounts.push(account)
    if (this.#hierarchies) place(account, this.#hierarchies)
  }

  remove(account: StaffAccount): void {
    const at = this.#hierarchies ? -1 : this.#accounts.indexOf(account)
    if (at >= 0) this.#accounts.splice(at, 1)
    const hierarchy = this.#hierarchies?.get(account.connection)
    hierarchy?.names.delete(account.userId.toLowerCase())
    const reports = hierarchy?.reports.get(account.manager?.toLowerCase() ?? '')
    if (reports) reports.splice(reports.indexOf(account.id), 1)
  }

  #hierarchyOf(connection: string): Hierarchy | undefined {
    if (!this.#hierarchies) {
      this.#hierarchies = new Map()
      for (const account of this.#accounts) place(account, this.#hierarchies)
    }
    return this.#hierarchies.get(connection)
  }

  #departmentsOf(paths: readonly string[]): readonly Department[] {
    return remember(this.#departmentLists, paths.join('\n'), () =>
      paths.map((path) => this.#department(path)).filter(({ last }) => last !== ''),
    )
  }

  #department(written: string): Department {
    return remember(this.#departments, written, () => {
      const parts = partsOf(written)
      // The same path may be written in several ways.
      const id = remember(this.#departmentIds, parts.join('/'), () => this.#departmentIds.size)
      const tails = parts.map((_, at) => parts.slice(-1 - at).join('/'))
      return { id, last: parts.at(-1) ?? '', parts, tails }
    })
  }
}

function place(
  { id, connection, userId, name, manager }: StaffAccount,
  hierarchies: Map<string, Hierarchy>,
): void {
  const { names, reports } = hierarchies.getOrInsertComputed(connection, () => ({
    names: new Map(),
    reports: new Map(),
  }))
  names.set(userId.toLowerCase(), name)
  if (manager !== null) reports.getOrInsertComputed(manager.toLowerCase(), () => []).push(id)
}

function remember<K, V>(known: Map<K, V>, key: K, make: (key: K) => V): V {
  let value = known.get(key)
  if (value === undefined) {
    value = make(key)
    known.set(key, value)
  }
  return value
}

const plainTitle = (written: string): string | null =>
  written.normalize('NFKC').replace(/\s+/gu, '').toLowerCase() || null

/** `YYYY-MM-DD` as days since 1970; null when it is no date. */
function dayOf(date: string): number | null {
  try {
    return Temporal.PlainDate.from(date.trim().slice(0, 10).replaceAll('/', '-')).since('1970-01-01').days
  } catch {
    return null
  }
}

/** A path's segments, without notes in brackets (`（新）`), width and case. */
function partsOf(path: string): string[] {
  return path
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[([【][^)\]】]*[)\]】]/gu, '')
    .split(/\s*[/\\>→»|]+\s*/u)
    .map((part) => part.replace(/\s+/gu, ''))
    .filter((part) => part !== '')
}
