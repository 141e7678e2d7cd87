import { legFrom } from '#domain/direction.ts'
import { accountKey } from '#domain/ids.ts'
import type { Step } from '#domain/planner/types.ts'
import type { Span } from '#domain/spans.ts'
import type { SyncReport } from '#domain/sync-report.ts'
import { dayZone, startOfDay } from '#domain/window.ts'
import { type Lanes, takeLanes } from '#engine/lane.ts'
import { carryQueue, runOrFollow } from '#engine/run-or-follow.ts'
import { rematch } from '#journey/3-match.ts'
import { applyUserIdChange, refreshContacts } from '#journey/contacts.ts'
import type { ContactsNews, Work } from '#journey/context.ts'
import { settleLooked } from '#journey/settle-hints.ts'
import { settleEvents } from '#store/inbox.ts'
import { saveLook } from '#store/legs.ts'
import { readRoutes } from '#store/setup.ts'
import { type CarryAsk, carryWays } from './carry-ways.ts'
import { journeyParts } from './contacts.ts'
import { hintsAmong, keysOf, readHints, speakingOf, type WayHints } from './hints.ts'
import { oldestReadable } from './history.ts'
import { sideCosts } from './metering.ts'
import type { AppParts } from './parts.ts'
import type { RouteWithEnds } from './route-ends.ts'
import { keeping, type OpenSide, openSide } from './sides.ts'
import { sweepWork } from './sweep-work.ts'
import { carryRun } from './sync.ts'
import { fetchUndelivered } from './undelivered-events.ts'
import { wayPeople } from './way-people.ts'

/** What the planner asks for, waiting aside. */
export type WorkStep = Exclude<Step, { kind: 'wait' }>

/** What a step brought; null where there is nothing to report. */
export type StepDone = { report: SyncReport | null }

type Held = { ends: RouteWithEnds; lanes: Lanes; signal: AbortSignal }

/**
 * Takes one step of the plan. `busy`: somebody else has a lane it needs. Before anything but a sweep, windows that people
 * wait for are carried: a `sync` by hand does not wait until the engine is idle.
 */
export async function takeStep(
  parts: AppParts,
  ends: RouteWithEnds,
  step: WorkStep,
  signal: AbortSignal,
): Promise<StepDone | 'busy'> {
  if (step.kind === 'sweep') return { report: await sweep(parts, ends, step, signal) }
  const leaseMs = parts.options.laneLeaseMs
  const lanes = await takeLanes({ ...parts, leaseMs, connections: [ends.dingtalk, ends.wecom] })
  if (!lanes) return 'busy'
  try {
    const carry: Parameters<typeof carryQueue>[0]['carry'] = (run, held) =>
      carryRun(parts, { route: step.route, signal, mayReuseContacts: true }, run, held)
    await carryQueue({ ...parts, route: ends.route, carry }, null, lanes)
    return { report: await inHand(keeping(lanes, parts), step, { ends, lanes, signal }) }
  } finally {
    await lanes.release()
  }
}

/** A sweep is a run like any other: it stands in the history, and whoever holds the lanes carries it. */
async function sweep(
  parts: AppParts,
  ends: RouteWithEnds,
  step: Extract<WorkStep, { kind: 'sweep' }>,
  signal: AbortSignal,
): Promise<SyncReport> {
  const work = await sweepWork(parts, ends, step)
  const report = await runOrFollow({
    ...parts,
    route: ends.route,
    connections: ends,
    window: step.window,
    waitMs: 0,
    laneWaitMs: parts.options.laneWaitMs,
    leaseMs: parts.options.laneLeaseMs,
    signal,
    onProgress: () => {},
    carry: (run, lanes, isOurs) =>
      carryRun(parts, { route: step.route, signal, mayReuseContacts: true }, run, lanes, {
        ...(isOurs && { legs: [step.leg], work, mostWrites: 0 }),
      }),
  })
  return report as SyncReport
}

async function inHand(
  parts: AppParts,
  step: Exclude<WorkStep, { kind: 'sweep' }>,
  held: Held,
): Promise<SyncReport | null> {
  if (step.kind === 'contacts') return readContacts(parts, held)
  if (step.kind === 'hinted') return followHints(parts, step, held)
  const { ends } = held
  const now = parts.clock.now()
  const report = await carry(parts, step, held, {
    window: { from: now, to: now },
    work: { read: 'nobody', looksBack: step.kind === 'readBack' },
  })
  if (step.kind === 'readBack') {
    const leg = { tenant: parts.tenant, route: ends.route.id, source: ends[step.leg.source].id }
    await saveLook(parts.database.kysely, leg, parts.clock.now())
  }
  return report
}

const carry = (
  parts: AppParts,
  step: WorkStep,
  { lanes, signal }: Held,
  ask: Pick<CarryAsk, 'window'> & { work: Work },
): Promise<SyncReport> =>
  carryWays(parts, {
    ...ask,
    route: step.route,
    legs: [step.leg],
    // Where writing is metered, only what the planner gave is written.
    mostWrites: step.kind === 'deliver' ? step.atMost : 0,
    waitMs: 0,
    contactsMaxAgeMs: Number.MAX_SAFE_INTEGER,
    signal,
    lanes,
    onProgress: () => {},
  })

