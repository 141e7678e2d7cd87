import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectedByDays, forecastQuota } from './forecast.ts'
import { aLane, aLeg, chanceOf, runLane } from './test-month.ts'

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
      fc.nat(30 * 86_400 - 1),
      fc.option(fc.array(fc.nat(500), { minLength: 30, maxLength: 30 }), { nil: undefined }),
      (used, quota, seconds, days) => {
        const now = at('2026-11-01T00:00:00+08:00').add({ seconds })
        const daily = days?.slice(0, 1 + Math.floor(seconds / 86_400))
        const forecast = forecastQuota({ used, quota, ...(daily && { daily }) }, now)
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

/** Working days take 150 calls and rest days 40, four in a hundred more or less; the 1st a backlog as well. */
function syntheticMonth(seed: number): number[] {
  const chance = chanceOf(seed)
  return Array.from({ length: 30 }, (_, i) => {
    const usual = [0, 6].includes(i % 7) ? 40 : 150
    return Math.round(usual * (0.96 + 0.08 * chance()) + (i === 0 ? 400 : 0))
  })
}

const sumOf = (days: readonly number[]) => days.reduce((sum, calls) => sum + calls, 0)

test('after the first week, the month is known within 3 %, backlog of the 1st and all', () => {
  const now = at('2026-11-08T12:00:00+08:00')
  const errors = Array.from({ length: 300 }, (_, seed) => {
    const month = syntheticMonth(seed + 1)
    const daily = [...month.slice(0, 7), Math.round(month[7]! / 2)]
    return Math.abs(expectedByDays({ used: sumOf(daily), quota: 5_000, daily }, now) / sumOf(month) - 1)
  })
  expect(Math.max(...errors)).toBeLessThan(0.03)
})

test('the average pace alone would be far off after that backlog', () => {
  const month = syntheticMonth(1)
  const spent = { used: sumOf(month.slice(0, 7)), quota: 5_000 }
  const now = at('2026-11-08T00:00:00+08:00')
  expect(expectedByDays(spent, now) / sumOf(month) - 1).toBeGreaterThan(0.2)
})

test('days that do not add up to what was used are not believed', () => {
  const now = at('2026-11-16T00:00:00+08:00')
  const daily = [...Array<number>(14).fill(0), 100, 0]
  expect(forecastQuota({ used: 2_000, quota: 5_000, daily }, now)).toEqual({
    kind: 'enough',
    expected: 4_000,
  })
})

test('a month that the planner runs is known within 3 % after its first week', () => {
  for (const people of [300, 1_000, 2_200]) {
    const { done } = runLane(aLane({ legs: [aLeg({ people })] }), at('2026-12-01T00:00:00+08:00'))
    const daily = Array<number>(30).fill(0)
    for (const { step, at: began } of done)
      daily[began.toZonedDateTimeISO('Asia/Shanghai').day - 1]! += step.calls
    const week = daily.slice(0, 7)
    const now = at('2026-11-08T00:00:00+08:00')
    const expected = expectedByDays({ used: sumOf(week), quota: 5_000, daily: [...week, 0] }, now)
    expect(Math.abs(expected / sumOf(daily) - 1)).toBeLessThan(0.03)
  }
})
