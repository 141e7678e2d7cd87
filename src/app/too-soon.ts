import type { ConnectionRow } from '#store/setup.ts'

/** A backup was put back, and what was written after it was made may not show yet: it would be written twice. */
export const isTooSoon = (
  { writesFrom }: Pick<ConnectionRow, 'writesFrom'>,
  now: Temporal.Instant,
): boolean => writesFrom !== null && Temporal.Instant.compare(now, writesFrom) < 0
