import type { LinksImportReport, LinksTable } from '#cli/operations.ts'
import {
  type CleaningAccount,
  type CleaningConnection,
  listCleaning,
  twinsOf,
} from '#domain/cleaning-list.ts'
import { decideMapping, type MappingChange } from '#domain/decide-mapping.ts'
import { fail } from '#domain/failures.ts'
import type { MappingEntry } from '#domain/mapping-entry.ts'
import { type MappingOutcome, type StandingDecision, toMappingRows } from '#domain/mapping-table.ts'
import { listSeveral } from '#domain/several-accounts.ts'
import type { End } from '#store/claim-rows.ts'
import type { Executor } from '#store/database.ts'
import { type PairRow, partPairs, savePairs } from '#store/links.ts'
import { readAccounts, readIdentities, readPartedPairs } from '#store/people.ts'
import {
  type ConnectionRow,
  type RouteRow,
  readConnections,
  readExplicitLinks,
  readRoutes,
  readSubsidiaries,
} from '#store/setup.ts'
import { durable, perform } from './acts.ts'
import { narrowTo, ownReasons, ownRemedies, personsElsewhere } from './one-subsidiary.ts'
import type { AppParts } from './parts.ts'

/** Everything the mapping table and the cleaning list show, of one route or of all. Fails with `usage.unknown-route`. */
export async function linksTable(
  parts: AppParts,
  ask: { route?: string | undefined; subsidiary?: string | undefined },
): Promise<LinksTable> {
  const db = parts.database.kysely
  const group = await readGround(parts, db)
  const all = { ...group, ...(await narrowTo(parts, db, ask.subsidiary, group)) }
  const routes = all.routes.filter((row) => ask.route === undefined || row.key === ask.route)
  if (ask.route !== undefined && routes.length === 0)
    fail('usage.unknown-route', { route: ask.route, known: all.routes.map((row) => row.key) })
  if (routes.length === 0) fail('usage.nothing-set-up', {})
  const ground = { ...all, routes }
  const outcomes = await readOutcomes(parts, db, routes)
  const onRoutes = connectionsOf(ground)
  const accounts = await readPeople(parts, db, ground, ask.route === undefined ? all.connections : onRoutes)
  if (ask.subsidiary !== undefined) {
    const elsewhere = await personsElsewhere(parts, db, { all: group.connections, shown: all.connections })
    for (const account of accounts) account.alsoElsewhere = elsewhere.has(account.person)
    for (const told of outcomes.flatMap((outcome) => [outcome, ...outcome.candidates]))
      told.because = ownReasons(told.because)
    for (const outcome of outcomes) outcome.wouldChange = ownRemedies(outcome.wouldChange, all.connections)
  }
  const facts = {
    routes: mappingRoutes(ground),
    accounts,
    outcomes,
    decisions: await readDecisions(parts, db, routes),
  }
  const cleaning = listCleaning(
    onRoutes.map(toCleaningConnection),
    accounts.filter((one) => onRoutes.some((row) => row.key === one.connection)),
    twinsOf(facts.routes, accounts, outcomes),
  )
  return { rows: toMappingRows(facts), cleaning, several: listSeveral(facts.routes, accounts) }
}

/**
 * Applies a mapping table that came back, as one act that can be taken back, or changes nothing when a single row is bad
 * or this is a rehearsal.
 */
export async function linksImport(
  parts: AppParts,
  ask: { file: string; entries: MappingEntry[]; dryRun: boolean },
): Promise<LinksImportReport> {
  return parts.database.transaction(async (tx) => {
    const ground = await readGround(parts, tx)
    if (ground.routes.length === 0) fail('usage.nothing-set-up', {})
    const accounts = Map.groupBy(await readPeople(parts, tx, ground), (one) => one.connection)
    const { changes, bad, ...counts } = decideMapping(ask.entries, {
      routes: mappingRoutes(ground),
      connections: ground.connections.map((row) => row.key),
      accounts: new Map(
        [...accounts].map(([key, list]) => [key, new Map(list.map((one) => [one.key, one]))]),
      ),
      decisions: await readDecisions(parts, tx, ground.routes),
    })
    const rows = changes.toSorted((a, b) => a.line - b.line).map(toldRow)
    if (bad.length > 0 || ask.dryRun || changes.length === 0) return { ...counts, bad, rows }
    const { effects } = await perform(
      parts,
      tx,
      {
        kind: 'import',
        subject: ask.file,
        ends: endsOf(ground.routes, changes),
        details: { ...counts, rows: changes.map(told) },
      },
      () => applyChanges(parts, tx, ground.routes, changes),
    )
    return { ...counts, bad, rows, effects }
  }, durable)
}

function endsOf(routes: RouteRow[], changes: MappingChange[]): End[] {
  const byKey = new Map(routes.map((row) => [row.key, row]))
  return changes.flatMap(({ route, sourceKey, targetKey }) => [
    { connectionId: byKey.get(route)!.dingtalkId, key: sourceKey },
    { connectionId: byKey.get(route)!.wecomId, key: targetKey },
  ])
}

