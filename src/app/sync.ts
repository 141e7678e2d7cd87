import type { PlanReport, WindowAsk } from '#cli/operations.ts'
import { fail } from '#domain/failures.ts'
import type { Span } from '#domain/spans.ts'
import type { SyncReport } from '#domain/sync-report.ts'
import { resolveWindow } from '#domain/window.ts'
import { inLanes, type Lanes } from '#engine/lane.ts'
import { runOrFollow } from '#engine/run-or-follow.ts'
import { type ContactsNews, type Progress, wholeRun } from '#journey/context.ts'
import { type RunRow, touchRun } from '#store/runs.ts'
import { type CarryAsk, carryWays } from './carry-ways.ts'
import { contactsSummary } from './contacts.ts'
import { forget } from './forget.ts'
import { freshnessOf } from './freshness.ts'
import { oldestReadable } from './history.ts'
import type { AppParts } from './parts.ts'
import { priceWriting } from './price-writing.ts'
import { quotaUse } from './quota-use.ts'
import { type RouteWithEnds, routeNamed } from './route-ends.ts'
import { keeping } from './sides.ts'

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
    leaseMs: options.laneLeaseMs,
    signal: ask.signal,
    onProgress: (progress) => progress && ask.onProgress(progress as Progress),
    carry: (run, lanes) => carryRun(parts, ask, run, lanes),
  })
  return report as SyncReport
}

/**
 * Carries one run with its lanes in hand: the whole route, unless `part` says otherwise.
 */
export async function carryRun(
  parts: AppParts,
  ask: Pick<SyncAsk, 'route' | 'signal' | 'mayReuseContacts'> & Partial<Pick<SyncAsk, 'onProgress'>>,
  run: RunRow,
  lanes: Lanes,
  part: Partial<Pick<CarryAsk, 'legs' | 'work' | 'mostWrites'>> = {},
): Promise<SyncReport> {
  const heard = throttle(parts, 1000)
  const news: ContactsNews[] = []
  const report = await carryWays(keeping(lanes, part.work ? parts : { ...parts, isByHand: true }), {
    route: ask.route,
    window: { from: run.windowFrom, to: run.windowTo },
    waitMs: run.waitMs,
    contactsMaxAgeMs: ask.mayReuseContacts ? parts.options.contactsMaxAgeMs : 0,
    signal: ask.signal,
    work: wholeRun,
    ...part,
    lanes,
    onContacts(told) {
      news.push(told)
      const { connection, doubt } = told
      if (doubt) parts.log.warn({ connection, doubt }, 'roster not believed')
    },
    onProgress(progress) {
      ask.onProgress?.(progress)
      if (heard())
        touchRun(parts.database.kysely, parts.tenant, run.id, parts.clock.now(), progress).catch(() => {})
    },
  })
  // A sync by hand may be all there ever is; the engine forgets by the clock.
  if (!part.work) await forget(parts)
  const contacts = contactsSummary(news)
  // Who watches over the engine reads how fresh everything is for themselves.
  const freshness = part.work ? null : await freshnessOf(parts, ask.route)
  return { ...report, ...(freshness && { freshness }), ...(contacts && { contacts }) }
}

/** What `sync` would do, found out by reading everything and writing nothing. */
export async function plan(parts: AppParts, ask: WindowAsk): Promise<PlanReport> {
  const ends = await routeNamed(parts, ask.route)
  const window = windowOf(parts, ends, ask)
  // A rehearsal spends the connections' limits like any run, so it takes their lanes.
  const { laneWaitMs, laneLeaseMs: leaseMs } = parts.options
  const connections = [ends.dingtalk, ends.wecom]
  return inLanes(
    { ...parts, connections, what: ask.route, laneWaitMs, leaseMs, signal: ask.signal },
    (lanes) => rehearse(keeping(lanes, { ...parts, isByHand: true }), ask, ends, window),
  )
}

async function rehearse(
  parts: AppParts,
  ask: WindowAsk,
  ends: RouteWithEnds,
  window: Span,
): Promise<PlanReport> {
  const who = new Map<string, PlanReport['who'][number]>()
  const rates: Record<string, Record<string, number>> = {}
  const report = await carryWays(parts, {
    route: ask.route,
    window,
    waitMs: 0,
    contactsMaxAgeMs: 0,
    signal: ask.signal,
    work: wholeRun,
    lanes: null,
    onProgress: ask.onProgress,
    onDecided(shares) {
      for (const share of shares) addShare(who, share)
    },
    onWay({ source, target }) {
      for (const { platform } of [source, target]) rates[platform.name] = platform.callsPerSecond
    },
  })
  const { planned, held, alreadyThere, verified, inDoubt, refused } = report.deliveries
  const calls = report.leastCalls
  const needed = Object.values(calls['dingtalk'] ?? {}).reduce((a, b) => a + b, 0)
  const writing = await priceWriting(parts, ends, window, report)
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
    durationMs: expectedMs(calls, rates, parts.options.pace),
    quota: [{ ...(await quotaUse(parts, ends.dingtalk)), needed }],
    ...(writing && { writing }),
    ...(report.byDirection && { byDirection: report.byDirection }),
  }
}

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

/** The pace decides: the slowest API's calls, one after the other. */
function expectedMs(
  calls: Record<string, Record<string, number>>,
  rates: Record<string, Record<string, number>>,
  pace: number | 'off',
): number {
  const share = pace === 'off' ? Number.POSITIVE_INFINITY : pace
  const seconds = Object.entries(calls).flatMap(([platform, counts]) =>
    Object.entries(counts).map(([api, count]) => count / ((rates[platform]?.[api] ?? 10) * share)),
  )
  return Math.round(Math.max(0, ...seconds) * 1000)
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
