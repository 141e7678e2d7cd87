import type { PlatformName } from '#domain/ids.ts'
import { dingtalkWrongLookups } from '#platforms/dingtalk/limits.ts'
import { wecomWrongLookups } from '#platforms/wecom/limits.ts'

/** How many mobiles that nobody has may be looked up before a platform bars the call, as a share of the head-count. */
export const wrongLookups: Record<PlatformName, { shareOfHeadCount: number }> = {
  dingtalk: dingtalkWrongLookups,
  wecom: wecomWrongLookups,
}
