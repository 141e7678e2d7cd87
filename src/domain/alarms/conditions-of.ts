import { quietForMs, quietUntil } from '#domain/quiet-hours.ts'
import { formatInstant } from '#domain/window.ts'
import { type AlarmCode, type Condition, condition } from './alarm.ts'
import type { AlarmFacts, BackupFacts, ConnectionFacts, RouteFacts } from './facts.ts'
import { alarmThresholds as thresholds } from './policy.ts'

/** What is wrong, and of what nobody can tell: a code, or a code and key as `alarmId` writes them. */
export type Found = { conditions: Condition[]; unknown: ReadonlySet<string> }

const ofRoutes: AlarmCode[] = [
  'route-behind',
  'steps-stalled',
  'deliveries-in-doubt',
  'deliveries-refused',
  'deliveries-out-of-calls',
  'people-waiting',
  'brake-pulled',
]
const ofConnections: AlarmCode[] = [
  'stream-silent',
  'secret-refused',
  'ip-not-trusted',
  'permission-missing',
  'quota-nearly-spent',
  'quota-spent',
  'quota-short',
  'events-nearly-spent',
  'events-spent',
  'probes-near-limit',
  'clock-skewed',
  'callbacks-forged',
]

/** Everything that is wrong, from facts alone. Facts that are null leave what was said of them as it was. */
export function conditionsOf(facts: AlarmFacts, now: Temporal.Instant): Found {
  const conditions: Condition[] = []
  const unknown = new Set<string>()
  const see = (...seen: (Condition | null)[]) => {
    for (const one of seen) if (one) conditions.push(one)
  }
  const leave = (codes: AlarmCode[], key?: string) => {
    for (const code of codes) unknown.add(key === undefined ? code : `${code} ${key}`)
  }

  if (!facts.routes) leave(ofRoutes)
  for (const route of facts.routes ?? []) {
    see(behind(route, now), stalled(route, now), inDoubt(route), refused(route))
    if (!route.waiting) leave(['people-waiting'], route.route)
    else if (route.waiting.people > 0)
      see(condition('people-waiting', route.route, { route: route.route, ...route.waiting }))
    if (!route.outOfCalls) leave(['deliveries-out-of-calls'], route.route)
    else if (route.outOfCalls.count > 0)
      see(condition('deliveries-out-of-calls', route.route, { route: route.route, ...route.outOfCalls }))
    if (!route.brake) leave(['brake-pulled'], route.route)
    else if (route.brake.isPulled) {
      const { writes, punches } = route.brake
      see(condition('brake-pulled', route.route, { route: route.route, writes, punches }))
    }
  }
  if (!facts.connections) leave(ofConnections)
  for (const connection of facts.connections ?? []) {
    see(...credentials(connection), ...quota(connection), events(connection), ...watched(connection))
    if (!connection.probes) leave(['probes-near-limit'], connection.connection)
    if (connection.skewSeconds === null) leave(['clock-skewed'], connection.connection)
    if (!connection.stream) leave(['stream-silent'], connection.connection)
    if (connection.forgedCallbacks === null) leave(['callbacks-forged'], connection.connection)
  }
  if (!facts.store) leave(['store-full', 'store-slow'])
  else {
    const { freeMegabytes, roundTripMs } = facts.store
    if (freeMegabytes === null) leave(['store-full'])
    else if (freeMegabytes < thresholds.leastFreeMegabytes)
      see(condition('store-full', 'database', { freeMegabytes }))
    if (roundTripMs > thresholds.slowRoundTripMs) see(condition('store-slow', 'database', { roundTripMs }))
  }
  if (!facts.backup) leave(['backup-failed', 'backup-old'])
  else see(...backup(facts.backup, now))
  for (const { channel, kind, failure } of facts.channels)
    if (failure !== null) see(condition('channel-failing', channel, { channel, kind, because: failure }))
  return { conditions, unknown }
}

/** It was not read in time, it fails, or nobody does what is due. Quiet hours do not count: nothing is expected in them. */
function behind(route: RouteFacts, now: Temporal.Instant): Condition | null {
  const { completeTo, everyMs, quietHours, trouble, overdueSince } = route
  if (route.isPaused || quietForMs(quietHours, now) > 0) return null
  const facts = {
    route: route.route,
    completeTo: completeTo && formatInstant(completeTo),
    because: trouble?.code ?? null,
  }
  const quietEnd = quietUntil(quietHours, now)?.epochMilliseconds ?? 0
  const hasPassed = (since: Temporal.Instant, ms: number) =>
    now.epochMilliseconds - Math.max(since.epochMilliseconds, quietEnd) > ms
  const patienceMs = everyMs === null ? thresholds.unwishedMs : thresholds.intervals * everyMs
  if (
    (completeTo && hasPassed(completeTo, patienceMs)) ||
    (trouble && hasPassed(trouble.since, thresholds.standsStillMs)) ||
    (overdueSince && hasPassed(overdueSince, thresholds.overdueMs))
  )
    return condition('route-behind', route.route, facts)
  // Nobody knows since when a route that was never read has been waiting, so the condition itself has to stand that long.
  return completeTo ? null : condition('route-behind', route.route, facts, patienceMs)
}