const toldRow = ({ line, route, decision, sourceUser, targetUser, note }: MappingChange) => ({
  ...{ line, route, decision, note },
  ...{ dingtalk: sourceUser, wecom: targetUser },
})

/** Enough to see, and to take back by hand, what one row did. */
const told = ({ route, decision, sourceUser, targetUser, note }: MappingChange) => ({
  route,
  decision,
  dingtalk: sourceUser,
  wecom: targetUser,
  ...(note !== '' && { note }),
})

async function applyChanges(parts: AppParts, tx: Executor, routes: RouteRow[], changes: MappingChange[]) {
  const { tenant, clock, actor } = parts
  const now = clock.now()
  const routeIds = new Map(routes.map((row) => [row.key, row.id]))
  const pairs = (decision: MappingChange['decision']): PairRow[] =>
    changes
      .filter((change) => change.decision === decision)
      .map(({ route, sourceKey, sourceUser, targetKey, targetUser }) => ({
        routeId: routeIds.get(route)!,
        sourceKey,
        sourceUser,
        targetKey,
        targetUser,
      }))
  // What is taken apart first may be linked otherwise by the same file.
  await partPairs(tx, tenant, pairs('apart'), { by: actor, at: now })
  await savePairs(tx, tenant, pairs('link'), 'table', now)
}

type Ground = { connections: ConnectionRow[]; routes: RouteRow[]; subsidiaries: Map<number, string> }

async function readGround({ tenant }: AppParts, db: Executor): Promise<Ground> {
  const subsidiaries = await readSubsidiaries(db, tenant)
  return {
    connections: await readConnections(db, tenant),
    routes: await readRoutes(db, tenant),
    subsidiaries: new Map(subsidiaries.map((row) => [row.id, row.name])),
  }
}

const mappingRoutes = ({ routes, connections }: Ground) => {
  const keyOf = new Map(connections.map((row) => [row.id, row.key]))
  return routes.map((row) => ({
    key: row.key,
    dingtalk: keyOf.get(row.dingtalkId)!,
    wecom: keyOf.get(row.wecomId)!,
  }))
}

/** The connections at the ends of these routes. */
const connectionsOf = ({ connections, routes }: Ground): ConnectionRow[] => {
  const ends = new Set(routes.flatMap((row) => [row.dingtalkId, row.wecomId]))
  return connections.filter((row) => ends.has(row.id))
}

function toCleaningConnection({ key, platform, facts }: ConnectionRow): CleaningConnection {
  const source = facts['jobNumber'] as { from?: string } | undefined
  return { key, platform, hasJobNumbers: source?.from !== 'none' }
}

async function readPeople(
  { tenant }: AppParts,
  db: Executor,
  ground: Ground,
  connections = connectionsOf(ground),
): Promise<CleaningAccount[]> {
  const placeOf = new Map(
    connections.map((row) => [
      row.id,
      { connection: row.key, subsidiary: ground.subsidiaries.get(row.subsidiaryId) ?? '' },
    ]),
  )
  const rows = await readAccounts(db, tenant, [...placeOf.keys()])
  return rows.map((row) => ({
    ...placeOf.get(row.connectionId)!,
    key: row.key,
    userId: row.userId,
    name: row.name,
    person: row.personId,
    departments: row.departments,
    jobNumber: row.jobNumber,
    mobileTail: row.mobileTail,
    mobilePrint: row.mobilePrint,
    isActive: row.isActive,
    hasLeft: row.goneAt !== null,
    hasResigned: row.goneBecause?.code === 'left' || row.goneBecause?.code === 'not-listed',
  }))
}

async function readOutcomes({ tenant }: AppParts, db: Executor, routes: RouteRow[]) {
  const outcomes: MappingOutcome[] = []
  for (const route of routes)
    for (const row of await readIdentities(db, tenant, route.id))
      outcomes.push({
        route: route.key,
        sourceKey: row.sourceKey,
        status: row.status,
        twinKey: row.targetKey,
        because: row.because,
        probability: row.probability,
        wouldChange: row.wouldChange,
        candidates: row.candidates,
      })
  return outcomes
}

async function readDecisions({ tenant }: AppParts, db: Executor, routes: RouteRow[]) {
  const links = await readExplicitLinks(db, tenant)
  const decisions: StandingDecision[] = []
  for (const { id, key: route } of routes) {
    for (const { sourceKey, targetKey } of await readPartedPairs(db, tenant, id))
      decisions.push({ route, sourceKey, targetKey, decision: 'apart' })
    // An explicit link beats the memory of having been apart: the later of two wins.
    for (const { sourceKey, targetKey } of links.filter((link) => link.routeId === id))
      decisions.push({ route, sourceKey, targetKey, decision: 'link' })
  }
  return decisions
}
