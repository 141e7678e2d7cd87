import * as wire from '#platforms/wecom/wire.ts'
import { hash32, shuffle } from '../chance.ts'
import type { Person } from '../company.ts'
import type { World } from '../world.ts'
import { ok, refuse } from './answers.ts'
import { isVisible, memberOf } from './members.ts'
import { ownCheckins } from './own-punches.ts'
import { route } from './route.ts'

const empty = { checkindata: [] }
const DAY_SEC = 86_400
/** How long before its upload a punch may have been made; the longest switch is hours. */
const longestWaitSec = 45 * DAY_SEC
const ownMachine = '前台考勤机 W1'

/**
 * 设备打卡数据: raw punches of attendance machines, by punch time (1) or by time of upload (2), whether they match a rule
 * or not. Phones are not in it, nor is what was written by the API. Unknown members are ignored.
 */
export const getHardwareCheckinData = route(
  'POST',
  'hardware/get_hardware_checkin_data',
  wire.GetHardwareCheckinDataRequest,
  'checkin',
  empty,
  (ask, world, call) => {
    const { filter_type: filter = 1, starttime: from, endtime: to, useridlist } = ask
    if (filter !== 1 && filter !== 2)
      return refuse(call, 40058, 'invalid Request Parameter filter_type', empty)
    if (useridlist.length < 1 || useridlist.length > 100)
      return refuse(call, 301023, 'useridlist empty or more than 100', empty)
    if (from === 0 || to <= from || to - from > 31 * DAY_SEC)
      return refuse(call, 301024, 'invalid time range', empty)
    const rows: wire.HardwareRow[] = []
    const people = new Set(
      useridlist.flatMap((id) => (isVisible(world, id) ? (memberOf(world, id) ?? []) : [])),
    )
    for (const person of people)
      for (const { second, arrivesAt, device } of machinePunches(
        world,
        person,
        filter === 1 ? from : from - longestWaitSec,
        to,
        call.nowMs,
      )) {
        const counted = filter === 1 ? second : Math.floor(arrivesAt / 1000)
        if (counted >= from && counted <= to) rows.push(rowOf(person.wecom.userId, second, device))
      }
    if (world.faults.values.shuffledRows) shuffle(rows, call.chance)
    return ok({ checkindata: rows })
  },
)

type MachinePunch = { second: number; arrivesAt: number; device: string }

/** What this person did at machines at seconds in [from, to] and the platform knows by now. */
function machinePunches(
  world: World,
  person: Person,
  from: number,
  to: number,
  nowMs: number,
): MachinePunch[] {
  const own = person.habit === 'machine' ? ownCheckins(world, person, from, to, nowMs) : []
  const byHand = world.records
    .of(person.wecom!.userId, from, to)
    .filter(({ origin, device_detail }) => origin === 'phone' && device_detail !== '')
  return [
    ...own.map((checkin) => ({ ...checkin, device: ownMachine })),
    ...byHand.map(({ checkin_time: second, visibleAt, device_detail }) => ({
      second,
      arrivesAt: Math.max(visibleAt, second * 1000),
      device: device_detail,
    })),
  ].filter(({ arrivesAt }) => arrivesAt <= nowMs)
}

const rowOf = (userid: string, second: number, device: string): wire.HardwareRow => ({
  userid,
  checkin_time: second,
  device_sn: `WX${hash32(device.length, device)}`,
  device_name: device,
})
