import { isThere, type Person } from '../company.ts'
import { DAY_MS, dayStart } from '../shanghai.ts'
import { ownPunches } from '../wecom/own-punches.ts'
import type { World } from '../world.ts'

/**
 * What one punch is, seen beside the other platform. `same`: both show it. `missing`: WeCom does not show it. `void`:
 * DingTalk discounts it. `alone`: DingTalk's, of somebody without an account in WeCom. `late`: DingTalk has yet to be told of it. `own`: made in WeCom. `approval`: an approval filled
 * the slot. `hidden`: stored in WeCom, not shown yet. `erased`: overwritten. `stray`: written into WeCom, and DingTalk
 * shows nothing in that second.
 */
export type MarkKind =
  | 'same'
  | 'missing'
  | 'void'
  | 'alone'
  | 'late'
  | 'own'
  | 'approval'
  | 'hidden'
  | 'erased'
  | 'stray'
/** One punch; `at` in whole seconds since the epoch. */
export type Mark = { at: number; kind: MarkKind }

/** One human's day on both sides. */
export type PersonDay = {
  person: Person
  dingtalk: Mark[]
  wecom: Mark[]
  missing: number
  stray: number
}

/** Both platforms' state of one person on one calendar day (shanghai.ts), as it stands now. */
export function dayOfPerson(world: World, person: Person, day: number): PersonDay {
  const nowMs = world.clock.nowMs()
  const [fromMs, toMs] = [dayStart(day), dayStart(day) + DAY_MS - 1]
  const [from, to] = [fromMs / 1000, Math.floor(toMs / 1000)]
  const shownIds = new Set(world.punches.shown(person, fromMs, toMs, nowMs).map(({ id }) => id))
  const punches = isThere(person.dingtalk) ? world.punches.held(person, fromMs, toMs, nowMs) : []
  const records = isThere(person.wecom) ? world.records.of(person.wecom.userId, from, to) : []
  const own = isThere(person.wecom) ? ownPunches(world, person, from, to, nowMs) : []

  const counted = new Set(
    punches.filter(({ id, voided }) => shownIds.has(id) && !voided).map(({ at }) => Math.floor(at / 1000)),
  )
  const visible = records.filter((record) => record.visibleAt <= nowMs && record.erasedBy === null)
  const seen = new Set([...visible.map((record) => record.checkin_time), ...own])
  const inDingtalk = punches.map(({ id, at, voided }): Mark => {
    const second = Math.floor(at / 1000)
    if (voided) return { at: second, kind: 'void' }
    if (!shownIds.has(id)) return { at: second, kind: 'late' }
    if (!isThere(person.wecom)) return { at: second, kind: 'alone' }
    return { at: second, kind: seen.has(second) ? 'same' : 'missing' }
  })
  const inWecom = [
    ...own.map((at): Mark => ({ at, kind: counted.has(at) ? 'same' : 'own' })),
    ...records.map(({ checkin_time: at, origin, visibleAt, erasedBy }): Mark => {
      if (erasedBy !== null) return { at, kind: 'erased' }
      if (visibleAt > nowMs) return { at, kind: 'hidden' }
      if (origin === 'approval') return { at, kind: 'approval' }
      if (counted.has(at)) return { at, kind: 'same' }
      return { at, kind: origin === 'api' ? 'stray' : 'own' }
    }),
  ]
  return {
    person,
    dingtalk: inOrder(inDingtalk),
    wecom: inOrder(inWecom),
    missing: inDingtalk.filter(({ kind }) => kind === 'missing').length,
    stray: inWecom.filter(({ kind }) => kind === 'stray').length,
  }
}

const inOrder = (marks: Mark[]): Mark[] => marks.sort((a, b) => a.at - b.at)

/** What to show: a day, people whose name or ids contain `search`, only those whose sides differ, one page. */
export type DayAsk = { day: number; search: string; onlyDiffering: boolean; page: number }

/** People on one page. */
export const peopleAPage = 50
/** Everybody is compared in companies up to this size; in larger ones only the page shown. */
const mostCompared = 5_000

/** One page of a company's day, and what the whole day amounts to; null where the company is too large to compare. */
export type CompanyDay = {
  rows: PersonDay[]
  page: number
  pages: number
  found: number
  total: { dingtalk: number; wecom: number; missing: number; stray: number } | null
}

/** A page of the company's day. */
export function dayOfCompany(world: World, { day, search, onlyDiffering, page }: DayAsk): CompanyDay {
  const people = world.company.people.filter(({ dingtalk, wecom }) => isThere(dingtalk) || isThere(wecom))
  const found = search === '' ? people : people.filter((person) => isFound(person, search.toLowerCase()))
  const isCompared = found.length <= mostCompared
  const all = isCompared ? found.map((person) => dayOfPerson(world, person, day)) : null
  const list = onlyDiffering && all ? all.filter(({ missing, stray }) => missing + stray > 0) : (all ?? found)
  const pages = Math.max(1, Math.ceil(list.length / peopleAPage))
  const at = Math.min(Math.max(1, page), pages)
  const rows = list
    .slice((at - 1) * peopleAPage, at * peopleAPage)
    .map((one) => ('person' in one ? one : dayOfPerson(world, one, day)))
  return { rows, page: at, pages, found: list.length, total: all && totalOf(all) }
}

function isFound({ name, dingtalk, wecom }: Person, search: string): boolean {
  const texts = [name, dingtalk?.name, wecom?.name, dingtalk?.userId, wecom?.userId]
  return texts.some((text) => text?.toLowerCase().includes(search))
}

function totalOf(days: PersonDay[]) {
  const sum = (of: (day: PersonDay) => number) => days.reduce((total, day) => total + of(day), 0)
  const shown = (marks: Mark[], hidden: MarkKind[]) =>
    marks.filter(({ kind }) => !hidden.includes(kind)).length
  return {
    dingtalk: sum(({ dingtalk }) => shown(dingtalk, ['void', 'late'])),
    wecom: sum(({ wecom }) => shown(wecom, ['hidden', 'erased'])),
    missing: sum(({ missing }) => missing),
    stray: sum(({ stray }) => stray),
  }
}
