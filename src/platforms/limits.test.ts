import { describe, expect, test } from 'vitest'
import {
  deliveriesOf,
  dingtalkAddressLimit,
  dingtalkCallsPerSecond,
  dingtalkEditions,
  dingtalkHistory,
  dingtalkLimits,
  dingtalkPlaces,
  dingtalkUpload,
  dingtalkWrongLookups,
  editionsAbove,
  priceOf,
  quotaOf,
} from '#platforms/dingtalk/limits.ts'
import { limitsOf } from '#platforms/limits.ts'
import {
  wecomAddressLimit,
  wecomLimits,
  wecomMonthEnd,
  wecomPlaces,
  wecomRecordTexts,
  wecomWrongLookups,
} from '#platforms/wecom/limits.ts'

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
    const others = [
      ...[dingtalkAddressLimit, dingtalkHistory, dingtalkUpload, dingtalkWrongLookups, dingtalkPlaces],
      ...[wecomAddressLimit, wecomRecordTexts, wecomMonthEnd, wecomWrongLookups, wecomPlaces],
    ]
    for (const row of [...dingtalkLimits, ...wecomLimits, ...dingtalkEditions, ...others]) {
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

const wan = 10_000
test.for([
  { when: 'the quota holds', edition: ['standard'], calls: 5_000, included: 5_000, beyond: 0, choices: [] },
  {
    when: 'the standard edition is too small',
    edition: ['standard'],
    calls: 5_001,
    included: 5_000,
    beyond: 1,
    choices: [
      { edition: ['professional'], meteredCalls: 20 * wan, yearlyFen: 980_000 },
      { edition: ['standard', 'development-pack'], meteredCalls: 500.5 * wan, yearlyFen: 1_980_000 },
      { edition: ['professional', 'development-pack'], meteredCalls: 520 * wan, yearlyFen: 2_960_000 },
    ],
  },
  {
    when: 'the professional edition is too small',
    edition: ['professional'],
    calls: 30 * wan,
    included: 20 * wan,
    beyond: 10 * wan,
    choices: [
      { edition: ['professional', 'development-pack'], meteredCalls: 520 * wan, yearlyFen: 1_980_000 },
    ],
  },
  {
    when: 'nothing on sale is large enough',
    edition: ['professional', 'development-pack'],
    calls: 600 * wan,
    included: 520 * wan,
    beyond: 80 * wan,
    choices: [],
  },
])('$when: what the calls of a month take', ({ edition, calls, ...gives }) => {
  const { when: _, ...expected } = gives
  expect(priceOf(edition, calls, day('2026-11-01'))).toEqual(expected)
})

test('where no price was known an edition is offered without one', () => {
  expect(priceOf(['standard'], 20_000, day('2025-01-01'))).toMatchObject({
    included: 10_000,
    beyond: 10_000,
    choices: [
      { edition: ['professional'], yearlyFen: null },
      { yearlyFen: null },
      { edition: ['professional', 'development-pack'], yearlyFen: null },
    ],
  })
})

test('there is nothing above the largest edition', () => {
  expect(editionsAbove(['professional', 'development-pack'], day('2026-11-01'))).toEqual([])
})
