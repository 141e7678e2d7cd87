import { closedLegsOf, type Leg } from '#domain/direction.ts'
import type { PlatformName } from '#domain/ids.ts'
import { nextLookAt } from '#domain/planner/next-look.ts'
import { defaultPolicy } from '#domain/planner/policy.ts'
import type { LaneState, LegState } from '#domain/planner/types.ts'
import { usualDays, usualWrites } from '#domain/planner/usual-writes.ts'
import { dayZone, startOfDay } from '#domain/window.ts'
import type { LaneName } from '#engine/wake-ups.ts'
import { outwardOf, type Traveller, type Way } from '#journey/context.ts'
import { travellersNamed } from '#journey/travellers.ts'
import { hasCutOff } from '#store/batches.ts'
import { hasUnsettled, readOwed, readWay } from '#store/owed.ts'
import { type ConnectionRow, type RouteRow, readConnections, readRoutes } from '#store/setup.ts'
import { readWrites } from '#store/writes.ts'
import { hintsAmong, keysOf, readHints } from './hints.ts'
import { oldestReadable } from './history.ts'
import { isMetered, sideCosts, writableAfter } from './metering.ts'
import type { AppParts } from './parts.ts'
import { quotaUse } from './quota-use.ts'
import type { RouteWithEnds } from './route-ends.ts'
import { isTooSoon } from './too-soon.ts'
import { wayPeople } from './way-people.ts'

/** One organisation and its routes, as a person set them up. */
export type LaneSetup = { dingtalk: ConnectionRow; routes: RouteWithEnds[] }

/** Null when it is not set up any more. */
export async function laneSetup(parts: AppParts, { connection }: LaneName): Promise<LaneSetup | null> {
  const db = parts.database.kysely
  const connections = await readConnections(db, parts.tenant)
  const dingtalk = connections.find((row) => row.id === connection)
  if (!dingtalk) return null
  const routes = (await readRoutes(db, parts.tenant)).filter((route) => route.dingtalkId === connection)
  const wecomOf = ({ wecomId }: RouteRow) => connections.find((row) => row.id === wecomId)!
  return { dingtalk, routes: routes.map((route) => ({ route, dingtalk, wecom: wecomOf(route) })) }
}

/** Everything the planner has to know of one organisation; null when it is not set up any more. */
export async function laneState(parts: AppParts, lane: LaneName): Promise<LaneState | null> {
  const setup = await laneSetup(parts, lane)
  return setup && laneStateOf(parts, setup)
}

/** The same where its setup is known. */
export async function laneStateOf(parts: AppParts, { dingtalk, routes }: LaneSetup): Promise<LaneState> {
  const legs: LegState[] = []
  const closed: LegState[] = []
  for (const { route, ...ends } of routes) {
    legs.push(...(await legStates(parts, route, ends)))
    closed.push(...(await closedStates(parts, route, ends)))
  }
  const { used, byHand, quota } = await quotaUse(parts, dingtalk)
  return { now: parts.clock.now(), quota: { limit: quota, used, usedByHand: byHand }, legs, closed }
}

async function legStates(
  parts: AppParts,
  route: RouteRow,
  ends: Record<PlatformName, ConnectionRow>,
): Promise<LegState[]> {
  const heard = {
    dingtalk: await readHints(parts, ends.dingtalk, route.id),
    wecom: await readHints(parts, ends.wecom, route.id),
  }
  const isRosterNews = Object.values(heard).some((one) => one.rosterEvents.length + one.renames.length > 0)
  const readAt = [ends.dingtalk.rosterReadAt, ends.wecom.rosterReadAt].filter((at) => at !== null)
  const contactsReadAt =
    isRosterNews || readAt.length < 2 ? null : readAt.toSorted(Temporal.Instant.compare)[0]!
  const named = { dingtalk: keysOf(heard.dingtalk), wecom: keysOf(heard.wecom) }
  const states: LegState[] = []
  for (const { leg, people, named: theirs } of await wayPeople(parts, { route, ...ends }, named)) {
    const { accounts, oldest, days } = hintsAmong(heard[leg.source], theirs)
    states.push({
      ...(await legState(parts, route, leg, ends)),
      people,
      hints: { count: accounts.size, oldest, days: days.length },
      contactsReadAt,
    })
  }
  return states
}

