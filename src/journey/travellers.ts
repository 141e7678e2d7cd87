import type { Twin } from '#domain/reverse-matches.ts'
import { isAnyInScope, isInScope } from '#domain/scope.ts'
import type { AccountRow } from '#store/account-row.ts'
import type { RouteRow } from '#store/setup.ts'
import type { Journey, Traveller } from './context.ts'

/** Gone as people go: not because an import was taken back, nor because the user id is written otherwise now. */
export const hasLeft = ({ goneBecause }: AccountRow): boolean =>
  goneBecause !== null && goneBecause.code !== 'undone' && goneBecause.code !== 'userid-changed'

/** From when on none of these user ids had another holder; null when none ever had. */
function sinceOf(rows: AccountRow[]): number | null {
  const starts = rows
    .filter((row) => row.life > 1)
    .map((row) => Math.ceil(row.since.epochMilliseconds / 1000))
  return starts.length > 0 ? Math.max(...starts) : null
}

/** Everyone of these in the route's scope, as they travel: linked people first. */
export function toTravellers(
  journey: Journey,
  source: AccountRow[],
  target: AccountRow[],
  matches: ReadonlyMap<string, Twin>,
): Traveller[] {
  const targets = new Map(target.map((row) => [row.key, row]))
  return source
    .filter(
      (row) =>
        row.goneAt === null ||
        (hasLeft(row) && Temporal.Instant.compare(row.goneAt, journey.window.from) >= 0),
    )
    .map((row) => ({ row, found: matches.get(row.key) }))
    .map(({ row, found }) => ({ row, found, twin: found?.twin ? targets.get(found.twin) : undefined }))
    .filter(({ row, twin }) => isOnRoute(journey.route, twin ? [row, twin] : [row]))
    .map(({ row, found, twin }) => ({
      key: row.key,
      userId: row.userId,
      name: row.name,
      personId: row.personId,
      status: found?.status ?? 'unmatched',
      twin: twin ? { key: twin.key, userId: twin.userId } : null,
      since: sinceOf(twin ? [row, twin] : [row]),
    }))
    .toSorted((a, b) => Number(b.twin !== null) - Number(a.twin !== null) || (a.key < b.key ? -1 : 1))
}

/**
 * The scope names people of the source side. Where punches go both ways either account may be named, so that a pilot
 * holds the same people whichever way it looks, and an exception counts on whichever side it names somebody.
 */
const isOnRoute = ({ direction, scope }: RouteRow, accounts: AccountRow[]): boolean =>
  direction === 'both' ? isAnyInScope(accounts, scope) : isInScope(accounts[0]!, scope)
