import * as wire from '#platforms/wecom/wire.ts'
import type { Answered, Call } from '../exchange.ts'
import { DAY_MS } from '../shanghai.ts'
import type { World } from '../world.ts'
import { ok, refuse } from './answers.ts'
import { slotAt } from './judge.ts'
import { isVisible, memberOf } from './members.ts'
import { ownPunches } from './own-punches.ts'
import { route } from './route.ts'

type Bad = { code: number; text: string }

/**
 * 新增打卡记录: at most two hundred records, no receipt. What happens to a bad record in a batch, to a second one of the
 * same second, and when a record shows are unknown: each is a switch.
 */
export const addCheckinRecord = route(
  'POST',
  'checkin/add_checkin_record',
  wire.AddCheckinRecordRequest,
  'checkin',
  {},
  ({ records }, world, call) => {
    for (const [i, record] of records.entries()) {
      const wrong = malformed(record)
      if (wrong) return refuse(call, 40058, `invalid Request Parameter records[${i}].${wrong}`)
    }
    if (records.length < 1 || records.length > 200)
      return refuse(call, 301023, 'records empty or more than 200')
    const seen = new Set<string>()
    const bad = records.map((record) => whyRefused(world, call, record, seen))
    const first = bad.findIndex((why) => why !== null)
    const { partial } = world.faults.values
    if (first >= 0 && partial === 'none') return answerTo(call, bad[first]!)
    if (!call.effect.lost && world.faults.strike('effectLost', call)) call.effect.lost = true
    const kept =
      first >= 0 && partial === 'prefix' ? records.slice(0, first) : records.filter((_, i) => bad[i] === null)
    for (const record of kept) store(world, call, record)
    return first >= 0 && partial !== 'skipSilently' ? answerTo(call, bad[first]!) : ok({})
  },
)

const answerTo = (call: Call, { code, text }: Bad): Answered => refuse(call, code, text)

/** The documented form of one record; the name of the first field that breaks it. */
function malformed(record: wire.CheckinRecord): string | null {
  const tooLong = (text: string | undefined): boolean => text !== undefined && Buffer.byteLength(text) > 1024
  if (record.userid === '') return 'userid'
  if (record.location_title === '' || tooLong(record.location_title)) return 'location_title'
  if (record.location_detail === '' || tooLong(record.location_detail)) return 'location_detail'
  if (tooLong(record.notes)) return 'notes'
  if ((record.mediaids?.length ?? 0) > 1) return 'mediaids'
  if (record.device_type < 1 || record.device_type > 3) return 'device_type'
  if (record.device_detail === '' || [...record.device_detail].length > 40) return 'device_detail'
  if (record.lat !== undefined && Math.abs(record.lat) > 90_000_000) return 'lat'
  if (record.lng !== undefined && Math.abs(record.lng) > 180_000_000) return 'lng'
  if (tooLong(record.wifiname)) return 'wifiname'
  if (record.wifiname && !/^([A-Fa-f0-9]{2}:){5}[A-Fa-f0-9]{2}$/.test(record.wifimac ?? '')) return 'wifimac'
  return null
}

function whyRefused(world: World, call: Call, record: wire.CheckinRecord, seen: Set<string>): Bad | null {
  const { duplicates, oldestWriteDays } = world.faults.values
  if (!memberOf(world, record.userid) || !isVisible(world, record.userid))
    return { code: 301021, text: `invalid userid ${record.userid}` }
  const atMs = record.checkin_time * 1000
  if (atMs > call.nowMs + 60_000) return { code: 301083, text: 'checkin_time in the future' }
  if (oldestWriteDays !== null && atMs < call.nowMs - oldestWriteDays * DAY_MS)
    return { code: 301083, text: 'checkin_time too old' }
  const key = `${record.userid.toLowerCase()}@${record.checkin_time}`
  const isAgain = seen.has(key) || isThere(world, call, record)
  seen.add(key)
  return duplicates === 'error' && isAgain ? { code: 40058, text: 'duplicate checkin record' } : null
}

/** Already in the platform: ok({}) before, or punched there by phone in the same second. */
function isThere(world: World, call: Call, { userid, checkin_time: second }: wire.CheckinRecord): boolean {
  const person = memberOf(world, userid)!
  return world.records.has(userid, second) || ownPunches(world, person, second, second, call.nowMs).length > 0
}

function store(world: World, call: Call, record: wire.CheckinRecord): void {
  const { duplicates, visibilityDelay } = world.faults.values
  if (call.effect.lost || (duplicates === 'ignore' && isThere(world, call, record))) return
  const person = memberOf(world, record.userid)!
  const waitSec =
    typeof visibilityDelay === 'number'
      ? visibilityDelay
      : visibilityDelay.min + call.chance() * (visibilityDelay.max - visibilityDelay.min)
  const storedAt = call.nowMs + call.effect.delayMs
  world.records.add({
    userid: person.wecom.userId,
    checkin_time: record.checkin_time,
    origin: 'api',
    location_title: record.location_title,
    location_detail: record.location_detail,
    notes: record.notes ?? '',
    device_type: record.device_type,
    device_detail: record.device_detail,
    lat: record.lat ?? null,
    lng: record.lng ?? null,
    wifiname: record.wifiname ?? '',
    wifimac: record.wifimac ?? '',
    mediaids: record.mediaids ?? [],
    visibleAt: storedAt + Math.round(waitSec * 1000),
    storedAt,
    batch: call.seq,
    spNumber: null,
    erasedBy: null,
  })
  eraseApproval(world, call, record)
}

/** A record that lands in a slot an approval had filled takes the approval's place, for good. */
function eraseApproval(world: World, call: Call, { userid, checkin_time }: wire.CheckinRecord): void {
  const slot = slotAt(world, memberOf(world, userid)!, checkin_time)
  if (!slot) return
  for (const other of world.records.of(userid, slot.from, slot.to - 1))
    if (other.origin === 'approval' && other.erasedBy === null) world.records.erase(other, call.seq)
}
