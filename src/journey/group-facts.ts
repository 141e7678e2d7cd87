import type { KnownFacts, StaffAccount } from '#domain/identity/staff-account.ts'
import type { TenantId } from '#domain/ids.ts'
import { formatInstant } from '#domain/window.ts'
import type { AccountRow } from '#store/account-row.ts'
import type { Executor } from '#store/database.ts'
import { readAccounts, readPartedPairs, readProbes } from '#store/people.ts'
import { readPersonPairs } from '#store/person-pairs.ts'
import {
  type ConnectionRow,
  type RouteRow,
  readConnections,
  readExplicitLinks,
  readRoutes,
} from '#store/setup.ts'
import { readTogether } from '#store/together.ts'

/** A group of companies as resolution sees it: every account that is there now, and what is known beside them. */
export type Group = {
  connections: ConnectionRow[]
  routes: RouteRow[]
  rows: AccountRow[]
  accounts: StaffAccount[]
  known: KnownFacts
  /** What people said of pairs on routes that are not one person. */
  partings: Parting[]
}

/** A person's word that two accounts on a route are two people. */
export type Parting = {
  route: RouteRow['id']
  sourceKey: string
  targetKey: string
  by: string | null
  at: string
}

/** An account's name in resolution. */
export const staffId = (connection: Pick<ConnectionRow, 'key'>, key: string): string =>
  `${connection.key}:${key}`

/**
 * Reads the group from the store. `fresh`: rosters that were just read and stand in for the stored ones, so that a
 * rehearsal, which keeps nothing, decides on what is true now.
 */
export async function readGroup(
  db: Executor,
  tenant: TenantId,
  now: Temporal.Instant,
  fresh: ReadonlyMap<ConnectionRow['id'], AccountRow[]> = new Map(),
): Promise<Group> {
  const connections = await readConnections(db, tenant)
  const routes = await readRoutes(db, tenant)
  const stored = await readAccounts(
    db,
    tenant,
    connections.map(({ id }) => id).filter((id) => !fresh.has(id)),
  )
  const rows = [...stored, ...[...fresh.values()].flat()].filter((row) => row.goneAt === null)
  const byId = new Map(connections.map((connection) => [connection.id, connection]))
  const accounts = rows.map((row) => toStaffAccount(row, byId.get(row.connectionId)!))
  const partings: Parting[] = []
  for (const { id: route } of routes)
    for (const parted of await readPartedPairs(db, tenant, route))
      partings.push({ ...parted, route, at: formatInstant(parted.at) })
  const known = await readKnown(db, tenant, now, { connections, routes, rows, partings })
  return { connections, routes, rows, accounts, known, partings }
}

function toStaffAccount(row: AccountRow, connection: ConnectionRow): StaffAccount {
  const { userId, name, jobNumber, email, departments, title, manager } = row
  return {
    id: staffId(connection, row.key),
    connection: connection.key,
    ...{ userId, name, jobNumber, email, departments, title, manager },
    mobile: row.mobilePrint,
    mobileTail: row.mobileTail,
    hiredOn: row.hiredOn?.toString() ?? null,
    leftOn: null,
  }
}

async function readKnown(
  db: Executor,
  tenant: TenantId,
  now: Temporal.Instant,
  { connections, routes, rows, partings }: Pick<Group, 'connections' | 'routes' | 'rows' | 'partings'>,
): Promise<KnownFacts> {
  const byId = new Map(connections.map((connection) => [connection.id, connection]))
  const idOf = (connection: ConnectionRow['id'], key: string) => staffId(byId.get(connection)!, key)
  const links: [string, string][] = []
  const apart: [string, string][] = []
  const routeOf = new Map(routes.map((route) => [route.id, route]))
  for (const { routeId, sourceKey, targetKey } of await readExplicitLinks(db, tenant)) {
    const route = routeOf.get(routeId)
    if (route) links.push([idOf(route.dingtalkId, sourceKey), idOf(route.wecomId, targetKey)])
  }
  for (const { route, sourceKey, targetKey } of partings) {
    const { dingtalkId, wecomId } = routeOf.get(route)!
    apart.push([idOf(dingtalkId, sourceKey), idOf(wecomId, targetKey)])
  }
  for (const { a, b, isSame } of await readPersonPairs(db, tenant))
    (isSame ? links : apart).push([idOf(a.connectionId, a.key), idOf(b.connectionId, b.key)])
  const together = (await readTogether(db, tenant, now)).map(({ routeId, sourceKey, targetKey, ...met }) => {
    const { dingtalkId, wecomId } = routeOf.get(routeId)!
    return { pair: [idOf(dingtalkId, sourceKey), idOf(wecomId, targetKey)] as const, ...met }
  })
  return { links, apart, probes: await readAnswers(db, tenant, { connections, rows, idOf }), together }
}

/** What platforms answered about mobiles, for every account that has one of them now. */
async function readAnswers(
  db: Executor,
  tenant: TenantId,
  {
    connections,
    rows,
    idOf,
  }: Pick<Group, 'connections' | 'rows'> & { idOf: (connection: ConnectionRow['id'], key: string) => string },
): Promise<KnownFacts['probes']> {
  const answers: KnownFacts['probes'][number][] = []
  for (const { id, key: connection } of connections) {
    const kept = await readProbes(db, tenant, id)
    if (kept.length === 0) continue
    const byPrint = new Map(kept.map((probe) => [probe.mobilePrint, probe.foundKey]))
    for (const row of rows) {
      const found = row.connectionId === id || !row.mobilePrint ? undefined : byPrint.get(row.mobilePrint)
      if (found === undefined) continue
      const owner = found === null ? null : idOf(id, found)
      answers.push({ account: idOf(row.connectionId, row.key), connection, owner })
    }
  }
  return answers
}
