import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  dateText,
  dayOf,
  dayStart,
  monthText,
  parseInstant,
  parseWallText,
  rfc3339,
  wallText,
  weekdayOf,
} from './shanghai.ts'

const seconds = fc.integer({ min: 0, max: 4_000_000_000 })

test('a wall-clock text read back is the same second', () => {
  fc.assert(
    fc.property(seconds, (s) => {
      expect(parseWallText(wallText(s * 1000))).toBe(s * 1000)
    }),
  )
})

test('days agree with Temporal in Asia/Shanghai', () => {
  fc.assert(
    fc.property(fc.integer({ min: 694_224_000, max: 4_000_000_000 }), (s) => {
      const day = Temporal.Instant.fromEpochMilliseconds(s * 1000).toZonedDateTimeISO('Asia/Shanghai')
      expect(dateText(dayOf(s * 1000))).toBe(day.toPlainDate().toString())
      expect(weekdayOf(dayOf(s * 1000))).toBe(day.dayOfWeek % 7)
      expect(dayStart(dayOf(s * 1000))).toBe(day.startOfDay().epochMilliseconds)
      expect(monthText(s * 1000)).toBe(day.toPlainDate().toPlainYearMonth().toString())
    }),
  )
})

test.for([
  '2026-03-02',
  '2026-03-02T09:00:00',
  '2026-3-2 09:00:00',
  '2026-02-30 09:00:00',
  '2026-03-02 24:00:00',
  '2026-03-02 09:00',
  ' 2026-03-02 09:00:00',
])('“%s” is no time on the wall', (text) => expect(parseWallText(text)).toBeNull())

test('an instant needs a zone', () => {
  expect(parseInstant('2026-03-02T09:00:00+08:00')).toBe(Date.parse('2026-03-02T01:00:00Z'))
  expect(parseInstant('2026-03-02T09:00:00')).toBeNull()
  expect(parseInstant(1)).toBeNull()
  expect(rfc3339(Date.parse('2026-03-02T01:00:00Z'))).toBe('2026-03-02T09:00:00+08:00')
})
