/** A sliding window: at most `max` calls in any `windowMs`, then closed for `closedMs`. */
export class SlidingWindow {
  private times: number[] = []
  private head = 0
  private closedUntil = 0
  private readonly max: number
  private readonly windowMs: number
  private readonly closedMs: number

  constructor(max: number, windowMs: number, closedMs: number) {
    this.max = max
    this.windowMs = windowMs
    this.closedMs = closedMs
  }

  /** null: let in and counted. Otherwise refused, with the instant from which calls are let in again (epoch ms). */
  enter(nowMs: number): { until: number } | null {
    if (nowMs < this.closedUntil) return { until: this.closedUntil }
    while (this.head < this.times.length && this.times[this.head]! <= nowMs - this.windowMs) this.head++
    if (this.head > 4096) {
      this.times = this.times.slice(this.head)
      this.head = 0
    }
    if (this.times.length - this.head >= this.max) {
      this.closedUntil = nowMs + this.closedMs
      return { until: this.closedUntil }
    }
    this.times.push(nowMs)
    return null
  }
}

/** One row of what the platforms allow, in the sandbox's own reading. Minutes and seconds in ms. */
type Allowance = { max: number; windowMs: number; closedMs: number; from: string }

const minute = (max: number, from: string): Allowance => ({ max, windowMs: 60_000, closedMs: 60_000, from })

/** WeCom, per corp and API. Over the limit: shut for as long as the window was. */
export const wecomAllowances: Record<string, Allowance[]> = {
  '/cgi-bin/checkin/getcheckindata': [minute(600, 'developer.work.weixin.qq.com/document/path/90312')],
  '/cgi-bin/checkin/add_checkin_record': [minute(60, 'developer.work.weixin.qq.com/document/path/99647')],
  '/cgi-bin/checkin/getcorpcheckinoption': [minute(60, 'developer.work.weixin.qq.com/document/path/93384')],
}
/** WeCom, every API of one corp. */
export const wecomBase: Allowance[] = [
  minute(10_000, 'developer.work.weixin.qq.com/document/path/90312'),
  {
    max: 150_000,
    windowMs: 3_600_000,
    closedMs: 3_600_000,
    from: 'developer.work.weixin.qq.com/document/path/90312',
  },
]

/** DingTalk: one app × one API, by edition; one address over all APIs. */
export const dingtalkPerApi = (edition: string[]): Allowance => ({
  max: edition.includes('development-pack') ? 60 : 20,
  windowMs: 1000,
  closedMs: 1000,
  from: 'open.dingtalk.com call-frequency-limit (2026-01-22)',
})
/** DingTalk, one address over all APIs. */
export const dingtalkPerAddress: Allowance = {
  max: 10_000,
  windowMs: 20_000,
  closedMs: 300_000,
  from: 'open.dingtalk.com call-frequency-limit (2026-01-22)',
}

/** Metered calls a month of one DingTalk organisation, since 2025-11-19 (dingtalk-application-development-platform-billing-model). */
export const monthlyCalls = (edition: string[]): number =>
  (edition.includes('professional') ? 200_000 : 5_000) +
  (edition.includes('development-pack') ? 5_000_000 : 0)

/** Event deliveries a month of one DingTalk organisation, since 2025-11-19 (dingtalk-application-development-platform-billing-model). */
export const monthlyDeliveries = (edition: string[]): number =>
  (edition.includes('professional') ? 50_000 : 3_000) + (edition.includes('development-pack') ? 500_000 : 0)

/** All sliding windows. They are in memory only: a restarted sandbox has forgotten the last minute. */
export interface Limits {
  /** null = let in; otherwise when it is open again, epoch ms. */
  enter(key: string, allowances: Allowance[], nowMs: number): { until: number } | null
}

/** `on` false: everybody is let in. */
export function createLimits(on: boolean): Limits {
  const windows = new Map<string, SlidingWindow[]>()
  return {
    enter(key, allowances, nowMs) {
      if (!on) return null
      let found = windows.get(key)
      if (!found) {
        found = allowances.map(({ max, windowMs, closedMs }) => new SlidingWindow(max, windowMs, closedMs))
        windows.set(key, found)
      }
      for (const window of found) {
        const refused = window.enter(nowMs)
        if (refused) return refused
      }
      return null
    },
  }
}
