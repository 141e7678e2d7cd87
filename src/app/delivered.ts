import type { DeliveredRecord, DeliveredReport } from '#cli/acts-report.ts'
import { formatInstant } from '#domain/window.ts'
import type { LinkedPair } from '#store/claim-rows.ts'
import type { Executor } from '#store/database.ts'
import { countDelivered, type Delivered, readDelivered, readPairsEver } from '#store/delivered.ts'
import { readConnections, readRoutes } from '#store/setup.ts'
import { addressOf } from './addresses.ts'
import type { AppParts } from './parts.ts'

/** Records that stand in a report; `links delivered` gives them all. */
const mostTold = 1_000

/** What went out under these links. */
export async function deliveredUnder(
  { tenant }: AppParts,
  db: Executor,
  pairs: readonly LinkedPair[],
): Promise<Omit<DeliveredReport, 'link'>> {
  if (pairs.length === 0) return { count: 0, states: {}, records: [] }
  const counts = await countDelivered(db, tenant, pairs)
  const rows = await readDelivered(db, tenant, pairs, { limit: mostTold, after: null })
  const toRecord = await recordsIn(db, tenant)
  return {
    count: counts.reduce((sum, { count }) => sum + count, 0),
    states: Object.fromEntries(counts.map(({ state, count }) => [state, count])),
    records: rows.map(toRecord),
  }
}

/**
 * Every record that ever went out from or to an account, or between two, whether they are linked now or not; oldest
 * first, in blocks. Fails with `usage.unknown-account`.
 */
export async function* delivered(
  parts: AppParts,
  ask: { account: string; other?: string | undefined },
): AsyncGenerator<DeliveredRecord[]> {
  const { tenant } = parts
  const db = parts.database.kysely
  const ends = [await addressOf(parts, ask.account)]
  if (ask.other !== undefined) ends.push(await addressOf(parts, ask.other))
  const ever = await Promise.all(
    ends.map(({ connection, key }) => readPairsEver(db, tenant, { connectionId: connection.id, key })),
  )
  const both = ever.slice(1).map((pairs) => new Set(pairs.map((pair) => JSON.stringify(pair))))
  const pairs = ever[0]!.filter((pair) => both.every((of) => of.has(JSON.stringify(pair))))
  const toRecord = await recordsIn(db, tenant)
  for (let after: Delivered | null = null; ; ) {
    const rows: Delivered[] = await readDelivered(db, tenant, pairs, { limit: mostTold, after })
    if (rows.length > 0) yield rows.map(toRecord)
    if (rows.length < mostTold) return
    after = rows.at(-1)!
  }
}

async function recordsIn(db: Executor, tenant: AppParts['tenant']) {
  const connections = new Map((await readConnections(db, tenant)).map((row) => [row.id, row.key]))
  const routes = new Map((await readRoutes(db, tenant)).map((row) => [row.id, row]))
  return (row: Delivered): DeliveredRecord => {
    const route = routes.get(row.routeId)!
    return {
      route: route.key,
      punch: String(row.punchId),
      source: { connection: connections.get(row.sourceId)!, userId: row.sourceUser },
      at: formatInstant(row.at),
      target: { connection: connections.get(row.targetId)!, userId: row.targetUser },
      state: row.state,
    }
  }
}
