import type { LinkReport, PersonEntry, UnlinkReport } from '#cli/operations.ts'
import type { Reason } from '#domain/evidence.ts'
import { fail } from '#domain/failures.ts'
import { accountKey } from '#domain/ids.ts'
import type { LinkStatus } from '#domain/person.ts'
import { rematch } from '#journey/3-match.ts'
import {
  type AccountRow,
  countHeld,
  type IdentityRow,
  partPair,
  readAccounts,
  readIdentities,
  unpartPair,
} from '#store/people.ts'
import {
  audit,
  type ConnectionRow,
  dropExplicitLinks,
  type RouteRow,
  readConnections,
  readRoutes,
  saveExplicitLink,
} from '#store/setup.ts'
import type { AppParts } from './parts.ts'

/** One entry a person; accounts that nobody linked are persons of their own. */
export async function people(
  parts: AppParts,
  ask: { route?: string | undefined; connection?: string | undefined },
): Promise<PersonEntry[]> {
  const { database, tenant } = parts
  const db = database.kysely
  const connections = await readConnections(db, tenant)
  const routes = (await readRoutes(db, tenant)).filter(
    (row) => ask.route === undefined || row.key === ask.route,
  )
  if (ask.route !== undefined && routes.length === 0)
    fail('usage.unknown-route', {
      route: ask.route,
      known: (await readRoutes(db, tenant)).map((row) => row.key),
    })
  if (ask.connection !== undefined && !connections.some((row) => row.key === ask.connection))
    fail('usage.unknown-connection', { connection: ask.connection, known: connections.map((row) => row.key) })

  const ends = new Set(routes.flatMap((row) => [row.dingtalkId, row.wecomId]))
  const ids = connections.filter((row) => ask.route === undefined || ends.has(row.id)).map((row) => row.id)
  const accounts = await readAccounts(db, tenant, ids)
  const entries = toEntries(connections, routes, accounts, await identitiesOf(parts, routes))
  return ask.connection === undefined
    ? entries
    : entries.filter((entry) => entry.accounts.some((account) => account.connection === ask.connection))
}

type RouteIdentities = { route: RouteRow; identities: IdentityRow[] }[]

async function identitiesOf({ database, tenant }: AppParts, routes: RouteRow[]): Promise<RouteIdentities> {
  const found: RouteIdentities = []
  for (const route of routes)
    found.push({ route, identities: await readIdentities(database.kysely, tenant, route.id) })
  return found
}

/** Worst first: a person is as certain as their least certain account. */
const rank: LinkStatus[] = ['conflicting', 'suggested', 'linked', 'unmatched']

function toEntries(
  connections: ConnectionRow[],
  routes: RouteRow[],
  accounts: AccountRow[],
  identities: RouteIdentities,
): PersonEntry[] {
  const connectionKey = new Map(connections.map((row) => [row.id, row.key]))
  const nameOf = (row: AccountRow) => ({
    connection: connectionKey.get(row.connectionId)!,
    userId: row.userId,
  })
  const byPlace = new Map(accounts.map((row) => [`${row.connectionId} ${row.key}`, row]))
  const entries = new Map<string, PersonEntry>()
  for (const row of accounts)
    if (row.goneAt === null)
      entries.set(row.personId, {
        person: row.personId,
        name: row.name,
        status: 'unmatched',
        accounts: [nameOf(row)],
        candidates: [],
        because: routes.length > 0 ? [{ code: 'no-counterpart' }] : [],
      })
  for (const { route, identities: rows } of identities)
    for (const identity of rows) {
      const source = byPlace.get(`${route.dingtalkId} ${identity.sourceKey}`)
      const entry = source && entries.get(source.personId)
      if (!entry) continue
      const twin =
        identity.targetKey === null ? undefined : byPlace.get(`${route.wecomId} ${identity.targetKey}`)
      if (twin && identity.status === 'linked') {
        entry.accounts.push(nameOf(twin))
        if (twin.personId !== entry.person) entries.delete(twin.personId)
      }
      if (entry.status === 'unmatched' || rank.indexOf(identity.status) < rank.indexOf(entry.status)) {
        entry.status = identity.status
        entry.because = identity.because
      }
      entry.candidates.push(
        ...identity.candidates.map((candidate) => ({
          connection: connectionKey.get(route.wecomId)!,
          userId: candidate.userId,
          because: candidate.because,
        })),
      )
    }
  return [...entries.values()].toSorted((a, b) => (a.person < b.person ? -1 : 1))
}

