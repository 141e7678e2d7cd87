import { dingtalkLimits } from '#platforms/dingtalk/limits.ts'
import type { Limit } from '#platforms/ports.ts'
import { wecomLimits } from '#platforms/wecom/limits.ts'

const all = [...dingtalkLimits, ...wecomLimits] as const

/** Every limit we know by id: `<platform>.<the API as its manual calls it>`. */
export type LimitId = (typeof all)[number]['id']

/** The newest row of this limit. A row that starts in the future is entered on its day, not before. */
export function limitsOf(id: LimitId): Limit {
  const found = all.findLast((limit) => limit.id === id)
  if (!found) throw new Error(`no limit is written down for ${id}`)
  return found
}
