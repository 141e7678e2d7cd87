import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayOf } from './calendar.ts'
import { type Days, demandGroup, leastCallsBetween, leastCallsOfDays } from './measure.ts'
import { defaultPolicy } from './policy.ts'
import { exactCalls } from './test-exact.ts'
import { aLane, aLeg, at, dingtalkSide, runLane, sweptAt, wecomSide } from './test-month.ts'

/** Nothing but what is demanded. */
const noPolls = { pollEveryMs: 40 * 86_400_000 }

test('a thousand people, the standard edition, both peaks and every closing of a month: as few calls as can be', () => {
  const lane = aLane({ legs: [aLeg(noPolls)] })
  const december = at('2026-12-01T00:00:00+08:00')
  const { used } = runLane(lane, december).state.quota
  const least = leastCallsOfDays(lane.legs, daysBetween(lane.now, december))
  expect(least).toBe(20 * 3 * 30)
  expect(used / least).toBeLessThanOrEqual(1.05)
  expect(used).toBeLessThanOrEqual(5_000)
})

const daysBetween = (from: Temporal.Instant, to: Temporal.Instant): Days => ({
  first: dayOf(from.epochMilliseconds),
  next: dayOf(to.epochMilliseconds),
})

const toy = fc.record({
  people: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 2 }),
  capacity: fc.integer({ min: 1, max: 4 }),
  peaks: fc.subarray([
    { name: 'early', freshBy: '07:30', toleranceMinutes: 240, validFrom: '2026-01-01' },
    { name: 'morning', freshBy: '09:45', toleranceMinutes: 15, validFrom: '2026-01-01' },
    { name: 'forenoon', freshBy: '09:50', toleranceMinutes: 120, validFrom: '2026-01-01' },
    { name: 'evening', freshBy: '18:45', toleranceMinutes: 15, validFrom: '2026-01-01' },
  ]),
})

test('on toy weeks: bound ≤ exact optimum ≤ plan', () => {
  const sums = { bound: 0, exact: 0, plan: 0 }
  fc.assert(
    fc.property(toy, ({ people, capacity, peaks }) => {
      const policy = { ...defaultPolicy, peaks }
      const source = { ...dingtalkSide, readPeople: capacity }
      const legs = people.map((count, i) =>
        aLeg({
          ...noPolls,
          route: `r${i}`,
          people: count,
          source,
          lastSweep: sweptAt('2026-11-02T23:00:00+08:00'),
        }),
      )
      const now = at('2026-11-03T00:00:00+08:00')
      const until = at('2026-11-05T00:00:00+08:00')
      const days = daysBetween(now, until)
      const bound = leastCallsOfDays(legs, days, policy)
      const demands = legs.flatMap((leg) =>
        Array.from({ length: leg.people }, (_, i) =>
          demandGroup(leg, days, policy).intervals.map((one) => ({ person: `${leg.route} ${i}`, ...one })),
        ).flat(),
      )
      const exact = exactCalls(demands, capacity)
      const plan = runLane(aLane({ now, legs }), until, { policy }).state.quota.used
      expect(bound).toBeLessThanOrEqual(exact)
      expect(exact).toBeLessThanOrEqual(plan)
      // What separates them is routes that cannot share a call.
      if (legs.length === 1) expect(plan).toBe(exact)
      sums.bound += bound
      sums.exact += exact
      sums.plan += plan
    }),
    { numRuns: 60 },
  )
  console.log(
    `toy weeks: optimum ÷ bound ${(sums.exact / sums.bound).toFixed(3)}, plan ÷ optimum ${(sums.plan / sums.exact).toFixed(3)}`,
  )
})

test('the least of a part of a month is what fell due in it, for whom it fell due', () => {
  const [from, to] = [at('2026-11-10T12:00:00+08:00'), at('2026-11-12T12:00:00+08:00')]
  const within = { from: from.epochMilliseconds, to: to.epochMilliseconds }
  // An evening, a night, a morning, an evening, a night and a morning, 20 calls each.
  expect(leastCallsBetween([aLeg()], within)).toBe(6 * 20)
  expect(leastCallsBetween([aLeg({ since: at('2026-11-12T00:00:00+08:00') })], within)).toBe(2 * 20)
  expect(leastCallsBetween([aLeg({ source: wecomSide })], within)).toBe(0)
  expect(leastCallsBetween([aLeg()], { from: within.to, to: within.to })).toBe(0)
})
