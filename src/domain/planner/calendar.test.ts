import { expect, test } from 'vitest'
import { dayNumberOf, isRestDay } from './calendar.ts'
import { dayRules, demandsOn } from './demands.ts'
import { defaultPolicy } from './policy.ts'
import { aLeg, at } from './test-month.ts'
import { usualWrites } from './usual-writes.ts'

test.for([
  { day: '2026-09-30', rungs: ['closing', 'morning', 'evening'], when: 'an ordinary Wednesday' },
  { day: '2026-10-01', rungs: ['closing', 'rest:morning', 'rest:evening'], when: 'National Day, a Thursday' },
  { day: '2026-10-07', rungs: ['closing', 'rest:morning', 'rest:evening'], when: 'a Wednesday off for it' },
  { day: '2026-10-10', rungs: ['closing', 'morning', 'evening'], when: 'the Saturday that is worked for it' },
  { day: '2026-10-11', rungs: ['closing', 'rest:morning', 'rest:evening'], when: 'an ordinary Sunday' },
])('what matters on $day is what matters on $when', ({ day, rungs }) => {
  const rules = dayRules(aLeg(), at(`${day}T00:00:00+08:00`).epochMilliseconds, defaultPolicy)
  expect(demandsOn(dayNumberOf(day), rules).map(({ rung }) => rung)).toEqual(rungs)
})

test('days that nobody arranged go by the weekday, as the policy has it', () => {
  expect(isRestDay(dayNumberOf('2031-10-02'), [6, 7])).toBe(false)
  expect(isRestDay(dayNumberOf('2031-10-04'), [6, 7])).toBe(true)
  expect(isRestDay(dayNumberOf('2031-10-04'), [7])).toBe(false)
})

test('a week of holidays does not thin out what a working day usually writes', () => {
  const days = ['09-28', '09-29', '09-30', '10-08', '10-09', '10-10'].map((day) => ({
    day: `2026-${day}`,
    records: 90,
  }))
  expect(usualWrites(days, at('2026-10-12T09:00:00+08:00'), defaultPolicy)).toBe(90)
})
