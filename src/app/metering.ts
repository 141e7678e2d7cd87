import type { PlatformName } from '#domain/ids.ts'
import type { SideCost } from '#domain/planner/types.ts'
import { type LimitId, limitsOf } from '#platforms/limits.ts'

const writes: Record<PlatformName, LimitId> = {
  dingtalk: 'dingtalk.upload',
  wecom: 'wecom.add_checkin_record',
}

/** What one call takes of whom, from the platforms' dated limits. */
export const sideCosts: Record<PlatformName, SideCost> = {
  dingtalk: costOf('dingtalk.listRecord', writes.dingtalk, true),
  wecom: costOf('wecom.getcheckindata', writes.wecom, false),
}

/** The platform grants so many calls a month. */
export const isMetered = (platform: PlatformName): boolean => sideCosts[platform].isMetered

/** When the platform takes the next write, if the last one ended at `last`. */
export function writableAfter(
  platform: PlatformName,
  last: Temporal.Instant,
  pace: number | 'off',
): Temporal.Instant {
  if (pace === 'off') return last
  const { calls, perSeconds } = limitsOf(writes[platform])
  return last.add({ milliseconds: Math.ceil((perSeconds * 1000) / (calls * pace)) })
}

function costOf(read: LimitId, write: LimitId, isMetered: boolean): SideCost {
  const { people, days } = limitsOf(read)
  const { records } = limitsOf(write)
  return { isMetered, readPeople: people ?? 1, readDays: days ?? 1, writeRecords: records ?? 1 }
}
