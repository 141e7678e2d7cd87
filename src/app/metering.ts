import type { PlatformName } from '#domain/ids.ts'
import type { SideCost } from '#domain/planner/types.ts'
import { type LimitId, limitsOf } from '#platforms/limits.ts'

/** What one call takes of whom, from the platforms' dated limits. */
export const sideCosts: Record<PlatformName, SideCost> = {
  dingtalk: costOf('dingtalk.listRecord', 'dingtalk.upload', true),
  wecom: costOf('wecom.getcheckindata', 'wecom.add_checkin_record', false),
}

/** The platform grants so many calls a month. */
export const isMetered = (platform: PlatformName): boolean => sideCosts[platform].isMetered

function costOf(read: LimitId, write: LimitId, isMetered: boolean): SideCost {
  const { people, days } = limitsOf(read)
  const { records } = limitsOf(write)
  return { isMetered, readPeople: people ?? 1, readDays: days ?? 1, writeRecords: records ?? 1 }
}
