import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCompany } from './company.ts'
import { type Punch, punchesOf } from './punch-plan.ts'
import { DAY_MS, dateText, dayOf, dayStart } from './shanghai.ts'
import { shifts } from './shifts.ts'

const company = createCompany(1, 120, 'sample')
const firstDay = dayOf(Date.parse('2026-03-02T00:00:00+08:00'))
const days = Array.from({ length: 14 }, (_, i) => firstDay + i)
const all = company.people.flatMap((person) =>
  days.flatMap((day) => punchesOf(company, person, day, firstDay).map((p) => ({ person, ...p }))),
)

test('a person’s day is the same however often and in whatever order it is asked for', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 119 }), fc.integer({ min: 0, max: 400 }), (i, offset) => {
      const person = company.people[i]!
      const once = punchesOf(company, person, firstDay + offset, firstDay)
      punchesOf(company, company.people[(i + 1) % 120]!, firstDay, firstDay)
      expect(punchesOf(createCompany(1, 120, 'sample'), person, firstDay + offset, firstDay)).toEqual(once)
    }),
  )
})

test('ids are unique, past 2³¹, whole and safe, and in no order of time', () => {
  const ids = all.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(Math.min(...ids)).toBeGreaterThan(2 ** 31)
  expect(ids.every(Number.isSafeInteger)).toBe(true)
  const inTime = [...all].sort((a, b) => a.at - b.at).map(({ id }) => id)
  expect(inTime).not.toEqual([...inTime].sort((a, b) => a - b))
})

test('a slot belongs to its shift, and the punch lies in its window', () => {
  for (const { person, day, at, slot } of all) {
    if (!slot) continue
    const plan = shifts[person.shift].slots.find(
      ({ kind, section }) => kind === slot.kind && section === slot.section,
    )!
    expect(slot.planned).toBe(dayStart(day) + plan.planned * 1000)
    expect(at).toBeGreaterThanOrEqual(dayStart(day) + plan.from * 1000)
    expect(at).toBeLessThan(dayStart(day) + plan.to * 1000)
  }
})

test('a night shift’s punches count for the date it began, also those of the next morning', () => {
  const night = all.filter(({ person, slot }) => person.shift === 'night' && slot)
  const nextMorning = night.filter(({ at, day }) => dayOf(at) === day + 1)
  expect(nextMorning.length).toBeGreaterThan(50)
  expect(night.every(({ at, day }) => dayOf(at) === day || dayOf(at) === day + 1)).toBe(true)
})

test('every kind of punch is there', () => {
  const count = (is: (punch: Punch) => boolean): number => all.filter(is).length
  expect(count(({ voided }) => voided?.type === 'Other')).toBeGreaterThan(0)
  expect(count(({ voided }) => voided?.type === 'Security')).toBeGreaterThan(0)
  expect(count(({ sourceType }) => sourceType === 'ATM')).toBeGreaterThan(100)
  expect(count(({ outside }) => outside !== null)).toBeGreaterThan(10)
  expect(count(({ slot, voided }) => slot === null && voided === null)).toBeGreaterThan(5)
  expect(count(({ at }) => at % 60_000 !== 0)).toBeGreaterThan(all.length / 2)
  expect(count(({ at }) => at % 60_000 === 0)).toBeGreaterThan(20)
})

test('someone punches twice within one second, and a void punch can share a good one’s second', () => {
  const bySecond = Map.groupBy(all, ({ person, at }) => `${person.index}@${at}`)
  const twins = [...bySecond.values()].filter(({ length }) => length > 1)
  expect(twins.some((pair) => pair.every(({ voided }) => voided === null))).toBe(true)
  expect(twins.some((pair) => pair.some(({ voided }) => voided !== null))).toBe(true)
})

test('nobody punches before the world began, after leaving, or without an account', () => {
  for (const person of company.people) {
    expect(punchesOf(company, person, firstDay - 1, firstDay)).toEqual([])
    if (person.leavesAfter !== null)
      expect(punchesOf(company, person, firstDay + person.leavesAfter + 1, firstDay)).toEqual([])
    if (!person.dingtalk) expect(days.flatMap((day) => punchesOf(company, person, day, firstDay))).toEqual([])
  }
})

test('the company keeps punching, and some have four a day', () => {
  const later = company.people.flatMap((person) => punchesOf(company, person, firstDay + 200, firstDay))
  expect(later.length).toBeGreaterThan(100)
  const split = company.people.find(({ shift, dingtalk }) => shift === 'split' && dingtalk)!
  const counts = days.map((day) => punchesOf(company, split, day, firstDay).filter(({ slot }) => slot).length)
  expect(Math.max(...counts)).toBe(4)
})

test('a plain company makes two good punches for everyone on every day', () => {
  const plain = createCompany(1, 50, 'plain')
  for (const person of plain.people)
    for (const day of days) {
      const made = punchesOf(plain, person, day, firstDay)
      expect(made.map(({ slot }) => slot?.kind)).toEqual(['in', 'out'])
      expect(made.every(({ voided, at }) => voided === null && at % 1000 === 0)).toBe(true)
    }
})

test('a day’s punches stay within two days of its midnight', () => {
  for (const { day, at } of all) {
    expect(at, dateText(day)).toBeGreaterThanOrEqual(dayStart(day))
    expect(at).toBeLessThan(dayStart(day) + 2 * DAY_MS)
  }
})
