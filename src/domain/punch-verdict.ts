import type { PunchOrigin, SourcePunch } from '#domain/punch.ts'

/**
 * What a platform thinks of one planned slot of one person's day. It may change without a new punch: an administrator, an
 * approval or another schedule is enough.
 */
export type PunchVerdict = {
  /** The planned slot's own number; another schedule means other numbers. The result's where it names no slot. */
  externalId: string
  userId: string
  /** The day it counts for, which may be the day before the punch. */
  workDate: Temporal.PlainDate
  /** Null where the platform does not say which end of the work it is about. */
  slot: SourcePunch['slot']
  /** The punch it was given for, by `SourcePunch.externalId`; null where nobody punched, or the platform names none. */
  punchId: string | null
  /** Whole seconds; null where nobody punched. */
  at: Temporal.Instant | null
  /** In the platform's own words, e.g. `迟到 外勤`. */
  result: string | null
  /** The slot passed without a punch. */
  isMissing: boolean
  /** `correction` or `approval` when it is no longer what the punch alone would give. */
  origin: PunchOrigin
}
