import { chanceOf, chances, hash32 } from '../chance.ts'
import { type Person, wasThere } from '../company.ts'
import { actsOf, punchesOf, worksOn } from '../punch-plan.ts'
import { secondInWecom, sideOf } from '../punch-sides.ts'
import { dayOf, dayStart } from '../shanghai.ts'
import { shifts } from '../shifts.ts'
import type { World } from '../world.ts'

/** One punch that a person made in WeCom: its Unix second, and when the platform gets to know it, epoch ms. */
export type OwnCheckin = { second: number; arrivesAt: number }

/** Unix seconds of a person's own punches in WeCom, in [from, to], as far as the platform knows them by now. */
export const ownPunches = (world: World, person: Person, from: number, to: number, nowMs: number): number[] =>
  ownCheckins(world, person, from, to, nowMs)
    .filter(({ arrivesAt }) => arrivesAt <= nowMs)
    .map(({ second }) => second)

/**
 * The same without the wait: those who are not on DingTalk, the few who punch on both sides in the same second, and
 * everybody in a company that punches in WeCom (punch-sides.ts). A pure function of (seed, person, day) and one switch.
 */
export function ownCheckins(
  world: World,
  person: Person,
  from: number,
  to: number,
  nowMs: number,
): OwnCheckin[] {
  const { company, firstDay } = world
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
  return [...new Set(found)]
    .filter(
      (second) => from <= second && second <= to && second * 1000 <= nowMs && wasThere(wecom, second * 1000),
    )
    .map((second) => ({ second, arrivesAt: arrivalOf(world, person, second) }))
}

function arrivalOf({ company, faults }: World, person: Person, second: number): number {
  const late = faults.values.lateCheckins
  if (!late || second * 1000 < faults.setAt('lateCheckins')) return second * 1000
  const isLate = chanceOf(company.seed, 'late', person.index, second) < late.probability
  return (second + (isLate ? late.delaySeconds : 0)) * 1000
}
