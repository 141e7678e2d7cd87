import { createHash } from 'node:crypto'
import type { Reason, Remedy } from '#domain/evidence.ts'
import type { Claim, Outcome, Resolution } from '#domain/identity/resolution.ts'
import { resolveIdentities } from '#domain/identity/resolve.ts'
import { nothingKnown, type StaffAccount } from '#domain/identity/staff-account.ts'
import type { LinkStatus } from '#domain/person.ts'
import { type BadLine, readStaffFile } from './staff-file.ts'

type AccountName = { connection: string; userId: string }

/** One person as `people` tells it, with how sure it is. Reasons are facts; the command line finds the words. */
export type BenchPerson = {
  person: string
  name: string
  status: LinkStatus
  accounts: AccountName[]
  candidates: (AccountName & { because: Reason[] })[]
  because: Reason[]
  /** Of the least certain link, or of the likeliest candidate; null when there is none. */
  weight: number | null
  probability: number | null
  wouldChange: Remedy[]
}

/** One pair of accounts that are, may be or cannot be decided to be one person. */
export type BenchLink = {
  accounts: [AccountName, AccountName]
  status: Claim['status']
  probability: number
  weight: number
  weights: Record<string, number>
  because: Reason[]
  wouldChange: Remedy[]
}

export type IdentityBench = {
  accounts: number
  counts: Readonly<Record<LinkStatus, number>>
  badLines: BadLine[]
  people(): Iterable<BenchPerson>
  links(): Iterable<BenchLink>
}

/** Resolves the accounts of a file without any platform. Throws what the file system throws. */
export async function benchIdentity(path: string): Promise<IdentityBench> {
  const { accounts, badLines } = await readStaffFile(path)
  const resolution = resolveIdentities(accounts, nothingKnown)
  return {
    accounts: accounts.length,
    counts: resolution.counts,
    badLines,
    people: () => peopleOf(resolution),
    links: () => linksOf(resolution),
  }
}

const nameOf = (account: StaffAccount): AccountName => ({
  connection: account.connection,
  userId: account.userId,
})

function* peopleOf(resolution: Resolution): Iterable<BenchPerson> {
  const named = (id: string) => nameOf(resolution.accountOf(id))
  for (const ids of resolution.people()) {
    const outcomes = ids.map((id) => resolution.outcomeOf(id))
    const [first] = outcomes as [Outcome, ...Outcome[]]
    const links = outcomes.flatMap((outcome) => outcome.links)
    const candidates = outcomes.flatMap((outcome) => outcome.candidates)
    const claims = links.length > 0 ? links : candidates
    const extreme = links.length > 0 ? Math.min : Math.max
    const of = (pick: (claim: Claim) => number) => (claims.length > 0 ? extreme(...claims.map(pick)) : null)
    yield {
      person: `p_${createHash('sha1').update(first.person).digest('hex').slice(0, 12)}`,
      name: resolution.accountOf(first.id).name,
      status: first.status,
      accounts: ids.map(named),
      candidates: candidates.map(({ id, because }) => ({ ...named(id), because })),
      because: oneOfEach(outcomes.flatMap(({ because }) => because)),
      weight: of((claim) => claim.weight),
      probability: of((claim) => claim.probability),
      wouldChange: distinct(outcomes.flatMap(({ wouldChange }) => wouldChange)),
    }
  }
}

function* linksOf(resolution: Resolution): Iterable<BenchLink> {
  const named = (id: string) => nameOf(resolution.accountOf(id))
  // A pair is met from either end, a mere candidate perhaps from one; whichever comes second is passed over.
  const told = new Set<string>()
  for (const outcome of resolution.outcomes())
    for (const claim of [...outcome.links, ...outcome.candidates]) {
      if (claim.status === 'linked' ? claim.id < outcome.id : told.delete(`${claim.id}\n${outcome.id}`))
        continue
      if (claim.status !== 'linked') told.add(`${outcome.id}\n${claim.id}`)
      yield {
        accounts: [named(outcome.id), named(claim.id)],
        status: claim.status,
        probability: claim.probability,
        weight: claim.weight,
        weights: Object.fromEntries(claim.weights.map(({ evidence, bits }) => [evidence, bits])),
        because: claim.because,
        wouldChange: claim.wouldChange,
      }
    }
}

/** A pair is told from both its ends; once is enough for a person. */
const oneOfEach = (reasons: readonly Reason[]): Reason[] => [
  ...Map.groupBy(reasons, ({ code }) => code)
    .values()
    .map(([first]) => first!),
]
const distinct = <T>(facts: readonly T[]): T[] => [
  ...new Map(facts.map((fact) => [JSON.stringify(fact), fact])).values(),
]
