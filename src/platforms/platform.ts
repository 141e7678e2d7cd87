import type { Failure } from '#domain/failures.ts'
import type { PlatformName } from '#domain/ids.ts'
import type { Account } from '#domain/person.ts'
import type { PlatformEvent } from '#domain/platform-event.ts'
import type { PunchToWrite, SourcePunch } from '#domain/punch.ts'
import type { PunchVerdict } from '#domain/punch-verdict.ts'

/** What the journey asks of any platform. Every method may throw a FailureError; nothing else is expected. */
export interface Platform {
  readonly name: PlatformName
  /** An administrator may give an account another user id. */
  readonly mayChangeUserIds: boolean
  /** Documented batch limits: people and days in one read, records in one write (0 = this connector cannot write yet). */
  readonly batch: { readPeople: number; readDays: number; writeRecords: number }
  /** Last path segments of the data calls, for counting: `{ read: 'listRecord', write: 'add_checkin_record' }`. */
  readonly callNames: { read: string; write: string }
  /** Documented rate of the data calls, by call name, for saying how long something takes. */
  readonly callsPerSecond: Record<string, number>

  /** Punches of that time are known to be left out of what is read, although they are there. Absent: of no time. */
  mayHide?(at: Temporal.Instant): boolean
  /** Reads give one row for each punch: none is hidden behind the winner of its slot. Absent where nobody knows. */
  readonly showsEveryPunch?: true

  /** Where look-ups of mobiles that nobody has are barred, as a share of the head-count. */
  readonly wrongLookups: { shareOfHeadCount: number }

  /** Every account this app may see, once each, however many departments it is in. */
  readRoster(): Promise<Account[]>
  /** What became of an account that the roster does not list any more. One call. */
  standingOf(userId: string): Promise<Standing>
  /** How many accounts there are, whatever this app may see; null where the platform would not say. */
  countMembers(): Promise<number | null>
  /**
   * Punches of these people at instants in [from, to], whole seconds, both ends inclusive.
   * Rows of people or instants that were not asked for are dropped and counted in `outside`.
   * Unknown people: no rows, or FailureError `platform.person-refused` for the whole call (WeCom 301021).
   */
  readPunches(ask: { userIds: string[]; from: Temporal.Instant; to: Temporal.Instant }): Promise<PunchesRead>
  /**
   * Verdicts on these people's planned slots, by the day they count for, both ends inclusive: at most `batch.readPeople`
   * people and `batch.readDays` days. Every fifty slots take a call. Absent where punches carry their verdict themselves.
   */
  readVerdicts?(ask: {
    userIds: string[]
    from: Temporal.PlainDate
    to: Temporal.PlainDate
  }): Promise<VerdictsRead>
  /** All the platform knows of one person's day, in one call: the dearest way to read many, the cheapest for one. */
  readDay?(ask: { userId: string; day: Temporal.PlainDate }): Promise<DayRead>
  /**
   * Punches of machines that reached the platform within [from, to], at most 28 days apart, whenever they were made: what
   * came late, for at most `batch.readPeople` people. They say less than `readPunches` does, so only what the ledger does
   * not know yet is news. Unknown people: no rows.
   */
  readLateUploads?(ask: {
    userIds: string[]
    from: Temporal.Instant
    to: Temporal.Instant
  }): Promise<PunchesRead>
  /**
   * One call of at most `batch.writeRecords` records. Never retried inside when the outcome is unknown; never sent after
   * `notAfter`.
   */
  writePunches(records: PunchToWrite[], notAfter?: Temporal.Instant): Promise<WriteAnswer>
  /** The user id that owns this mobile number (E.164) or null. Spends the platform's patience: see the contracts. */
  findByMobile(mobile: string): Promise<string | null>
  /**
   * A page of the events that the platform could not deliver; absent where it keeps none. Destructive: each call deletes
   * what the one before it returned.
   */
  readFailedEvents?(): Promise<{ events: PlatformEvent[]; hasMore: boolean }>
  /** Readiness, cheapest first; stops at the first failure that makes the rest pointless. */
  check(): Promise<CheckItem[]>
}

/** `outOfRange`: the user exists, and this app may not see them. */
export type Standing = 'there' | 'outOfRange' | 'left'

export type PunchesRead = {
  punches: SourcePunch[]
  /** Rows of a slot that an approval filled; never overwritten (I: approvedSlot). */
  approvedSlots: { userId: string; plannedAt: Temporal.Instant }[]
  /** Planned slots without a punch (NotSigned, 未打卡): not punches, but they tell where the slots are. */
  emptySlots: { userId: string; plannedAt: Temporal.Instant; kind: 'in' | 'out' }[]
  /** Rows not asked for, dropped. */
  outside: number
  /** Rows that could not be read as a punch, kept verbatim and shown; `userId` as far as they name one. */
  unreadable: { row: unknown; userId: string | null; because: string }[]
  /** The answer's text as it arrived, for the raw store. */
  raw: string
}

export type VerdictsRead = {
  verdicts: PunchVerdict[]
  /** Rows not asked for, dropped. */
  outside: number
  unreadable: PunchesRead['unreadable']
  /** The answers' texts as they arrived, one page a line. */
  raw: string
}

export type DayRead = Omit<VerdictsRead, 'outside'> & {
  /** The raw punches behind the verdicts, void ones included; fewer details than `readPunches` gives. */
  punches: Pick<SourcePunch, 'externalId' | 'at' | 'isVoid' | 'voidReason'>[]
  /** Approved absences and overtime that touch the day. */
  approvals: { kind: 'overtime' | 'away' | 'leave' | 'other'; name: string; from: string; to: string }[]
}

/**
 * accepted: the platform said yes (no receipt exists: only a read-back proves it).
 * lost: nobody knows whether it was stored (time-out, reset, 5xx, -1, a ban page).
 * refused: the platform said no because of the data; part of the batch may still be stored.
 * notSent: it certainly never reached the data (gate closed, no token, no permission, rate limit, connection refused).
 */
export type WriteAnswer = { kind: 'accepted' } | { kind: 'lost' | 'refused' | 'notSent'; failure: Failure }

export type CheckItem = {
  /** Stable, e.g. `token`, `ip`, `contacts`, `attendance.read`, `attendance.write`, `clock`, `quota`. */
  code: string
  status: 'pass' | 'warn' | 'fail'
  /** Facts for messages/ to turn into title and hint; null when it passed. */
  failure: Failure | null
  /** Facts for messages/: the exact console page and permission. */
  where: string
}
