import type { PlanReport, QuotaUse, WindowAsk } from '#cli/operations.ts'
import { fail } from '#domain/failures.ts'
import type { Span } from '#domain/spans.ts'
import type { SyncReport } from '#domain/sync-report.ts'
import { dayZone, resolveWindow, startOfDay } from '#domain/window.ts'
import { inLanes, type Lanes } from '#engine/lane.ts'
import { runOrFollow } from '#engine/run-or-follow.ts'
import { carry } from '#journey/carry.ts'
import type { ContactsNews, Journey, Policy, Progress } from '#journey/context.ts'
import { dingtalkHistoryDays, quotaOf } from '#platforms/dingtalk/limits.ts'
import { forgetOld, readQuotaUse } from '#store/calls.ts'
import { type RunRow, touchRun } from '#store/runs.ts'
import { type ConnectionRow, type RouteRow, readConnections, readRoutes } from '#store/setup.ts'
import { contactsSummary } from './contacts.ts'
import type { AppParts } from './parts.ts'
import { keeping, type OpenSide, openSide } from './sides.ts'

/** Issue of time: a minute is what the platforms' own signatures forgive. */
const tolerableSkewSeconds = 60

/** One day less than the platform keeps: whether the last one is inside is not documented. */
const historyDays = dingtalkHistoryDays - 1

export type RouteWithEnds = { route: RouteRow; dingtalk: ConnectionRow; wecom: ConnectionRow }

/** The route with this name and both its connections. Fails with `usage.unknown-route`. */
export async function routeNamed({ database, tenant }: AppParts, name: string): Promise<RouteWithEnds> {
  const routes = await readRoutes(database.kysely, tenant)
  const route = routes.find((row) => row.key === name)
  if (!route) return fail('usage.unknown-route', { route: name, known: routes.map((row) => row.key) })
  const connections = await readConnections(database.kysely, tenant)
  const end = (id: RouteRow['dingtalkId']) => connections.find((row) => row.id === id)!
  return { route, dingtalk: end(route.dingtalkId), wecom: end(route.wecomId) }
}

/** `mayReuseContacts`: rosters that are young enough are not read again; a person who asks gets fresh ones. */
export type SyncAsk = WindowAsk & { waitMs: number; mayReuseContacts?: boolean }

/** Carries a window, here or by following whoever holds the lanes. */
export async function sync(parts: AppParts, ask: SyncAsk): Promise<SyncReport> {
  const { database, clock, tenant, options } = parts
  const ends = await routeNamed(parts, ask.route)
  if (ends.route.isPaused) fail('usage.route-paused', { route: ask.route })
  const window = windowOf(parts, ends, ask)
  const report = await runOrFollow({
    database,
    clock,
    tenant,
    holder: parts.holder,
    route: ends.route,
    connections: ends,
    window,
    waitMs: ask.waitMs,
    laneWaitMs: options.laneWaitMs,
    signal: ask.signal,
    onProgress: (progress) => progress && ask.onProgress(progress as Progress),
    carry: (run, lanes) => carryRun(parts, ask, run, lanes),
  })
  return report as SyncReport
}

async function carryRun(parts: AppParts, ask: SyncAsk, run: RunRow, lanes: Lanes): Promise<SyncReport> {
  // Read again with the lanes in hand: what the last holder learned, or a person changed, counts from now on.
  const ends = await routeNamed(parts, ask.route)
  const heard = throttle(parts, 1000)
  const news: ContactsNews[] = []
  return withSides(keeping(lanes, parts), ends, ask.signal, async (source, target) => {
    const report = await carry(
      {
        ...journeyOf(parts, ends, { from: run.windowFrom, to: run.windowTo }, source, target, ask.signal),
        policy: policyOf(parts, ask.mayReuseContacts ? parts.options.contactsMaxAgeMs : 0),
        isRehearsal: false,
        lanes,
        fence: lanes.lanes.find((lane) => lane.connection === target.connection.id)!.fence,
        onContacts(told) {
          news.push(told)
          const { connection, doubt } = told
          if (doubt) parts.log.warn({ connection, doubt }, 'roster not believed')
        },
        onProgress(progress) {
          ask.onProgress(progress)
          if (heard())
            touchRun(parts.database.kysely, parts.tenant, run.id, parts.clock.now(), progress).catch(() => {})
        },
      },
      run.waitMs,
    )
    await forgetOld(parts.database.kysely, parts.tenant, retention(parts))
    const contacts = contactsSummary(news)
    return contacts ? { ...report, contacts } : report
  })
}

/** What `sync` would do, found out by reading everything and writing nothing. */
export async function plan(parts: AppParts, ask: WindowAsk): Promise<PlanReport> {
  const ends = await routeNamed(parts, ask.route)
  const window = windowOf(parts, ends, ask)
  // A rehearsal spends the connections' limits like any run, so it takes their lanes.
  const { laneWaitMs } = parts.options
  const connections = [ends.dingtalk, ends.wecom]
  return inLanes({ ...parts, connections, what: ask.route, laneWaitMs, signal: ask.signal }, (lanes) =>
    rehearse(keeping(lanes, parts), ask, ends, window),
  )
}

