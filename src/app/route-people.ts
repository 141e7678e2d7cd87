import { type Leg, legsOf } from '#domain/direction.ts'
import type { ConnectionId } from '#domain/ids.ts'
import type { LinkStatus } from '#domain/person.ts'
import { reverseMatches } from '#domain/reverse-matches.ts'
import { isAnyInScope, isInScope } from '#domain/scope.ts'
import type { AccountRow } from '#store/account-row.ts'
import { readAccounts, readIdentities } from '#store/people.ts'
import type { AppParts } from './parts.ts'
import type { RouteWithEnds } from './route-ends.ts'

/** One way of a route, the accounts of its source that are there now and in scope, and the keys of all out of scope. */
export type WayPeople = {
  leg: Leg
  source: ConnectionId
  accounts: Map<string, AccountRow>
  leftOut: string[]
}

/** Whom a route carries: per way, and how many persons there are in all, by how far it is known who they are. */
export async function routePeople(
  { database, tenant }: AppParts,
  { route, dingtalk, wecom }: RouteWithEnds,
): Promise<{ ways: WayPeople[]; persons: Record<LinkStatus, number> }> {
  const ends = { dingtalk, wecom }
  const db = database.kysely
  const rows = await readAccounts(db, tenant, [dingtalk.id, wecom.id])
  const there = rows.filter((row) => row.goneAt === null)
  const identities = await readIdentities(db, tenant, route.id)
  const forward = new Map(identities.map((row) => [row.sourceKey, { ...row, twin: row.targetKey }]))
  const found = { dingtalk: forward, wecom: reverseMatches(forward) }
  const byKey = new Map(there.map((row) => [`${row.connectionId} ${row.key}`, row]))

  const ways = legsOf(route.direction).map((leg) => {
    const source = ends[leg.source].id
    const isIn = (row: AccountRow) => {
      const twin = found[leg.source].get(row.key)?.twin
      const other = twin ? byKey.get(`${ends[leg.target].id} ${twin}`) : undefined
      return route.direction === 'both'
        ? isAnyInScope(other ? [row, other] : [row], route.scope)
        : isInScope(row, route.scope)
    }
    const [inside, outside] = [new Map<string, AccountRow>(), [] as string[]]
    for (const row of rows) {
      if (row.connectionId !== source) continue
      if (!isIn(row)) outside.push(row.key)
      else if (row.goneAt === null) inside.set(row.key, row)
    }
    return { leg, source, accounts: inside, leftOut: outside }
  })
  const persons = { linked: 0, suggested: 0, conflicting: 0, unmatched: 0 }
  const counted = new Set<string>()
  for (const { leg, accounts } of ways)
    for (const { key, personId } of accounts.values()) {
      if (counted.has(personId)) continue
      counted.add(personId)
      const status = found[leg.source].get(key)?.status
      // Nobody has looked yet who this is: they are counted when somebody has.
      if (status) persons[status]++
      else if (leg.source === 'wecom' && identities.length > 0) persons.unmatched++
    }
  return { ways, persons }
}
