import type { EventHint } from './platform-event.ts'
import { startOfDay } from './window.ts'

/** Somebody's day, of which more may have changed than the punches show. `day`: `YYYY-MM-DD`, Asia/Shanghai. */
export type NamedDay = { userId: string; day: string }

/** Each person's days that hints name, once each, in the order of the hints. */
export function namedDays(hints: readonly EventHint[]): NamedDay[] {
  const found = new Map<string, NamedDay>()
  for (const hint of hints)
    if (hint.kind === 'punch' && hint.day !== undefined)
      for (const userId of hint.userIds) found.set(`${hint.day} ${userId}`, { userId, day: hint.day })
  return [...found.values()]
}

/** The earliest second in which somebody may have punched by what these hints say; null where they name none. */
export function earliestNamed(hints: readonly EventHint[]): Temporal.Instant | null {
  const named = hints.flatMap((hint) => {
    if (hint.kind !== 'punch') return []
    return hint.at ?? (hint.day === undefined ? [] : startOfDay(Temporal.PlainDate.from(hint.day)))
  })
  return (
    named.toSorted(Temporal.Instant.compare)[0]?.round({ smallestUnit: 'second', roundingMode: 'floor' }) ??
    null
  )
}
