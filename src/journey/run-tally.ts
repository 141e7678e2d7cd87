import type { SkipReason } from '#domain/decide-delivery.ts'
import type { ReadTrouble } from '#domain/freshness.ts'
import type { PlatformName } from '#domain/ids.ts'
import { leastCalls } from '#domain/least-calls.ts'
import { emptyLateness, type LatenessModel, latenessOf, withSamples } from '#domain/planner/lateness.ts'
import { daysOf } from '#domain/spans.ts'
import type { LegRow } from '#store/legs.ts'
import type { Comparison } from './2-normalise.ts'
import { isOpen } from './4-decide.ts'
import type { Journey, Traveller } from './context.ts'
import type { GroupResult } from './decide-group.ts'

/** What a run counts while it goes. */
export type Tally = {
  punches: {
    read: number
    fresh: number
    unchanged: number
    revised: number
    outside: number
    unreadable: number
  }
  planned: number
  written: number
  /** Keys of people the target was read for, and of people who were sent something. */
  readers: Set<string>
  receivers: Set<string>
  /** Of whom the source did not tell everything, by account key. */
  troubles: Map<string, ReadTrouble>
  /** The way as it was before this run; undefined before the first sweep. */
  leg: LegRow | undefined
  /** How late fresh punches came to light. */
  lateness: LatenessModel
  /** A rehearsal's own count of decisions, by kind and reason. */
  decisions: Map<string, number>
}

/** A run that has done nothing yet. */
export const emptyTally = (leg: LegRow | undefined): Tally => ({
  leg,
  lateness: emptyLateness,
  punches: { read: 0, fresh: 0, unchanged: 0, revised: 0, outside: 0, unreadable: 0 },
  planned: 0,
  written: 0,
  readers: new Set(),
  receivers: new Set(),
  troubles: new Map(),
  decisions: new Map(),
})

/** Adds what a group decided. */
export function count(tally: Tally, { decided, readers, waiting }: GroupResult): void {
  for (const key of readers) tally.readers.add(key)
  tally.planned += waiting
  for (const { item, decision } of decided) {
    const name = 'because' in decision ? `${decision.kind}.${decision.because}` : decision.kind
    tally.decisions.set(name, (tally.decisions.get(name) ?? 0) + 1)
    if (decision.kind !== 'deliver') continue
    tally.planned++
    tally.receivers.add(item.traveller.key)
  }
}

/** The least number of data calls this run could have used, by platform and call name. */
export function leastCallsOf(
  journey: Journey,
  travellers: Traveller[],
  tally: Tally,
): Record<PlatformName, Record<string, number>> {
  const { source, target } = journey
  const days = daysOf(journey.window)
  const least = leastCalls({
    people: travellers.length,
    readers: tally.readers.size,
    receivers: tally.receivers.size,
    days,
    written: journey.isRehearsal ? tally.planned : tally.written,
    source: { people: source.platform.batch.readPeople, days: source.platform.batch.readDays },
    target: {
      people: target.platform.batch.readPeople,
      days: target.platform.batch.readDays,
      records: target.platform.batch.writeRecords,
    },
  })
  return {
    [source.platform.name]: { [source.platform.callNames.read]: least.read },
    [target.platform.name]: {
      [target.platform.callNames.read]: least.readBack,
      [target.platform.callNames.write]: least.write,
    },
  } as Record<PlatformName, Record<string, number>>
}

/**
 * How late new punches came to light: only what the last sweep should have shown is late. The first sweep teaches
 * nothing: it finds what nobody has looked for.
 */
export function countLateness(tally: Tally, { compared }: Comparison, now: Temporal.Instant): void {
  const { leg } = tally
  if (!leg?.sweptTo) return
  const { sweptTo, sweptAt } = leg
  const fresh = compared.filter(({ known, punch }) => !known && !punch.isVoid)
  tally.lateness = withSamples(
    tally.lateness,
    fresh.map(({ punch }) =>
      latenessOf({
        punchedAt: punch.at,
        landedAt: null,
        missedAt: Temporal.Instant.compare(punch.at, sweptTo) <= 0 ? sweptAt : null,
        seenAt: now,
      }),
    ),
  )
}

/** Adds a punch that needs no decision. */
export function countSkip(tally: Tally, because: SkipReason): void {
  tally.decisions.set(`skip.${because}`, (tally.decisions.get(`skip.${because}`) ?? 0) + 1)
}

/** A rehearsal has no ledger to count at the end: what is settled is counted as it is met. */
export function countSettled(tally: Tally, comparison: Comparison): void {
  const add = (state: string, count: number) =>
    tally.decisions.set(state, (tally.decisions.get(state) ?? 0) + count)
  for (const [state, count] of Object.entries(comparison.settledStates)) add(state, count)
  for (const { known } of comparison.compared)
    if (known?.delivery && !isOpen(known.delivery)) add(known.delivery.state, 1)
}
