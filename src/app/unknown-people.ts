import type { RouteStatus } from '#cli/operations.ts'
import { dayZone, formatInstant, startOfDay } from '#domain/window.ts'
import type { AccountRow } from '#store/account-row.ts'
import { readUnknown, type UnknownRow } from '#store/readings.ts'
import type { RouteRow } from '#store/setup.ts'
import type { AppParts } from './parts.ts'
import { oldestReadable } from './sync.ts'

/** A status is read by people and machines every few seconds: so many are named, the others are counted. */
const mostNamed = 20

type Unknown = Pick<RouteStatus, 'unknown' | 'unknownCount' | 'unknownBecause' | 'gapFrom'>

/** Who of these people is not known up to the route's watermark, and why; the longest unread come first. */
export async function unknownPeople(
  { database, tenant, clock }: AppParts,
  route: RouteRow,
  inScope: ReadonlyMap<string, AccountRow>,
): Promise<Unknown> {
  const first = startOfDay(route.since)
  const oldest = oldestReadable(clock.now())
  const since = Temporal.Instant.compare(first, oldest) > 0 ? first : oldest
  const where = { tenant, route: route.id }
  const rows = (await readUnknown(database.kysely, where, { connection: route.dingtalkId, since }))
    .filter((row) => inScope.has(row.key))
    .toSorted((a, b) => reachOf(a) - reachOf(b))
  const because: Unknown['unknownBecause'] = {}
  for (const row of rows) because[row.because] = (because[row.because] ?? 0) + 1
  const gaps = rows.filter((row) => row.because === 'gap').map((row) => row.completeTo ?? since)
  const gapFrom = gaps.toSorted(Temporal.Instant.compare)[0]
  return {
    unknown: rows.slice(0, mostNamed).map((row) => {
      const { personId, name } = inScope.get(row.key)!
      return {
        person: personId,
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