/** What a person decided survives a power cut. */
const durable = { isDurable: true }

type Address = { connection: ConnectionRow; userId: string; key: string }

/** `connection:userId`, split at the first colon. */
async function addressOf({ database, tenant }: AppParts, text: string): Promise<Address> {
  const at = text.indexOf(':')
  const connections = await readConnections(database.kysely, tenant)
  if (at < 1 || at === text.length - 1) fail('usage.invalid', { what: text, instead: 'hq-dingtalk:u001' })
  const connection = connections.find((row) => row.key === text.slice(0, at))
  if (!connection)
    return fail('usage.unknown-connection', {
      connection: text.slice(0, at),
      known: connections.map((row) => row.key),
    })
  const key = accountKey(connection.platform, text.slice(at + 1))
  const [account] = (await readAccounts(database.kysely, tenant, [connection.id])).filter(
    (row) => row.key === key,
  )
  if (!account) return fail('usage.unknown-account', { account: text })
  return { connection, userId: account.userId, key }
}

/** Says that two accounts are one person. It beats every rule, and what was held for want of it flows with the next run. */
export async function link(parts: AppParts, a: string, b: string): Promise<LinkReport> {
  const { database, tenant, clock } = parts
  const ends = [await addressOf(parts, a), await addressOf(parts, b)]
  const source = ends.find((end) => end.connection.platform === 'dingtalk')
  const target = ends.find((end) => end.connection.platform === 'wecom')
  const route = (await readRoutes(database.kysely, tenant)).find(
    (row) => row.dingtalkId === source?.connection.id && row.wecomId === target?.connection.id,
  )
  if (!source || !target || !route)
    return fail('usage.invalid', { what: `${a} ${b}`, instead: 'hq-dingtalk:u001 hq-wecom:zhangsan' })
  const now = clock.now()
  return database.transaction(async (tx) => {
    const identities = await readIdentities(tx, tenant, route.id)
    const before = identities.find((row) => row.sourceKey === source.key)
    const displaced = identities.filter((row) => row.targetKey === target.key && row.sourceKey !== source.key)
    const released = await countHeld(tx, tenant, route.id, source.key)
    await unpartPair(tx, tenant, route.id, source.key, target.key)
    await saveExplicitLink(
      tx,
      tenant,
      {
        routeId: route.id,
        sourceKey: source.key,
        sourceUser: source.userId,
        targetKey: target.key,
        targetUser: target.userId,
        origin: 'command',
      },
      now,
    )
    await audit(tx, tenant, {
      at: now,
      actor: parts.actor,
      act: 'link',
      subject: a,
      details: { with: b, was: before ?? null },
    })
    await rematch(tx, tenant, route, now)
    const changed = !(before?.targetKey === target.key && isExplicit(before.because))
    return {
      route: route.key,
      accounts: [
        { connection: source.connection.key, userId: source.userId },
        { connection: target.connection.key, userId: target.userId },
      ],
      changed,
      displaced: displaced.map((row) => ({ connection: source.connection.key, userId: row.sourceKey })),
      released: changed ? released : 0,
    }
  }, durable)
}

const isExplicit = (because: Reason[]) => because.some((reason) => reason.code === 'explicit-link')

/** Takes an account's links apart, whether a person or the evidence made them; the pair is not matched again by itself. */
export async function unlink(parts: AppParts, account: string): Promise<UnlinkReport> {
  const { database, tenant, clock } = parts
  const end = await addressOf(parts, account)
  const now = clock.now()
  return database.transaction(async (tx) => {
    const routes = (await readRoutes(tx, tenant)).filter(
      (row) => row.dingtalkId === end.connection.id || row.wecomId === end.connection.id,
    )
    const explicit = await dropExplicitLinks(tx, tenant, { connectionId: end.connection.id, key: end.key })
    let parted = 0
    for (const route of routes) {
      const isSource = route.dingtalkId === end.connection.id
      for (const row of await readIdentities(tx, tenant, route.id)) {
        if ((isSource ? row.sourceKey : row.targetKey) !== end.key || row.targetKey === null) continue
        await partPair(tx, tenant, route.id, row.sourceKey, row.targetKey, now)
        parted++
      }
      await rematch(tx, tenant, route, now)
    }
    await audit(tx, tenant, {
      at: now,
      actor: parts.actor,
      act: 'unlink',
      subject: account,
      details: { explicit, parted },
    })
    return {
      account: { connection: end.connection.key, userId: end.userId },
      removed: Math.max(explicit, parted),
    }
  }, durable)
}
