import { describe, expect, test } from 'vitest'
import {
  deliveriesOf,
  dingtalkCallsPerSecond,
  dingtalkEditions,
  dingtalkLimits,
  quotaOf,
} from '#platforms/dingtalk/limits.ts'
import { limitsOf } from '#platforms/limits.ts'
import { wecomLimits } from '#platforms/wecom/limits.ts'

const day = (text: string) => Temporal.PlainDate.from(text)

test.for([
  { edition: ['standard'], on: '2025-11-18', calls: 10_000, deliveries: 5_000, perSecond: 20 },
  { edition: ['standard'], on: '2025-11-19', calls: 5_000, deliveries: 3_000, perSecond: 20 },
  { edition: ['professional'], on: '2026-11-01', calls: 200_000, deliveries: 50_000, perSecond: 20 },
  {
    edition: ['standard', 'development-pack'],
    on: '2026-11-01',
    calls: 5_005_000,
    deliveries: 503_000,
    perSecond: 60,
  },
  {
    edition: ['professional', 'development-pack'],
    on: '2026-11-01',
    calls: 5_200_000,
    deliveries: 550_000,
    perSecond: 60,
  },
  { edition: ['development-pack'], on: '2026-11-01', calls: 5_005_000, deliveries: 503_000, perSecond: 60 },
  { edition: [], on: '2026-11-01', calls: 5_000, deliveries: 3_000, perSecond: 20 },
])(
  '$edition has $calls metered calls in the month of $on',
  ({ edition, on, calls, deliveries, perSecond }) => {
    expect(quotaOf(edition, day(on))).toBe(calls)
    expect(deliveriesOf(edition, day(on))).toBe(deliveries)
    expect(dingtalkCallsPerSecond(edition, day(on))).toBe(perSecond)
  },
)

describe('the tables', () => {
  test('every row is dated and names its source', () => {
    for (const row of [...dingtalkLimits, ...wecomLimits, ...dingtalkEditions]) {
      expect(day(row.validFrom).toString()).toBe(row.validFrom)
      expect(row.source).not.toBe('')
    }
  })

  test('rows of one id or part stand in the order of their dates', () => {
    for (const row of dingtalkEditions) {
      const dates = dingtalkEditions.filter(({ part }) => part === row.part).map(({ validFrom }) => validFrom)
      expect(dates).toEqual(dates.toSorted())
    }
  })

  test.for([
    ['dingtalk.listRecord', { calls: 20, perSeconds: 1, people: 50, days: 7 }],
    ['wecom.getcheckindata', { calls: 600, perSeconds: 60, people: 100, days: 30 }],
    ['wecom.add_checkin_record', { calls: 60, perSeconds: 60, records: 200 }],
  ] as const)('%s keeps the documented batch and rate', ([id, limit]) => {
    expect(limitsOf(id)).toMatchObject(limit)
  })
})
