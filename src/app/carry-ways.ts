import { type Leg, legsOf } from '#domain/direction.ts'
import { elapsedMs } from '#domain/effects.ts'
import { FailureError, fail } from '#domain/failures.ts'
import { type LegReport, mergeReports, personsOf } from '#domain/merge-reports.ts'
import type { Span } from '#domain/spans.ts'
import type { SyncReport } from '#domain/sync-report.ts'
import { dayZone } from '#domain/window.ts'
import { type Lanes, surelyHeldMs } from '#engine/lane.ts'
import { unlimited } from '#journey/allowance.ts'
import { carry } from '#journey/carry.ts'
import type { Journey, Policy, Work } from '#journey/context.ts'
import { addWrites } from '#store/writes.ts'
import { allowanceOf } from './allowance.ts'
import { watchBrake } from './brake.ts'
import { oldestAccepted } from './history.ts'
import { isMetered } from './metering.ts'
import type { AppParts } from './parts.ts'
import { type RouteWithEnds, routeNamed } from './route-ends.ts'
import { routePeople } from './route-people.ts'
import { type OpenSide, openSide } from './sides.ts'

/** Issue of time: a minute is what the platforms' own signatures forgive. */
const tolerableSkewSeconds = 60

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
  /** Records that may be written where that is metered, as the planner has it; absent, what the month can spare. */
  mostWrites?: number
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
  let ends = await routeNamed(parts, ask.route)
  for (const [i, leg] of (ask.legs ?? legsOf(ends.route.direction)).entries()) {
    const waitMs = Math.max(0, ask.waitMs - elapsedMs(parts.clock, started))
    // The first way has just read both rosters.
    const contactsMaxAgeMs = i === 0 ? ask.contactsMaxAgeMs : Number.MAX_SAFE_INTEGER
    try {
      if (i > 0) ends = await routeNamed(parts, ask.route)
      reports.push({ leg, report: await carryWay(parts, { ...ask, waitMs, contactsMaxAgeMs }, ends, leg) })
    } catch (error) {
      if (!mayGoOn(error)) throw error
      failure ??= error
    }
  }
  if (failure) throw failure
  // One way counts its own people; both ways may hold the same person twice.
  if (reports.length === 1) return reports[0]!.report
  // A rehearsal keeps nothing of whom it recognised, so there is nothing to read.
  if (ask.lanes === null) return mergeReports(reports, personsOf(reports))
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
    const allowance = lanes ? await allowanceOf(parts, ends, leg, ask.mostWrites) : unlimited()
    const report = await carry(
      {
        database: parts.database,
        clock: parts.clock,
        tenant: parts.tenant,
        route: ends.route,
        source,
        target,
        window,
        work,
        allowance,
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
    const { written } = report.deliveries
    if (lanes && written > 0) await countWrites(parts, ends, leg, written)
    return report
  } finally {
    await Promise.all([source.close(), target.close()])
  }
}

/** What was written tells how many calls to expect, and whether it goes round in a circle. */
async function countWrites(parts: AppParts, ends: RouteWithEnds, leg: Leg, records: number): Promise<void> {
  const { database, clock, tenant } = parts
  const day = clock.now().toZonedDateTimeISO(dayZone).toPlainDate()
  const way = { tenant, route: ends.route.id, source: ends[leg.source].id }
  if (isMetered(leg.target)) await addWrites(database.kysely, way, { day, records })
  await watchBrake(parts, ends.route)
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

function policyOf(parts: AppParts, { target }: Leg, contactsMaxAgeMs: number): Policy {
  const { options } = parts
  return {
    oldestAccepted: oldestAccepted(parts, target),
    slotRadius: options.slotRadiusMs / 1000,
    contactsMaxAgeMs,
    wrongProbeShare: options.wrongProbeShare,
    callTimeoutMs: options.timeoutMs,
    claimLastsMs: surelyHeldMs(options.laneLeaseMs),
  }
}
