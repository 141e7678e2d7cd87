import { dayZone } from './window.ts'

/** How scheduled backups are spaced; hours. */
export const backupRules = {
  /** Asia/Shanghai: away from the two peaks of the day, and from the full hour. */
  hour: 3,
  minute: 17,
  /** After a failure it is tried again so much later. */
  retryHours: 1,
  /** A backup older than this many spaces between two is too old. */
  tooOldAfter: 1.5,
  /** So long after its start a process says nothing of a backup that is missing: it is about to make one. */
  graceHours: 1,
} as const

const hourMs = 3_600_000
const stampOf = /^qintong-(\d{8}T\d{6}Z)\.backup(\.part)?$/
/** What every backup time is so many whole spaces away from. */
const firstTime = Temporal.PlainDateTime.from({ year: 2026, month: 1, day: 1, ...backupRules })
  .toZonedDateTime(dayZone)
  .toInstant().epochMilliseconds

/**
 * Is there something to do? Once for every time of the schedule, every `everyHours` (0: never); what was missed is made
 * good once.
 */
export function isBackupDue(ask: {
  now: Temporal.Instant
  everyHours: number
  /** Of the latest good backup. */
  lastAt: Temporal.Instant | null
  /** When the latest attempt failed; null when it worked. */
  failedAt: Temporal.Instant | null
}): boolean {
  if (ask.everyHours === 0) return false
  const now = ask.now.epochMilliseconds
  if (ask.failedAt && now - ask.failedAt.epochMilliseconds < backupRules.retryHours * hourMs) return false
  const space = ask.everyHours * hourMs
  const latestTime = firstTime + Math.floor((now - firstTime) / space) * space
  return ask.lastAt === null || ask.lastAt.epochMilliseconds < latestTime
}

/** The age at which the latest backup is too old, milliseconds; null when none are scheduled. */
export const backupMaxAgeMs = (everyHours: number): number | null =>
  everyHours === 0 ? null : everyHours * hourMs * backupRules.tooOldAfter

/** Had a process that started at `since` the time to make one? */
export const hadTimeForBackup = (since: Temporal.Instant, now: Temporal.Instant): boolean =>
  now.epochMilliseconds - since.epochMilliseconds >= backupRules.graceHours * hourMs

/** What the scheduled backup of a moment is called; names sort by time. */
export const backupName = (at: Temporal.Instant): string =>
  `qintong-${at.toString({ smallestUnit: 'second' }).replace(/[-:]/g, '')}.backup`

/** Of a folder's files: the time of the latest good backup, the ones beyond `keep`, and what was never finished. */
export function sortBackups(
  files: readonly string[],
  keep: number,
): { lastAt: Temporal.Instant | null; outdated: string[]; unfinished: string[] } {
  const ours = files.filter((file) => stampOf.test(file))
  const unfinished = ours.filter((file) => file.endsWith('.part'))
  const good = ours.filter((file) => !file.endsWith('.part')).toSorted()
  const latest = good.at(-1)?.match(stampOf)?.[1]
  return {
    lastAt: latest ? Temporal.Instant.from(latest) : null,
    outdated: good.slice(0, Math.max(0, good.length - keep)),
    unfinished,
  }
}
