import fc from 'fast-check'
import { expect, test } from 'vitest'
import { groupDemands, leastCallsFor, type ReadDemand } from './lower-bound.ts'
import { exactCalls } from './test-exact.ts'

test.for([
  { when: 'nobody is to be read', groups: [], least: 0 },
  { when: 'a group is empty', groups: [{ people: 0, intervals: [{ from: 0, by: 1 }] }], least: 0 },
  { when: 'everybody fits one call', groups: [{ people: 50, intervals: [{ from: 0, by: 1 }] }], least: 1 },
  { when: 'one person does not', groups: [{ people: 51, intervals: [{ from: 0, by: 1 }] }], least: 2 },
  {
    when: 'two demands share a moment',
    groups: [
      {
        people: 50,
        intervals: [
          { from: 0, by: 5 },
          { from: 5, by: 9 },
        ],
      },
    ],
    least: 1,
  },
  {
    when: 'two demands share none',
    groups: [
      {
        people: 50,
        intervals: [
          { from: 0, by: 4 },
          { from: 5, by: 9 },
        ],
      },
    ],
    least: 2,
  },
  {
    when: 'two half groups may share a call',
    groups: [
      { people: 25, intervals: [{ from: 0, by: 4 }] },
      { people: 25, intervals: [{ from: 3, by: 9 }] },
    ],
    least: 1,
  },
  {
    when: 'each window is rounded up by itself',
    groups: [
      {
        people: 51,
        intervals: [
          { from: 0, by: 1 },
          { from: 10, by: 11 },
          { from: 20, by: 21 },
        ],
      },
    ],
    least: 6,
  },
])('the least number of calls when $when is $least', ({ groups, least }) => {
  expect(leastCallsFor(groups, 50)).toBe(least)
})

const demand = fc
  .tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), fc.nat(12), fc.nat(5))
  .map(([person, from, length]): ReadDemand => ({ person, from, by: from + length }))

test('no exact plan beats the bound, and the bound is never below the linear relaxation', () => {
  let [bounds, optima] = [0, 0]
  fc.assert(
    fc.property(fc.array(demand, { maxLength: 14 }), fc.integer({ min: 1, max: 4 }), (demands, capacity) => {
      const groups = groupDemands(demands)
      const bound = leastCallsFor(groups, capacity)
      const exact = exactCalls(demands, capacity)
      bounds += bound
      optima += exact
      expect(bound).toBeLessThanOrEqual(exact)
      const places = groups.reduce(
        (sum, group) => sum + leastCallsFor([{ ...group, people: 1 }], 1) * group.people,
        0,
      )
      expect(bound).toBeGreaterThanOrEqual(Math.ceil(places / capacity))
    }),
    { numRuns: 150 },
  )
  console.log(`bound ÷ exact optimum over random toys: ${(bounds / optima).toFixed(3)}`)
  expect(bounds / optima).toBeGreaterThan(0.9)
})
