import { isThere, type Person } from './company.ts'
import type { Punch } from './punch-plan.ts'
import { dateText, rfc3339 } from './shanghai.ts'
import { ownCheckins } from './wecom/own-punches.ts'
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
  /** `api`: it came by `record/upload`. */
  origin: 'own' | 'api'
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
  origin: punch.upload ? 'api' : 'own',
  appearsAt: rfc3339(punch.createdAt),
  modifiedAt: rfc3339(punch.modifiedAt),
  shown,
  wecomUserid: person.wecom?.userId ?? null,
})

/** One WeCom punch as it truly is; the fields of both truths have the same names. */
export type TrueCheckin = {
  userId: string
  name: string
  /** Unix seconds. */
  at: number
  atText: string
  /** WeCom knows no void punches. */
  void: false
  origin: 'own' | 'api' | 'approval'
  /** Does the platform show it now? A record that another took the place of is not told at all. */
  shown: boolean
  /** The same human's DingTalk id; null when there is none. */
  dingtalkUserId: string | null
}

/** Everything WeCom holds at seconds within [fromMs, toMs] at this moment: shown already, or on its way. */
export function trueCheckins(world: World, fromMs: number, toMs: number): TrueCheckin[] {
  const nowMs = world.clock.nowMs()
  const [from, to] = [Math.ceil(fromMs / 1000), Math.floor(toMs / 1000)]
  return world.company.people.flatMap((person) => {
    const { wecom, dingtalk, name } = person
    if (!wecom) return []
    const checkin = (at: number, origin: TrueCheckin['origin'], shown: boolean): TrueCheckin => ({
      ...{ userId: wecom.userId, name, at, atText: rfc3339(at * 1000), void: false, origin, shown },
      dingtalkUserId: dingtalk?.userId ?? null,
    })
    return [
      ...ownCheckins(world, person, from, to, nowMs).map(({ second, arrivesAt }) =>
        checkin(second, 'own', arrivesAt <= nowMs),
      ),
      ...world.records
        .of(wecom.userId, from, to)
        .filter(({ erasedBy }) => erasedBy === null)
        .map(({ checkin_time, origin, visibleAt }) =>
          checkin(checkin_time, origin === 'phone' ? 'own' : origin, visibleAt <= nowMs),
        ),
    ]
  })
}

/** One punch that was written into DingTalk; userid, checkin_time and origin are named as WeCom's records name them. */
export type StoredUpload = {
  /** The punch's id, which grows in order of storing. */
  seq: number
  userid: string
  /** Unix seconds. */
  checkin_time: number
  origin: 'api'
  device_name: string
  device_id: string
  /** Epoch ms: from when reads show it, and when it was stored. */
  visibleAt: number
  storedAt: number
  /** The number of the call that wrote it. */
  batch: number
}

/** What was written into DingTalk, in order of storing. */
export const storedUploads = ({ punches }: World): StoredUpload[] =>
  punches.uploaded().map(({ id, userId, at, device, createdAt, upload }) => ({
    seq: id,
    userid: userId,
    checkin_time: Math.floor(at / 1000),
    origin: 'api',
    device_name: device,
    device_id: upload.deviceId,
    visibleAt: createdAt,
    storedAt: upload.storedAt,
    batch: upload.batch,
  }))

/** Who is who: the humans with an account on both sides. `evidence`: what a careful stranger could prove it by. */
export const truePairs = ({ company }: World) =>
  company.people.flatMap(({ name, dingtalk, wecom, tags }) => {
    if (!isThere(dingtalk) || !isThere(wecom)) return []
    const byJobNumber = dingtalk.jobNumber !== null && dingtalk.jobNumber === wecom.jobNumber
    const byMobile = dingtalk.mobile !== null && dingtalk.mobile === wecom.mobile
    const evidence = [...(byJobNumber ? ['jobNumber'] : []), ...(byMobile ? ['mobile'] : [])]
    return [{ name, dingtalk: dingtalk.userId, wecom: wecom.userId, evidence, tags }]
  })
