import type { Journal } from './journal.ts'
import { DAY_MS, monthText } from './shanghai.ts'

/** The two platforms. */
export type PlatformName = 'dingtalk' | 'wecom'
/** Calls of one API: how many came in, and how many were refused, by code. */
export type Counter = { calls: number; refused: Record<string, number> }
type Month = { used: number; emptySince: number | null }

/** What the platforms count: calls per API, metered calls per month, who is shut out until when. */
export interface Ledger {
  /** Numbers the call; the numbers never repeat, not even after a restart. */
  next(platform: PlatformName, path: string): number
  refuse(platform: PlatformName, path: string, code: string | number): void
  counters(): Record<PlatformName, Record<string, Counter>>
  /** Takes one metered call of the month; false when none is left, and the days of grace are over. */
  meter(nowMs: number, quota: number, graceDays: number): boolean
  /** So many metered calls of the month were made elsewhere. */
  spend(nowMs: number, calls: number): void
  metered(nowMs: number): { month: string; used: number }
  /** Shuts a door until then (epoch ms). */
  shut(door: string, untilMs: number): void
  shutUntil(door: string): number
  /** Counts something in the window that began with its first count; returns the count. */
  count(what: string, nowMs: number, windowMs: number): number
}

/** The counts, going on where the journal left them. */
export function createLedger(journal: Journal): Ledger {
  const counters = new Map(journal.load<Counter>('counter'))
  const months = new Map(journal.load<Month>('month'))
  const doors = new Map(journal.load<number>('door'))
  const counts = new Map(journal.load<{ since: number; n: number }>('count'))
  let seq = journal.load<number>('seq')[0]?.[1] ?? 0
  const counterOf = (platform: PlatformName, path: string): [string, Counter] => {
    const key = `${platform} ${path}`
    const found = counters.get(key) ?? { calls: 0, refused: {} }
    counters.set(key, found)
    return [key, found]
  }

  return {
    next(platform, path) {
      const [key, counter] = counterOf(platform, path)
      counter.calls++
      journal.put('counter', key, counter)
      journal.put('seq', 'last', ++seq)
      return seq
    },
    refuse(platform, path, code) {
      const [key, counter] = counterOf(platform, path)
      counter.refused[code] = (counter.refused[code] ?? 0) + 1
      journal.put('counter', key, counter)
    },
    counters() {
      const told: Record<PlatformName, Record<string, Counter>> = { dingtalk: {}, wecom: {} }
      for (const [key, counter] of counters) {
        const [platform, path] = key.split(' ') as [PlatformName, string]
        told[platform][path] = counter
      }
      return told
    },
    meter(nowMs, quota, graceDays) {
      const key = monthText(nowMs)
      const month = months.get(key) ?? { used: 0, emptySince: null }
      months.set(key, month)
      if (month.used >= quota) {
        month.emptySince ??= nowMs
        if (nowMs >= month.emptySince + graceDays * DAY_MS) return false
      }
      month.used++
      journal.put('month', key, month)
      return true
    },
    spend(nowMs, calls) {
      const key = monthText(nowMs)
      const { used, emptySince } = months.get(key) ?? { used: 0, emptySince: null }
      months.set(key, { used: used + calls, emptySince })
      journal.put('month', key, months.get(key)!)
    },
    metered: (nowMs) => ({ month: monthText(nowMs), used: months.get(monthText(nowMs))?.used ?? 0 }),
    shut(door, untilMs) {
      doors.set(door, untilMs)
      journal.put('door', door, untilMs)
    },
    shutUntil: (door) => doors.get(door) ?? 0,
    count(what, nowMs, windowMs) {
      const found = counts.get(what)
      const count =
        found && nowMs < found.since + windowMs
          ? { since: found.since, n: found.n + 1 }
          : { since: nowMs, n: 1 }
      counts.set(what, count)
      journal.put('count', what, count)
      return count.n
    },
  }
}
