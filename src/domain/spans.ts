/** A stretch of instants, both ends inclusive, whole seconds. */
export type Span = { from: Temporal.Instant; to: Temporal.Instant }

const daySeconds = 86_400

export const epochSecond = (instant: Temporal.Instant): number => Math.floor(instant.epochMilliseconds / 1000)
export const fromEpochSecond = (second: number): Temporal.Instant =>
  Temporal.Instant.fromEpochMilliseconds(second * 1000)

/**
 * Cuts a span into the fewest pieces of at most `days` days (each at most `days` × 24 h − 1 s long, so that it touches
 * no more than the allowed number of dates), without gap or overlap.
 */
export function cutSpan(span: Span, days: number): Span[] {
  const pieces: Span[] = []
  const end = epochSecond(span.to)
  for (let start = epochSecond(span.from); start <= end; start += days * daySeconds)
    pieces.push({
      from: fromEpochSecond(start),
      to: fromEpochSecond(Math.min(end, start + days * daySeconds - 1)),
    })
  return pieces
}

/**
 * Cuts a long span into parts that are worked through one after the other, so that memory does not grow with its length:
 * each as long as one read of the target serves (`longestDays`) and, the last one aside, a whole number of reads of the
 * source (`stepDays`), so that no call is spent on the cutting.
 */
export function cutInParts(span: Span, stepDays: number, longestDays: number): Span[] {
  const partDays = Math.max(1, Math.floor(longestDays / stepDays)) * stepDays
  const parts: Span[] = []
  const end = epochSecond(span.to)
  let start = epochSecond(span.from)
  for (; end - start >= longestDays * daySeconds; start += partDays * daySeconds)
    parts.push({ from: fromEpochSecond(start), to: fromEpochSecond(start + partDays * daySeconds - 1) })
  if (start <= end) parts.push({ from: fromEpochSecond(start), to: span.to })
  return parts
}

/** Days a span counts for when calls are counted: started days, at least one. */
export const daysOf = (span: Span): number =>
  Math.max(1, Math.ceil((epochSecond(span.to) - epochSecond(span.from) + 1) / daySeconds))
