import type { PersonEntry } from '#cli/operations.ts'
import { distinctFacts, type Reason, type Remedy, turned } from '#domain/evidence.ts'
import { accountKey } from '#domain/ids.ts'
import type { Certainty } from '#domain/match.ts'
import type { LinkStatus } from '#domain/person.ts'
import { formatInstant } from '#domain/window.ts'
import type { AccountRow } from '#store/account-row.ts'
import type { IdentityRow } from '#store/people.ts'
import type { ConnectionRow, RouteRow } from '#store/setup.ts'
import type { SuggestionRow } from '#store/suggestions.ts'

/** Worst first: a person is as certain as their least certain account on a route. */
const rank: LinkStatus[] = ['conflicting', 'suggested', 'linked', 'unmatched']

type Told = Certainty & { because: Reason[] }

/** A claim that one account may be the same person as another one, told from the first one's side. */
type Claim = Told & { status: LinkStatus; from: AccountRow; to: AccountRow }

/** Puts accounts together to persons, and adds what is known of them on routes and between subsidiaries. */
export class PersonEntries {
  readonly #connections: ReadonlyMap<ConnectionRow['id'], ConnectionRow>
  readonly #byPlace: ReadonlyMap<string, AccountRow>
  readonly #entries = new Map<string, PersonEntry>()
  /** Who is open only because others may be them. */
  readonly #claimed = new Set<PersonEntry>()
  /** What a person said of accounts on the far side of a route. */
  readonly #parted = new Map<PersonEntry, { because: Reason[]; wouldChange: Remedy[] }>()

  readonly #elsewhere: ReadonlySet<string>

