/**
 * What comes in by the door: time and chance. Real ones are wired in main, virtual ones in the simulation.
 * Nothing else in the product may ask for the time or roll dice.
 */
export interface Clock {
  now(): Temporal.Instant
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** A number in [0, 1). */
export type Random = () => number

/** Milliseconds from `start` to now, whole. */
export const elapsedMs = (clock: Clock, start: Temporal.Instant): number =>
  clock.now().epochMilliseconds - start.epochMilliseconds

/** Resolves when the signal comes. */
export const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
