import { epochSecond, fromEpochSecond, type Span } from '#domain/spans.ts'
import { type At, dayMs, dayOf, startOf } from './calendar.ts'
import { lookBackMs } from './lateness.ts'
import type { LegState } from './types.ts'

/** Always looked back at least so far: what was being stored while the last sweep ran. */
const leastOverlapSeconds = 3_600
/** A closing of a source that takes more days a call than this reads no more than it must. */
const closingDays = 7
/**
 * WeCom leaves a punch just after midnight on the 1st out of windows that begin or end at midnight
 * (its contract, trap 3), so long windows begin at 04:00.
 */
const beginMs = 4 * 3_600_000

export type SweepAsk = {
  now: Temporal.Instant
  /** A day is being closed: look back as far as one call reaches. */
  isClosing: boolean
  /** Look back so far in any case; 0 for no case. */
  depthMs: number
  /** Windows longer than so many calls' days are read in parts, the earliest first. */
  mostSpans: number
}

/**
 * What one call reads for certain: a second less than its days, since nobody knows whether the end of a window is in it.
 * The second that is asked for beyond then fits into the days.
 */
const callSeconds = (readDays: number): number => readDays * 86_400 - 1

/** How many calls' worth of days a window is. */
export const spansOf = (window: Span, readDays: number): number =>
  Math.max(1, Math.ceil((epochSecond(window.to) - epochSecond(window.from) + 1) / callSeconds(readDays)))

/**
 * What a sweep asks for: from where the last one ended, less what may have landed late since; both ends whole seconds,
 * inclusive. Late punches never cost a call more here: the overlap ends where the next call would begin.
 */
export function sweepWindow(leg: LegState, ask: SweepAsk): Span {
  const { readDays } = leg.source
  const to = epochSecond(ask.now)
  const earliest = Math.max(ceilSecond(leg.since), ceilSecond(leg.readableFrom))
  const startOfCalls = (spans: number) => to - spans * callSeconds(readDays) + 1
  const reach = reachOf(leg, to)
  let from = reach === null ? earliest : reach - leastOverlapSeconds
  if (reach !== null) {
    const spans = Math.max(1, Math.ceil((to - from + 1) / callSeconds(readDays)))
    from = Math.max(startOfCalls(spans), Math.min(from, reach - Math.ceil(lookBackMs(leg.lateness) / 1000)))
  }
  if (ask.isClosing) from = Math.min(from, closingFrom(leg, to, startOfCalls(1)))
  const deepCalls = Math.ceil(ask.depthMs / (readDays * dayMs))
  const deep = Math.max(to - Math.ceil(ask.depthMs / 1000) + 1, startOfCalls(deepCalls))
  if (ask.depthMs > 0) from = Math.min(from, deep)
  from = Math.min(to, Math.max(earliest, from))
  const end = Math.min(to, from + Math.max(1, ask.mostSpans) * callSeconds(readDays) - 1)
  return { from: fromEpochSecond(from), to: fromEpochSecond(end) }
}

/** What to ask for people whom events named: the recent past, within what one call takes. */
export function hintedWindow(leg: LegState, now: Temporal.Instant, since: At, lookBack: number): Span {
  const to = epochSecond(now)
  const oneCall = to - callSeconds(leg.source.readDays) + 1
  const earliest = Math.max(oneCall, ceilSecond(leg.since), ceilSecond(leg.readableFrom))
  const from = Math.min(to, Math.max(earliest, Math.floor((since - lookBack) / 1000)))
  return { from: fromEpochSecond(from), to: fromEpochSecond(to) }
}

/** Everything before this second was read once; null: nothing yet. A reach in the future was a wrong clock. */
function reachOf({ lastSweep, source }: LegState, to: number): number | null {
  if (!lastSweep) return null
  const reach = epochSecond(lastSweep.to)
  return reach > to ? to - callSeconds(source.readDays) + 1 + leastOverlapSeconds : reach
}

function closingFrom({ lateness, source }: LegState, to: number, oneCall: number): number {
  if (source.readDays <= closingDays) return oneCall
  const days = Math.max(closingDays, Math.ceil(lookBackMs(lateness) / dayMs) + 1)
  const begin = startOf(dayOf(to * 1000) - days) + beginMs
  return Math.max(oneCall, Math.floor(begin / 1000))
}

const ceilSecond = (instant: Temporal.Instant) => Math.ceil(instant.epochMilliseconds / 1000)
