import { assignPersons } from '#domain/assign-persons.ts'
import type { Claim, Resolution, Verdict } from '#domain/identity/resolution.ts'
import type { TenantId } from '#domain/ids.ts'
import type { Candidate, Match } from '#domain/match.ts'
import type { AccountRow } from '#store/account-row.ts'
import type { Executor } from '#store/database.ts'
import { saveIdentities } from '#store/people.ts'
import { savePersons, saveResolvedInputs } from '#store/resolution.ts'
import type { RouteRow } from '#store/setup.ts'
import { personIdOf } from './contacts.ts'
import { type Group, staffId } from './group-facts.ts'

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
  const matches = new Map<string, Match>()
  for (const row of group.rows) {
    if (row.connectionId !== source.id) continue
    const id = staffId(source, row.key)
    const match = toMatch(resolution.towards(id, target.key), rows)
    matches.set(row.key, missing.has(id) ? toInvisible(match, missing.get(id)!) : match)
  }
  return matches
}

/** A person's word stands even when the account they named is not to be seen now. */
const toInvisible = (match: Match, userId: string): Match => ({
  ...match,
  status: match.status === 'conflicting' ? 'conflicting' : 'suggested',
  twin: null,
  because: [{ code: 'explicit-link' }, { code: 'twin-not-visible', userId }],
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
  await savePersons(db, tenant, changedPersons(group, resolution), now)
  await saveResolvedInputs(db, tenant, { inputs, at: now, counts: resolution.counts })
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
