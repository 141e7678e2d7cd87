import type { SyncReport } from '#domain/sync-report.ts'
import { formatInstant } from '#domain/window.ts'
import type { AppParts } from './parts.ts'
import { routeNamed } from './route-ends.ts'
import { routePeople } from './route-people.ts'
import { unknownPeople } from './unknown-people.ts'

/** Up to when a route is complete, and for how many of its persons: from what was read, never from hope. */
export async function freshnessOf(
  parts: AppParts,
  name: string,
): Promise<NonNullable<SyncReport['freshness']>> {
  const ends = await routeNamed(parts, name)
  const { ways } = await routePeople(parts, ends)
  const persons = new Set(ways.flatMap(({ accounts }) => [...accounts.values()].map((row) => row.personId)))
  const { unknownCount, unknownBecause } = await unknownPeople(parts, ends.route, ways)
  const { completeTo } = ends.route
  return {
    completeTo: completeTo ? formatInstant(completeTo) : null,
    completeFor: completeTo ? persons.size - unknownCount : 0,
    of: persons.size,
    unknownBecause,
  }
}
