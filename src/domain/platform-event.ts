/** How an event reached us: over the Stream, as a callback, or out of the platform's list of undelivered ones. */
export type EventVia = 'stream' | 'http' | 'failedList'

/** What a platform told us, word for word and decrypted, before anybody believed it. */
export type PlatformEvent = {
  via: EventVia
  /** The platform's own number of the event; null where it gives none, and its content tells it apart. */
  eventId: string | null
  /** The platform's literal, e.g. `attendance_check_record`; empty where the body names none. */
  type: string
  /** As received, at most 1 MiB. */
  body: string
  at: Temporal.Instant
}

/**
 * What an event may mean. Hints shrink or reorder sweeps; they never replace the closing sweep and are never facts: an
 * event may be late, doubled, missing or about somebody we do not know.
 */
export type EventHint =
  /** `day` (`YYYY-MM-DD`): the verdict on that work date changed, which the punches alone may not show. */
  | { kind: 'punch'; userIds: string[]; at: Temporal.Instant | null; day?: string }
  | { kind: 'contacts'; userIds: string[] }
  | { kind: 'userIdChanged'; from: string; to: string }
  | { kind: 'schedule'; userIds: string[] }
  | { kind: 'approval'; userIds: string[] }
  | { kind: 'other' }

/** Keeps an event for good before it is acknowledged; `known` when the same one was kept in the last 24 hours. */
export type KeepEvent = (event: PlatformEvent) => Promise<'kept' | 'known'>
