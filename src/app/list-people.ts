import type { PeopleAsk, PersonEntry } from '#cli/operations.ts'
import { fail } from '#domain/failures.ts'
import { readAccounts, readIdentities } from '#store/people.ts'
import { type ConnectionRow, readConnections, readRoutes } from '#store/setup.ts'
import { readSuggestions } from '#store/suggestions.ts'
import { narrowTo, ownReasons, ownRemedies, personsElsewhere } from './one-subsidiary.ts'
import type { AppParts } from './parts.ts'
import { PersonEntries } from './person-entries.ts'

/** One entry a person, over all subsidiaries; accounts that nobody linked are persons of their own. */
export async function people(parts: AppParts, ask: PeopleAsk): Promise<PersonEntry[]> {
  const { database, tenant } = parts
  const db = database.kysely
  const everywhere = await readConnections(db, tenant)
  const seen = { connections: everywhere, routes: await readRoutes(db, tenant) }
  const { connections, routes: all } = await narrowTo(parts, db, ask.subsidiary, seen)
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
  const elsewhere =
    ask.subsidiary === undefined
      ? new Set<string>()
      : await personsElsewhere(parts, db, { all: everywhere, shown: connections })
  const entries = new PersonEntries(asked, accounts, elsewhere)
  for (const route of routes) entries.judge(route, await readIdentities(db, tenant, route.id))
  entries.suggest(
    await readSuggestions(
      db,
      tenant,
      asked.map((row) => row.id),
    ),
  )
  const list = entries.list(routes.length > 0)
  if (ask.subsidiary !== undefined) for (const entry of list) keepOwn(entry, connections)
  return ask.connection === undefined
    ? list
    : list.filter((entry) => entry.accounts.some((account) => account.connection === ask.connection))
}

/** What is told of a person, and of whom they may be, without what is another subsidiary's. */
function keepOwn(entry: PersonEntry, shown: ConnectionRow[]): void {
  for (const told of [entry, ...entry.candidates]) {
    told.because = ownReasons(told.because)
    told.wouldChange = ownRemedies(told.wouldChange, shown)
  }
}
