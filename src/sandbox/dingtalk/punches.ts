import { chanceOf } from '../chance.ts'
import { type Company, type Person, wasThere } from '../company.ts'
import type { Faults } from '../faults.ts'
import type { Journal } from '../journal.ts'
import { type Punch, punchesOf } from '../punch-plan.ts'
import { DAY_MS, dayOf } from '../shanghai.ts'

/** What an administrator or an approval did to a punch, seen from `from` on. */
export type Amendment = {
  id: number
  userId: string
  from: number
  at?: number
  sourceType?: string
  verdict?: string
  voided?: Punch['voided']
  approval?: Punch['approval']
}
/** `person`: whose it is, where a user id has had several holders. */
type Extra = Punch & { userId: string; person?: number }
/** A punch that came by `record/upload`. */
export type Uploaded = Extra & Required<Pick<Punch, 'upload'>>

/** Every punch of the DingTalk side: the company's own, computed when asked for, and what was added or amended by hand. */
export interface Punches {
  /**
   * The punches of one person at instants in [fromMs, toMs], as they are told at `nowMs`: not those still to come,
   * not those uploaded later.
   */
  shown(person: Person, fromMs: number, toMs: number, nowMs: number): Punch[]
  /** The same without the wait: also those the platform has yet to be told of. */
  held(person: Person, fromMs: number, toMs: number, nowMs: number): Punch[]
  /** The company's own punches of a person's shift on a day, as far as ahead they may lie; none made or amended by hand. */
  planned(person: Person, day: number): Punch[]
  add(userId: string, punch: Omit<Punch, 'id'>): Punch
  /** Everything that was uploaded, in order of storing. */
  uploaded(): Uploaded[]
  /** null when this person has no such punch. */
  amend(change: Amendment, nowMs: number): Punch | null
}

