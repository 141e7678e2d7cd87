import type { RosterDoubt } from './doubt-roster.ts'
import type { UnknownBecause } from './freshness.ts'
import type { PlatformName } from './ids.ts'
import type { RosterChangeKind } from './roster-changes.ts'

/** What one run did, as `sync --json` prints it. Counts are punches and deliveries of the window unless said otherwise. */
export type SyncReport = {
  route: string
  /** RFC 3339 with offset. */
  window: { from: string; to: string }
  /** Source-side persons in the route's scope. */
  people: { linked: number; suggested: number; conflicting: number; unmatched: number }
  punches: {
    /** Distinct source punches returned, voids included; = fresh + unchanged + revised. */
    read: number
    fresh: number
    unchanged: number
    revised: number
    /** Never to travel. */
    skipped: { void: number; echo: number; merged: number; tooOld: number; future: number }
    /** Rows returned although not asked for, dropped; rows that could not be read, kept and shown. */
    outside: number
    unreadable: number
  }
  deliveries: {
    /** Owed when writing began. */
    planned: number
    /** Records sent in this run. */
    written: number
    verified: number
    held: number
    refused: number
    inDoubt: number
    alreadyThere: number
    heldBecause: Record<string, number>
    inDoubtBecause: Record<string, number>
  }
  /** Where a route goes both ways, each way by itself; all else are totals. */
  byDirection?: Record<
    string,
    Omit<SyncReport, 'route' | 'window' | 'byDirection' | 'contacts' | 'freshness'>
  >
  calls: Record<string, Record<string, number>>
  leastCalls: Record<string, Record<string, number>>
  durationMs: number
  /**
   * What is known after it: everything up to `completeTo` for `completeFor` of `of` persons, the others counted by what
   * keeps it from being known. Absent in a rehearsal.
   */
  freshness?: {
    completeTo: string | null
    completeFor: number
    of: number
    unknownBecause: Partial<Record<UnknownBecause, number>>
  }
  /** What the roster reads of this run changed, or why one was not believed; absent when there is nothing to tell. */
  contacts?: {
    connection: string
    platform: PlatformName
    import: number | null
    counts: Partial<Record<RosterChangeKind, number>>
    /** Changes that want a person's eye. */
    uncertain: number
    doubt: RosterDoubt | null
  }[]
}
