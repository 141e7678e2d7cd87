import { leastCallsBetween } from '#domain/planner/measure.ts'
import { expectedCalls } from '#domain/planner/plan-month.ts'
import { defaultPolicy } from '#domain/planner/policy.ts'
import type { LaneState } from '#domain/planner/types.ts'
import { dayZone, startOfDay } from '#domain/window.ts'
import { readFirstCall } from '#store/calls.ts'
import type { ConnectionRow } from '#store/setup.ts'
import type { AppParts } from './parts.ts'

/** Where a month's metered calls are heading as planned, and the fewest that anybody could have made so far. */
export type QuotaOutlook = { expected: number; least: number }

/** What the plan says of an organisation's month. Null while nothing of it was called. */
export async function quotaOutlook(
  { database, tenant }: Pick<AppParts, 'database' | 'tenant'>,
  { id }: ConnectionRow,
  state: LaneState,
): Promise<QuotaOutlook | null> {
  const month = startOfDay(state.now.toZonedDateTimeISO(dayZone).toPlainDate().with({ day: 1 }))
  const first = await readFirstCall(database.kysely, tenant, id, month)
  if (!first) return null
  // Whoever began in the middle of a month owes nothing of what came before.
  const [from, to] = [first.epochMilliseconds, state.now.epochMilliseconds]
  return {
    expected: expectedCalls(state, defaultPolicy),
    least: leastCallsBetween(state.legs, { from, to }),
  }
}
