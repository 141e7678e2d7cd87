import { forgetOld } from '#store/retention.ts'
import type { AppParts } from './parts.ts'

/** Forgets what is older than its stated days, of this tenant. */
export async function forget({ database, tenant, clock, options }: AppParts): Promise<void> {
  const { callLogDays: calls, rawDays: raws, runHistoryDays: runs, eventDays: events } = options
  await forgetOld(database.kysely, tenant, { now: clock.now(), days: { calls, raws, runs, events } })
}
