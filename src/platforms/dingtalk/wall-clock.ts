const shanghaiOffsetMs = 8 * 3_600_000

/** Wall-clock text at +08:00 as DingTalk wants it, `yyyy-MM-dd HH:mm:ss`, whatever this machine's zone is. */
export const toWallClock = (at: Temporal.Instant): string =>
  // an instant moved by the offset reads, as UTC, what a clock in Shanghai shows
  new Date(at.epochMilliseconds + shanghaiOffsetMs).toISOString().slice(0, 19).replace('T', ' ')

/** Epoch milliseconds of wall-clock text at +08:00 (`yyyy-MM-dd`, with or without a time); null when it is none. */
export function fromWallClock(text: string): number | null {
  const wall = /^\s*(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?\s*$/.exec(text)
  if (!wall) return null
  const [year, month, day, hour, minute, second] = wall.slice(1).map((digits) => Number(digits ?? 0))
  return Date.UTC(year!, month! - 1, day, hour, minute, second) - shanghaiOffsetMs
}
