import { endsOf, legFrom } from '#domain/direction.ts'
import { accountKey, type RouteId } from '#domain/ids.ts'
import { earliestNamed, namedDays } from '#domain/named-days.ts'
import type { EventHint } from '#domain/platform-event.ts'
import type { Executor } from '#store/database.ts'
import { noteLooked, readOpenHints, settleEvents } from '#store/inbox.ts'
import { readConnections, readRoutes } from '#store/setup.ts'
import { type Journey, type Way, wayOf } from './context.ts'
import { travellersNamed } from './travellers.ts'

/** What one sweep settles at most; the next one goes on. */
const eventsAtOnce = 20_000
/** Events that nobody took up in time, about strangers or a day whose verdict changed, are settled by any sweep. */
const patienceHours = 24

/** An event, the accounts it names, and the routes that have looked at it. */
type Named = { id: number; keys: readonly string[]; lookedBy?: readonly RouteId[] }

/**
 * A sweep over everybody answers what events said until it began, as far as its window reaches: one that names an earlier
 * punch, uploaded late, is followed by itself. Events about the roster are not its business.
 */
export async function settleHints(
  tx: Executor,
  journey: Journey,
  { startedAt, now }: { startedAt: Temporal.Instant; now: Temporal.Instant },
): Promise<void> {
  const { tenant, source, window } = journey
  const connection = source.connection.id
  const before = Temporal.Instant.compare(window.to, startedAt) < 0 ? window.to : startedAt
  const open = await readOpenHints(tx, { tenant, connection, limit: eventsAtOnce, before })
  if (open.length === 0) return
  const oldest = now.subtract({ hours: patienceHours })
  const [overdue, answered]: [number[], Named[]] = [[], []]
  for (const { id, hints, receivedAt, lookedBy } of open) {
    if (hints.some(({ kind }) => kind === 'contacts' || kind === 'userIdChanged')) continue
    const named = earliestNamed(hints)
    if (named && Temporal.Instant.compare(named, window.from) < 0) continue
    if (Temporal.Instant.compare(receivedAt, oldest) < 0) overdue.push(id)
    else if (!source.platform.readVerdicts || namedDays(hints).length === 0) {
      const keys = hints.flatMap(usersOf).map((userId) => accountKey(source.platform.name, userId))
      answered.push({ id, keys, lookedBy })
    }
  }
  await settleEvents(tx, { tenant, connection, ids: overdue, at: now })
  await settleLooked(tx, wayOf(journey), answered, now)
}

/**
 * This way has looked at what these events said. Several routes may read one source: an event is settled when every one
 * that carries somebody it names has looked; one that names nobody concerns them all.
 */
export async function settleLooked(
  db: Executor,
  way: Way,
  events: readonly Named[],
  at: Temporal.Instant,
): Promise<void> {
  if (events.length === 0) return
  const { tenant, route, source } = way
  const others: { id: RouteId; carries: ReadonlySet<string> }[] = []
  for (const other of await otherReaders(db, way)) {
    const keys = new Set(events.flatMap((event) => event.keys))
    const travellers = await travellersNamed(db, other, [...keys], { since: at, open: new Set() })
    others.push({ id: other.route.id, carries: new Set(travellers.map(({ key }) => key)) })
  }
  const isAwaited = ({ keys, lookedBy = [] }: Named) =>
    others.some(
      ({ id, carries }) =>
        !lookedBy.includes(id) && (keys.length === 0 || keys.some((key) => carries.has(key))),
    )
  const ids = (some: readonly Named[]) => some.map(({ id }) => id)
  const ask = { tenant, connection: source.id }
  const [awaited, answered] = [events.filter(isAwaited), events.filter((event) => !isAwaited(event))]
  await settleEvents(db, { ...ask, ids: ids(answered), at })
  await noteLooked(db, { ...ask, ids: ids(awaited), route: route.id })
}

/** The other ways that read the same source. One that is paused sweeps when it goes on. */
async function otherReaders(db: Executor, { tenant, route, source }: Way): Promise<Way[]> {
  const connections = new Map((await readConnections(db, tenant)).map((row) => [row.id, row]))
  return (await readRoutes(db, tenant)).flatMap((other) => {
    const leg = legFrom(other, source.id)
    if (!leg || other.isPaused || other.id === route.id) return []
    return [{ tenant, route: other, source, target: connections.get(endsOf(other)[leg.target])! }]
  })
}

const usersOf = (hint: EventHint): string[] => ('userIds' in hint ? hint.userIds : [])
