import type { AddressBans, Banned } from '#platforms/address-bans.ts'
import type { Send } from './ports.ts'

/**
 * A robot lives behind the same shield as the platform's other calls: while our address is banned nothing is sent to it
 * either, for that may prolong the ban. What it was to tell is owed until then; other channels tell it meanwhile.
 */
export const awayWhileBanned =
  (send: Send, bans: AddressBans, where: Banned, nowMs: () => number): Send =>
  async (notice, signal) => {
    await bans.learn()
    const until = bans.until(where)
    if (until === null) return send(notice, signal)
    return { kind: 'throttled', untilMs: until - nowMs(), because: 'banned' }
  }
