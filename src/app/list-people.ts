import type { PersonEntry } from '#cli/operations.ts'
import { fail } from '#domain/failures.ts'
import { readAccounts, readIdentities } from '#store/people.ts'
import { readConnections, readRoutes } from '#store/setup.ts'
import { readSuggestions } from '#store/suggestions.ts'
import type { AppParts } from './parts.ts'
import { PersonEntries } from './person-entries.ts'

/** One entry a person, over all subsidiaries; accounts that nobody linked are persons of their own. */
export async function people(
  parts: AppParts,
  ask: { route?: string | undefined; connection?: string | undefined },
): Promise<PersonEntry[]> {
  const { database, tenant } = parts
  const db = database.kysely
  const connections = await readConnections(db, tenant)
  const all = await readRoutes(db, tenant)
  const routes = all.filter((row) => ask.route === undefined || row.key === ask.route)
  if (ask.route !== undefined && routes.length === 0)
    fail('usage.unknown-route', { route: ask.route, known: all.map((row) => row.key) })
  if (ask.connection !== undefined && !connections.some((row) => row.key === ask.connection))
    fail('usage.unknown-connection', { connection: ask.connection, known: connections.map((row) => row.key) })

  const ends = new Set(routes.flatMap((row) => [row.dingtalkId, row.wecomId]))
  const asked = connections.filter((row) => ask.route === undefined || ends.has(row.id))
  const accounts = await readAccounts(
    db,
    tenant,
    asked.map((row) => row.id),
  )
  const entries = new PersonEntries(asked, accounts)
  for (const route of routes) entries.judge(route, await readIdentities(db, tenant, route.id))
  entries.suggest(
    await readSuggestions(
      db,
      tenant,
      asked.map((row) => row.id),
    ),
  )
  const list = entries.list(routes.length > 0)
  return ask.connection === undefined
    ? list
    : list.filter((entry) => entry.accounts.some((account) => account.connection === ask.connection))
}
