import type { Span } from './spans.ts'

/** What kept a run from reading all of one person; `detail` is the platform's code, or what could not be read. */
export type ReadTrouble = {
  /** `ownerless`: a row that could not be read and names nobody came in the answer about this person and others. */
  because: 'refused' | 'unreadable' | 'ownerless'
  detail: string
}

/** Why it is not known whether all of a person was read up to the route's watermark. */
export type UnknownBecause = 'never-read' | 'gap' | ReadTrouble['because']

/** What of one person was read on a route: everything in [from, to], without a hole. */
export type Reading = {
  /** Null: nothing yet without trouble. */
  from: Temporal.Instant | null
  /** Null: as far as the route's watermark, wherever that moves. */
  to: Temporal.Instant | null
  /** Null: nothing is amiss. */
  because: Exclude<UnknownBecause, 'never-read'> | null
  detail: string
}

/** One finished run, as far as one person is concerned. */
export type ReadRun = {
  window: Span
  /** The route's watermark before the run, and after it. */
  before: Temporal.Instant | null
  after: Temporal.Instant
  trouble: ReadTrouble | null
}

/** Both ends of a window count, so the next second is no hole. */
const nextSecond = { seconds: 1 }

/**
 * What is known of a person after a run. Never more than was read: trouble leaves the person where they were, and a clean
 * read counts only where it touches what was read before.
 */
export function nextReading(known: Reading | null, { window, before, after, trouble }: ReadRun): Reading {
  const from = known?.from ?? null
  const reach = from === null ? null : (known?.to ?? before)
  if (trouble) return { from, to: reach, ...trouble }
  if (from === null || reach === null) return upTo(window.from, window.to, after)
  const touches = !isAfter(window.from, reach.add(nextSecond)) && !isAfter(from, window.to.add(nextSecond))
  return touches ? upTo(earlier(from, window.from), later(reach, window.to), after) : upTo(from, reach, after)
}

const upTo = (from: Temporal.Instant, to: Temporal.Instant, watermark: Temporal.Instant): Reading =>
  isAfter(watermark, to)
    ? { from, to, because: 'gap', detail: '' }
    : { from, to: null, because: null, detail: '' }

const isAfter = (a: Temporal.Instant, b: Temporal.Instant) => Temporal.Instant.compare(a, b) > 0
const earlier = (a: Temporal.Instant, b: Temporal.Instant) => (isAfter(a, b) ? b : a)
const later = (a: Temporal.Instant, b: Temporal.Instant) => (isAfter(a, b) ? a : b)
