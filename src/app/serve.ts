import { sql } from 'kysely'
import type { Operations, ServeAsk } from '#cli/operations.ts'
import { FailureError } from '#domain/failures.ts'
import { createMetrics } from '#http/metrics.ts'
import { startHttp } from '#http/start-http.ts'
import { rowsOf } from '#store/database.ts'
import { readConnections } from '#store/setup.ts'
import { people } from './list-people.ts'
import type { AppParts } from './parts.ts'
import { runs, status } from './reads.ts'
import { serveRoutes } from './serve-loop.ts'
import { sync } from './sync.ts'

/**
 * The product as a service, until the signal ends it: pages and figures (`web`), scheduled runs (`worker`), or both.
 * Failures: `server.port-taken`.
 */
export async function serve(parts: AppParts, _operations: Operations, ask: ServeAsk): Promise<void> {
  const metrics = createMetrics()
  const serving: AppParts = {
    ...parts,
    onCall: (connection, api, outcome, durationMs) =>
      metrics.recordCall({ connection, api, outcome, durationMs }),
  }
  const onError = (route: string, error: unknown) => {
    if (error instanceof FailureError) {
      parts.log.warn({ route, code: error.failure.code, facts: error.failure.facts }, 'run failed')
      if (route) metrics.recordRun(route, error.failure.code)
      if (error.failure.code === 'store.gone') parts.revive?.().catch(() => {})
    } else parts.onBug(error)
  }
  const web =
    ask.role === 'worker'
      ? null
      : await startHttp({
          operations: {
            status: () => status(serving),
            runs: (question) => runs(serving, question),
            people: (question) => people(serving, question),
          },
          isReady: () => isReady(parts),
          metrics,
          clock: parts.clock,
          host: ask.host,
          port: ask.port,
          publicUrl: parts.options.publicUrl,
          isDemo: parts.options.isDemo,
          sandboxPage: parts.options.isDemo ? await sandboxPageOf(parts) : undefined,
          onBug: parts.onBug,
        })
  try {
    ask.onReady(web ?? { url: '', host: ask.host, port: ask.port })
    if (ask.role === 'web') await untilAborted(ask.signal)
    else
      await serveRoutes(
        serving,
        async (question) => {
          const report = await sync(serving, question)
          metrics.recordRun(question.route, 'done')
          const { window, deliveries, durationMs } = report
          parts.log.info({ route: question.route, window, deliveries, durationMs }, 'run done')
          return report
        },
        ask,
        onError,
      )
  } finally {
    await web?.close()
  }
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

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
