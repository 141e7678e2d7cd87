import type { Journal } from './journal.ts'

/** The sandbox's time: the base clock plus what it was pushed forward by. Epoch ms. */
export interface SandboxClock {
  nowMs(): number
  offsetMs(): number
  /** Forward only: false, and nothing done, when it would go back. */
  push(byMs: number): boolean
}

/** A clock that goes on where the journal left it. */
export function createClock(base: () => Temporal.Instant, journal: Journal): SandboxClock {
  let offset = journal.load<number>('clock').find(([key]) => key === 'offsetMs')?.[1] ?? 0
  return {
    nowMs: () => base().epochMilliseconds + offset,
    offsetMs: () => offset,
    push(byMs) {
      if (!(byMs >= 0)) return false
      offset += Math.round(byMs)
      journal.put('clock', 'offsetMs', offset)
      return true
    },
  }
}
