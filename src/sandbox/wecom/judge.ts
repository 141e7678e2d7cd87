import type { CheckinRow } from '#platforms/wecom/wire.ts'
import type { Person } from '../company.ts'
import { worksOn } from '../punch-plan.ts'
import { dayOf, dayStart } from '../shanghai.ts'
import { type Slot, shifts } from '../shifts.ts'
import type { World } from '../world.ts'
import { ownPunches } from './own-punches.ts'
import type { StoredRecord } from './records.ts'

const DAY_SEC = 86_400

/** One person's slot on one day, with its window in Unix seconds. */
export type PlannedSlot = { day: number; slot: Slot; planned: number; from: number; to: number }

/** The slot whose window contains this second, or null: a rest day, nobody's rule, between windows. */
export function slotAt({ company, firstDay }: World, person: Person, second: number): PlannedSlot | null {
  const today = dayOf(second * 1000)
  for (const day of [today - 1, today]) {
    if (!worksOn(company, person, day, firstDay)) continue
    const start = dayStart(day) / 1000
    for (const slot of shifts[person.shift].slots)
      if (start + slot.from <= second && second < start + slot.to) return planned(day, slot)
  }
  return null
}

function planned(day: number, slot: Slot): PlannedSlot {
  const start = dayStart(day) / 1000
  return { day, slot, planned: start + slot.planned, from: start + slot.from, to: start + slot.to }
}

type Hit = { second: number; record: StoredRecord | null; slot: PlannedSlot | null }
const slotKey = ({ day, slot }: PlannedSlot): number =>
  day * 8 + slot.section * 2 + (slot.kind === 'in' ? 0 : 1)

/**
 * 打卡明细 of one person at seconds in [from, to], as the rules judge it at `nowMs`: the punches that show, and a
 * 未打卡 row for each planned slot that passed without one.
 */
export function judgedRows(
  world: World,
  person: Person,
  from: number,
  to: number,
  nowMs: number,
): CheckinRow[] {
  const { shows, emitMissingRows, monthEndOvernightBug } = world.faults.values
  const cutAt = monthEndOvernightBug === 'cutAtMidnight' ? from : null
  const hits = hitsAround(world, person, from, to, nowMs)
  const winners = new Map<number, Hit>()
  for (const hit of hits) {
    if (!hit.slot) continue
    const key = slotKey(hit.slot)
    const best = winners.get(key)
    const isBetter = hit.slot.slot.kind === 'out' || !best
    if (!best || (best.record?.origin !== 'approval' && isBetter) || hit.record?.origin === 'approval')
      winners.set(key, hit)
  }
  const rows: CheckinRow[] = []
  for (const hit of hits) {
    if (hit.second < from || hit.second > to) continue
    const counts = hit.slot !== null && winners.get(slotKey(hit.slot)) === hit
    if (shows === 'winners' && hit.slot !== null && !counts) continue
    if (monthEndOvernightBug && isLostAtMonthEnd(hit, cutAt)) continue
    rows.push(rowOf(world, person, hit, counts))
  }
  if (emitMissingRows) {
    for (let day = dayOf(from * 1000) - 1; day <= dayOf(to * 1000); day++) {
      if (!worksOn(world.company, person, day, world.firstDay)) continue
      for (const slot of shifts[person.shift].slots) {
        const plan = planned(day, slot)
        if (plan.planned < from || plan.planned > to || plan.to * 1000 > nowMs || winners.has(slotKey(plan)))
          continue
        rows.push(missingRow(world, person, plan))
      }
    }
  }
  return rows
}

/** Everything visible around the window, oldest first: a slot's winner may lie outside it. */
function hitsAround(world: World, person: Person, from: number, to: number, nowMs: number): Hit[] {
  const early = from - DAY_SEC
  const late = to + DAY_SEC
  const hits: Hit[] = []
  for (const record of world.records.of(person.wecom!.userId, early, late)) {
    if (record.visibleAt > nowMs || record.erasedBy !== null) continue
    hits.push({ second: record.checkin_time, record, slot: slotAt(world, person, record.checkin_time) })
  }
  for (const second of ownPunches(world, person, early, late, nowMs))
    hits.push({ second, record: null, slot: slotAt(world, person, second) })
  return hits.sort((a, b) => a.second - b.second)
}

/**
 * WxJava#3046: a punch after midnight on the 1st that belongs to last month's night shift. With `from` (Unix seconds) a
 * window that began before that midnight has it.
 */
function isLostAtMonthEnd({ second, slot }: Hit, from: number | null): boolean {
  const midnight = dayStart(dayOf(second * 1000))
  return (
    slot !== null &&
    slot.day < dayOf(second * 1000) &&
    new Date(midnight + 8 * 3_600_000).getUTCDate() === 1 &&
    (from === null || from * 1000 >= midnight)
  )
}

function rowOf(world: World, person: Person, hit: Hit, counts: boolean): CheckinRow {
  const { second, slot } = hit
  const record = hit.record && asShown(world, hit.record)
  const isApproved = record?.origin === 'approval'
  const row: CheckinRow = {
    ...frame(world, person, slot, second),
    exception_type: counts && slot && !isApproved && isOffTime(second, slot) ? '时间异常' : '',
    location_title: record ? record.location_title : '勤通大厦',
    location_detail: record ? record.location_detail : '示例市高新区科技路 88 号勤通大厦',
    wifiname: record?.wifiname ?? '',
    wifimac: record?.wifimac ?? '',
    notes: record?.notes ?? '',
    mediaids: record?.mediaids ?? [],
    deviceid: record?.origin === 'api' ? '' : `wxphone${person.index}`,
  }
  if (record && record.lat !== null && record.lng !== null) {
    row.lat = record.lat
    row.lng = record.lng
  }
  if (isApproved) {
    if (world.faults.values.approvedShape === 'checkinType') row.checkin_type = '审批打卡'
    else row.sp_number = record.spNumber ?? ''
  }
  return row
}

/** What came with a written record may be gone when it is read. */
const asShown = ({ faults }: World, record: StoredRecord): StoredRecord =>
  record.origin === 'api' && faults.values.writtenTexts === 'stripped'
    ? { ...record, location_title: '', location_detail: '', notes: '' }
    : record

function missingRow(world: World, person: Person, plan: PlannedSlot): CheckinRow {
  return {
    ...frame(world, person, plan, plan.planned),
    exception_type: '未打卡',
    location_title: '',
    location_detail: '',
    wifiname: '',
    wifimac: '',
    notes: '',
    mediaids: [],
  }
}

function frame({ faults }: World, person: Person, slot: PlannedSlot | null, second: number): CheckinRow {
  const shift = shifts[person.shift]
  const userid = person.wecom!.userId
  return {
    userid: faults.values.lowercaseUserids ? userid.toLowerCase() : userid,
    groupname: person.exempt ? '' : shift.group,
    groupid: person.exempt ? 0 : shift.groupId % 1000,
    checkin_type: slot?.slot.kind === 'out' ? '下班打卡' : '上班打卡',
    checkin_time: second,
    sch_checkin_time: slot ? slot.planned : 0,
    schedule_id: shift.name === 'night' ? shift.classId % 1000 : 0,
    timeline_id: slot ? slot.slot.section : 0,
  }
}

const isOffTime = (second: number, { slot, planned: plan }: PlannedSlot): boolean =>
  slot.kind === 'in' ? second > plan + 59 : second < plan
