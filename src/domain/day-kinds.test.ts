import { expect, test } from 'vitest'
import { arrangedDays, type DayKind } from './day-kinds.ts'

const kindOf = (date: Temporal.PlainDate): DayKind =>
  arrangedDays.get(date.toString()) ?? (date.dayOfWeek > 5 ? 'rest' : 'workday')
const kindOn = (date: string): DayKind => kindOf(Temporal.PlainDate.from(date))

test.for([
  { on: '2026-04-05', kind: 'statutory', when: 'the day itself, though it is a Sunday' },
  { on: '2026-04-06', kind: 'rest', when: 'a Monday off for it' },
  { on: '2026-05-09', kind: 'workday', when: 'a Saturday that is worked' },
  { on: '2026-02-20', kind: 'rest', when: 'a Friday that Spring Festival borrows' },
  { on: '2026-02-16', kind: 'statutory', when: 'New Year’s Eve, since 2025' },
  { on: '2024-02-09', kind: 'workday', when: 'New Year’s Eve of 2024' },
  { on: '2024-05-02', kind: 'rest', when: 'the second of May, until 2024' },
  { on: '2027-02-05', kind: 'statutory', when: 'a year without a notice: by the law' },
  { on: '2027-02-09', kind: 'workday', when: 'what a notice may borrow is not guessed' },
  { on: '2031-10-04', kind: 'rest', when: 'a year nobody knows of: by the weekday' },
] as const)('$on is $kind: $when', ({ on, kind }) => {
  expect(kindOn(on)).toBe(kind)
})

/** Workdays and statutory days of each month. */
test.for([
  { year: 2025, months: '19/5 19/0 21/0 22/1 19/3 20/0 23/0 21/0 23/0 18/4 20/0 23/0' },
  { year: 2026, months: '21/1 16/4 22/0 21/1 19/2 21/1 23/0 21/0 22/1 18/3 21/0 23/0' },
])('$year has 248 workdays, 13 statutory days and 104 to rest, month by month', ({ year, months }) => {
  const all: DayKind[] = []
  const found = Array.from({ length: 12 }, (_, i) => {
    const first = new Temporal.PlainDate(year, i + 1, 1)
    const kinds = Array.from({ length: first.daysInMonth }, (_, day) => kindOf(first.add({ days: day })))
    all.push(...kinds)
    const count = (kind: DayKind) => kinds.filter((one) => one === kind).length
    return `${count('workday')}/${count('statutory')}`
  })
  expect(found.join(' ')).toBe(months)
  expect(all.filter((kind) => kind === 'workday')).toHaveLength(248)
  expect(all.filter((kind) => kind === 'rest')).toHaveLength(104)
})

test('every arranged day is a date, and one that is worked is a weekend', () => {
  for (const [day, kind] of arrangedDays) {
    const { dayOfWeek } = Temporal.PlainDate.from(day, { overflow: 'reject' })
    if (kind === 'workday') expect([day, dayOfWeek > 5]).toEqual([day, true])
  }
})
