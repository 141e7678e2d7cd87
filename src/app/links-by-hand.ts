import type { AccountName, LinkReport, UnlinkReport } from '#cli/operations.ts'
import { fail } from '#domain/failures.ts'
import type { ActKind } from '#store/acts.ts'
import type { Executor } from '#store/database.ts'
import { type PairRow, partPairs, releaseTargets, savePairs } from '#store/links.ts'
import { type IdentityRow, readAccounts, readIdentities } from '#store/people.ts'
import { readPersonPairs, savePersonPair } from '#store/person-pairs.ts'
import { type RouteRow, readConnections, readExplicitLinks, readRoutes } from '#store/setup.ts'
import { readSuggestions } from '#store/suggestions.ts'
import { durable, perform } from './acts.ts'
import { type Address, addressOf } from './addresses.ts'
import type { AppParts } from './parts.ts'

/** Says that two accounts are one person. It beats every rule, and what was held for want of it flows with the next run. */
export async function link(parts: AppParts, a: string, b: string): Promise<LinkReport> {
  const ends = [await addressOf(parts, a), await addressOf(parts, b)] as const
  return linkEnds(parts, ends, `${a} ${b}`, 'link')
}

/**
 * Accepts what is suggested for an account; `b` says which of several it is. Fails with `usage.no-suggestion` and
 * `usage.which-suggestion`.
 */
export async function confirm(parts: AppParts, a: string, b?: string): Promise<LinkReport> {
  const end = await addressOf(parts, a)
  const other = b === undefined ? null : await addressOf(parts, b)
  const suggested = await suggestionsFor(parts, end)
  const chosen = other ? suggested.filter((one) => isSame(one, other)) : suggested
  if (chosen.length === 0) fail('usage.no-suggestion', { account: a, candidates: suggested.map(textOf) })
  if (chosen.length > 1) fail('usage.which-suggestion', { account: a, candidates: suggested.map(textOf) })
  return linkEnds(parts, [end, chosen[0]!], `${a} ${textOf(chosen[0]!)}`, 'confirm')
}

type Ends = readonly [Account, Account]

async function linkEnds(
  parts: AppParts,
  [one, other]: Ends,
  subject: string,
  kind: ActKind,
): Promise<LinkReport> {
  const { database, tenant, clock } = parts
  if (one.connection.id === other.connection.id)
    fail('usage.same-connection', { connection: one.connection.key })
  return database.transaction(async (tx) => {
    const pair = await pairOf(parts, tx, one, other)
    const ask = { kind: pair ? kind : 'merge', subject, ends: [endOf(one), endOf(other)] } as const
    const { effects, parted } = await perform(parts, tx, ask, () =>
      pair
        ? makeLink(parts, tx, pair.row)
        : savePersonPair(tx, tenant, { a: endOf(one), b: endOf(other) }, true, clock.now()),
    )
    const displaced = parted.filter(
      ({ routeId, sourceKey, targetKey }) =>
        routeId === pair?.route.id && targetKey === pair.row.targetKey && sourceKey !== pair.row.sourceKey,
    )
    const [source, target] = pair ? [pair.source, pair.target] : [one, other]
    return {
      route: pair?.route.key ?? null,
      accounts: [nameOf(source), nameOf(target)],
      changed: effects.act !== null,
      displaced: displaced.map(({ sourceKey }) => ({ connection: source.connection.key, userId: sourceKey })),
      ...effects,
    }
  }, durable)
}

/** A link that stands already is left as it was made; one that somebody else had to the target gives way. */
async function makeLink({ tenant, clock }: AppParts, tx: Executor, row: PairRow): Promise<void> {
  const links = await readExplicitLinks(tx, tenant)
  if (links.some((link) => isPair(link, row))) return
  await releaseTargets(tx, tenant, [row])
  await savePairs(tx, tenant, [row], 'command', clock.now())
}

const isPair = (
  link: Pick<PairRow, 'routeId' | 'sourceKey' | 'targetKey'>,
  { routeId, sourceKey, targetKey }: PairRow,
) => link.routeId === routeId && link.sourceKey === sourceKey && link.targetKey === targetKey

/**
 * Takes an account's links apart, or only the one to `other`, whether a person or the evidence made them; they are not
 * matched again by themselves. Says what went out under them.
 */
export async function unlink(parts: AppParts, account: string, other?: string): Promise<UnlinkReport> {
  const { database, tenant, clock, actor } = parts
  const end = await addressOf(parts, account)
  const with_ = other === undefined ? null : await addressOf(parts, other)
  if (with_?.connection.id === end.connection.id)
    fail('usage.same-connection', { connection: end.connection.key })
  return database.transaction(async (tx) => {
    const linked = await linkedTo(parts, tx, end)
    const twins = with_ ? [with_] : linked
    const ask = {
      kind: with_ ? 'split' : 'unlink',
      subject: with_ ? `${account} ${other}` : account,
      ends: [end, ...twins].map(endOf),
    } as const
    const { effects } = await perform(parts, tx, ask, async () => {
      for (const twin of twins) {
        const pair = await pairOf(parts, tx, end, twin)
        if (pair) await partPairs(tx, tenant, [pair.row], { by: actor, at: clock.now() })
        else await savePersonPair(tx, tenant, { a: endOf(end), b: endOf(twin) }, false, clock.now())
      }
    })
    const removed = twins.filter((twin) => linked.some((one) => isSame(one, twin)))
    return { account: nameOf(end), from: removed.map(nameOf), removed: removed.length, ...effects }
  }, durable)
}

