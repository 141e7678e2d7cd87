import fc from 'fast-check'
import { expect, test } from 'vitest'
import { windowsOf } from '#platforms/wecom/read-windows.ts'

const at = (text: string) => Temporal.Instant.from(`${text}+08:00`)
const told = (second: number) =>
  Temporal.Instant.fromEpochMilliseconds(second * 1000)
    .toZonedDateTimeISO('Asia/Shanghai')
    .toPlainDateTime()
    .toString()

test.for([
  {
    when: 'it begins in mid-month',
    window: ['2026-08-03T00:00:00', '2026-08-09T23:59:59'],
    gives: [['2026-08-03T00:00:00', '2026-08-09T23:59:59']],
  },
  {
    when: 'it begins with the month',
    window: ['2026-09-01T00:00:00', '2026-09-07T23:59:59'],
    gives: [['2026-08-31T04:00:00', '2026-09-07T23:59:59']],
  },
  {
    when: 'it begins in a month’s first night',
    window: ['2026-09-01T02:30:00', '2026-09-01T08:00:00'],
    gives: [['2026-08-31T04:00:00', '2026-09-01T08:00:00']],
  },
  {
    when: 'the night of the month’s first day is over',
    window: ['2026-09-01T12:00:00', '2026-09-01T18:00:00'],
    gives: [['2026-09-01T12:00:00', '2026-09-01T18:00:00']],
  },
  {
    when: 'it begins on the last day and crosses midnight',
    window: ['2026-08-31T20:00:00', '2026-09-01T08:00:00'],
    gives: [['2026-08-31T20:00:00', '2026-09-01T08:00:00']],
  },
  {
    when: 'it is a whole month, too long to begin earlier',
    window: ['2026-09-01T00:00:00', '2026-09-30T23:59:59'],
    gives: [
      ['2026-08-31T04:00:00', '2026-09-01T12:00:00'],
      ['2026-09-01T12:00:01', '2026-09-30T23:59:59'],
    ],
  },
])('$when', ({ window: [from = '', to = ''], gives }) => {
  const asked = windowsOf(at(from), at(to), 30)
  expect(asked.map(({ starttime, endtime }) => [told(starttime), told(endtime)])).toEqual(
    gives.map((pair) => pair.map((text) => Temporal.PlainDateTime.from(text).toString())),
  )
})

test('every second of the window is asked for once, none of them in too long a window', () => {
  const start = at('2026-08-30T00:00:00').epochMilliseconds / 1000
  fc.assert(
    fc.property(fc.nat(5 * 86_400), fc.nat(30 * 86_400), (offset, length) => {
      const from = Temporal.Instant.fromEpochMilliseconds((start + offset) * 1000)
      const asked = windowsOf(from, from.add({ seconds: length }), 30)
      const [first] = asked
      expect(first!.starttime).toBeLessThanOrEqual(start + offset)
      expect(asked.at(-1)!.endtime).toBe(start + offset + length)
      for (const [i, { starttime, endtime }] of asked.entries()) {
        expect(endtime - starttime).toBeLessThanOrEqual(30 * 86_400)
        if (i > 0) expect(starttime).toBe(asked[i - 1]!.endtime + 1)
      }
    }),
  )
})
