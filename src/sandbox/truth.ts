import { isThere, type Person } from './company.ts'
import type { Punch } from './punch-plan.ts'
import { dateText, rfc3339 } from './shanghai.ts'
import type { World } from './world.ts'

/** One DingTalk punch as it truly is. `at` is whole seconds since the epoch; texts are +08:00. */
export type TruePunch = {
  id: number
  userId: string
  name: string
  at: number
  atText: string
  workDate: string
  void: boolean
  sourceType: string
  /** From when the platform shows it, and when it last changed. */
  appearsAt: string
  modifiedAt: string
  /** Does the platform show it now? */
  shown: boolean
  /** The same human's WeCom id; null when there is none. */
  wecomUserid: string | null
}

/** Everything DingTalk holds at punch instants in [fromMs, toMs] at this moment: shown already, or on its way. */
export function truePunches(world: World, fromMs: number, toMs: number): TruePunch[] {
  const nowMs = world.clock.nowMs()
  return world.company.people.flatMap((person) => {
    if (!person.dingtalk) return []
    const shown = new Set(world.punches.shown(person, fromMs, toMs, nowMs).map(({ id }) => id))
    return world.punches
      .held(person, fromMs, toMs, nowMs)
      .map((punch) => told(person, punch, shown.has(punch.id)))
  })
}

/** One punch, told plainly. */
export const told = (person: Person, punch: Punch, shown: boolean): TruePunch => ({
  id: punch.id,
  userId: person.dingtalk?.userId ?? '',
  name: person.name,
  at: Math.floor(punch.at / 1000),
  atText: rfc3339(punch.at),
  workDate: dateText(punch.day),
  void: punch.voided !== null,
  sourceType: punch.sourceType,
  appearsAt: rfc3339(punch.createdAt),
  modifiedAt: rfc3339(punch.modifiedAt),
  shown,
  wecomUserid: person.wecom?.userId ?? null,
})

/** Who is who: the humans with an account on both sides. `evidence`: what a careful stranger could prove it by. */
export const truePairs = ({ company }: World) =>
  company.people.flatMap(({ name, dingtalk, wecom, tags }) => {
    if (!isThere(dingtalk) || !isThere(wecom)) return []
    const byJobNumber = dingtalk.jobNumber !== null && dingtalk.jobNumber === wecom.jobNumber
    const byMobile = dingtalk.mobile !== null && dingtalk.mobile === wecom.mobile
    const evidence = [...(byJobNumber ? ['jobNumber'] : []), ...(byMobile ? ['mobile'] : [])]
    return [{ name, dingtalk: dingtalk.userId, wecom: wecom.userId, evidence, tags }]
  })
