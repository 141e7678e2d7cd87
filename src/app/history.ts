import type { PlatformName } from '#domain/ids.ts'
import { dayZone, startOfDay } from '#domain/window.ts'
import { dingtalkHistory } from '#platforms/dingtalk/limits.ts'
import type { AppParts } from './parts.ts'

/** One day less than the platform keeps: whether the last one is inside is not documented. */
const historyDays = dingtalkHistory.days - 1

/** The platform answers nothing older, and takes nothing older. */
export const oldestReadable = (now: Temporal.Instant): Temporal.Instant =>
  startOfDay(now.toZonedDateTimeISO(dayZone).toPlainDate().subtract({ days: historyDays }))

/** Older punches are not written to this platform. */
export function oldestAccepted({ clock, options }: AppParts, target: PlatformName): Temporal.Instant {
  const now = clock.now()
  if (target === 'dingtalk') return oldestReadable(now)
  const today = now.toZonedDateTimeISO(dayZone).toPlainDate()
  return startOfDay(today.with({ day: 1 }).subtract({ months: options.writeBackMonths }))
}
