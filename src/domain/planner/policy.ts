/** A moment of the day by which everybody's punches up to `toleranceMinutes` earlier must have been read. */
export type PeakRow = {
  name: string
  /** `HH:MM`, Asia/Shanghai. */
  freshBy: string
  toleranceMinutes: number
  /** The day from which the row holds; of two rows of one name the newer holds. */
  validFrom: string
}

/** What the planner aims at and how it saves. All of it is settable; the numbers that have a reason give it. */
export type PlanPolicy = {
  /** Most important first: when calls are short the last one is given up first. */
  peaks: readonly PeakRow[]
  /** Days of the week without peaks that matter (1 = Monday): their peaks are given up before any other. */
  restDays: readonly number[]
  /** Of the month's quota, kept for repair by hand and for what nobody foresaw; only closing sweeps may touch it. */
  reserveShare: number
  closing: {
    /** `HH:MM` of the next morning, by which a day's closing sweep has run. */
    by: string
    /** A day is given this long after midnight to settle; in between the measured lateness decides. */
    settleAtLeastMs: number
    settleAtMostMs: number
    /** Never more days than this between two sweeps of everybody while calls are left. */
    longestGapDays: number
    /** Days of the month that always have one: the month before is paid by what they find. */
    monthEndRechecks: readonly number[]
    /** The day of the week whose closing looks as far back as the latest uploads. */
    deepOn: number
  }
  poll: {
    leastMs: number
    /** Where nothing is metered and nobody wished. */
    unmeteredMs: number
    /** An hour outside the working day is worth this much of one inside when spare calls are spread. */
    offHoursWeight: number
    workingDay: { from: string; until: string }
    /** Events spend spare calls no faster than this share of them would last the month. */
    hintShare: number
  }
  /** Events are collected this long, so that those of one rush share a call. */
  hintBatchMs: number
  /** Looking at those named takes about so long before anything is written of them. */
  hintLeadMs: number
  hintLookBackMs: number
  /** Of the days that events name so many are asked about at once: each takes a call, and all the others wait for them. */
  hintDaysAtMost: number
  /** Metered deliveries wait for company at most so long: looking before and after costs a call per batch. */
  deliveryBatchMs: number
  /** Estimate of a sweep's duration, for starting in time. */
  msPerCall: number
  msPerPerson: number
  marginMs: number
  /** A peak missed by more than this is past: the next sweep serves as well. */
  peakStaleMs: number
  contactsEveryMs: number
  /** A retry further ahead than this was set by a wrong clock. */
  longestRetryMs: number
  /** A last sweep that lies further ahead than this was recorded by a wrong clock. */
  clockToleranceMs: number
  longestWaitMs: number
  leastWaitMs: number
}

const minute = 60_000
const hour = 60 * minute

export const defaultPolicy: PlanPolicy = {
  peaks: [
    { name: 'morning', freshBy: '09:45', toleranceMinutes: 15, validFrom: '2026-01-01' },
    { name: 'evening', freshBy: '18:45', toleranceMinutes: 15, validFrom: '2026-01-01' },
  ],
  restDays: [6, 7],
  // The contract's own advice: at least a fifth for repair pulls and writes.
  reserveShare: 0.2,
  closing: {
    by: '05:00',
    settleAtLeastMs: 10 * minute,
    settleAtMostMs: 3 * hour,
    longestGapDays: 6,
    monthEndRechecks: [1, 3],
    deepOn: 1,
  },
  poll: {
    leastMs: 5 * minute,
    unmeteredMs: 5 * minute,
    offHoursWeight: 0.25,
    workingDay: { from: '07:00', until: '22:00' },
    hintShare: 0.5,
  },
  hintBatchMs: 300,
  hintLeadMs: 500,
  hintLookBackMs: 2 * hour,
  hintDaysAtMost: 10,
  deliveryBatchMs: 30 * minute,
  msPerCall: 100,
  msPerPerson: 5,
  marginMs: 5 * minute,
  peakStaleMs: 2 * hour,
  contactsEveryMs: 24 * hour,
  longestRetryMs: 32 * 24 * hour,
  clockToleranceMs: 10 * minute,
  longestWaitMs: hour,
  leastWaitMs: 100,
}