/** The DingTalk side's punches, with what the journal kept of those made or amended by hand. */
export function createPunches(company: Company, firstDay: number, faults: Faults, journal: Journal): Punches {
  const extras = new Map<string, Extra[]>()
  const amendments = new Map<number, Amendment>()
  let lastExtra = 400_000_000_000
  for (const [, extra] of journal.load<Extra>('extra')) {
    lastExtra = Math.max(lastExtra, extra.id)
    push(extras, extra)
  }
  for (const [, amendment] of journal.load<Amendment>('amendment')) amendments.set(amendment.id, amendment)

  /** All of a person's punches around a window, each as amended by `nowMs`; the window still to be applied. */
  function around(person: Person, fromMs: number, toMs: number, nowMs: number): Punch[] {
    const found: Punch[] = []
    // A night shift's last punch lies on the day after its date.
    for (let day = dayOf(fromMs) - 1; day <= dayOf(Math.min(toMs, nowMs)); day++)
      for (const punch of punchesOf(company, person, day, firstDay)) found.push(punch)
    const { dingtalk } = person
    if (!dingtalk) return []
    const planned = dingtalk.away ? found.filter(({ at }) => wasThere(dingtalk, at)) : found
    const own = extras.get(dingtalk.userId) ?? []
    planned.push(...own.filter((extra) => extra.person === undefined || extra.person === person.index))
    return befall(planned, nowMs)
  }

  function befall(punches: Punch[], nowMs: number): Punch[] {
    const { latePunches, amendedPunches } = faults.values
    if (!latePunches && !amendedPunches && amendments.size === 0) return punches
    const told: Punch[] = []
    for (const original of punches) {
      const punch = original.createdAt > original.at ? original : late(original)
      told.push(byHand(punch, nowMs))
      const row = byFault(punch, nowMs)
      if (!row) continue
      if (row.at === punch.at) told[told.length - 1] = row
      else told.push(row)
    }
    return told
  }

  function late(punch: Punch): Punch {
    const { latePunches } = faults.values
    if (!latePunches || punch.at < faults.setAt('latePunches')) return punch
    if (chanceOf(company.seed, 'late', punch.id) >= latePunches.probability) return punch
    const createdAt = punch.at + latePunches.delaySeconds * 1000
    return { ...punch, createdAt, modifiedAt: createdAt }
  }

  function byFault(punch: Punch, nowMs: number): Punch | null {
    const { amendedPunches } = faults.values
    if (!amendedPunches) return null
    const modifiedAt = punch.createdAt + amendedPunches.delaySeconds * 1000
    if (modifiedAt > nowMs || modifiedAt < faults.setAt('amendedPunches')) return null
    if (chanceOf(company.seed, 'amended', punch.id) >= amendedPunches.probability) return null
    const approval = { approveId: 2_376_000_000 + (punch.id % 1_000_000), procInstId: `proc-${punch.id}` }
    switch (amendedPunches.mode) {
      case 'inPlace':
        return { ...punch, before: punch, modifiedAt, sourceType: 'BOSS', verdict: 'Normal', voided: null }
      case 'newId':
        return {
          ...punch,
          ...{
            id: punch.id + 300_000_000_000,
            modifiedAt,
            sourceType: 'BOSS',
            verdict: 'Normal',
            voided: null,
          },
        }
      case 'approve':
        return {
          ...punch,
          ...{ before: punch, modifiedAt, sourceType: 'APPROVE', verdict: 'Normal', voided: null, approval },
        }
      case 'void':
        return { ...punch, modifiedAt, slot: null, voided: { type: 'Other', message: '管理员作废' } }
      case 'newRow': {
        if (!punch.slot || punch.slot.planned === punch.at) return null
        const at = punch.slot.planned
        return {
          ...punch,
          id: punch.id + 200_000_000_000,
          at,
          createdAt: modifiedAt,
          modifiedAt,
          sourceType: 'BOSS',
          verdict: 'Normal',
          device: '',
        }
      }
    }
  }

  function byHand(punch: Punch, nowMs: number): Punch {
    const amendment = amendments.get(punch.id)
    if (!amendment || nowMs < amendment.from) return punch
    const { id, userId, from, ...change } = amendment
    const slot = change.voided ? null : punch.slot
    return { ...punch, ...change, before: punch, slot, modifiedAt: from }
  }

  return {
    held: (person, fromMs, toMs, nowMs) =>
      around(person, fromMs, toMs, nowMs).filter(({ at }) => fromMs <= at && at <= toMs && at <= nowMs),
    shown: (person, fromMs, toMs, nowMs) =>
      around(person, fromMs, toMs, nowMs).filter(
        ({ at, createdAt }) => fromMs <= at && at <= toMs && at <= nowMs && createdAt <= nowMs,
      ),
    planned({ dingtalk, ...person }, day) {
      if (!dingtalk) return []
      const own = punchesOf(company, { ...person, dingtalk }, day, firstDay)
      return own
        .filter(({ at }) => wasThere(dingtalk, at))
        .map((punch) => (punch.createdAt > punch.at ? punch : late(punch)))
    },
    add(userId, punch) {
      const person = company.byDingtalk.get(userId)?.index
      const extra: Extra = { ...punch, userId, id: ++lastExtra, ...(person !== undefined && { person }) }
      push(extras, extra)
      journal.put('extra', String(extra.id), extra)
      return extra
    },
    uploaded: () =>
      [...extras.values()]
        .flat()
        .filter((extra): extra is Uploaded => extra.upload !== undefined)
        .sort((a, b) => a.id - b.id),
    amend(change, nowMs) {
      const person = company.byDingtalk.get(change.userId)
      if (!person) return null
      const isThere = () =>
        around(person, nowMs - 180 * DAY_MS, nowMs, nowMs).find(({ id }) => id === change.id)
      if (!isThere()) return null
      const merged = { ...amendments.get(change.id), ...change }
      amendments.set(change.id, merged)
      journal.put('amendment', String(change.id), merged)
      return isThere() ?? null
    },
  }
}

function push(extras: Map<string, Extra[]>, extra: Extra): void {
  const list = extras.get(extra.userId)
  if (list) list.push(extra)
  else extras.set(extra.userId, [extra])
}
