import { nextReading } from '#domain/freshness.ts'
import { mergeLateness } from '#domain/planner/lateness.ts'
import type { Span } from '#domain/spans.ts'
import { saveSweep } from '#store/legs.ts'
import { readReadings, saveReadings } from '#store/readings.ts'
import { type Journey, legOf, type Traveller } from './context.ts'
import type { Tally } from './run-tally.ts'
import { settleHints } from './settle-hints.ts'

/**
 * Keeps a finished sweep: moves the watermark, and keeps of whom it is not true. Both or neither, under the fence, so
 * that "complete up to" is never later than what was read.
 */
export async function keepReadings(
  journey: Journey,
  travellers: Traveller[],
  { troubles, leg, lateness }: Pick<Tally, 'troubles' | 'leg' | 'lateness'>,
  startedAt: Temporal.Instant,
): Promise<void> {
  const { window, clock, lanes } = journey
  const before = leg?.completeTo ?? null
  const isFurther = before === null || Temporal.Instant.compare(window.to, before) > 0
  const after = isFurther ? window.to : before
  const isHole = before !== null && Temporal.Instant.compare(window.from, before.add({ seconds: 1 })) > 0
  const where = legOf(journey)
  await journey.database.transaction(async (tx) => {
    await lanes!.guard(tx)
    const kept = await readReadings(tx, where, {
      keys: travellers.map((traveller) => traveller.key),
      troubled: [...troubles.keys()],
      from: window.from,
      isEveryone: isHole,
    })
    const readings = kept.map(({ key, known }) => ({
      key,
      ...nextReading(known, { window, before, after, trouble: troubles.get(key) ?? null }),
    }))
    const now = clock.now()
    await settleHints(tx, journey, { startedAt, now })
    if (readings.length > 0) await saveReadings(tx, where, readings, now)
    await saveSweep(tx, where, {
      to: window.to,
      startedAt,
      finishedAt: now,
      lateness: mergeLateness({ counts: leg?.lateness ?? [] }, lateness).counts,
      isLatest: !isBehind(window, leg, startedAt),
    })
  })
}

/**
 * An old window that somebody asked for again closes no day of today. A last sweep that ends in the future was told by a
 * wrong clock: whatever comes after it counts.
 */
function isBehind({ to }: Span, leg: Tally['leg'], startedAt: Temporal.Instant): boolean {
  if (!leg?.sweptTo || Temporal.Instant.compare(leg.sweptTo, startedAt) > 0) return false
  return Temporal.Instant.compare(to, leg.sweptTo) < 0
}
