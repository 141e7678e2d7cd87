import { statfs } from 'node:fs/promises'
import type { AlarmFacts, BackupFacts, ConnectionFacts, RouteFacts } from '#domain/alarms/facts.ts'
import { alarmThresholds as thresholds } from '#domain/alarms/policy.ts'
import { legsOf } from '#domain/direction.ts'
import { elapsedMs } from '#domain/effects.ts'
import type { ConnectionId } from '#domain/ids.ts'
import { forecastQuota } from '#domain/planner/forecast.ts'
import type { LaneState } from '#domain/planner/types.ts'
import type { StreamHealth } from '#domain/stream-health.ts'
import { dayZone } from '#domain/window.ts'
import { deliveriesOf, quotaOf } from '#platforms/dingtalk/limits.ts'
import type { ChannelRow } from '#store/alarm-channels.ts'
import {
  type CallStanding,
  knock,
  readCallStandings,
  readOpenDeliveries,
  readQuotaUses,
  readRefusedSecrets,
  readStandingStill,
  readWaitingPeople,
} from '#store/alarm-facts.ts'
import { type ConnectionRow, type RouteRow, readConnections, readRoutes } from '#store/setup.ts'
import { readStalls } from '#store/stalls.ts'
import { laneState } from './lane-state.ts'
import { isMetered } from './metering.ts'
import { countOutOfCalls } from './out-of-calls.ts'
import type { AppParts } from './parts.ts'
import { probeUse } from './probe-use.ts'
import { wantsStream } from './streams.ts'

/** What only the running engine knows, by the keys of setup.yaml. What is absent is unknown, not well. */
export type EngineFacts = {
  streams?: Record<string, StreamHealth>
  /** Platform's clock minus ours, seconds. */
  skews?: Record<string, number>
  /** Callbacks with a wrong signature in the last `alarmThresholds.forgedMinutes`; none where a connection is absent. */
  forgedCallbacks?: Record<string, number>
  /** Since when something of a route has been due that nobody does. */
  overdueSince?: Record<string, Temporal.Instant>
  backup?: BackupFacts
}

/** A call older than this says nothing about today. */
const staleCallHours = 26

/** Reads everything that alarms are decided from. `isThorough` also counts what takes a look at many rows. */
export async function readAlarmFacts(
  parts: AppParts,
  ask: { engine: EngineFacts; channels: readonly ChannelRow[]; isThorough: boolean },
): Promise<AlarmFacts> {
  const connections = await readConnections(parts.database.kysely, parts.tenant)
  return {
    routes: await routeFacts(parts, ask),
    connections: await connectionFacts(parts, connections, ask),
    store: await storeFacts(parts),
    backup: ask.engine.backup ?? null,
    channels: ask.channels
      .filter((row) => row.level !== 'off')
      .map((row) => ({ channel: row.key, kind: row.kind, failure: row.failure })),
  }
}

async function routeFacts(
  parts: AppParts,
  { engine, isThorough }: { engine: EngineFacts; isThorough: boolean },
): Promise<RouteFacts[]> {
  const { database, tenant, clock } = parts
  const db = database.kysely
  const ask = { now: clock.now(), slackMs: thresholds.doubtSlackMs }
  const open = new Map((await readOpenDeliveries(db, tenant, ask)).map((row) => [row.routeId, row]))
  const still = (await readStandingStill(db, tenant)).toReversed()
  const troubles = new Map(still.map((row) => [row.routeId, row]))
  const stalls = new Map(
    (await readStalls(db, tenant, ask.now)).toReversed().map((row) => [row.routeId, row]),
  )
  const waiting = isThorough
    ? new Map((await readWaitingPeople(db, tenant)).map((row) => [row.routeId, row]))
    : null
  const routes = await readRoutes(db, tenant)
  const states = isThorough ? await laneStates(parts, routes) : null
  return routes.map((route) => {
    const deliveries = open.get(route.id)
    const trouble = troubles.get(route.id)
    const held = waiting?.get(route.id)
    return {
      route: route.key,
      isPaused: route.isPaused,
      quietHours: route.quietHours,
      completeTo: route.completeTo,
      everyMs: wishedEveryMs(route),
      trouble: trouble ? { code: trouble.code, since: trouble.since } : null,
      overdueSince: engine.overdueSince?.[route.key] ?? null,
      stalled: stalls.get(route.id) ?? null,
      inDoubt: deliveries?.inDoubtSince
        ? { count: deliveries.inDoubt, since: deliveries.inDoubtSince }
        : null,
      refused: deliveries?.refused ?? 0,
      waiting: waiting && { people: held?.people ?? 0, held: held?.held ?? 0 },
      outOfCalls: states && {
        count: countOutOfCalls(states.get(route.dingtalkId)!, route.key),
        freeAgainOn: nextMonth(ask.now),
      },
      brake: {
        isPulled: route.brake !== null,
        writes: route.brake?.writes ?? 0,
        punches: route.brake?.punches ?? 0,
      },
    }
  })
}

/** How often a route is read as somebody wished. Where reading is metered, a wish is kept only as far as the calls go. */
const wishedEveryMs = ({ direction, pollEveryMs }: RouteRow): number | null =>
  legsOf(direction).some(({ source }) => isMetered(source)) ? null : pollEveryMs

