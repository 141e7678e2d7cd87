import { assignPersons } from '#domain/assign-persons.ts'
import type { Reason, Remedy } from '#domain/evidence.ts'
import type { Claim, Resolution, Verdict } from '#domain/identity/resolution.ts'
import type { TenantId } from '#domain/ids.ts'
import type { Candidate, Match } from '#domain/match.ts'
import type { AccountRow } from '#store/account-row.ts'
import type { Executor } from '#store/database.ts'
import { saveIdentities } from '#store/people.ts'
import { savePersons, saveResolvedInputs } from '#store/resolution.ts'
import type { ConnectionRow, RouteRow } from '#store/setup.ts'
import { type SuggestionRow, saveSuggestions } from '#store/suggestions.ts'
import { personIdOf } from './contacts.ts'
import { type Group, type Parting, staffId } from './group-facts.ts'

/** What became of every source account of a route, by account key. */
export function matchesOn(route: RouteRow, group: Group, resolution: Resolution): Map<string, Match> {
  const connection = (id: RouteRow['dingtalkId']) => group.connections.find((row) => row.id === id)!
  const [source, target] = [connection(route.dingtalkId), connection(route.wecomId)]
  const rows = new Map(group.rows.map((row) => [staffId(connection(row.connectionId), row.key), row]))
  const missing = new Map(
    group.known.links
      .filter(([, to]) => to.startsWith(`${target.key}:`) && !rows.has(to))
      .map(([from, to]) => [from, to.slice(target.key.length + 1)]),
  )
  const partings = Map.groupBy(
    group.partings.filter((parting) => parting.route === route.id),
    ({ sourceKey }) => sourceKey,
  )
  const matches = new Map<string, Match>()
  for (const row of group.rows) {
    if (row.connectionId !== source.id) continue
    const id = staffId(source, row.key)
    const match = toMatch(resolution.towards(id, target.key), rows)
    const words = (partings.get(row.key) ?? []).map((parting): Heard => {
      const userId = rows.get(staffId(target, parting.targetKey))?.userId ?? parting.targetKey
      return { ...parting, userId, accounts: [`${source.key}:${row.userId}`, `${target.key}:${userId}`] }
    })
    const heard = heedPartings(match, words)
    matches.set(row.key, missing.has(id) ? toInvisible(heard, missing.get(id)!) : heard)
  }
  return matches
}

type Heard = Parting & { userId: string; accounts: [string, string] }

/** Somebody who is open because a person parted them from their twin: it is said who did, and how to go back on it. */
function heedPartings(match: Match, partings: readonly Heard[]): Match {
  if (match.status === 'linked' || partings.length === 0) return match
  const said: Reason[] = partings.map(({ userId, by, at }) => ({ code: 'parted', userId, by, at }))
  const remedies: Remedy[] = partings.map(({ accounts }) => ({ code: 'link', accounts }))
  if (match.status !== 'unmatched')
    return {
      ...match,
      because: [...match.because, ...said],
      wouldChange: [...match.wouldChange, ...remedies],
    }
  // No evidence brings them together again: what it takes is a person's word.
  const others = match.because.filter(({ code }) => code !== 'no-counterpart')
  return { ...match, because: [...said, ...others], wouldChange: [...remedies, { code: 'name-twin' }] }
}

/** A person's word stands even when the account they named is not to be seen now. */
const toInvisible = (match: Match, userId: string): Match => ({
  ...match,
  status: match.status === 'conflicting' ? 'conflicting' : 'suggested',
  twin: null,
  because: [{ code: 'explicit-link' }, { code: 'twin-not-visible', userId }],
  wouldChange: [{ code: 'show-twin', userId }],
})

function toMatch(verdict: Verdict, rows: ReadonlyMap<string, AccountRow>): Match {
  const [link] = verdict.links
  const lead = link ?? verdict.candidates[0]
  return {
    status: verdict.status,
    twin: link ? rows.get(link.id)!.key : null,
    because: verdict.because,
    candidates: verdict.candidates.map((claim) => toCandidate(claim, rows.get(claim.id)!)),
    ...(lead ? certaintyOf(lead) : { probability: null, weight: null, weights: {} }),
    wouldChange: verdict.wouldChange,
  }
}

