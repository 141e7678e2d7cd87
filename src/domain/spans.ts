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
  const seconds = pieceSeconds(span, days)
  for (let start = epochSecond(span.from); start <= end; start += seconds)
    pieces.push({
      from: fromEpochSecond(start),
      to: fromEpochSecond(Math.min(end, start + seconds - 1)),
    })
  return pieces
}

/**
 * The longest piece, less a second where that makes no further one: a platform that leaves the end of a window out can
 * then be asked for a second more, and none is lost between two pieces.
 */
function pieceSeconds({ from, to }: Span, days: number): number {
  const total = epochSecond(to) - epochSecond(from) + 1
  const longest = days * daySeconds
  return total <= Math.ceil(total / longest) * (longest - 1) ? longest - 1 : longest
}

/**
 * Cuts a long span into parts that are worked through one after the other, so that memory does not grow with its length:
 * each as long as one read of the target serves (`longestDays`) and, the last one aside, a whole number of reads of the
 * source (`stepDays`), so that no call is spent on the cutting.
 */
export function cutInParts(span: Span, stepDays: number, longestDays: number): Span[] {
  const partSeconds = Math.max(1, Math.floor(longestDays / stepDays)) * pieceSeconds(span, stepDays)
  const parts: Span[] = []
  const end = epochSecond(span.to)
  let start = epochSecond(span.from)
  for (; end - start >= longestDays * daySeconds; start += partSeconds)
    parts.push({ from: fromEpochSecond(start), to: fromEpochSecond(start + partSeconds - 1) })
  if (start <= end) parts.push({ from: fromEpochSecond(start), to: span.to })
  return parts
}

/** Days a span counts for when calls are counted: started days, at least one. */
export const daysOf = (span: Span): number =>
  Math.max(1, Math.ceil((epochSecond(span.to) - epochSecond(span.from) + 1) / daySeconds))