async function laneStates(
  parts: AppParts,
  routes: readonly RouteRow[],
): Promise<Map<ConnectionId, LaneState>> {
  const states = new Map<ConnectionId, LaneState>()
  for (const connection of new Set(routes.map(({ dingtalkId }) => dingtalkId))) {
    const state = await laneState(parts, { tenant: parts.tenant, connection })
    if (state) states.set(connection, state)
  }
  return states
}

const nextMonth = (now: Temporal.Instant): string =>
  now.toZonedDateTimeISO(dayZone).toPlainDate().with({ day: 1 }).add({ months: 1 }).toString()

async function connectionFacts(
  parts: AppParts,
  connections: ConnectionRow[],
  { engine, isThorough }: { engine: EngineFacts; isThorough: boolean },
): Promise<ConnectionFacts[]> {
  const { database, tenant, clock } = parts
  const db = database.kysely
  const now = clock.now()
  const today = now.toZonedDateTimeISO(dayZone).toPlainDate()
  const calls = await readCallStandings(db, tenant, now.subtract({ hours: staleCallHours }))
  const refused = new Map((await readRefusedSecrets(db, tenant)).map((row) => [row.connectionId, row]))
  const uses = new Map(
    (await readQuotaUses(db, tenant, today.with({ day: 1 }))).map((row) => [row.corpId, row]),
  )
  const facts: ConnectionFacts[] = []
  for (const connection of connections) {
    const { key, platform, id, corpId } = connection
    const own = calls.filter((call) => call.connectionId === id)
    const latest = own.toSorted((a, b) => Temporal.Instant.compare(b.at, a.at))[0]
    const refusal = refused.get(id)
    const probes = isThorough ? await probeUse(parts, connection) : null
    facts.push({
      connection: key,
      platform,
      secret: refusal
        ? { code: 'platform.bad-credentials', until: refusal.pausedUntil }
        : latest && badSecret.includes(latest.outcome)
          ? { code: latest.outcome, until: null }
          : null,
      ipRefusal: latest?.outcome === 'platform.ip-not-trusted' ? { theirText: latest.theirText } : null,
      permissionRefusals: own.filter(isUnpermitted).map(({ api, theirCode, theirText }) => ({
        api,
        theirCode,
        theirText,
      })),
      ...(platform === 'dingtalk'
        ? meterFacts(connection, uses.get(corpId), now)
        : { quota: null, events: null }),
      probes: probes && { wrong: probes.wrong, mostWrong: probes.mostWrong },
      skewSeconds: engine.skews?.[key] ?? null,
      stream: wantsStream(connection)
        ? streamFacts(engine.streams?.[key], now)
        : { isSilent: false, lastHeardAt: null },
      forgedCallbacks: engine.forgedCallbacks ? (engine.forgedCallbacks[key] ?? 0) : null,
    })
  }
  return facts
}

const badSecret = ['platform.bad-credentials', 'platform.credentials-paused', 'platform.app-disabled']
const isUnpermitted = ({ outcome }: CallStanding) => outcome === 'platform.no-permission'

/** The month's two meters of a DingTalk organisation. */
function meterFacts(
  { facts }: ConnectionRow,
  use: { used: number; events: number } | undefined,
  now: Temporal.Instant,
): Pick<ConnectionFacts, 'quota' | 'events'> {
  const today = now.toZonedDateTimeISO(dayZone).toPlainDate()
  const edition = facts['edition'] as string[]
  const { used, events } = use ?? { used: 0, events: 0 }
  const quota = quotaOf(edition, today)
  const forecast = forecastQuota({ used, quota }, now)
  const freeAgainOn = today.with({ day: 1 }).add({ months: 1 }).toString()
  const lastsUntil = forecast.kind === 'short' ? forecast.lastsUntil.toString() : null
  return {
    quota: { used, quota, freeAgainOn, lastsUntil },
    events: { used: events, quota: deliveriesOf(edition, today), freeAgainOn },
  }
}

/** No socket is open, or none has given a sign of life for longer than several pings. */
function streamFacts(health: StreamHealth | undefined, now: Temporal.Instant): ConnectionFacts['stream'] {
  if (!health) return null
  const heardAt = health.lastHeardAt ?? health.startedAt
  const silentMs = now.epochMilliseconds - heardAt.epochMilliseconds
  return {
    isSilent: health.connections === 0 || silentMs > thresholds.silentMs,
    lastHeardAt: health.lastHeardAt,
  }
}

/** How long it takes to answer nothing at all, and the room left where the data are ours to keep. */
async function storeFacts({ database, clock, options }: AppParts): Promise<AlarmFacts['store']> {
  const asked = clock.now()
  await knock(database.kysely)
  const roundTripMs = elapsedMs(clock, asked)
  if (options.databaseKind !== 'embedded' || options.home === '') return { roundTripMs, freeMegabytes: null }
  const disk = await statfs(options.home).catch(() => null)
  return { roundTripMs, freeMegabytes: disk && Math.floor((disk.bavail * disk.bsize) / 1_048_576) }
}