const toCandidate = (claim: Claim, { key, userId }: AccountRow): Candidate => ({
  key,
  userId,
  because: claim.because,
  ...certaintyOf(claim),
  wouldChange: claim.wouldChange,
})

/** Rounded, so that the same claim is the same row however often it is told. */
const certaintyOf = ({ probability, weight, weights }: Claim) => ({
  probability: Math.round(probability * 1e6) / 1e6,
  weight,
  weights: Object.fromEntries(weights.map(({ evidence, bits }) => [evidence, bits])),
})

/**
 * Writes a resolution down: the outcome of every route, and the person every account stands for. `inputs`: what it was
 * made from; as long as that is so, nothing needs to be resolved again.
 */
export async function keepResolution(
  db: Executor,
  tenant: TenantId,
  group: Group,
  resolution: Resolution,
  { now, inputs }: { now: Temporal.Instant; inputs: string },
): Promise<void> {
  for (const route of group.routes) {
    const rows = [...matchesOn(route, group, resolution)].map(([sourceKey, { twin, ...match }]) => ({
      ...match,
      sourceKey,
      targetKey: twin,
    }))
    await saveIdentities(db, tenant, route.id, rows, now)
  }
  await saveSuggestions(db, tenant, suggestionsOffRoutes(group, resolution))
  await savePersons(db, tenant, changedPersons(group, resolution), now)
  await saveResolvedInputs(db, tenant, { inputs, at: now, counts: resolution.counts })
}

/** What is open between accounts that no route connects, such as those of two subsidiaries. */
function suggestionsOffRoutes({ connections, routes, rows }: Group, resolution: Resolution): SuggestionRow[] {
  const isOnRoute = (one: ConnectionRow['id'], other: ConnectionRow['id']) =>
    routes.some(
      ({ dingtalkId, wecomId }) =>
        (dingtalkId === one && wecomId === other) || (dingtalkId === other && wecomId === one),
    )
  const hasPairs = connections.some(({ id }, i) =>
    connections.some((two, j) => j > i && !isOnRoute(id, two.id)),
  )
  if (!hasPairs) return []
  const connectionOf = new Map(connections.map((connection) => [connection.id, connection]))
  const idOf = (row: AccountRow) => staffId(connectionOf.get(row.connectionId)!, row.key)
  const byId = new Map(rows.map((row) => [idOf(row), row]))
  return rows.flatMap((row) =>
    resolution.outcomeOf(idOf(row)).candidates.flatMap((claim) => {
      const { connectionId: b, key: bKey } = byId.get(claim.id)!
      if (row.connectionId >= b || isOnRoute(row.connectionId, b)) return []
      const { status, because, wouldChange } = claim
      const ends = { a: row.connectionId, aKey: row.key, b, bKey }
      return [{ ...ends, status, because, wouldChange, ...certaintyOf(claim) }]
    }),
  )
}

/** Accounts that stand for another person than before. */
function changedPersons({ connections, rows }: Group, resolution: Resolution) {
  const connectionOf = new Map(connections.map((connection) => [connection.id, connection]))
  const byId = new Map(rows.map((row) => [staffId(connectionOf.get(row.connectionId)!, row.key), row]))
  const persons = [...resolution.people()].map((ids) => ids.map((id) => byId.get(id)!))
  const named = assignPersons(
    persons.map((accounts) =>
      accounts.map((row) => {
        const connection = connectionOf.get(row.connectionId)!
        return {
          personId: row.personId,
          ownId: personIdOf(connection.key, row.key, row.life),
          // A person is named after their account at the source of attendance, the oldest first.
          rank: `${connection.platform === 'dingtalk' ? 0 : 1} ${row.since.toString()} ${connection.key}:${row.key}`,
        }
      }),
    ),
  )
  return persons.flatMap((accounts, i) =>
    accounts
      .filter((row) => row.personId !== named[i])
      .map(({ connectionId, key, life }) => ({ connectionId, key, life, personId: named[i]! })),
  )
}
