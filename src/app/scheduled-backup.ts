import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BackupFacts } from '#domain/alarms/facts.ts'
import {
  backupMaxAgeMs,
  backupName,
  hadTimeForBackup,
  isBackupDue,
  sortBackups,
} from '#domain/backup-schedule.ts'
import { FailureError } from '#domain/failures.ts'
import type { AppParts } from './parts.ts'

/** Backups by the clock: how often (hours, 0: never), how many stay, and where. */
export type BackupPlan = {
  everyHours: number
  keep: number
  folder: string
  /**
   * Gives what writes a backup, verified, into a file of the folder, while no other process does the same. False, and
   * nothing done, when one does. The signal ends it in the middle. Failures: `backup.*`, `store.*`.
   */
  alone(
    work: (write: (file: string) => Promise<void>) => Promise<void>,
    signal: AbortSignal,
  ): Promise<boolean>
}

/** What one process remembers of its attempts; good backups are remembered by the folder. */
export type BackupMemory = {
  since: Temporal.Instant
  failed: { at: Temporal.Instant; because: string } | null
}

type Parts = Pick<AppParts, 'clock' | 'log' | 'onBug' | 'backups'>

/** The schedule as one process keeps it, until the signal ends it. */
export type ScheduledBackups = {
  /** Begins a backup when one is due, and does not wait for it; one at a time. */
  look(): void
  facts(): Promise<{ backup?: BackupFacts }>
  /** Resolves when none is being made any more. */
  end(): Promise<void>
}

/** Opens the schedule; nothing is done before the first look. */
export function openScheduledBackups(parts: Parts, signal: AbortSignal): ScheduledBackups {
  const memory: BackupMemory = { since: parts.clock.now(), failed: null }
  let running: Promise<void> | null = null
  return {
    look() {
      running ??= backUpIfDue(parts, memory, signal).finally(() => {
        running = null
      })
    },
    async facts() {
      const backup = await backupFacts(parts, memory)
      return backup ? { backup } : {}
    },
    end: async () => running ?? undefined,
  }
}

/** Makes a backup when one is due. Old ones go only after a newer one is there and verified. Fails never: it is told. */
export async function backUpIfDue(parts: Parts, memory: BackupMemory, signal: AbortSignal): Promise<void> {
  const { clock, log, onBug, backups: plan } = parts
  if (!plan || plan.everyHours === 0 || signal.aborted) return
  try {
    if (!(await isDue(parts, plan, memory))) return
    const isMine = await plan.alone(async (write) => {
      // Another process may have made it between the look and now.
      if (!(await isDue(parts, plan, memory))) return
      await removeAll(plan, (await look(plan)).unfinished)
      const name = backupName(clock.now())
      await write(join(plan.folder, name))
      await removeAll(plan, (await look(plan)).outdated)
      log.info({ file: name }, 'backup made')
    }, signal)
    if (isMine) memory.failed = null
  } catch (error) {
    if (signal.aborted) return
    const because = reasonOf(error) ?? onBug(error)
    memory.failed = { at: clock.now(), because }
    log.warn({ because }, 'backup failed')
  }
}

/** For the alarms. Undefined while nothing can be said: one is about to be made. */
export async function backupFacts(
  { clock, backups: plan }: Pick<Parts, 'clock' | 'backups'>,
  { since, failed }: BackupMemory,
): Promise<BackupFacts | undefined> {
  if (!plan) return undefined
  const maxAgeMs = backupMaxAgeMs(plan.everyHours)
  if (maxAgeMs === null) return { lastAt: null, failure: null, maxAgeMs }
  try {
    const { lastAt } = await look(plan)
    const isOld = lastAt === null || clock.now().epochMilliseconds - lastAt.epochMilliseconds > maxAgeMs
    if (isOld && failed === null && !hadTimeForBackup(since, clock.now())) return undefined
    return { lastAt, failure: failed?.because ?? null, maxAgeMs }
  } catch (error) {
    const failure = reasonOf(error)
    if (failure === null) throw error
    return { lastAt: null, failure, maxAgeMs }
  }
}

async function isDue({ clock }: Parts, plan: BackupPlan, { failed }: BackupMemory): Promise<boolean> {
  const { lastAt } = await look(plan)
  const { everyHours } = plan
  return isBackupDue({ now: clock.now(), everyHours, lastAt, failedAt: failed?.at ?? null })
}

async function look({ folder, keep }: BackupPlan): Promise<ReturnType<typeof sortBackups>> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return sortBackups(files, keep)
}

async function removeAll({ folder }: BackupPlan, files: readonly string[]): Promise<void> {
  for (const file of files) await rm(join(folder, file), { force: true })
}

/** The trouble in a word or a sentence; null for what nobody expected. */
function reasonOf(error: unknown): string | null {
  if (error instanceof FailureError) {
    const { code, facts } = error.failure
    return 'reason' in facts ? String(facts.reason) : code
  }
  const { code, syscall } = error as NodeJS.ErrnoException
  return code && syscall ? `${code} ${syscall}` : null
}
