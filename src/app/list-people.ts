import type { PersonEntry } from '#cli/operations.ts'
import { fail } from '#domain/failures.ts'
import type { LinkStatus } from '#domain/person.ts'
import { formatInstant } from '#domain/window.ts'
import type { AccountRow } from '#store/account-row.ts'
import { type IdentityRow, readAccounts, readIdentities } from '#store/people.ts'
import { type ConnectionRow, type RouteRow, readConnections, readRoutes } from '#store/setup.ts'
import type { AppParts } from './parts.ts'

/** One entry a person, over all subsidiaries; accounts that nobody linked are persons of their own. */
export async function people(
  parts: AppParts,
  ask: { route?: string | undefined; connection?: string | undefined },
): Promise<PersonEntry[]> {
  const { database, tenant } = parts
  const db = database.kysely
  const connections = await readConnections(db, tenant)
  const all = await readRoutes(db, tenant)
  const routes = all.filter((row) => ask.route === undefined || row.key === ask.route)
  if (ask.route !== undefined && routes.length === 0)
    fail('usage.unknown-route', { route: ask.route, known: all.map((row) => row.key) })
  if (ask.connection !== undefined && !connections.some((row) => row.key === ask.connection))
    fail('usage.unknown-connection', { connection: ask.connection, known: connections.map((row) => row.key) })

  const ends = new Set(routes.flatMap((row) => [row.dingtalkId, row.wecomId]))
  const asked = connections.filter((row) => ask.route === undefined || ends.has(row.id))
  const accounts = await readAccounts(
    db,
    tenant,
    asked.map((row) => row.id),
  )
  const entries = new Entries(asked, accounts)
  for (const route of routes) entries.judge(route, await readIdentities(db, tenant, route.id))
  const list = entries.list(routes.length > 0)
  return ask.connection === undefined
    ? list
    : list.filter((entry) => entry.accounts.some((account) => account.connection === ask.connection))
}

/** Worst first: a person is as certain as their least certain account. */
const rank: LinkStatus[] = ['conflicting', 'suggested', 'linked', 'unmatched']

class Entries {
  readonly #connections: ReadonlyMap<ConnectionRow['id'], ConnectionRow>
  readonly #byPlace: ReadonlyMap<string, AccountRow>
  readonly #entries = new Map<string, PersonEntry>()

  constructor(connections: ConnectionRow[], accounts: AccountRow[]) {
    this.#connections = new Map(connections.map((row) => [row.id, row]))
    this.#byPlace = new Map(accounts.map((row) => [`${row.connectionId} ${row.key}`, row]))
    for (const row of accounts.toSorted((a, b) => this.#order(a, b))) this.#add(row)
  }

  /** Those who are there first; where attendance comes from, then the older account. */
  #order(a: AccountRow, b: AccountRow): number {
    const isGone = (row: AccountRow) => Number(row.goneAt !== null)
    const isTarget = (row: AccountRow) =>
      Number(this.#connections.get(row.connectionId)!.platform === 'wecom')
    return isGone(a) - isGone(b) || isTarget(a) - isTarget(b) || Temporal.Instant.compare(a.since, b.since)
  }

  #add(row: AccountRow): void {
    const { key } = this.#connections.get(row.connectionId)!
    const account = { connection: key, userId: row.userId, since: formatInstant(row.since) }
    const entry = this.#entries.get(row.personId)
    if (row.goneAt !== null) {
      if (row.goneBecause?.code === 'undone') return
      entry?.formerly.push({ ...account, until: formatInstant(row.goneAt) })
    } else if (entry) {
      entry.accounts.push(account)
      entry.status = 'linked'
    } else
      this.#entries.set(row.personId, {
        person: row.personId,
        name: row.name,
        status: 'unmatched',
        accounts: [account],
        formerly: [],
        candidates: [],
        because: [],
        ...{ probability: null, weight: null, weights: {}, wouldChange: [] },
      })
  }

  /** Adds what is known on one route. */
  judge(route: RouteRow, identities: IdentityRow[]): void {
    const connection = this.#connections.get(route.wecomId)!.key
    for (const identity of identities) {
      const source = this.#byPlace.get(`${route.dingtalkId} ${identity.sourceKey}`)
      const entry = source && source.goneAt === null ? this.#entries.get(source.personId) : undefined
      if (!entry) continue
      const isFirst = entry.because.length === 0
      if (isFirst || rank.indexOf(identity.status) < rank.indexOf(entry.status)) {
        const { because, probability, weight, weights, wouldChange } = identity
        Object.assign(entry, { because, probability, weight, weights, wouldChange })
        if (entry.status === 'unmatched' || identity.status !== 'unmatched') entry.status = identity.status
      }
      for (const { key: _, ...candidate } of identity.candidates)
        entry.candidates.push({ connection, ...candidate })
    }
  }

  list(hasRoutes: boolean): PersonEntry[] {
    const list = [...this.#entries.values()].toSorted((a, b) => (a.person < b.person ? -1 : 1))
    for (const entry of list)
      if (hasRoutes && entry.because.length === 0 && entry.status === 'unmatched')
        entry.because = [{ code: 'no-counterpart' }]
    return list
  }
}
