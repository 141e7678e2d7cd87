import { hash32 } from './chance.ts'
import type { Company, Person } from './company.ts'
import type { Punch } from './punch-plan.ts'

/**
 * Where people with an account on both sides punch. `dingtalk`: there (the default). `wecom`: only in WeCom. `both`: here
 * or there as it happens, and now and then on both sides within one minute.
 */
export type PunchIn = 'dingtalk' | 'wecom' | 'both'

/** Where one act of this person was punched. */
export function sideOf({ seed, punchIn }: Company, person: Person, { at }: Pick<Punch, 'at'>): PunchIn {
  if (!person.wecom || punchIn === 'dingtalk') return 'dingtalk'
  if (punchIn === 'wecom') return 'wecom'
  return (['dingtalk', 'dingtalk', 'wecom', 'wecom', 'both'] as const)[
    hash32(seed, person.index, at / 1000, 'side') % 5
  ]!
}

/**
 * The Unix second in which the act shows in WeCom. Whoever punches on both sides needs a moment for the second one:
 * the same minute, and in one case of four the same second.
 */
export function secondInWecom(company: Company, person: Person, punch: Pick<Punch, 'at'>): number {
  const second = Math.floor(punch.at / 1000)
  if (sideOf(company, person, punch) !== 'both') return second
  const chance = hash32(company.seed, person.index, second, 'moment')
  return chance % 4 === 0 ? second : Math.floor(second / 60) * 60 + (Math.floor(chance / 4) % 60)
}
