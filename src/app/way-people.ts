import { type Leg, legsOf } from '#domain/direction.ts'
import type { PlatformName } from '#domain/ids.ts'
import { countAccounts, readAccountsNamed } from '#store/people.ts'
import type { AppParts } from './parts.ts'
import type { RouteWithEnds } from './route-ends.ts'
import { routePeople } from './route-people.ts'

/** How many accounts of a way's source are there now and in scope, and which of those that were named are among them. */
export type WayCount = { leg: Leg; people: number; named: ReadonlySet<string> }

/** The same counts as `routePeople`; where nobody is left out by a scope, without reading everybody. */
export async function wayPeople(
  parts: AppParts,
  ends: RouteWithEnds,
  named: Record<PlatformName, ReadonlySet<string>>,
): Promise<WayCount[]> {
  const { route } = ends
  if (Object.keys(route.scope).length > 0) {
    const { ways } = await routePeople(parts, ends)
    return ways.map(({ leg, accounts }) => ({
      leg,
      people: accounts.size,
      named: new Set([...named[leg.source]].filter((key) => accounts.has(key))),
    }))
  }
  const { database, tenant } = parts
  const counts: WayCount[] = []
  for (const leg of legsOf(route.direction)) {
    const { id } = ends[leg.source]
    const rows = await readAccountsNamed(database.kysely, tenant, id, [...named[leg.source]])
    counts.push({
      leg,
      people: await countAccounts(database.kysely, tenant, id),
      named: new Set(rows.filter((row) => row.goneAt === null).map(({ key }) => key)),
    })
  }
  return counts
}
