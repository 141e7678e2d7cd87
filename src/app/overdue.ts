import { planNext } from '#domain/planner/next-step.ts'
import { readLaneNames } from '#store/setup.ts'
import { laneState } from './lane-state.ts'
import type { AppParts } from './parts.ts'

/**
 * Watches whether what the planner wants is done: since when the same step of a route has been due and nobody takes it,
 * by the route's key. Asked once a minute; a step that is merely under way is another one, or none, the next time.
 */
export function openOverdue(parts: AppParts): () => Promise<Record<string, Temporal.Instant>> {
  const seen = new Map<string, { step: string; since: Temporal.Instant }>()
  return async () => {
    const due = new Set<string>()
    const lanes = await readLaneNames(parts.database.kysely)
    for (const lane of lanes.filter(({ tenant }) => tenant === parts.tenant)) {
      const state = await laneState(parts, lane)
      const next = state && planNext(state)
      if (!next || next.kind === 'wait') continue
      const step = `${next.kind} ${next.leg.source}`
      due.add(next.route)
      if (seen.get(next.route)?.step !== step) seen.set(next.route, { step, since: parts.clock.now() })
    }
    for (const route of seen.keys()) if (!due.has(route)) seen.delete(route)
    return Object.fromEntries([...seen].map(([route, { since }]) => [route, since]))
  }
}
