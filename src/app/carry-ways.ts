import { type Leg, legsOf } from '#domain/direction.ts'
import { elapsedMs } from '#domain/effects.ts'
import { FailureError, fail } from '#domain/failures.ts'
import type { PlatformName } from '#domain/ids.ts'
import { type LegReport, mergeReports } from '#domain/merge-reports.ts'
import type { Span } from '#domain/spans.ts'
import type { SyncReport } from '#domain/sync-report.ts'
import { dayZone, startOfDay } from '#domain/window.ts'
import type { Lanes } from '#engine/lane.ts'
import { carry } from '#journey/carry.ts'
import type { Journey, Policy, Work } from '#journey/context.ts'
import { dingtalkHistoryDays } from '#platforms/dingtalk/limits.ts'
import type { AppParts } from './parts.ts'
import { type RouteWithEnds, routeNamed } from './route-ends.ts'
import { routePeople } from './route-people.ts'
import { type OpenSide, openSide } from './sides.ts'

/** Issue of time: a minute is what the platforms' own signatures forgive. */
const tolerableSkewSeconds = 60

/** One day less than the platform keeps: whether the last one is inside is not documented. */
const historyDays = dingtalkHistoryDays - 1

/** The platform answers nothing older, and takes nothing older. */
export const oldestReadable = (now: Temporal.Instant): Temporal.Instant =>
  startOfDay(now.toZonedDateTimeISO(dayZone).toPlainDate().subtract({ days: historyDays }))

/** Both ends of one way, open, and what the run of it is expected to be like. */
export type OpenWay = { leg: Leg; source: OpenSide; target: OpenSide }

export type CarryAsk = {
  route: string
  window: Span
  /** For all ways together. */
  waitMs: number
  /** Contacts younger than this are not read again; 0 reads them every time. */
  contactsMaxAgeMs: number
  signal: AbortSignal
  work: Work
  /** The ways to carry; absent, every way the route goes. */
  legs?: readonly Leg[]
  /** Null: a rehearsal, which reads and decides but keeps and writes nothing. */
  lanes: Lanes | null
  onWay?: (way: OpenWay) => void
} & Pick<Journey, 'onProgress' | 'onDecided' | 'onContacts'>

/**
 * Carries a route's window every way it goes, one after the other. A way that fails does not keep the other from being
 * carried, unless the lanes are lost or the signal has come; its failure is thrown in the end.
 */
export async function carryWays(parts: AppParts, ask: CarryAsk): Promise<SyncReport> {
  const started = parts.clock.now()
  const reports: LegReport[] = []
  let failure: unknown = null
  // Read again with the lanes in hand: what the last holder learned, or a person changed, counts from now on.
  const { direction } = (await routeNamed(parts, ask.route)).route
  for (const [i, leg] of (ask.legs ?? legsOf(direction)).entries()) {
    const waitMs = Math.max(0, ask.waitMs - elapsedMs(parts.clock, started))
    // The first way has just read both rosters.
    const contactsMaxAgeMs = i === 0 ? ask.contactsMaxAgeMs : Number.MAX_SAFE_INTEGER
    try {
      const ends = await routeNamed(parts, ask.route)
      reports.push({ leg, report: await carryWay(parts, { ...ask, waitMs, contactsMaxAgeMs }, ends, leg) })
    } catch (error) {
      if (!mayGoOn(error)) throw error
      failure ??= error
    }
  }
  if (failure) throw failure
  // One way counts its own people; both ways may hold the same person twice.
  if (reports.length === 1) return reports[0]!.report
  const { persons } = await routePeople(parts, await routeNamed(parts, ask.route))
  return mergeReports(reports, persons)
}

const mayGoOn = (error: unknown): boolean =>
  error instanceof FailureError &&
  !['lane.lost', 'run.interrupted', 'store.gone'].includes(error.failure.code)

async function carryWay(parts: AppParts, ask: CarryAsk, ends: RouteWithEnds, leg: Leg): Promise<SyncReport> {
  const source = await openSide(parts, ends[leg.source], ask.signal)
  const target = await openSide(parts, ends[leg.target], ask.signal)
  const { lanes, signal, window, work } = ask
  try {
    ask.onWay?.({ leg, source, target })
    return await carry(
      {
        database: parts.database,
        clock: parts.clock,
        tenant: parts.tenant,
        route: ends.route,
        source,
        target,
        window,
        work,
        signal,
        lanes,
        isRehearsal: lanes === null,
        fence: lanes?.lanes.find((lane) => lane.connection === target.connection.id)?.fence ?? 0,
        print: parts.seal.print,
        policy: policyOf(parts, leg, ask.contactsMaxAgeMs),
        checkClock: () => [source, target].forEach(checkClock),
        calls: () => ({ dingtalk: {}, wecom: {}, ...callsOf(source), ...callsOf(target) }),
        onProgress: ask.onProgress,
        ...(ask.onDecided && { onDecided: ask.onDecided }),
        ...(ask.onContacts && { onContacts: ask.onContacts }),
      },
      ask.waitMs,
    )
  } finally {
    await Promise.all([source.close(), target.close()])
  }
}

const callsOf = ({ connection, gate }: OpenSide) => ({ [connection.platform]: gate.counts() })

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

/** Older punches are not written to this platform. */
export function oldestAccepted({ clock, options }: AppParts, target: PlatformName): Temporal.Instant {
  const now = clock.now()
  if (target === 'dingtalk') return oldestReadable(now)
  const today = now.toZonedDateTimeISO(dayZone).toPlainDate()
  return startOfDay(today.with({ day: 1 }).subtract({ months: options.writeBackMonths }))
}

function policyOf(parts: AppParts, { target }: Leg, contactsMaxAgeMs: number): Policy {
  const { options } = parts
  return {
    oldestAccepted: oldestAccepted(parts, target),
    slotRadius: options.slotRadiusMs / 1000,
    contactsMaxAgeMs,
    wrongProbeShare: options.wrongProbeShare,
    callTimeoutMs: options.timeoutMs,
  }
}
