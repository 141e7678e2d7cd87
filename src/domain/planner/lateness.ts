/**
 * How long punches take to land at their platform (landed − punched), as counts in fixed buckets. Its size never grows;
 * two models of one source are merged by adding.
 */
export type LatenessModel = { readonly counts: readonly number[] }

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Upper ends of the buckets, milliseconds, included; what took longer than the last is counted there. */
export const latenessBucketsMs: readonly number[] = [
  minute,
  5 * minute,
  15 * minute,
  hour,
  4 * hour,
  12 * hour,
  day,
  2 * day,
  3 * day,
  5 * day,
  6 * day,
  10 * day,
  13 * day,
  20 * day,
  34 * day,
  90 * day,
  180 * day,
]

/**
 * What is believed of a source nobody has measured: phones land at once, a few machines upload in the evening, one in
 * a thousand lands within three days. It weighs as much as a thousand punches and so fades within a week of data.
 */
const priorCounts: readonly number[] = [940, 30, 10, 8, 5, 3, 2, 1, 1]

/** Of late uploads that matter, all but one in a thousand lie within the look-back. */
export const lookBackQuantile = 0.999
/** By then a day has settled enough to be closed. */
export const settledQuantile = 0.99

export const emptyLateness: LatenessModel = { counts: latenessBucketsMs.map(() => 0) }

/**
 * The lateness of one punch as far as it can be known, milliseconds. `landedAt`: the platform's own word, where it gives
 * one. Without it a punch is late only when an earlier read covered its instant and did not show it (`missedAt`, the
 * newest such read), and then by no more than `seenAt` says: waiting for our own sweep is not lateness.
 */
export function latenessOf(punch: {
  punchedAt: Temporal.Instant
  landedAt: Temporal.Instant | null
  missedAt: Temporal.Instant | null
  seenAt: Temporal.Instant
}): number {
  const landed = punch.landedAt ?? (punch.missedAt ? punch.seenAt : punch.punchedAt)
  return Math.max(0, landed.epochMilliseconds - punch.punchedAt.epochMilliseconds)
}

/** The model with these samples in it, milliseconds each. */
export function withSamples(model: LatenessModel, samplesMs: Iterable<number>): LatenessModel {
  const counts = latenessBucketsMs.map((_, i) => countAt(model, i))
  for (const ms of samplesMs) counts[bucketOf(ms)]! += 1
  return { counts }
}

/** Both together. */
export const mergeLateness = (a: LatenessModel, b: LatenessModel): LatenessModel => ({
  counts: latenessBucketsMs.map((_, i) => countAt(a, i) + countAt(b, i)),
})

/** The same shape with less weight, so that a source that changed is believed: `share` of it stays. */
export const fadeLateness = (model: LatenessModel, share: number): LatenessModel => ({
  counts: latenessBucketsMs.map((_, i) => countAt(model, i) * share),
})

/** The lateness that this share of punches does not exceed, milliseconds, rounded up to a bucket's end; prior included. */
export function latenessAt(model: LatenessModel, quantile: number): number {
  const weights = latenessBucketsMs.map((_, i) => countAt(model, i) + (priorCounts[i] ?? 0))
  const wanted = weights.reduce((sum, weight) => sum + weight, 0) * quantile
  let seen = 0
  for (const [i, weight] of weights.entries()) {
    seen += weight
    if (seen >= wanted - 1e-6) return latenessBucketsMs[i]!
  }
  return latenessBucketsMs.at(-1)!
}

/** How far a sweep must look back over what was read before so that late punches are found, milliseconds. */
export const lookBackMs = (model: LatenessModel): number => latenessAt(model, lookBackQuantile)

/**
 * On which days after a day's end it must be read again, at least once each: when it has settled, and when the last of
 * its late punches have landed. Ascending, 1 and more.
 */
export function recheckDays(model: LatenessModel): number[] {
  const last = Math.max(1, Math.ceil(latenessAt(model, lookBackQuantile) / day))
  const settled = Math.max(1, Math.ceil(latenessAt(model, settledQuantile) / day))
  return [...new Set([1, settled, Math.min(3, last), last])].toSorted((a, b) => a - b)
}

const countAt = (model: LatenessModel, i: number): number => model.counts[i] ?? 0

function bucketOf(ms: number): number {
  const found = latenessBucketsMs.findIndex((end) => ms <= end)
  return found < 0 ? latenessBucketsMs.length - 1 : found
}
