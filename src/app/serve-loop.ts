import { FailureError } from '#domain/failures.ts'
import { quietForMs } from '#domain/quiet-hours.ts'
import { readRoutes } from '#store/setup.ts'
import type { AppParts } from './parts.ts'
import type { SyncAsk } from './sync.ts'

const lookEveryMs = 1_000
const retryAfterMs = 60_000
/** A scheduled run leaves late read-backs to the next one instead of keeping the lane. */
const scheduledWaitMs = 60_000

/**
 * Carries every route when it is due, until the signal ends it: at once after the start (unless `startsIdle`), then every
 * `pollEvery`.
 * A run that failed is tried again after a minute; its failure stands in the run history and on the status page.
 */
export async function serveRoutes(
  parts: AppParts,
  sync: (ask: SyncAsk) => Promise<unknown>,
  { signal, startsIdle = false }: { signal: AbortSignal; startsIdle?: boolean },
  onError: (route: string, error: unknown) => void,
): Promise<void> {
  const due = new Map<string, number>()
  const begun = parts.clock.now().epochMilliseconds
  while (!signal.aborted) {
    try {
      for (const route of await readRoutes(parts.database.kysely, parts.tenant)) {
        const now = parts.clock.now().epochMilliseconds
        const everyMs = route.pollEveryMs ?? parts.options.pollEveryMs
        const dueAt = due.get(route.key) ?? (startsIdle ? begun + everyMs : begun)
        if (signal.aborted || route.isPaused || dueAt > now) continue
        const quietMs = quietForMs(route.quietHours, parts.clock.now())
        due.set(route.key, now + (quietMs || everyMs))
        if (quietMs > 0) continue
        try {
          await sync({
            route: route.key,
            signal,
            waitMs: scheduledWaitMs,
            mayReuseContacts: true,
            onProgress: () => {},
          })
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
