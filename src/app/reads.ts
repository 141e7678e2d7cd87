import type { CallEntry, PunchEntry, PunchesAsk, RunEntry } from '#cli/operations.ts'
import type { ConnectionId } from '#domain/ids.ts'
import type { LaneState } from '#domain/planner/types.ts'
import type { RouteStatus, StatusReport, WayStatus } from '#domain/status-report.ts'
import type { SyncReport } from '#domain/sync-report.ts'
import { formatInstant } from '#domain/window.ts'
import { readCalls } from '#store/calls.ts'
import { readLedgerPage } from '#store/ledger.ts'
import { readLeg } from '#store/legs.ts'
import { readLastRun, readRuns } from '#store/runs.ts'
import { type RouteRow, readRoutes, readSubsidiaries } from '#store/setup.ts'
import { readStalls } from '#store/stalls.ts'
import { readOpenCounts } from '#store/tally.ts'
import { openAlarms } from './alarms.ts'
import { laneState } from './lane-state.ts'
import { isOutOfCalls } from './out-of-calls.ts'
import type { AppParts } from './parts.ts'
import { probeUse } from './probe-use.ts'
import { quotaOutlook } from './quota-outlook.ts'
import { quotaUse } from './quota-use.ts'
import { type RouteWithEnds, routeNamed } from './route-ends.ts'
import { routePeople, type WayPeople } from './route-people.ts'
import { unknownPeople } from './unknown-people.ts'

const pageSize = 1_000

/** The ledger, oldest first, a page at a time. */
export async function* punches({ database, tenant }: AppParts, ask: PunchesAsk): AsyncIterable<PunchEntry[]> {
  const at = ask.person?.indexOf(':') ?? -1
  const userId = at > 0 ? ask.person!.slice(at + 1) : ''
  let after: { at: Temporal.Instant | null; id: number } = { at: null, id: 0 }
  for (;;) {
    const rows = await readLedgerPage(database.kysely, tenant, {
      ...ask,
      person: ask.person ?? null,
      connection: at > 0 ? ask.person!.slice(0, at) : null,
      accountKeys: [userId, userId.toLowerCase()],
      afterAt: after.at,
      afterId: after.id,
      limit: pageSize,
    })
    const last = rows.at(-1)
    if (!last) return
    yield rows.map((row) => ({
      id: String(row.id),
      person: row.personId ?? '',
      name: row.name ?? row.userId,
      connection: row.connection,
      userId: row.userId,
      at: formatInstant(row.at),
      workDate: row.workDate?.toString() ?? null,
      void: row.isVoid,
      because: row.voidReason,
      place: row.device ?? row.address,
      deliveries: row.deliveries,
    }))
    if (rows.length < pageSize) return
    after = { at: last.at, id: last.id }
  }
}

export async function calls(
  { database, tenant }: AppParts,
  ask: { failedOnly: boolean; limit: number },
): Promise<CallEntry[]> {
  return (await readCalls(database.kysely, tenant, ask)).map((row) => ({ ...row, at: formatInstant(row.at) }))
}

export async function runs({ database, tenant }: AppParts, ask: { limit: number }): Promise<RunEntry[]> {
  const routes = new Map((await readRoutes(database.kysely, tenant)).map((row) => [row.id, row.key]))
  const text = (instant: Temporal.Instant | null) => (instant ? formatInstant(instant) : null)
  return (await readRuns(database.kysely, tenant, ask.limit)).map((row) => ({
    id: row.id,
    route: routes.get(row.routeId) ?? '?',
    state: row.state,
    window: { from: formatInstant(row.windowFrom), to: formatInstant(row.windowTo) },
    requestedAt: formatInstant(row.requestedAt),
    startedAt: text(row.startedAt),
    finishedAt: text(row.finishedAt),
    report: row.report as SyncReport | null,
    failure: row.failure,
  }))
}

/** What is complete up to when, and what waits for a person: from the ledger, never from hope. */
export async function status(parts: AppParts): Promise<StatusReport> {
  const { database, tenant, options } = parts
  const routes: RouteStatus[] = []
  const states = new Map<ConnectionId, LaneState | null>()
  for (const { key, dingtalkId: connection } of await readRoutes(database.kysely, tenant)) {
    if (!states.has(connection)) states.set(connection, await laneState(parts, { tenant, connection }))
    routes.push(await routeStatus(parts, key, states.get(connection)!))
  }
  return {
    version: options.version,
    home: options.home,
    database: options.databaseKind,
    routes,
    alarms: await openAlarms(parts),
  }
}

