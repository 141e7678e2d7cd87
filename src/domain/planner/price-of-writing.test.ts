import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type EditionOffer, priceOfWriting, type WritingAsk } from './price-of-writing.ts'
import { aLane, aLeg, at, wayBack } from './test-month.ts'

const offers: EditionOffer[] = [
  { edition: ['standard', 'development-pack'], meteredCalls: 5_005_000, yearlyFen: 1_980_000 },
  { edition: ['professional'], meteredCalls: 200_000, yearlyFen: 980_000 },
]

/** Everybody punches twice on each of November's 21 working days; from the 1st at midnight, both ways. */
function ask(people: number, over: Partial<WritingAsk> = {}): WritingAsk {
  const leg = wayBack({ people })
  return {
    state: aLane({ legs: [aLeg({ people }), leg] }),
    leg,
    punchesPerWorkingDay: people * 2,
    punchesPerRestDay: 0,
    offers,
    ...over,
  }
}

test('a call a punch and two looks for fifty: 80 people write both ways on the standard edition', () => {
  // 21 × (160 + 2 × 4) of 5,000 less the reserve of 1,000 and 30 closings of 2.
  expect(priceOfWriting(ask(80))).toEqual({
    kind: 'affordable',
    calls: 3_528,
    callsPerMonth: 3_528,
    left: 3_940,
  })
})

test('113 people do not, and are told what to do', () => {
  const price = priceOfWriting(ask(113))
  expect(price).toMatchObject({
    kind: 'tooDear',
    callsPerMonth: 21 * 236,
    left: 3_910,
    choices: [
      { kind: 'raiseEdition', offer: { edition: ['professional'] } },
      { kind: 'narrowScope', people: 89 },
      { kind: 'oneWay' },
    ],
  })
  expect(price.kind === 'tooDear' && price.lastsUntil.toString()).toBe('2026-11-24')
})

test('what fits the days that are left, and no whole month, is too dear all the same', () => {
  const state = aLane({ now: at('2026-11-27T00:00:00+08:00'), legs: [wayBack({ people: 150 })] })
  const price = priceOfWriting(ask(150, { state }))
  expect(price).toMatchObject({ kind: 'tooDear', calls: 2 * 312, left: 4_000 })
})

test('what fits a whole month, and not what is left of this one, can wait', () => {
  const quota = { limit: 5_000, used: 3_500, usedByHand: 0 }
  const price = priceOfWriting(ask(80, { state: aLane({ quota, legs: [wayBack({ people: 80 })] }) }))
  expect(price).toMatchObject({
    kind: 'tooDear',
    left: 500,
    choices: [
      { kind: 'nextMonth' },
      { kind: 'raiseEdition' },
      { kind: 'narrowScope', people: 10 },
      { kind: 'oneWay' },
    ],
  })
})

test('a company that needs more than the professional edition is offered the pack, and beyond that no edition', () => {
  const editionFor = (people: number) => {
    const price = priceOfWriting(ask(people))
    const raise =
      price.kind === 'tooDear' ? price.choices.find(({ kind }) => kind === 'raiseEdition') : undefined
    return raise?.kind === 'raiseEdition' ? raise.offer.edition : null
  }
  expect(editionFor(10_000)).toEqual(['standard', 'development-pack'])
  expect(editionFor(200_000)).toBeNull()
})

test('writing in WeCom costs no call, and where nothing is metered nothing is priced', () => {
  expect(priceOfWriting(ask(1_000, { leg: aLeg() }))).toEqual({ kind: 'unmetered' })
  const state = aLane({ quota: { limit: null, used: 0 } })
  expect(priceOfWriting(ask(1_000, { state }))).toEqual({ kind: 'unmetered' })
})

test('the scope that is offered is smaller than the one that was asked, and can be afforded', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3_000 }), fc.nat(6), (people, punches) => {
      const asked = (count: number) => ask(count, { punchesPerWorkingDay: count * punches })
      const price = priceOfWriting(asked(people))
      if (price.kind !== 'tooDear') return
      const narrow = price.choices.find((choice) => choice.kind === 'narrowScope')
      if (!narrow) return
      expect(narrow.people).toBeLessThan(people)
      expect(priceOfWriting(asked(narrow.people)).kind).toBe('affordable')
    }),
  )
})
