import { planMonth } from '#domain/planner/plan-month.ts'
import { defaultPolicy } from '#domain/planner/policy.ts'
import type { Step } from '#domain/planner/types.ts'
import { dayZone } from '#domain/window.ts'
import type { Work } from '#journey/context.ts'
import { laneState } from './lane-state.ts'
import type { AppParts } from './parts.ts'
import type { RouteWithEnds } from './route-ends.ts'

/** Verdicts come by the planned slot, so many a call; most shifts have two, some four. */
const slotsPerPerson = 4
const slotsPerCall = 50

/** What a planned sweep does beside reading punches. */
export async function sweepWork(
  parts: AppParts,
  { dingtalk }: RouteWithEnds,
  step: Extract<Step, { kind: 'sweep' }>,
): Promise<Work> {
  const isClosing = step.because === 'closing' || step.because === 'late' || step.because === 'first'
  const work: Work = { read: 'everyone', looksBack: false, isClosing }
  const mayAsk = isClosing && parts.options.closingVerdicts && step.leg.source === 'dingtalk'
  if (!mayAsk) return work
  const state = await laneState(parts, { tenant: parts.tenant, connection: dingtalk.id })
  const people = state?.legs.find(
    ({ route, leg }) => route === step.route && leg.source === 'dingtalk',
  )?.people
  const calls = Math.ceil(((people ?? 0) * slotsPerPerson) / slotsPerCall)
  // Only what nothing else needs goes into second thoughts.
  if (!state || planMonth(state, defaultPolicy).spare < calls) return work
  const today = parts.clock.now().toZonedDateTimeISO(dayZone).toPlainDate()
  return { ...work, verdictsOn: { day: today.subtract({ days: 1 }).toString() } }
}
