import type { Operations } from '#cli/operations.ts'
import { FailureError } from '#domain/failures.ts'
import { readRoutes } from '#store/setup.ts'
import type { AppParts } from './parts.ts'

const lookEveryMs = 1_000
const retryAfterMs = 60_000
/** A scheduled run leaves late read-backs to the next one instead of keeping the lane. */
const scheduledWaitMs = 60_000

/**
 * Carries every route when it is due, until the signal ends it: at once after the start, then every `pollEvery`.
 * A run that failed is tried again after a minute; its failure stands in the run history and on the status page.
 */
export async function serveRoutes(
  parts: AppParts,
  operations: Pick<Operations, 'sync'>,
  signal: AbortSignal,
  onError: (route: string, error: unknown) => void,
): Promise<void> {
  const due = new Map<string, number>()
  while (!signal.aborted) {
    try {
      for (const route of await readRoutes(parts.database.kysely, parts.tenant)) {
        const now = parts.clock.now().epochMilliseconds
        if (signal.aborted || route.isPaused || (due.get(route.key) ?? 0) > now) continue
        due.set(route.key, now + (route.pollEveryMs ?? parts.options.pollEveryMs))
        try {
          await operations.sync({ route: route.key, signal, waitMs: scheduledWaitMs, onProgress: () => {} })
        } catch (error) {
          if (signal.aborted) return
          due.set(route.key, parts.clock.now().epochMilliseconds + retryAfterMs)
          onError(route.key, error)
        }
      }
    } catch (error) {
      // The database is away: say so, and look again.
      if (!(error instanceof FailureError)) throw error
      onError('', error)
    }
    await parts.clock.sleep(lookEveryMs, signal).catch(() => {})
  }
}
