import { type Department, type Profile, profileOf } from './profile.ts'
import type { StaffAccount } from './staff-account.ts'
import { readName, type WrittenName } from './written-name.ts'

/** Reads accounts; what many of them share (names, dates, departments) is read once and kept once. */
export class AccountReader {
  readonly #accounts: StaffAccount[]
  readonly #names = new Map<string, WrittenName>()
  readonly #days = new Map<string, number | null>()
  readonly #departments = new Map<string, Department>()
  readonly #departmentLists = new Map<string, readonly Department[]>()
  readonly #departmentIds = new Map<string, number>()
  /** Names by connection and user id, and who names them as a superior; made when somebody has one. */
  #superiors: { names: Map<string, string>; reports: Map<string, string[]> } | null = null

  constructor(accounts: readonly StaffAccount[]) {
    this.#accounts = [...accounts]
  }

  read(account: StaffAccount, connection: number): Profile {
    const { manager } = account
    const name =
      manager === null ? undefined : this.#hierarchy().names.get(holderKey(account.connection, manager))
    return profileOf(
      account,
      connection,
      (written) => remember(this.#names, written, readName),
      (date) => (date === null ? null : remember(this.#days, date, dayOf)),
      (paths) => this.#departmentsOf(paths),
      name === undefined ? null : remember(this.#names, name, readName).key || null,
    )
  }

  /** Ids of accounts that name this one as their superior; some may be gone by now. */
  reportsOf({ connection, userId }: StaffAccount): string[] {
    return this.#superiors?.reports.get(holderKey(connection, userId)) ?? []
  }

  add(account: StaffAccount): void {
    this.#accounts.push(account)
    if (this.#superiors) place(account, this.#superiors)
  }

  remove(account: StaffAccount): void {
    const at = this.#superiors ? -1 : this.#accounts.indexOf(account)
    if (at >= 0) this.#accounts.splice(at, 1)
    this.#superiors?.names.delete(holderKey(account.connection, account.userId))
    const reports = this.#superiors?.reports.get(holderKey(account.connection, account.manager ?? ''))
    if (reports) reports.splice(reports.indexOf(account.id), 1)
  }

  #hierarchy() {
    if (!this.#superiors) {
      this.#superiors = { names: new Map(), reports: new Map() }
      for (const account of this.#accounts) place(account, this.#superiors)
    }
    return this.#superiors
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
  { names, reports }: { names: Map<string, string>; reports: Map<string, string[]> },
): void {
  names.set(holderKey(connection, userId), name)
  if (manager === null) return
  const ids = reports.get(holderKey(connection, manager))
  if (ids) ids.push(id)
  else reports.set(holderKey(connection, manager), [id])
}

const holderKey = (connection: string, userId: string) => `${connection}\n${userId.toLowerCase()}`

function remember<K, V>(known: Map<K, V>, key: K, make: (key: K) => V): V {
  let value = known.get(key)
  if (value === undefined) {
    value = make(key)
    known.set(key, value)
  }
  return value
}

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
