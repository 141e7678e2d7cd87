/** How we keep a Stream: everything that is a number and a matter of judgement. */
export const streamHabits = {
  /** The largest frame taken in; a larger one ends its socket before it is held in memory. */
  frameBytes: 1024 * 1024,
  /** Longest wait for the WebSocket to open. */
  openMs: 10_000,
  /** Between two looks at a socket; each look asks it for a sign of life. */
  lookEveryMs: 30_000,
  /** Looks in a row without any sign of life: the socket is dead. 90 s, as operators report; 8 s cut healthy ones. */
  deadAfterLooks: 3,
  /** Looks in a row with pongs but without one frame: open, and forgotten by the platform. Ten minutes. */
  muteAfterLooks: 20,
  /** Events of one socket being kept at the same time; what comes beyond is put off. */
  keepingAtOnce: 100,
  /** The platform closes ten seconds after its `disconnect`; we wait no longer for answers that are still owed. */
  graceMs: 10_000,
  /** A socket that lived this long was a good one: the next attempt starts from a clean slate. */
  steadyAfterMs: 30_000,
  /** Between attempts: `first` doubling up to `most`, and up to `jitter` more by chance. */
  retryMs: { first: 1_000, most: 60_000, jitter: 1_000 },
  /** The same where the platform refused us: only a person can change that, and asking often is held against us. */
  refusedMs: { first: 60_000, most: 300_000, jitter: 10_000 },
} as const

/** The habits, so that a test or the simulation may have other numbers. */
export type StreamHabits = {
  [K in keyof typeof streamHabits]: (typeof streamHabits)[K] extends number
    ? number
    : { first: number; most: number; jitter: number }
}
