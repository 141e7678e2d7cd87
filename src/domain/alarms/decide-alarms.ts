import { type Alarm, type AlarmCode, alarmId, type Condition } from './alarm.ts'
import type { Found } from './conditions-of.ts'
import type { AlarmPolicy } from './policy.ts'

/** What became of the alarms. `kept`: every one that is still open, those not raised yet included. */
export type Decided<A extends Alarm = Alarm> = {
  kept: (A | Alarm)[]
  raised: (A | Alarm)[]
  resolved: A[]
  /** They went before they had stood long enough: nobody ever hears of them. */
  forgotten: A[]
}

/**
 * What stands now, given what stood before: one alarm of a code and key, raised when its condition has stood long
 * enough, resolved when it has been away long enough. `open` holds none that is resolved.
 */
export function decideAlarms<A extends Alarm>(
  open: readonly A[],
  { conditions, unknown }: Found,
  now: Temporal.Instant,
  policies: Record<AlarmCode, AlarmPolicy>,
): Decided<A> {
  const seen = new Map<string, Condition>()
  for (const one of conditions) if (!seen.has(alarmId(one))) seen.set(alarmId(one), one)
  const decided: Decided<A> = { kept: [], raised: [], resolved: [], forgotten: [] }
  const keep = <T extends A | Alarm>(alarm: T, standsForMs: number) => {
    const isRaised = alarm.raisedAt === null && passed(alarm.since, now) >= standsForMs
    const kept = isRaised ? { ...alarm, raisedAt: now } : alarm
    decided.kept.push(kept)
    if (isRaised) decided.raised.push(kept)
  }
  for (const alarm of open) {
    const id = alarmId(alarm)
    const found = seen.get(id)
    const policy = policies[alarm.code]
    seen.delete(id)
    if (found)
      keep({ ...alarm, facts: found.facts, awaySince: null }, found.standsForMs ?? policy.standsForMs)
    else if (unknown.has(alarm.code) || unknown.has(id)) decided.kept.push(alarm)
    else if (alarm.raisedAt === null) decided.forgotten.push(alarm)
    else {
      const awaySince = alarm.awaySince ?? now
      if (passed(awaySince, now) >= policy.clearsAfterMs)
        decided.resolved.push({ ...alarm, awaySince, resolvedAt: now })
      else decided.kept.push({ ...alarm, awaySince })
    }
  }
  for (const { standsForMs, ...found } of seen.values())
    keep(
      { ...found, since: now, raisedAt: null, awaySince: null, resolvedAt: null },
      standsForMs ?? policies[found.code].standsForMs,
    )
  return decided
}

const passed = (from: Temporal.Instant, to: Temporal.Instant) => to.epochMilliseconds - from.epochMilliseconds
