import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultPolicy } from './policy.ts'
import { at } from './test-month.ts'
import { afterWorth, worthBetween } from './worth.ts'

const hour = 3_600_000
const ms = (text: string) => at(`2026-11-${text}+08:00`).epochMilliseconds

test.for([
  { when: 'an hour of a working morning', from: '02T10:00', to: '02T11:00', hours: 1 },
  { when: 'an hour of the night', from: '02T02:00', to: '02T03:00', hours: 0.25 },
  { when: 'an hour of a Sunday', from: '01T10:00', to: '01T11:00', hours: 0.25 },
  { when: 'a working day', from: '02T00:00', to: '03T00:00', hours: 15 + 9 / 4 },
  { when: 'no time at all', from: '02T10:00', to: '02T10:00', hours: 0 },
])('$when is worth $hours h', ({ from, to, hours }) => {
  expect(worthBetween(ms(from), ms(to), defaultPolicy) / hour).toBeCloseTo(hours, 9)
})

test('worth adds up, and the instant after so much worth is where it has passed', () => {
  const minutes = fc.nat(20 * 24 * 60)
  fc.assert(
    fc.property(fc.nat(10 * 24 * 60), minutes, minutes, (start, first, second) => {
      const a = ms('01T00:00') + start * 60_000
      const [b, c] = [a + first * 60_000, a + (first + second) * 60_000]
      const whole = worthBetween(a, c, defaultPolicy)
      expect(worthBetween(a, b, defaultPolicy) + worthBetween(b, c, defaultPolicy)).toBeCloseTo(whole, 3)
      expect(afterWorth(a, whole, defaultPolicy)).toBeCloseTo(c, 0)
    }),
  )
})

test('more worth than any plan reaches never comes', () => {
  expect(afterWorth(ms('01T00:00'), 1e12, defaultPolicy)).toBe(Number.POSITIVE_INFINITY)
})
