import { sql } from 'kysely'
import type { Operations, ServeAsk } from '#cli/operations.ts'
import { legName } from '#domain/direction.ts'
import { untilAborted } from '#domain/effects.ts'
import { dayZone } from '#domain/window.ts'
import type { WakeUps } from '#engine/wake-ups.ts'
import { createMetrics } from '#http/metrics.ts'
import { startHttp } from '#http/start-http.ts'
import { rowsOf } from '#store/database.ts'
import { countInbox } from '#store/inbox.ts'
import { readConnections, readTenants } from '#store/setup.ts'
import { callbackDesk } from './callbacks.ts'
import { type ClockSkews, openClockSkews } from './clock-skews.ts'
import { runEngine } from './engine.ts'
import { engineTrouble } from './engine-trouble.ts'
import { countForgedCallbacks } from './forged-callbacks.ts'
import { forget } from './forget.ts'
import { openInbox } from './inbox.ts'
import { keepWatch } from './keep-watch.ts'
import { people } from './list-people.ts'
import { openOverdue } from './overdue.ts'
import type { AppParts } from './parts.ts'
import { runs, status } from './reads.ts'
import type { LaneNews } from './run-lane.ts'
import { openScheduledBackups } from './scheduled-backup.ts'
import { openStoreHealth } from './store-health.ts'
import { openStreams, serveStreams } from './streams.ts'
import { wakeOnNews } from './wake-on-news.ts'

/** The minute of every hour at which old rows go: away from the full hour, when everybody calls. */
const forgetAtMinute = 37

/**
 * The product as a service, until the signal ends it: pages and figures (`web`), scheduled runs (`worker`), or both.
 * Failures: `server.port-taken`.
 */
export async function serve(parts: AppParts, _operations: Operations, ask: ServeAsk): Promise<void> {
  const forged = countForgedCallbacks(parts.clock)
  const metrics = forged.counting(createMetrics())
  const skews = openClockSkews(parts.clock)
  const serving: AppParts = {
    ...parts,
    onSkew: skews.note,
    onCall: (connection, api, outcome, durationMs) =>
      metrics.recordCall({ connection, api, outcome, durationMs }),
  }
  const store = openStoreHealth(parts)
  const onError = engineTrouble(parts, store)
  await using wakeUps = await parts.openWakeUps(onError)
  const inbox = openInbox(serving, wakeOnNews(serving, wakeUps, onError))
  const streams = openStreams(serving, inbox)
  const ending = new AbortController()
  const door = doorOf(parts, ask)
  const web =
    door === null
      ? null
      : await startHttp({
          operations: {
            status: () => status(serving),
            runs: (question) => runs(serving, question),
            people: (question) => people(serving, question),
          },
          isReady: () => isReady(parts),
          store: store.look,
          metrics,
          clock: parts.clock,
          ...door,
          publicUrl: parts.options.publicUrl,
          isDemo: parts.options.isDemo,
          sandboxPage: parts.options.isDemo ? await sandboxPageOf(parts) : undefined,
          ...(ask.role !== 'worker' && { callbacks: callbackDesk(serving, inbox) }),
          streams: streams.health,
          inbox: () => countInbox(parts.database.kysely, parts.tenant),
          domainProofs: parts.options.domainProofs,
          onRefusedCallback: (connection, outcome) =>
            parts.log.warn({ connection, outcome }, 'callback refused'),
          onBug: parts.onBug,
        })
  const streaming =
    ask.role === 'web' ? null : serveStreams(serving, streams, AbortSignal.any([ask.signal, ending.signal]))
  const others =
    ask.role === 'web' ? [] : await serveOthers(serving, skews, wakeUps, onError, [ask.signal, ending.signal])
  const overdue = openOverdue(serving)
  const backups = openScheduledBackups(serving, AbortSignal.any([ask.signal, ending.signal]))
  const watching =
    ask.role === 'web'
      ? null
      : keepWatch(serving, {
          signal: AbortSignal.any([ask.signal, ending.signal]),
          engine: async () => ({
            streams: streams.health(),
            skews: skews.of(serving.tenant),
            ...(web && { forgedCallbacks: forged.counts() }),
            overdueSince: await overdue(),
            ...(await backups.facts()),
          }),
          onError,
        })
  try {
    ask.onReady(web ?? { url: '', host: ask.host, port: ask.port })
    if (ask.role === 'web') await untilAborted(ask.signal)
    else
      await runEngine(serving, {
        wakeUps,
        signal: ask.signal,
        startsAfter: ask.startsAfter,
        onError,
        chores: {
          async minute() {
            // Not waited for: it may take longer than a minute, and lanes are looked at every minute.
            backups.look()
            await everyMinute(serving)
          },
        },
        tell: (news) => tellOf(serving, metrics, onError, news),
      })
  } finally {
    ending.abort()
    await streaming
    await watching
    await backups.end()
    await Promise.all(others)
    await web?.close()
  }
}

