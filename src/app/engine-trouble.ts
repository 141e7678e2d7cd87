import { FailureError } from '#domain/failures.ts'
import type { AppParts } from './parts.ts'
import type { StoreHealth } from './store-health.ts'

/** The same trouble is logged once in this time: a database that is away is met by everybody at once. */
const tellAgainMs = 10_000

/** What the engine recovers from by itself is told in the log; what nobody expected is kept whole. */
export function engineTrouble(
  parts: Pick<AppParts, 'clock' | 'log' | 'onBug' | 'revive'>,
  store?: Pick<StoreHealth, 'note'>,
): (error: unknown) => void {
  const told = new Map<string, number>()
  return (error) => {
    if (!(error instanceof FailureError)) return void parts.onBug(error)
    store?.note(error)
    const { code, facts } = error.failure
    if (code === 'store.gone') parts.revive?.().catch(() => {})
    const now = parts.clock.now().epochMilliseconds
    if (now < (told.get(code) ?? Number.NEGATIVE_INFINITY) + tellAgainMs) return
    told.set(code, now)
    parts.log.warn({ code, facts }, 'engine')
  }
}
