/** What a route wrote lately, all its ways together. */
export type Writes = {
  /** Records whose call the platform accepted. */
  written: number
  /** Source punches that caused them, each counted once, however often it was written. */
  punches: number
  /** Of the deliveries, those whose source punch is, by ledger or mark, a record that we wrote ourselves. */
  echoes: number
  /** The most records of one account for one day. */
  mostOfOneDay: number
}

/** From where on writing is no work any more but a loop. Ours, to be changed here. */
export type BrakePolicy = {
  /** Fewer records than this prove nothing. */
  leastWritten: number
  /** A punch is written once; once more after a clean miss; what goes beyond goes round in a circle. */
  mostPerPunch: number
  /** Nobody punches every quarter of an hour, day and night. */
  mostOfOneDay: number
}

export const brakePolicy: BrakePolicy = { leastWritten: 20, mostPerPunch: 2, mostOfOneDay: 96 }

/** How far back is counted. */
export const brakeHours = 24

/** Whether a route must stop writing: every call succeeds, and still it goes round in a circle. */
export function isLoop(
  { written, punches, echoes, mostOfOneDay }: Writes,
  policy: BrakePolicy = brakePolicy,
): boolean {
  if (mostOfOneDay > policy.mostOfOneDay) return true
  if (written < policy.leastWritten) return false
  return written > policy.mostPerPunch * punches || echoes >= policy.leastWritten
}