/** Looks at those whom events named. What events said is never believed, only looked up. */
async function followHints(
  parts: AppParts,
  step: Extract<WorkStep, { kind: 'hinted' }>,
  held: Held,
): Promise<SyncReport> {
  const source = held.ends[step.leg.source]
  const heard = await readHints(parts, source, held.ends.route.id)
  const [named, nobody] = [keysOf(heard), new Set<string>()]
  const ways = await wayPeople(parts, held.ends, {
    ...{ dingtalk: nobody, wecom: nobody },
    [step.leg.source]: named,
  })
  const { named: theirs } = ways.find(({ leg }) => leg.source === step.leg.source)!
  const { readDays } = sideCosts[step.leg.source]
  const late = lateSpan(
    hintsAmong(speakingOf(heard, beforeOneCall(held, step.window, readDays)), theirs),
    readDays,
  )
  const hints = hintsAmong(late ? speakingOf(heard, late) : heard, theirs, step.atMost)
  const days = hints.days.slice(0, step.days ?? 0)
  const report = await carry(parts, step, held, {
    window: late ?? reaching(step.window, hints.from, readDays),
    work: { read: hints.accounts, looksBack: false, verdictsOn: days },
  })
  const target = held.ends[step.leg.target]
  const looked = new Set(hints.events)
  await settleLooked(
    parts.database.kysely,
    { tenant: parts.tenant, route: held.ends.route, source, target },
    heard.events.filter(({ id }) => looked.has(id)),
    parts.clock.now(),
  )
  return report
}

/** The window back to the earliest moment that was named, as far as one call takes. */
function reaching(window: Span, named: Temporal.Instant | null, readDays: number): Span {
  if (named === null) return window
  const earliest = [daysBack(window.to, readDays), window.from].toSorted(Temporal.Instant.compare)[0]!
  return { from: clamped(named, { from: earliest, to: window.from }), to: window.to }
}

/** What can still be carried, and lies further back than a call reaches that ends now. */
const beforeOneCall = ({ ends: { route } }: Held, { to }: Span, readDays: number): Span => {
  const carried = [startOfDay(route.since), oldestReadable(to)].toSorted(Temporal.Instant.compare)[1]!
  return { from: carried, to: daysBack(to, readDays).subtract({ seconds: 1 }) }
}

/** One call's days from the first that was named: what came up late is asked for by itself. Null: nothing did. */
function lateSpan({ from }: WayHints, readDays: number): Span | null {
  if (from === null) return null
  const day = startOfDay(from.toZonedDateTimeISO(dayZone).toPlainDate())
  return { from: day, to: day.add({ hours: 24 * readDays }).subtract({ seconds: 1 }) }
}

const daysBack = (to: Temporal.Instant, days: number): Temporal.Instant =>
  to.subtract({ hours: 24 * days }).add({ seconds: 1 })

const clamped = (at: Temporal.Instant, { from, to }: Span): Temporal.Instant =>
  [from, at, to].toSorted(Temporal.Instant.compare)[1]!

/** Reads both rosters, applies user ids that became others, and decides again who is who. */
async function readContacts(parts: AppParts, { ends, lanes, signal }: Held): Promise<null> {
  let isChanged = false
  const onContacts = (news: ContactsNews) => {
    isChanged ||= news.import !== null
    if (news.doubt) parts.log.warn({ connection: news.connection, doubt: news.doubt }, 'roster not believed')
  }
  for (const connection of [ends.dingtalk, ends.wecom]) {
    const side = await openSide(parts, connection, signal)
    try {
      const journey = { ...journeyParts(parts), lanes, isRehearsal: false, onContacts }
      const hints = await readHints(parts, connection)
      const isRenamed = await rename(journey, side, hints.renames)
      await refreshContacts(journey, side)
      await fetchUndelivered(parts, side, signal)
      isChanged ||= isRenamed
      const ask = { tenant: parts.tenant, connection: connection.id, at: parts.clock.now() }
      // Nobody reads punches here: what events say of them is of no use.
      const routes = await readRoutes(parts.database.kysely, parts.tenant)
      const isSource = routes.some((route) => legFrom(route, connection.id))
      const idle = isSource ? [] : hints.events.map(({ id }) => id)
      const ids = [...hints.rosterEvents, ...hints.renames.map(({ event }) => event), ...idle]
      await settleEvents(parts.database.kysely, { ...ask, ids })
    } finally {
      await side.close()
    }
  }
  if (isChanged)
    await parts.database.transaction(async (tx) => {
      await lanes.guard(tx)
      await rematch(tx, parts.tenant, parts.clock.now())
    })
  return null
}

/** The platform said that user ids have become others: the same people go on, with their links and their history. */
async function rename(
  journey: Parameters<typeof applyUserIdChange>[0],
  side: OpenSide,
  renames: readonly { from: string; to: string }[],
): Promise<boolean> {
  let isChanged = false
  for (const { from, to } of renames) {
    // Only the spelling changed: the key is the same, and the roster tells the rest.
    if (accountKey(side.platform.name, from) === accountKey(side.platform.name, to)) continue
    const steps = await applyUserIdChange(journey, side, { fromUserId: from, toUserId: to, actor: 'event' })
    isChanged ||= steps.length > 0
  }
  return isChanged
}
