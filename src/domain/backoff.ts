/** The first wait after a failure, and the longest. */
const firstSeconds = 5
const longestSeconds = 1_800

/** The wait after the n-th failure in a row (n ≥ 1), ms: 5 s doubling to 30 min, ±20 % so that retries spread. */
export function backoffMs(attempt: number, chance: () => number): number {
  const seconds = Math.min(firstSeconds * 2 ** (attempt - 1), longestSeconds)
  return Math.round(seconds * 1_000 * (0.8 + 0.4 * chance()))
}
