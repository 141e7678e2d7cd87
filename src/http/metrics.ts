import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Failure } from '#domain/failures.ts'
import type { StatusReport } from '#domain/status-report.ts'
import type { StreamHealth } from '#domain/stream-health.ts'
import type { InboxCount } from '#store/inbox.ts'
import { storeGauges } from './store-metrics.ts'
import { streamGauges } from './stream-metrics.ts'

/** A finished outward call, as the gate logs it. */
export type CountedCall = { connection: string; api: string; outcome: string; durationMs: number }

/**
 * The figures of `/metrics`. Labels are our own ids, API names, states and failure codes: nobody's name, no account,
 * no address, so their number grows with the setup and never with the people.
 */
export type Metrics = {
  registry: Registry
  /** One finished call. Never throws. */
  recordCall(call: CountedCall): void
  /** One run that ended: `done`, or the code of its failure. */
  recordRun(route: string, outcome: string): void
  /** One callback and what came of it; `connection` is empty where there is none of that name. */
  recordCallback(connection: string, outcome: string): void
  /** Replaces the figures of the inbox; null: it could not be read, and they are withdrawn. */
  showInbox(counts: readonly InboxCount[] | null): void
  /** What is wrong with the database; null: nothing. */
  showStore(trouble: Failure | null): void
  /** Replaces the figures of the Streams this process holds. */
  showStreams(streams: Record<string, StreamHealth>): void
  /** Replaces every figure that stands in the status; null: it could not be read, and its figures are withdrawn. */
  showStatus(status: StatusReport | null): void
}

/** Calls take tens of milliseconds; the gate gives up after `TIMEOUT_MS`, 20 s unless set. */
const callSeconds = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60]

