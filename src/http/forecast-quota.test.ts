import fc from 'fast-check'
import { expect, test } from 'vitest'
import { forecastQuota } from './forecast-quota.ts'

const at = (text: string) => Temporal.Instant.from(text)

test.for([
  {
    when: 'half the month took a third',
    now: '2026-11-16T00:00:00+08:00',
    used: 1_666,
    gives: { kind: 'enough', expected: 3_332 },
  },
  {
    when: 'little is left',
    now: '2026-11-16T00:00:00+08:00',
    used: 2_300,
    gives: { kind: 'tight', expected: 4_600 },
  },
  {
    when: 'it will not last',
    now: '2026-11-16T00:00:00+08:00',
    used: 3_000,
    gives: { kind: 'short', lastsUntil: '2026-11-26' },
  },
  {
    when: 'it is gone',
    now: '2026-11-16T00:00:00+08:00',
    used: 5_000,
    gives: { kind: 'gone', freeAgainOn: '2026-12-01' },
  },
  {
    when: 'it is gone in December',
    now: '2026-12-31T23:59:59+08:00',
    used: 5_001,
    gives: { kind: 'gone', freeAgainOn: '2027-01-01' },
  },
  { when: 'the month is a day old', now: '2026-11-02T00:00:00+08:00', used: 4_000, gives: { kind: 'early' } },
  {
    when: 'the month has begun in Shanghai only',
    now: '2026-10-31T16:00:01Z',
    used: 10,
    gives: { kind: 'early' },
  },
  {
    when: 'nothing was used',
    now: '2026-11-16T00:00:00+08:00',
    used: 0,
    gives: { kind: 'enough', expected: 0 },
  },
  {
    when: 'nothing is metered',
    now: '2026-11-16T00:00:00+08:00',
    used: 9,
    quota: 0,
    gives: { kind: 'unmetered' },
  },
])('$when: $gives.kind', ({ now, used, quota = 5_000, gives }) => {
  expect(JSON.parse(JSON.stringify(forecastQuota({ used, quota }, at(now))))).toEqual(gives)
})

test('a forecast never says enough when what is already used is too much, and never promises a day that is past', () => {
  fc.assert(
    fc.property(
      fc.nat(10_000),
      fc.integer({ min: 1, max: 10_000 }),
      fc.nat(30 * 86_400),
      (used, quota, seconds) => {
        const now = at('2026-11-01T00:00:00+08:00').add({ seconds })
        const forecast = forecastQuota({ used, quota }, now)
        if (used >= quota) expect(forecast.kind).toBe('gone')
        if (forecast.kind === 'enough' || forecast.kind === 'tight')
          expect(forecast.expected).toBeLessThanOrEqual(quota)
        if (forecast.kind !== 'short') return
        const today = now.toZonedDateTimeISO('Asia/Shanghai').toPlainDate()
        expect(Temporal.PlainDate.compare(forecast.lastsUntil, today)).toBeGreaterThanOrEqual(0)
        expect(forecast.lastsUntil.month).toBe(11)
      },
    ),
  )
})
