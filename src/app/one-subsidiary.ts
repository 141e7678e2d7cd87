import type { Reason, Remedy } from '#domain/evidence.ts'
import { fail } from '#domain/failures.ts'
import type { AccountRow } from '#store/account-row.ts'
import type { Executor } from '#store/database.ts'
import { readAccounts } from '#store/people.ts'
import { type ConnectionRow, type RouteRow, readSubsidiaries } from '#store/setup.ts'
import type { AppParts } from './parts.ts'

/** What one subsidiary sees of its group: its own connections and the routes that lie wholly between them. */
export type OneSubsidiary = { connections: ConnectionRow[]; routes: RouteRow[] }

/** All there is, or one subsidiary's part of it. Fails with `usage.unknown-subsidiary`. */
export async function narrowTo(
  { tenant }: AppParts,
  db: Executor,
  subsidiary: string | undefined,
  all: OneSubsidiary,
): Promise<OneSubsidiary> {
  if (subsidiary === undefined) return all
  const known = await readSubsidiaries(db, tenant)
  const found = known.find((row) => row.key === subsidiary)
  if (!found) return fail('usage.unknown-subsidiary', { subsidiary, known: known.map((row) => row.key) })
  const connections = all.connections.filter((row) => row.subsidiaryId === found.id)
  const own = new Set(connections.map((row) => row.id))
  return {
    connections,
    routes: all.routes.filter((row) => own.has(row.dingtalkId) && own.has(row.wecomId)),
  }
}

/** Who of these has an account elsewhere in the group now, by person. That they have one is all that is told of it. */
export async function personsElsewhere(
  { tenant }: AppParts,
  db: Executor,
  { all, shown }: { all: readonly ConnectionRow[]; shown: readonly ConnectionRow[] },
): Promise<Set<AccountRow['personId']>> {
  const own = new Set(shown.map((row) => row.id))
  const others = all.filter((row) => !own.has(row.id)).map((row) => row.id)
  const rows = others.length === 0 ? [] : await readAccounts(db, tenant, others)
  return new Set(rows.filter((row) => row.goneAt === null).map((row) => row.personId))
}

/** Reasons without those that name an account which may be another subsidiary's. */
export const ownReasons = (reasons: readonly Reason[]): Reason[] =>
  reasons.filter(({ code }) => code !== 'through')

/** Remedies that this subsidiary can carry out in its own consoles. */
export function ownRemedies(remedies: readonly Remedy[], shown: readonly ConnectionRow[]): Remedy[] {
  const own = new Set(shown.map((row) => row.key))
  return remedies.filter((remedy) => {
    if (
      remedy.code === 'enter-mobile' ||
      remedy.code === 'enter-job-number' ||
      remedy.code === 'enter-own-mobile'
    )
      return remedy.connections.every((key) => own.has(key))
    if (remedy.code === 'ask-platform') return own.has(remedy.connection)
    return remedy.code !== 'link' || remedy.accounts.every((name) => own.has(name.split(':', 1)[0]!))
  })
}