function stalled({ route, isPaused, stalled }: RouteFacts, now: Temporal.Instant): Condition | null {
  if (isPaused || !stalled) return null
  const { step, tries, since } = stalled
  if (now.epochMilliseconds - since.epochMilliseconds <= thresholds.stalledMs) return null
  return condition('steps-stalled', route, { route, step, tries, since: formatInstant(since) })
}

const inDoubt = ({ route, inDoubt }: RouteFacts): Condition | null =>
  inDoubt && inDoubt.count > 0
    ? condition('deliveries-in-doubt', route, {
        route,
        count: inDoubt.count,
        since: formatInstant(inDoubt.since),
      })
    : null

const refused = ({ route, refused }: RouteFacts): Condition | null =>
  refused > 0 ? condition('deliveries-refused', route, { route, count: refused }) : null

function credentials({ connection, platform, ...facts }: ConnectionFacts): Condition[] {
  const about = { connection, platform }
  const seen: Condition[] = []
  if (facts.secret) {
    const { code, until } = facts.secret
    seen.push(
      condition('secret-refused', connection, { ...about, code, until: until && formatInstant(until) }),
    )
  }
  if (facts.ipRefusal) seen.push(condition('ip-not-trusted', connection, { ...about, ...facts.ipRefusal }))
  const [first] = facts.permissionRefusals
  // One alarm a connection: the page where permissions are granted is one, too.
  if (first) seen.push(condition('permission-missing', connection, { ...about, ...first }))
  return seen
}

/** The worst of the three; a month that is spent is not also nearly spent. */
function quota({ connection, platform, quota }: ConnectionFacts): Condition[] {
  if (!quota) return []
  const { used, lastsUntil, freeAgainOn } = quota
  const facts = { connection, platform, used, quota: quota.quota }
  if (used >= quota.quota) return [condition('quota-spent', connection, { ...facts, freeAgainOn })]
  if (used >= quota.quota * thresholds.quotaNearlyShare)
    return [condition('quota-nearly-spent', connection, facts)]
  return lastsUntil ? [condition('quota-short', connection, { ...facts, lastsUntil })] : []
}

/** Events that are used up leave the sweeps: nothing is lost, everything comes later. */
function events({ connection, platform, events }: ConnectionFacts): Condition | null {
  if (!events) return null
  const { used, quota, freeAgainOn } = events
  if (used >= quota)
    return condition('events-spent', connection, { connection, platform, used, quota, freeAgainOn })
  return used >= quota * thresholds.quotaNearlyShare
    ? condition('events-nearly-spent', connection, { connection, platform, used, quota })
    : null
}

function watched({ connection, platform, ...facts }: ConnectionFacts): Condition[] {
  const about = { connection, platform }
  const { probes, skewSeconds, stream, forgedCallbacks } = facts
  const seen: Condition[] = []
  // Among a handful of people one wrong question is near any limit, and nothing to tell anybody.
  if (probes && probes.mostWrong > 1 && probes.wrong >= probes.mostWrong * thresholds.probesNearShare)
    seen.push(condition('probes-near-limit', connection, { ...about, ...probes }))
  if (skewSeconds !== null && Math.abs(skewSeconds) > thresholds.skewSeconds)
    seen.push(condition('clock-skewed', connection, { ...about, skewSeconds }))
  if (stream?.isSilent) {
    const lastHeardAt = stream.lastHeardAt && formatInstant(stream.lastHeardAt)
    seen.push(condition('stream-silent', connection, { ...about, lastHeardAt }))
  }
  if (forgedCallbacks !== null && forgedCallbacks >= thresholds.forgedCallbacks)
    seen.push(
      condition('callbacks-forged', connection, {
        ...about,
        count: forgedCallbacks,
        minutes: thresholds.forgedMinutes,
      }),
    )
  return seen
}

function backup({ lastAt, failure, maxAgeMs }: BackupFacts, now: Temporal.Instant): (Condition | null)[] {
  const isOld =
    maxAgeMs !== null && (lastAt === null || now.epochMilliseconds - lastAt.epochMilliseconds > maxAgeMs)
  return [
    failure === null ? null : condition('backup-failed', 'backup', { reason: failure }),
    isOld ? condition('backup-old', 'backup', { lastAt: lastAt && formatInstant(lastAt) }) : null,
  ]
}