  /** `elsewhere`: the persons who have an account that is not among these. */
  constructor(connections: ConnectionRow[], accounts: AccountRow[], elsewhere: ReadonlySet<string>) {
    this.#elsewhere = elsewhere
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
    const account = { ...this.#nameOf(row), since: formatInstant(row.since) }
    const entry = this.#entries.get(row.personId)
    if (row.goneAt !== null) {
      if (row.goneBecause?.code === 'undone') return
      entry?.formerly.push({ ...account, until: formatInstant(row.goneAt) })
    } else if (entry) {
      entry.accounts.push(account)
      entry.status = 'linked'
    } else {
      const alsoElsewhere = this.#elsewhere.has(row.personId)
      this.#entries.set(row.personId, {
        person: row.personId,
        name: row.name,
        status: alsoElsewhere ? 'linked' : 'unmatched',
        accounts: [account],
        formerly: [],
        candidates: [],
        because: [],
        alsoElsewhere,
        ...{ probability: null, weight: null, weights: {}, wouldChange: [] },
      })
    }
  }

  #nameOf({ connectionId, userId }: AccountRow) {
    return { connection: this.#connections.get(connectionId)!.key, userId }
  }

  /** The account in this place, if it is there now. */
  #there(connection: ConnectionRow['id'], key: string): AccountRow | undefined {
    const row = this.#byPlace.get(`${connection} ${key}`)
    return row?.goneAt === null ? row : undefined
  }

  /** Adds what is known on one route, to the accounts of both its sides. */
  judge(route: RouteRow, identities: IdentityRow[]): void {
    for (const identity of identities) {
      const source = this.#there(route.dingtalkId, identity.sourceKey)
      const entry = source && this.#entries.get(source.personId)
      if (!entry) continue
      const isFirst = entry.because.length === 0
      if (isFirst || rank.indexOf(identity.status) < rank.indexOf(entry.status)) {
        const { because, probability, weight, weights, wouldChange } = identity
        Object.assign(entry, { because, probability, weight, weights, wouldChange })
        if (entry.status === 'unmatched' || identity.status !== 'unmatched') entry.status = identity.status
      }
      for (const { key, userId: _, ...certainty } of identity.candidates) {
        const target = this.#there(route.wecomId, key)
        if (!target) continue
        const { status } = identity
        this.#offer(entry, { ...certainty, status, from: source, to: target })
        this.#suggest({ ...seenFromThere(certainty), status, from: target, to: source })
      }
      this.#part(route, source, identity)
    }
  }

  /** Adds what is open between accounts that no route connects. */
  suggest(suggestions: SuggestionRow[]): void {
    for (const { a, aKey, b, bKey, status, ...certainty } of suggestions) {
      const [from, to] = [this.#there(a, aKey), this.#there(b, bKey)]
      if (!from || !to || from.personId === to.personId) continue
      this.#suggest({ ...certainty, status, from, to })
      this.#suggest({ ...seenFromThere(certainty), status, from: to, to: from })
    }
  }

  #offer(entry: PersonEntry, { from: _, to, status: __, ...certainty }: Claim): void {
    const name = this.#nameOf(to)
    const known = entry.candidates.some(
      ({ connection, userId }) => connection === name.connection && userId === name.userId,
    )
    if (!known) entry.candidates.push({ ...name, ...certainty })
  }

  /** A claim on somebody of whom no route says more: they are as open as the claim. */
  #suggest(claim: Claim): void {
    const entry = this.#entries.get(claim.from.personId)
    if (!entry) return
    // Who is linked on a route stays so: what is open elsewhere holds none of their punches.
    if (claim.status !== 'linked' && (entry.status === 'unmatched' || this.#claimed.has(entry))) {
      this.#claimed.add(entry)
      if (entry.status !== 'conflicting') entry.status = claim.status
    }
    this.#offer(entry, claim)
  }

  /** What a person said of an account on the source side is true of the other one as well. */
  #part(route: RouteRow, source: AccountRow, { because, wouldChange }: IdentityRow): void {
    for (const reason of because) {
      if (reason.code !== 'parted') continue
      const target = this.#there(route.wecomId, accountKey('wecom', reason.userId))
      const entry = target && this.#entries.get(target.personId)
      if (!entry || entry.status === 'linked') continue
      const { connection, userId } = this.#nameOf(target)
      const said = this.#parted.get(entry) ?? { because: [], wouldChange: [] }
      said.because.push({ ...reason, userId: source.userId })
      said.wouldChange.push(...wouldChange.filter(isLinkTo(`${connection}:${userId}`)))
      this.#parted.set(entry, said)
    }
  }

  list(hasRoutes: boolean): PersonEntry[] {
    for (const entry of this.#claimed) tellClaims(entry)
    for (const [entry, { because, wouldChange }] of this.#parted) {
      entry.because = [...entry.because, ...because]
      entry.wouldChange = [...entry.wouldChange, ...wouldChange]
    }
    const list = [...this.#entries.values()].toSorted((a, b) => (a.person < b.person ? -1 : 1))
    for (const entry of list)
      if (hasRoutes && entry.because.length === 0 && entry.status === 'unmatched')
        Object.assign(entry, { because: [{ code: 'no-counterpart' }], wouldChange: [{ code: 'name-twin' }] })
    return list
  }
}

/** Tells an entry by the likeliest of those who may be the same person, and how many there are. */
function tellClaims(entry: PersonEntry): void {
  entry.candidates.sort((a, b) => (b.probability ?? 0) - (a.probability ?? 0))
  const [lead] = entry.candidates
  const { length: count } = entry.candidates
  const { probability, weight, weights } = lead!
  const several: Reason[] = count > 1 ? [{ code: 'several-candidates', count }] : []
  const because = [...lead!.because, ...several, ...entry.because.filter(({ code }) => code === 'parted')]
  const wouldChange = distinctFacts([
    ...entry.candidates.flatMap((candidate) => candidate.wouldChange),
    ...entry.wouldChange.filter(({ code }) => code === 'link'),
  ])
  Object.assign(entry, { probability, weight, weights, wouldChange, because })
}

const isLinkTo = (account: string) => (remedy: Remedy) =>
  remedy.code === 'link' && remedy.accounts.includes(account)

/** The same claim from the other account's side. */
const seenFromThere = <T extends Told>(told: T): T => ({
  ...told,
  because: told.because.map(turned),
  wouldChange: told.wouldChange.map(turned),
})
