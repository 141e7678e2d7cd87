import type { FailureCode } from './failures.ts'

/** What is known about one connection's Stream, for freshness, metrics and alarms. Counts since it was started. */
export type StreamHealth = {
  /** Sockets that are open and being delivered to. */
  connections: number
  /** Sockets there should be. */
  wanted: number
  startedAt: Temporal.Instant
  /** The last sign of life of any kind, and the last event that was kept. */
  lastHeardAt: Temporal.Instant | null
  lastEventAt: Temporal.Instant | null
  /** Why the latest attempt to connect failed; null since one succeeded. */
  failing: FailureCode | null
  /** Lines that were opened after the first of their place. */
  reconnects: number
  /** Frames that are no frames, binary and oversized ones included. */
  rubbish: number
  /** Attempts to connect that the platform refused, or that failed on the way. */
  refused: number
  kept: number
  /** Events that came again. */
  known: number
  /** Events answered `LATER`: they could not be kept then, and come again. */
  later: number
  /** Events of another organisation: answered, not kept. */
  misaddressed: number
}

/** A Stream that is about to begin. */
export const freshStream = (wanted: number, startedAt: Temporal.Instant): StreamHealth => ({
  ...{ connections: 0, wanted, startedAt, lastHeardAt: null, lastEventAt: null, failing: null },
  ...{ reconnects: 0, rubbish: 0, refused: 0, kept: 0, known: 0, later: 0, misaddressed: 0 },
})