type Account = Pick<Address, 'connection' | 'userId' | 'key'>

const endOf = ({ connection, key }: Account) => ({ connectionId: connection.id, key })
const nameOf = ({ connection, userId }: Account): AccountName => ({ connection: connection.key, userId })
const textOf = ({ connection, userId }: Account) => `${connection.key}:${userId}`
const isSame = (a: Account, b: Account) => a.connection.id === b.connection.id && a.key === b.key

/** The route between two accounts and the pair they would be on it; null where there is none. */
async function pairOf({ tenant }: AppParts, db: Executor, one: Account, other: Account) {
  const source = [one, other].find(({ connection }) => connection.platform === 'dingtalk')
  const target = [one, other].find(({ connection }) => connection.platform === 'wecom')
  const route = (await readRoutes(db, tenant)).find(
    (row) => row.dingtalkId === source?.connection.id && row.wecomId === target?.connection.id,
  )
  if (!source || !target || !route) return null
  const row: PairRow = {
    routeId: route.id,
    ...{ sourceKey: source.key, sourceUser: source.userId, targetKey: target.key, targetUser: target.userId },
  }
  return { route, source, target, row }
}

/** Every account that stands for the same person by a link, a person's word or the evidence. */
async function linkedTo(parts: AppParts, db: Executor, end: Address): Promise<Account[]> {
  const { tenant } = parts
  const connections = await readConnections(db, tenant)
  const rows = await readAccounts(
    db,
    tenant,
    connections.map(({ id }) => id).filter((id) => id !== end.connection.id),
  )
  const paired = new Set((await pairsOnRoutes(parts, db, end)).map(idOf))
  for (const { a, b, isSame: areOne } of await readPersonPairs(db, tenant)) {
    if (!areOne) continue
    if (idOf(a) === idOf(endOf(end))) paired.add(idOf(b))
    if (idOf(b) === idOf(endOf(end))) paired.add(idOf(a))
  }
  const { personId } = end.account
  return rows
    .filter((row) => paired.has(idOf(row)) || (row.personId === personId && row.goneAt === null))
    .map(({ connectionId, key, userId }) => ({
      connection: connections.find(({ id }) => id === connectionId)!,
      ...{ key, userId },
    }))
}

const idOf = ({ connectionId, key }: { connectionId: number; key: string }) => `${connectionId}:${key}`

/** The other ends of this account's links on routes, explicit or matched. */
async function pairsOnRoutes({ tenant }: AppParts, db: Executor, { connection, key }: Address) {
  const links = await readExplicitLinks(db, tenant)
  const found: { connectionId: RouteRow['wecomId']; key: string }[] = []
  for (const route of await routesOf(tenant, db, connection.id)) {
    const isSource = route.dingtalkId === connection.id
    const pairs: Pick<IdentityRow, 'sourceKey' | 'targetKey'>[] = [
      ...links.filter((row) => row.routeId === route.id),
      ...(await readIdentities(db, tenant, route.id)),
    ]
    for (const { sourceKey, targetKey } of pairs)
      if (targetKey !== null && (isSource ? sourceKey : targetKey) === key)
        found.push(
          isSource
            ? { connectionId: route.wecomId, key: targetKey }
            : { connectionId: route.dingtalkId, key: sourceKey },
        )
  }
  return found
}

const routesOf = async (tenant: AppParts['tenant'], db: Executor, connection: RouteRow['wecomId']) =>
  (await readRoutes(db, tenant)).filter((row) => row.dingtalkId === connection || row.wecomId === connection)

/** The accounts that are suggested for this one, from either side of a route or from another subsidiary. */
async function suggestionsFor({ database, tenant }: AppParts, end: Address): Promise<Account[]> {
  const db = database.kysely
  const connections = await readConnections(db, tenant)
  const ids = connections.map(({ id }) => id)
  const named = new Set<string>()
  for (const { id, dingtalkId, wecomId } of await routesOf(tenant, db, end.connection.id))
    for (const { sourceKey, targetKey, candidates } of await readIdentities(db, tenant, id)) {
      // Who is linked on a route has no other twin there; what else is told of them is a doubt, not an offer.
      if (targetKey !== null) continue
      const isSource = dingtalkId === end.connection.id
      if (isSource && sourceKey === end.key)
        for (const { key } of candidates) named.add(idOf({ connectionId: wecomId, key }))
      if (!isSource && candidates.some(({ key }) => key === end.key))
        named.add(idOf({ connectionId: dingtalkId, key: sourceKey }))
    }
  for (const { a, aKey, b, bKey } of await readSuggestions(db, tenant, ids)) {
    const [one, other] = [
      { connectionId: a, key: aKey },
      { connectionId: b, key: bKey },
    ]
    if (idOf(one) === idOf(endOf(end))) named.add(idOf(other))
    if (idOf(other) === idOf(endOf(end))) named.add(idOf(one))
  }
  return (await readAccounts(db, tenant, ids))
    .filter((row) => row.goneAt === null && named.has(idOf(row)))
    .map(({ connectionId, key, userId }) => ({
      connection: connections.find(({ id }) => id === connectionId)!,
      ...{ key, userId },
    }))
}