/** A registry of its own, so that several products in one process do not count into each other. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, prefix: 'qintong_' })
  const calls = new Counter({
    name: 'qintong_calls_total',
    help: 'Calls to the platforms, by what came of them: ok, or the code of the failure',
    labelNames: ['connection', 'api', 'outcome'],
    registers,
  })
  const durations = new Histogram({
    name: 'qintong_call_duration_seconds',
    help: 'How long calls to the platforms took',
    labelNames: ['connection', 'api'],
    buckets: callSeconds,
    registers,
  })
  const runs = new Counter({
    name: 'qintong_runs_total',
    help: 'Runs that ended in this process, by outcome: done, or the code of the failure',
    labelNames: ['route', 'outcome'],
    registers,
  })
  const callbacks = new Counter({
    name: 'qintong_callbacks_total',
    help: 'Callbacks of the platforms, by what came of them: kept, known, verified, or why they were refused',
    labelNames: ['connection', 'outcome'],
    registers,
  })
  const showStatus = statusGauges(registers)
  const showInbox = inboxGauges(registers)
  return {
    registry,
    recordCall({ connection, api, outcome, durationMs }) {
      calls.inc({ connection, api, outcome })
      durations.observe({ connection, api }, durationMs / 1000)
    },
    recordRun: (route, outcome) => runs.inc({ route, outcome }),
    recordCallback: (connection, outcome) => callbacks.inc({ connection, outcome }),
    showInbox,
    showStore: storeGauges(registers),
    showStreams: streamGauges(registers),
    showStatus,
  }
}

function inboxGauges(registers: Registry[]): Metrics['showInbox'] {
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `qintong_${name}`, help, labelNames: ['connection'], registers })
  const open = gauge('events_open', 'Events that no sweep has taken up yet')
  const oldest = gauge('events_oldest_open_seconds', 'Unix time at which the oldest of them came in')
  const latest = gauge('events_latest_seconds', 'Unix time at which the latest event came in')
  return (counts) => {
    for (const one of [open, oldest, latest]) one.reset()
    for (const { connection, ...count } of counts ?? []) {
      open.set({ connection }, count.open)
      if (count.oldestOpenAt) oldest.set({ connection }, count.oldestOpenAt.epochMilliseconds / 1000)
      if (count.latestAt) latest.set({ connection }, count.latestAt.epochMilliseconds / 1000)
    }
  }
}

function statusGauges(registers: Registry[]): (status: StatusReport | null) => void {
  const gauge = (name: string, help: string, labelNames: string[]) =>
    new Gauge({ name: `qintong_${name}`, help, labelNames, registers })
  const readable = gauge('status_readable', '1 when the status could be read for this scrape, else 0', [])
  const completeTo = gauge('complete_to_seconds', 'Unix time up to which everything was read', ['route'])
  const completeFor = gauge('complete_people', 'People for whom everything was read up to then', ['route'])
  const unknown = gauge(
    'unknown_people',
    'People of whom not everything was read up to then, by the reason',
    ['route', 'because'],
  )
  const wayTo = gauge('way_complete_to_seconds', 'Unix time up to which one source of a route was read', [
    'route',
    'connection',
    'subsidiary',
  ])
  const wayFor = gauge(
    'way_complete_people',
    'People of one source for whom everything was read up to then',
    ['route', 'connection', 'subsidiary'],
  )
  const wayStill = gauge('way_stands_still', '1 while one way of a route stands still because of a failure', [
    'route',
    'connection',
    'subsidiary',
  ])
  const stalled = gauge(
    'way_stalled_steps',
    'How often a step of a way was taken again and brought nothing; absent while all steps bring something',
    ['route', 'connection', 'subsidiary', 'step'],
  )
  const stalledSince = gauge(
    'way_stalled_since_seconds',
    'Unix time since which a step has brought nothing',
    ['route', 'connection', 'subsidiary', 'step'],
  )
  const people = gauge('people', 'People in scope on the source side, by identity', ['route', 'status'])
  const deliveries = gauge('deliveries', 'Deliveries that are not settled, by state', ['route', 'state'])
  const paused = gauge('route_paused', '1 while the route is paused', ['route'])
  const lastRunOk = gauge('last_run_ok', '1 when the latest run that ended was done, 0 when it failed', [
    'route',
  ])
  const lastRunAt = gauge('last_run_finished_seconds', 'Unix time at which the latest run ended', ['route'])
  const quotaUsed = gauge('quota_used', 'Metered calls of the organisation this month', ['connection'])
  const quotaLimit = gauge('quota_limit', 'Metered calls the organisation has this month', ['connection'])
  const quotaExpected = gauge('quota_expected', 'Metered calls by the end of the month, as planned', [
    'connection',
  ])
  const eventsUsed = gauge('event_quota_used', 'Metered event deliveries this month', ['connection'])
  const eventsLimit = gauge('event_quota_limit', 'Metered event deliveries there may be this month', [
    'connection',
  ])
  const quotaLeast = gauge(
    'quota_least',
    'The fewest metered calls with which anybody could have read what was due so far this month',
    ['connection'],
  )
  const braked = gauge('route_braked', '1 while nothing is written because it went round in a circle', [
    'route',
  ])

  const probes = gauge(
    'probes',
    'Questions to the platform about mobiles so far: all, and those that found nobody',
    ['connection', 'outcome'],
  )
  const probesLimit = gauge(
    'probes_wrong_limit',
    'Questions that may find nobody before we stop asking; alarm well below it',
    ['connection'],
  )

  const alarms = gauge('alarms_open', 'Alarms that are open, by code', ['code'])

  return (status) => {
    // what is gone from the setup must be gone from the figures
    for (const one of [
      completeTo,
      wayTo,
      wayFor,
      wayStill,
      stalled,
      stalledSince,
      completeFor,
      unknown,
      people,
      deliveries,
      paused,
      lastRunOk,
      lastRunAt,
      quotaUsed,
      quotaLimit,
      quotaExpected,
      quotaLeast,
      eventsUsed,
      eventsLimit,
      braked,
      probes,
      probesLimit,
      alarms,
    ])
      one.reset()
    readable.set(status ? 1 : 0)
    for (const { code } of status?.alarms ?? []) alarms.inc({ code })
    for (const one of status?.routes ?? []) {
      const { route } = one
      for (const way of one.ways) {
        const labels = { route, connection: way.from, subsidiary: way.subsidiary }
        if (way.completeTo) wayTo.set(labels, unixSeconds(way.completeTo))
        wayFor.set(labels, way.completeFor)
        wayStill.set(labels, way.standsStill ? 1 : 0)
        for (const { step, tries, since } of way.stalled ?? []) {
          stalled.set({ ...labels, step }, tries)
          stalledSince.set({ ...labels, step }, unixSeconds(since))
        }
      }
      if (one.completeTo) completeTo.set({ route }, unixSeconds(one.completeTo))
      completeFor.set({ route }, one.completeFor)
      for (const [because, count] of Object.entries(one.unknownBecause))
        unknown.set({ route, because }, count)
      for (const [state, count] of Object.entries(one.people)) people.set({ route, status: state }, count)
      deliveries.set({ route, state: 'held' }, one.held)
      deliveries.set({ route, state: 'refused' }, one.refused)
      deliveries.set({ route, state: 'in_doubt' }, one.inDoubt)
      paused.set({ route }, one.paused ? 1 : 0)
      if (one.lastRun) lastRunOk.set({ route }, one.lastRun.state === 'done' ? 1 : 0)
      if (one.lastRun?.finishedAt) lastRunAt.set({ route }, unixSeconds(one.lastRun.finishedAt))
      braked.set({ route }, one.brake ? 1 : 0)
      for (const { connection, used, quota, expected, least, events } of one.quota) {
        quotaUsed.set({ connection }, used)
        quotaLimit.set({ connection }, quota)
        if (expected !== undefined) quotaExpected.set({ connection }, expected)
        if (least !== undefined) quotaLeast.set({ connection }, least)
        if (events) {
          eventsUsed.set({ connection }, events.used)
          eventsLimit.set({ connection }, events.quota)
        }
      }
      for (const { connection, asked, wrong, mostWrong } of one.probes) {
        probes.set({ connection, outcome: 'asked' }, asked)
        probes.set({ connection, outcome: 'wrong' }, wrong)
        probesLimit.set({ connection }, mostWrong)
      }
    }
  }
}

const unixSeconds = (instant: string) => Temporal.Instant.from(instant).epochMilliseconds / 1000
