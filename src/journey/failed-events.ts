import type { Clock } from '#domain/effects.ts'
import type { KeepEvent, PlatformEvent } from '#domain/platform-event.ts'
import type { Platform } from '#platforms/platform.ts'

/** What one look at a platform's list of undelivered events came to. */
export type FailedEventsReport = { pages: number; read: number; kept: number }

/** Fetches what a platform could not deliver. One for each connection, for as long as the process lives. */
export type FailedEvents = { fetch(signal: AbortSignal): Promise<FailedEventsReport> }

/**
 * Waits between the attempts to keep a page. Asking for the next one deletes this one over there, so a page that cannot
 * be kept stops everything, and is the first thing kept next time.
 */
const keepAgainAfterMs = [1_000, 5_000, 20_000]
/** A platform that always says there is more must not hold a lane for ever: 20,000 events. */
const mostPages = 100

/** Nothing is fetched yet. What a lost answer held is gone, and only the next sweep finds it: the list cannot be read twice. */
export function openFailedEvents(parts: {
  platform: Pick<Platform, 'readFailedEvents'>
  keep: KeepEvent
  clock: Clock
}): FailedEvents {
  const { platform, keep, clock } = parts
  let page: PlatformEvent[] = []

  /** How many of the page were new. The page is forgotten once all of it is kept. */
  async function keepPage(signal: AbortSignal): Promise<number> {
    for (let attempt = 0; ; attempt++) {
      const told = await Promise.allSettled(page.map(keep))
      const failed = told.find((one) => one.status === 'rejected')
      if (!failed) {
        page = []
        return told.filter((one) => one.status === 'fulfilled' && one.value === 'kept').length
      }
      const waitMs = keepAgainAfterMs[attempt]
      if (waitMs === undefined) throw failed.reason
      await clock.sleep(waitMs, signal)
    }
  }

  return {
    async fetch(signal) {
      const report: FailedEventsReport = { pages: 0, read: 0, kept: 0 }
      if (!platform.readFailedEvents) return report
      report.kept += await keepPage(signal)
      for (let hasMore = true; hasMore && report.pages < mostPages && !signal.aborted; ) {
        const answer = await platform.readFailedEvents()
        page = answer.events
        hasMore = answer.hasMore && answer.events.length > 0
        report.pages++
        report.read += page.length
        report.kept += await keepPage(signal)
      }
      return report
    },
  }
}
