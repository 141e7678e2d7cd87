import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatDuration, parseDuration } from './duration.ts'

test.for([
  ['90s', 90_000],
  ['15m', 900_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['1h30m', 5_400_000],
  ['250ms', 250],
  [' 45m ', 2_700_000],
  ['0s', 0],
] as const)('%s is %d ms', ([text, ms]) => {
  expect(parseDuration(text)).toBe(ms)
})

test.for(['', '15', 'm', '15 m', '-5m', '1.5h', '15min', '1h 30m', '99999999999999999999d'])(
  '"%s" is none',
  (text) => {
    expect(parseDuration(text)).toBeNull()
  },
)

test('a duration is read back as it was written', () => {
  fc.assert(
    fc.property(fc.nat({ max: 400 * 86_400_000 }), (ms) => {
      expect(parseDuration(formatDuration(ms))).toBe(ms)
    }),
  )
})
