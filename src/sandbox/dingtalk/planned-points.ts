import type * as wire from '#platforms/dingtalk/wire.ts'
import type { Person } from '../company.ts'
import { type Punch, worksOn } from '../punch-plan.ts'
import { DAY_MS, dayStart } from '../shanghai.ts'
import { type Slot, shifts } from '../shifts.ts'
import type { World } from '../world.ts'
import { planIdOf, shownId, verdictOf } from './list-record.ts'

/** One planned point of somebody's day, with the punch that counts for it; `punch` null: nobody came while it was open. */
type Point = { slot: Slot; planned: number; punch: Punch | null }

/** The points of one day that have something to tell at `nowMs`: a punch, or the end of their time without one. */
function pointsOf(world: World, person: Person, day: number, nowMs: number): Point[] {
  if (!worksOn(world.company, person, day, world.firstDay)) return []
  const start = dayStart(day)
  const punches = world.punches.shown(person, start, start + 2 * DAY_MS, nowMs)
  return shifts[person.shift].slots.flatMap((slot) => {
    const planned = start + slot.planned * 1000
    const own = punches
      .filter((punch) => punch.slot?.planned === planned && punch.slot.kind === slot.kind)
      .sort((a, b) => a.at - b.at)
    // what somebody amended counts whenever it was made; else first in, last out
    const counts = own.find(isAmended) ?? own.at(slot.kind === 'in' ? 0 : -1) ?? null
    return counts || start + slot.to * 1000 <= nowMs ? [{ slot, planned, punch: counts }] : []
  })
}

const isAmended = ({ before, sourceType }: Punch): boolean =>
  before !== undefined || sourceType === 'BOSS' || sourceType === 'APPROVE'

/** 打卡结果 of one person's day: a row for each planned point that has been decided. */
export const resultsOf = (world: World, person: Person, day: number, nowMs: number): wire.ResultRow[] =>
  pointsOf(world, person, day, nowMs).map(({ slot, planned, punch }) => {
    const planId = planIdOf(person, day, slot)
    const timeResult = punch
      ? (punch.verdict ?? verdictOf(punch.at, { kind: slot.kind, section: slot.section, planned }))
      : 'NotSigned'
    const row: wire.ResultRow = {
      // a number of its own, in no order of time
      id: 700_000_000_000 + ((planId * 7919) % 100_000_000_000),
      corpId: world.credentials.dingtalk.corpId,
      userId: person.dingtalk!.userId,
      workDate: dayStart(day),
      checkType: slot.kind === 'in' ? 'OnDuty' : 'OffDuty',
      timeResult,
      locationResult: punch ? (punch.outside === null ? 'Normal' : 'Outside') : 'NotSigned',
      baseCheckTime: planned,
      userCheckTime: punch?.at ?? planned,
      sourceType: punch ? sourceOf(world, punch) : 'SYSTEM',
      planId,
      groupId: shifts[person.shift].groupId,
    }
    if (punch) row.recordId = shownId(world, punch)
    if (punch?.approval) {
      row.approveId = punch.approval.approveId
      row.procInstId = punch.approval.procInstId
    }
    return row
  })

/** How a punch came about, as the platform names it. */
export const sourceOf = ({ faults }: World, { upload, sourceType }: Punch): string =>
  upload ? faults.values.uploadShownAs : sourceType
