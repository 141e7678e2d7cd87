import { reverseMatches, type Twin } from '#domain/reverse-matches.ts'
import { isAnyInScope, isInScope } from '#domain/scope.ts'
import type { AccountRow } from '#store/account-row.ts'
import type { Executor } from '#store/database.ts'
import { readAccountsNamed, readIdentitiesOf } from '#store/people.ts'
import type { RouteRow } from '#store/setup.ts'
import type { Traveller, Way } from './context.ts'
import { hasLeft, leaversTwins } from './leavers.ts'

/** Of those who are gone: who left since then may still be in what is read, and who is `open` has a delivery under way. */
export type Gone = { since: Temporal.Instant; open: ReadonlySet<string> }

/** Whether this account travels, as far as being there goes. */
const isThere = (row: AccountRow, { since, open }: Gone): boolean =>
  row.goneAt === null ||
  open.has(row.key) ||
  (hasLeft(row) && Temporal.Instant.compare(row.goneAt, since) >= 0)

/** Leavers of whom there is still something to carry. */
export const leaversAmong = (source: readonly AccountRow[], gone: Gone): AccountRow[] =>
  source.filter((row) => row.goneAt !== null && hasLeft(row) && isThere(row, gone))

/** From when on none of these user ids had another holder; null when none ever had. */
function sinceOf(rows: AccountRow[]): number | null {
  const starts = rows
    .filter((row) => row.life > 1)
    .map((row) => Math.ceil(row.since.epochMilliseconds / 1000))
  return starts.length > 0 ? Math.max(...starts) : null
}

/** Everyone of these in the route's scope, as they travel: linked people first. */
export function toTravellers(
  route: RouteRow,
  gone: Gone,
  source: readonly AccountRow[],
  target: readonly AccountRow[],
  matches: ReadonlyMap<string, Twin>,
): Traveller[] {
  const targets = new Map(target.map((row) => [row.key, row]))
  return source
    .filter((row) => isThere(row, gone))
    .map((row) => ({ row, found: matches.get(row.key) }))
    .map(({ row, found }) => ({ row, found, twin: found?.twin ? targets.get(found.twin) : undefined }))
    .filter(({ row, twin }) => isOnRoute(route, twin ? [row, twin] : [row]))
    .map(({ row, found, twin }) => ({
      key: row.key,
      userId: row.userId,
      name: row.name,
      personId: row.personId,
      status: found?.status ?? 'unmatched',
      twin: twin ? { key: twin.key, userId: twin.userId } : null,
      since: sinceOf(twin ? [row, twin] : [row]),
      leftAt: row.goneAt,
    }))
    .toSorted((a, b) => Number(b.twin !== null) - Number(a.twin !== null) || (a.key < b.key ? -1 : 1))
}

/**
 * The same of these accounts alone, as they were resolved last. Whose punches a way can carry is said here and nowhere
 * else: the planner counts what is owed by it, and a delivery goes by it.
 */
export async function travellersNamed(
  db: Executor,
  way: Way,
  keys: readonly string[],
  gone: Gone,
): Promise<Traveller[]> {
  if (keys.length === 0) return []
  const { tenant, route, source, target } = way
  const rows = await readAccountsNamed(db, tenant, source.id, keys)
  const there = rows.filter((row) => row.goneAt === null).map((row) => row.key)
  const matches = new Map([
    ...(await matchesOf(db, way, there)),
    ...(await leaversTwins(db, way, leaversAmong(rows, gone))),
  ])
  const twins = [...matches.values()].flatMap(({ twin }) => twin ?? [])
  return toTravellers(route, gone, rows, await readAccountsNamed(db, tenant, target.id, twins), matches)
}

/** By key of the source, as it was resolved. */
async function matchesOf(
  db: Executor,
  { tenant, route, source, target }: Way,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Twin>> {
  const rows = await readIdentitiesOf(db, tenant, route.id, { keys, side: source.platform })
  if (source.platform === 'dingtalk')
    return new Map(rows.map((row) => [row.sourceKey, { ...row, twin: row.targetKey }]))
  const claimants = rows.map((row) => row.sourceKey)
  const there = await readAccountsNamed(db, tenant, target.id, claimants)
  const present = new Set(there.filter((row) => row.goneAt === null).map((row) => row.key))
  return reverseMatches(
    new Map(
      rows
        .filter((row) => present.has(row.sourceKey))
        .map((row) => [row.sourceKey, { ...row, twin: row.targetKey }]),
    ),
  )
}

/**
 * The scope names people of the source side. Where punches go both ways either account may be named, so that a pilot
 * holds the same people whichever way it looks, and an exception counts on whichever side it names somebody.
 */
const isOnRoute = ({ direction, scope }: RouteRow, accounts: AccountRow[]): boolean =>
  direction === 'both' ? isAnyInScope(accounts, scope) : isInScope(accounts[0]!, scope)
