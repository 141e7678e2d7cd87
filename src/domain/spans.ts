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

/** Days a span counts for when calls are counted: started days, at least one. */
export const daysOf = (span: Span): number =>
  Math.max(1, Math.ceil((epochSecond(span.to) - epochSecond(span.from) + 1) / daySeconds))