function rehearse(parts: AppParts, ask: WindowAsk, ends: RouteWithEnds, window: Span): Promise<PlanReport> {
  return withSides(parts, ends, ask.signal, async (source, target) => {
    const who = new Map<string, PlanReport['who'][number]>()
    const report = await carry(
      {
        ...journeyOf(parts, ends, window, source, target, ask.signal),
        isRehearsal: true,
        lanes: null,
        fence: 0,
        onProgress: ask.onProgress,
        onDecided(shares) {
          for (const share of shares) addShare(who, share)
        },
      },
      0,
    )
    const { planned, held, alreadyThere, verified, inDoubt, refused } = report.deliveries
    const calls = report.leastCalls
    const needed = Object.values(calls['dingtalk'] ?? {}).reduce((a, b) => a + b, 0)
    return {
      route: report.route,
      direction: ends.route.direction,
      window: report.window,
      people: report.people,
      punches: report.punches,
      deliveries: { planned, held, alreadyThere, verified, inDoubt, refused },
      heldBecause: report.deliveries.heldBecause,
      who: [...who.values()].toSorted((a, b) => b.planned - a.planned || (a.userId < b.userId ? -1 : 1)),
      calls,
      leastCalls: calls,
      spent: report.calls,
      durationMs: expectedMs(calls, source, target, parts.options.pace),
      quota: [await quotaUse(parts, ends.dingtalk, needed)],
    }
  })
}

/** The platform answers nothing older. */
export const oldestReadable = (now: Temporal.Instant): Temporal.Instant =>
  startOfDay(now.toZonedDateTimeISO(dayZone).toPlainDate().subtract({ days: historyDays }))

/** A long window is decided in parts: a person may have a share in each. */
function addShare(who: Map<string, PlanReport['who'][number]>, share: PlanReport['who'][number]): void {
  const known = who.get(share.person)
  if (!known) who.set(share.person, { ...share })
  else {
    known.planned += share.planned
    known.held += share.held
  }
}

function windowOf(parts: AppParts, { route }: RouteWithEnds, ask: WindowAsk): Span {
  const now = parts.clock.now()
  return resolveWindow({
    from: ask.from,
    to: ask.to,
    since: route.since,
    now,
    firstRun: route.completeTo === null,
    oldest: oldestReadable(now),
    platform: 'dingtalk',
  })
}

function journeyOf(
  parts: AppParts,
  { route }: RouteWithEnds,
  window: Span,
  source: OpenSide,
  target: OpenSide,
  signal: AbortSignal,
): Omit<Journey, 'isRehearsal' | 'lanes' | 'fence' | 'recalls' | 'onProgress'> {
  return {
    database: parts.database,
    clock: parts.clock,
    tenant: parts.tenant,
    route,
    source,
    target,
    window,
    signal,
    print: parts.seal.print,
    policy: policyOf(parts, 0),
    checkClock: () => [source, target].forEach(checkClock),
    calls: () => ({ dingtalk: source.gate.counts(), wecom: target.gate.counts() }),
  }
}

/** A window cut by a wrong clock would claim more than is true: nothing is carried then. */
function checkClock({ gate, connection }: OpenSide): void {
  const skewSeconds = gate.skewSeconds()
  if (Math.abs(skewSeconds) <= tolerableSkewSeconds) return
  fail('platform.clock-skew', {
    platform: connection.platform,
    connection: connection.key,
    api: '',
    theirCode: '',
    theirText: '',
    requestId: '',
    skewSeconds,
  })
}

function policyOf({ clock, options }: AppParts, contactsMaxAgeMs: number): Policy {
  const today = clock.now().toZonedDateTimeISO(dayZone).toPlainDate()
  return {
    oldestAccepted: startOfDay(today.with({ day: 1 }).subtract({ months: options.writeBackMonths })),
    slotRadius: options.slotRadiusMs / 1000,
    contactsMaxAgeMs,
    wrongProbeShare: options.wrongProbeShare,
    callTimeoutMs: options.timeoutMs,
  }
}

async function withSides<T>(
  parts: AppParts,
  { dingtalk, wecom }: RouteWithEnds,
  signal: AbortSignal,
  work: (source: OpenSide, target: OpenSide) => Promise<T>,
): Promise<T> {
  const source = await openSide(parts, dingtalk, signal)
  const target = await openSide(parts, wecom, signal)
  try {
    return await work(source, target)
  } finally {
    await Promise.all([source.close(), target.close()])
  }
}

/** The month's meter of a DingTalk connection; `needed` calls are about to be spent. */
export async function quotaUse(
  parts: AppParts,
  connection: ConnectionRow,
  needed?: number,
): Promise<QuotaUse> {
  const today = parts.clock.now().toZonedDateTimeISO(dayZone).toPlainDate()
  const used = await readQuotaUse(
    parts.database.kysely,
    parts.tenant,
    connection.corpId,
    today.with({ day: 1 }),
  )
  const quota = quotaOf(connection.facts['edition'] as string[], today)
  return { connection: connection.key, used, quota, ...(needed !== undefined && { needed }) }
}

/** The pace decides: the slowest API's calls, one after the other. */
function expectedMs(
  calls: Record<string, Record<string, number>>,
  source: OpenSide,
  target: OpenSide,
  pace: number | 'off',
): number {
  const share = pace === 'off' ? Number.POSITIVE_INFINITY : pace
  const seconds = [source, target].flatMap(({ platform }) =>
    Object.entries(calls[platform.name] ?? {}).map(
      ([api, count]) => count / ((platform.callsPerSecond[api] ?? 10) * share),
    ),
  )
  return Math.round(Math.max(0, ...seconds) * 1000)
}

function retention({ clock, options }: AppParts) {
  const ago = (days: number) => clock.now().subtract({ hours: 24 * days })
  return { calls: ago(options.callLogDays), raws: ago(options.rawDays), runs: ago(options.runHistoryDays) }
}

/** True at most once every `ms`. */
function throttle({ clock }: AppParts, ms: number): () => boolean {
  let next = 0
  return () => {
    const now = clock.now().epochMilliseconds
    if (now < next) return false
    next = now + ms
    return true
  }
}