async function routeStatus(parts: AppParts, name: string, state: LaneState): Promise<RouteStatus> {
  const { database, tenant } = parts
  const db = database.kysely
  const ends = await routeNamed(parts, name)
  const { route, dingtalk, wecom } = ends
  const { ways, persons: people } = await routePeople(parts, ends)
  const present = new Set(ways.flatMap(({ accounts }) => [...accounts.values()].map((row) => row.personId)))
  const { bySource, ...unknown } = await unknownPeople(parts, route, ways)
  const open = await readOpenCounts(db, tenant, route.id, ways)
  const count = (state: string) =>
    open.filter((row) => row.state === state).reduce((sum, row) => sum + row.count, 0)
  const reasons = (state: string, unsaid: string) => {
    const counts: Record<string, number> = {}
    for (const { state: theirs, reason, count } of open)
      if (theirs === state) counts[reason ?? unsaid] = (counts[reason ?? unsaid] ?? 0) + count
    return counts
  }
  const last = await readLastRun(db, tenant, route.id)
  return {
    route: name,
    direction: route.direction,
    paused: route.isPaused,
    completeTo: route.completeTo ? formatInstant(route.completeTo) : null,
    completeFor: route.completeTo ? present.size - unknown.unknownCount : 0,
    ...unknown,
    ways: await wayStatuses(parts, ends, ways, bySource),
    people,
    held: count('held') + count('waiting'),
    heldBecause: { ...reasons('held', 'unlinked'), ...waitingBecause(count('waiting'), route, state) },
    brake: route.brake && { ...route.brake, pulledAt: formatInstant(route.brake.pulledAt) },
    refused: count('refused'),
    inDoubt: count('inDoubt'),
    inDoubtBecause: reasons('inDoubt', 'answer-lost'),
    quota: [{ ...(await quotaUse(parts, dingtalk)), ...(await quotaOutlook(parts, dingtalk, state)) }],
    probes: [await probeUse(parts, dingtalk), await probeUse(parts, wecom)],
    lastRun: last
      ? {
          state: last.state,
          finishedAt: last.finishedAt ? formatInstant(last.finishedAt) : null,
          code: last.failure?.code ?? null,
        }
      : null,
  }
}

/** What was decided goes by itself, unless something keeps it from going. */
function waitingBecause(count: number, { key, brake }: RouteRow, state: LaneState): Record<string, number> {
  if (count === 0) return {}
  if (brake) return { braked: count }
  return isOutOfCalls(state, key) ? { outOfCalls: count } : {}
}

async function wayStatuses(
  { database, tenant, clock }: AppParts,
  { route, ...ends }: RouteWithEnds,
  ways: readonly WayPeople[],
  unknown: ReadonlyMap<ConnectionId, number>,
): Promise<WayStatus[]> {
  const db = database.kysely
  const subsidiaries = new Map((await readSubsidiaries(db, tenant)).map(({ id, key }) => [id, key]))
  const stalls = (await readStalls(db, tenant, clock.now())).filter(({ routeId }) => routeId === route.id)
  const statuses: WayStatus[] = []
  for (const { leg, source, accounts } of ways) {
    const row = await readLeg(db, { tenant, route: route.id, source })
    const completeTo = row?.completeTo ?? null
    statuses.push({
      from: ends[leg.source].key,
      to: ends[leg.target].key,
      subsidiary: subsidiaries.get(ends[leg.source].subsidiaryId)!,
      completeTo: completeTo && formatInstant(completeTo),
      completeFor: completeTo ? accounts.size - (unknown.get(source) ?? 0) : 0,
      of: accounts.size,
      standsStill: row?.failure
        ? {
            failure: row.failure,
            since: formatInstant(row.failedAt!),
            retryAt: formatInstant(row.retryAt!),
          }
        : null,
      stalled: stalls
        .filter(({ sourceId }) => sourceId === source)
        .map(({ step, since, tries, retryAt }) => ({
          ...{ step, tries },
          since: formatInstant(since),
          retryAt: formatInstant(retryAt),
        })),
    })
  }
  return statuses
}