/** Ways that the route went before its direction was turned, as long as something that was sent on them is not settled. */
async function closedStates(
  parts: AppParts,
  route: RouteRow,
  ends: Record<PlatformName, ConnectionRow>,
): Promise<LegState[]> {
  const db = parts.database.kysely
  const closed: LegState[] = []
  for (const leg of closedLegsOf(route.direction)) {
    const way = { tenant: parts.tenant, route, source: ends[leg.source], target: ends[leg.target] }
    if (!(await hasUnsettled(db, outwardOf(way)))) continue
    const state = await legState(parts, route, leg, ends)
    // A call that nobody saw the end of comes first: it is known to be in doubt once the lane is taken.
    const where = { tenant: parts.tenant, connection: way.target.id, route: route.id }
    const isCutOff = await hasCutOff(db, where)
    const inFlight = isCutOff ? { count: state.inFlight.count + 1, lookAt: null } : state.inFlight
    const nothing = { people: 0, hints: { count: 0, oldest: null }, contactsReadAt: null }
    if (inFlight.count > 0) closed.push({ ...state, ...nothing, inFlight })
  }
  return closed
}

async function legState(
  parts: AppParts,
  route: RouteRow,
  leg: Leg,
  ends: Record<PlatformName, ConnectionRow>,
): Promise<Omit<LegState, 'people' | 'hints' | 'contactsReadAt'>> {
  const { database, tenant, clock } = parts
  const db = database.kysely
  const [source, target] = [ends[leg.source], ends[leg.target]]
  const key = { tenant, route: route.id, source: source.id }
  const way = { tenant, route, source, target }
  const row = await readWay(db, { ...outwardOf(way), now: clock.now() })
  const { unsent, inFlight, firstEnded, lastEnded, firstUnlooked, settlesAt } = row
  const lookedAt = row.leg?.lookedAt ?? null
  const { seenDelayMs } = target
  const isDear = isMetered(leg.target)
  const { sweptAt, sweptFinishedAt, sweptTo } = row.leg ?? {}
  const now = clock.now()
  const writesPerDay = isDear
    ? usualWrites(await readWrites(db, key, dateOf(now).subtract({ days: usualDays })), now, defaultPolicy)
    : 0
  return {
    route: route.key,
    leg,
    source: sideCosts[leg.source],
    target: sideCosts[leg.target],
    apart: row.leg?.refused ?? 0,
    pollEveryMs: route.pollEveryMs,
    quietHours: route.quietHours,
    isPaused: route.isPaused,
    since: startOfDay(route.since),
    readableFrom: oldestReadable(now),
    retryAt: row.leg?.retryAt ?? null,
    lastSweep:
      sweptAt && sweptFinishedAt && sweptTo
        ? { startedAt: sweptAt, finishedAt: sweptFinishedAt, to: sweptTo }
        : null,
    lateness: { counts: row.leg?.lateness ?? [] },
    // Nothing is sent while the brake is pulled, nor soon after a backup was put back.
    owed:
      route.brake || isTooSoon(target, now)
        ? { count: 0, oldest: null }
        : await readOwed(db, outwardOf(way), await carriedNow(parts, way, unsent)),
    writesPerDay,
    inFlight: {
      count: inFlight,
      lookAt:
        firstEnded && lastEnded
          ? nextLookAt({ firstEnded, lastEnded, firstUnlooked, lookedAt, seenDelayMs, isMetered: isDear })
          : null,
      settlesAt,
      isAgain: lookedAt !== null && firstUnlooked === null,
    },
    writableAt: lastEnded && writableAfter(leg.target, lastEnded, parts.options.pace),
  }
}

/** Of those to whom something is owed, whom a delivery would carry. */
async function carriedNow(
  { database, clock }: AppParts,
  way: Way,
  unsent: readonly string[],
): Promise<Traveller[]> {
  const gone = { since: clock.now(), open: new Set(unsent) }
  const travellers = await travellersNamed(database.kysely, way, unsent, gone)
  return travellers.filter(({ twin }) => twin !== null)
}

const dateOf = (instant: Temporal.Instant) => instant.toZonedDateTimeISO(dayZone).toPlainDate()