/** Where the pages are; a worker alone has its figures on loopback and only where it is told to. */
function doorOf(
  { options }: AppParts,
  { role, host, port }: ServeAsk,
): { host: string; port: number } | null {
  if (role !== 'worker') return { host, port }
  return options.workerPort === undefined ? null : { host: '127.0.0.1', port: options.workerPort }
}

/**
 * The other tenants' Streams and alarms; their lanes are served with everybody's. Pages and callbacks are of the one
 * tenant this process was started for.
 */
async function serveOthers(
  parts: AppParts,
  skews: ClockSkews,
  wakeUps: Pick<WakeUps, 'now'>,
  onError: (error: unknown) => void,
  ending: AbortSignal[],
): Promise<Promise<void>[]> {
  const tenants = await readTenants(parts.database.kysely)
  return tenants.flatMap(({ id }) => {
    if (id === parts.tenant) return []
    const theirs: AppParts = { ...parts, tenant: id }
    const signal = AbortSignal.any(ending)
    const streams = openStreams(theirs, openInbox(theirs, wakeOnNews(theirs, wakeUps, onError)))
    const overdue = openOverdue(theirs)
    const engine = async () => ({
      streams: streams.health(),
      skews: skews.of(id),
      overdueSince: await overdue(),
    })
    return [serveStreams(theirs, streams, signal), keepWatch(theirs, { signal, engine, onError })]
  })
}

/** What comes round in one process for all: once an hour every tenant's old rows go. */
async function everyMinute(parts: AppParts): Promise<void> {
  if (parts.clock.now().toZonedDateTimeISO(dayZone).minute !== forgetAtMinute) return
  for (const { id } of await readTenants(parts.database.kysely)) await forget({ ...parts, tenant: id })
}

/** What the engine does stands in the log and in the figures. */
function tellOf(
  { log }: AppParts,
  metrics: ReturnType<typeof createMetrics>,
  onError: (error: unknown) => void,
  { step, outcome }: LaneNews,
): void {
  const { route, leg, kind } = step
  if ('bug' in outcome) {
    onError(outcome.bug)
    return
  }
  if ('failure' in outcome) {
    const { code, facts } = outcome.failure
    metrics.recordRun(route, code)
    log.warn({ route, leg: legName(leg), step: kind, code, facts }, 'step failed')
    return
  }
  metrics.recordRun(route, 'done')
  const { report } = outcome.done
  const told = report && {
    window: report.window,
    deliveries: report.deliveries,
    durationMs: report.durationMs,
  }
  log.info({ route, leg: legName(leg), step: kind, ...told }, 'step done')
}

/** In the demo the platforms' address is the sandbox's, which has a page of its own. */
async function sandboxPageOf({ database, tenant }: AppParts): Promise<string | undefined> {
  const connections = await readConnections(database.kysely, tenant)
  const dingtalk = connections.find((row) => row.platform === 'dingtalk')
  const endpoints = dingtalk?.facts['endpoints'] as { oapi?: string | null } | undefined
  return endpoints?.oapi ? new URL('/_sandbox/', endpoints.oapi).href : undefined
}

/** The database answers, and its schema is ours. */
async function isReady({ database }: AppParts): Promise<boolean> {
  const [row] = await rowsOf(
    sql<{ ready: boolean }>`select to_regclass('route') is not null as ready`,
    database.kysely,
  )
  return row?.ready === true
}
