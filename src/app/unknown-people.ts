import type { ConnectionId } from '#domain/ids.ts'
import type { RouteStatus } from '#domain/status-report.ts'
import { dayZone, formatInstant, startOfDay } from '#domain/window.ts'
import { readUnknown, type UnknownRow } from '#store/readings.ts'
import type { RouteRow } from '#store/setup.ts'
import { oldestReadable } from './history.ts'
import type { AppParts } from './parts.ts'
import type { WayPeople } from './route-people.ts'

/** A status is read by people and machines every few seconds: so many are named, the others are counted. */
const mostNamed = 20

type Unknown = Pick<RouteStatus, 'unknown' | 'unknownCount' | 'unknownBecause' | 'gapFrom'> & {
  /** How many of each source, by its row number. */
  bySource: Map<ConnectionId, number>
}

/** Who of a route's people is not known up to its watermark, and why; the longest unread come first. */
export async function unknownPeople(
  { database, tenant, clock }: AppParts,
  route: RouteRow,
  ways: readonly WayPeople[],
): Promise<Unknown> {
  const first = startOfDay(route.since)
  const oldest = oldestReadable(clock.now())
  const since = Temporal.Instant.compare(first, oldest) > 0 ? first : oldest
  const rows: (UnknownRow & { person: string; name: string })[] = []
  const persons = new Set<string>()
  const bySource = new Map<ConnectionId, number>()
  for (const { source, accounts } of ways) {
    const where = { tenant, route: route.id, source }
    for (const row of await readUnknown(database.kysely, where, { since })) {
      const account = accounts.get(row.key)
      if (!account) continue
      bySource.set(source, (bySource.get(source) ?? 0) + 1)
      // Somebody unread on both sides is one person.
      if (persons.has(account.personId)) continue
      persons.add(account.personId)
      rows.push({ ...row, person: account.personId, name: account.name })
    }
  }
  rows.sort((a, b) => reachOf(a) - reachOf(b))
  const because: Unknown['unknownBecause'] = {}
  for (const row of rows) because[row.because] = (because[row.because] ?? 0) + 1
  const gaps = rows.filter((row) => row.because === 'gap').map((row) => row.completeTo ?? since)
  const gapFrom = gaps.toSorted(Temporal.Instant.compare)[0]
  return {
    bySource,
    unknown: rows.slice(0, mostNamed).map((row) => {
      const { person, name } = row
      return {
        person,
        name,
        because: row.because,
        theirCode: row.because === 'refused' ? row.detail : null,
        completeTo: row.completeTo ? formatInstant(row.completeTo) : null,
      }
    }),
    unknownCount: rows.length,
    unknownBecause: because,
    gapFrom: gapFrom ? gapFrom.toZonedDateTimeISO(dayZone).toPlainDate().toString() : null,
  }
}

const reachOf = ({ completeTo }: UnknownRow): number => completeTo?.epochMilliseconds ?? 0
