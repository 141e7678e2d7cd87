import { nextReading, type ReadTrouble } from '#domain/freshness.ts'
import { readReadings, saveReadings } from '#store/readings.ts'
import { moveWatermark, readWatermark } from '#store/setup.ts'
import type { Journey, Traveller } from './context.ts'

/**
 * Moves the watermark, and keeps of whom it is not true. Both or neither, under the fence, so that "complete up to" is
 * never later than what was read.
 */
export async function keepReadings(
  journey: Journey,
  travellers: Traveller[],
  troubles: ReadonlyMap<string, ReadTrouble>,
  startedAt: Temporal.Instant,
): Promise<void> {
  const { tenant, route, source, window, clock, lanes } = journey
  const where = { tenant, route: route.id, source: source.connection.id }
  const before = await readWatermark(journey.database.kysely, where)
  const isFurther = before === null || Temporal.Instant.compare(window.to, before) > 0
  const after = isFurther ? window.to : before
  const isHole = before !== null && Temporal.Instant.compare(window.from, before.add({ seconds: 1 })) > 0
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
    if (readings.length > 0) await saveReadings(tx, where, readings, clock.now())
    await moveWatermark(tx, where, window.to, startedAt)
  })
}
