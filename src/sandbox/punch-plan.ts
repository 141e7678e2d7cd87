import { chances, hash32, mix32 } from './chance.ts'
import type { Company, Person } from './company.ts'
import { sideOf } from './punch-sides.ts'
import { dayStart, weekdayOf } from './shanghai.ts'
import { shifts } from './shifts.ts'

/** One physical punch in DingTalk, as the platform holds it. Times are epoch ms. */
export type Punch = {
  id: number
  at: number
  /** The shift's date, which for a night shift may be the day before. */
  day: number
  slot: { kind: 'in' | 'out'; planned: number; section: number } | null
  sourceType: string
  voided: { type: string; message: string } | null
  outside: string | null
  place: { address: string; latitude: number; longitude: number } | null
  device: string
  createdAt: number
  modifiedAt: number
  /** The platform's verdict, when something else than the clock decides it. */
  verdict: string | null
  approval: { approveId: number; procInstId: string } | null
  /** Set when it came by `record/upload`: what the caller called its device, when it was stored, the number of the call. */
  upload?: { deviceId: string; storedAt: number; batch: number }
  /** As it was before somebody amended it in place. */
  before?: Punch
}

const voids = [
  { type: 'Other', message: '外勤打卡需要审批' },
  { type: 'Security', message: 'MockLocation' },
  { type: 'Other', message: '当前不在可打卡的时间范围，请和管理员联系' },
  { type: 'Security', message: 'FaceNotMatch,DeviceNotMatch' },
]
const places = [
  { address: '示例市高新区科技路 88 号勤通大厦', latitude: 30.285413, longitude: 120.017139 },
  { address: '示例市开发区工业三路 5 号厂区东门', latitude: 30.301277, longitude: 120.352861 },
  { address: '示例市物流园 2 号库', latitude: 30.198544, longitude: 120.264433 },
]
const machines = ['前台考勤机 M2', '一号门考勤机', '车间考勤机 D1']

/** Does this person work on this day? Offices rest at weekends, workshops take one day in seven. */
export function worksOn({ style }: Company, person: Person, day: number, firstDay: number): boolean {
  if (day < firstDay || person.exempt) return false
  if (person.leavesAfter !== null && day > firstDay + person.leavesAfter) return false
  if (style === 'plain') return true
  if (person.shift !== 'day') return (day + person.index) % 7 !== 0
  const weekday = weekdayOf(day)
  return (weekday !== 0 && weekday !== 6) || hash32(person.index, day) % 20 === 0
}

/** The punches of one person's shift on one day as DingTalk has them: those of the acts that were punched there. */
export const punchesOf = (company: Company, person: Person, day: number, firstDay: number): Punch[] =>
  actsOf(company, person, day, firstDay).filter((act) => sideOf(company, person, act) !== 'wecom')

/**
 * What one person did on one day, in order, wherever it was punched: a pure function of (seed, person, day), however
 * large the company. Whole seconds. Whoever is not on DingTalk has none.
 */
export function actsOf(company: Company, person: Person, day: number, firstDay: number): Punch[] {
  if (!person.dingtalk || !worksOn(company, person, day, firstDay)) return []
  const next = chances(hash32(company.seed, person.index, day))
  const plain = company.style === 'plain'
  const made: Punch[] = []
  const start = dayStart(day)
  const add = (atSec: number, change: Partial<Punch> = {}): void => {
    const at = start + atSec * 1000
    const machine = person.habit === 'machine'
    made.push({
      id: idOf(company.seed, person.index, day - firstDay, made.length),
      at,
      day,
      slot: null,
      sourceType: machine ? 'ATM' : 'USER',
      voided: null,
      outside: null,
      place: machine ? null : places[person.index % places.length]!,
      device: machine ? machines[person.index % machines.length]! : '',
      createdAt: at,
      modifiedAt: at,
      verdict: null,
      approval: null,
      ...change,
    })
  }
  for (const { kind, planned, section, to } of shifts[person.shift].slots) {
    const chance = next()
    const spread = next()
    if (!plain && chance < 0.025) continue
    const exact = person.habit === 'machine' && spread < 0.3 ? 60 : 1
    const late = Math.min(3600, to - planned - 60)
    const off = (plain || chance > 0.1 ? 1 : -1) * drift(kind, spread, late)
    const at = Math.floor((planned + off) / exact) * exact
    const slot = { kind, planned: start + planned * 1000, section }
    if (!plain && kind === 'in' && next() < 0.04) add(at - 60 - Math.floor(next() * 300), voidPunch(next()))
    add(at, { slot, ...(!plain && person.habit === 'phone' && next() < 0.05 ? fieldWork : {}) })
    if (plain || section !== 1 || kind !== 'in') continue
    if (person.tags.includes('two-punches-in-one-second') && day % 3 === 0) add(at, byMachine)
    if (person.tags.includes('void-beside-good') && day % 3 === 1) add(at, voidPunch(next()))
    if (next() < 0.03) add(planned + 7200 + Math.floor(next() * 1800)) // an extra one that no slot claims
  }
  return made.sort((a, b) => a.at - b.at)
}

const fieldWork: Partial<Punch> = {
  outside: '拜访客户',
  place: { address: '示例市滨江区江南大道 588 号', latitude: 30.208413, longitude: 120.212139 },
}
const byMachine: Partial<Punch> = { sourceType: 'ATM', place: null, device: machines[0]! }
const voidPunch = (chance: number): Partial<Punch> => ({
  sourceType: 'USER',
  voided: voids[Math.floor(chance * voids.length)]!,
  place: places[0]!,
  device: '',
})

/** Seconds from the planned point: usually up to 20 min early in, up to `late` s late out. */
const drift = (kind: 'in' | 'out', spread: number, late: number): number =>
  Math.floor(kind === 'in' ? -10 - spread * 1200 : 5 + spread * late)

/** Past 2³¹, below 2⁵³, one for every punch, and in no order of time. Sixteen a day, 4,096 days, a million people. */
const idOf = (seed: number, person: number, day: number, nth: number): number =>
  43_000_000_000 +
  Math.floor(person / 65_536) * 4_294_967_296 +
  mix32((((person % 65_536) * 4096 + day) * 16 + nth) ^ seed)
