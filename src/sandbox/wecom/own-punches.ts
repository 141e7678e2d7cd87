import { chances, hash32 } from '../chance.ts'
import { type Person, wasThere } from '../company.ts'
import { actsOf, punchesOf, worksOn } from '../punch-plan.ts'
import { secondInWecom, sideOf } from '../punch-sides.ts'
import { dayOf, dayStart } from '../shanghai.ts'
import { shifts } from '../shifts.ts'
import type { World } from '../world.ts'

/**
 * Unix seconds at which a person punched in WeCom with the phone, in [from, to] and until now: those who are not on
 * DingTalk, the few who punch on both sides in the same second, and everybody in a company that punches in WeCom
 * (punch-sides.ts). A pure function of (seed, person, day).
 */
export function ownPunches(
  { company, firstDay }: World,
  person: Person,
  from: number,
  to: number,
  nowMs: number,
): number[] {
  const isAlone = person.dingtalk === null && person.leavesAfter === null
  const isByChoice = company.punchIn !== 'dingtalk' && person.dingtalk !== null
  if (!person.wecom || (!isAlone && !person.punchesTwice && !isByChoice)) return []
  const found: number[] = []
  for (let day = dayOf(from * 1000) - 1; day <= dayOf(to * 1000); day++) {
    if (!worksOn(company, person, day, firstDay)) continue
    if (isAlone) {
      const next = chances(hash32(company.seed, person.index, day, 'wecom'))
      for (const { kind, planned } of shifts[person.shift].slots)
        found.push(dayStart(day) / 1000 + planned + Math.floor(kind === 'in' ? -next() * 900 : next() * 1800))
    } else if (isByChoice) {
      for (const act of actsOf(company, person, day, firstDay))
        if (!act.voided && sideOf(company, person, act) !== 'dingtalk')
          found.push(secondInWecom(company, person, act))
    } else if (day % 4 === 0)
      for (const punch of punchesOf(company, person, day, firstDay))
        if (!punch.voided) found.push(punch.at / 1000)
  }
  const { wecom } = person
  return [...new Set(found)].filter(
    (second) => from <= second && second <= to && second * 1000 <= nowMs && wasThere(wecom, second * 1000),
  )
}
