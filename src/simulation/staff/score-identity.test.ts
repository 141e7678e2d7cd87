import { describe, expect, test } from 'vitest'
import type { Claim, Outcome, Resolution } from '#domain/identity/resolution.ts'
import { resolveIdentities } from '#domain/identity/resolve.ts'
import { nothingKnown } from '#domain/identity/staff-account.ts'
import { generateStaff } from './generate-staff.ts'
import { addScores, calibrationError, hashOf, scoreIdentity } from './score-identity.ts'
import { staffPresets } from './staff-rates.ts'

const staff = generateStaff({ seed: 3, people: 1000, ...staffPresets.group })
const truth = staff.people.map(({ accounts }) => accounts)

/** A resolution that says so, with no claims beside. */
const saying = (people: readonly (readonly string[])[]): Resolution => ({
  ...resolveIdentities([], nothingKnown),
  people: () => people,
  outcomes: () => [],
})

/** Linked, suggested, or not at all. */
const claim = (id: string, status: Claim['status'], probability: number): Claim => ({
  id,
  connection: 'hq-wecom',
  status,
  probability,
  weight: 0,
  weights: [],
  because: [],
  wouldChange: [],
})

describe('the score', () => {
  test('of the truth is everything right', () => {
    const score = scoreIdentity(staff, saying(truth))
    expect(score).toMatchObject({ wrong: 0, truePairsLinked: score.truePairs, returnsLinked: score.returns })
    expect(score.truePairs).toBeGreaterThan(1000)
    expect(score.returns).toBeGreaterThan(0)
  })

  test('of saying nothing is nothing right and nothing wrong', () => {
    const score = scoreIdentity(staff, saying(staff.accounts.map(({ id }) => [id])))
    expect(score).toMatchObject({ linked: 0, wrong: 0, truePairsLinked: 0, returnsLinked: 0 })
  })

  test('counts every pair between two humans that are taken for one', () => {
    const [two, other] = truth.filter(({ length }) => length === 2)
    const rest = truth.filter((ids) => ids !== two && ids !== other)
    const score = scoreIdentity(staff, saying([...rest, [...two!, ...other!]]))
    expect(score.wrong).toBe(4)
    expect(score.wrongPairs).toHaveLength(4)
  })

  test('counts what is only suggested apart, once for both directions', () => {
    const pair = staff.people.find(
      ({ human, accounts }) => accounts.length === 2 && human.corruptions.size === 0,
    )!.accounts as [string, string]
    const outcome = (id: string, other: string): Outcome => ({
      id,
      connection: 'hq-dingtalk',
      person: id,
      status: 'suggested',
      links: [],
      candidates: [claim(other, 'suggested', 0.7)],
      because: [],
      wouldChange: [],
    })
    const score = scoreIdentity(staff, {
      ...saying(staff.accounts.map(({ id }) => [id])),
      outcomes: () => [outcome(pair[0], pair[1]), outcome(pair[1], pair[0])],
    })
    expect(score.truePairsSuggested).toBe(1)
    expect(score.claims).toEqual([{ probability: 0.7, isTrue: true, isLinked: false }])
    expect(addScores([score, score])).toMatchObject({
      truePairsSuggested: 2,
      people: 2 * staff.people.length,
    })
  })
})

const judged = (probability: number, right: number, wrong: number) =>
  [...Array<boolean>(right).fill(true), ...Array<boolean>(wrong).fill(false)].map((isTrue) => ({
    probability,
    isTrue,
    isLinked: false,
  }))

test.for([
  { when: 'seven of ten come true at 0.7', claims: judged(0.7, 7, 3), gives: 0 },
  { when: 'all come true at 0.7', claims: judged(0.7, 10, 0), gives: 0.3 },
  { when: 'none comes true at 1', claims: judged(1, 0, 4), gives: 1 },
  {
    when: 'two bins are wrong in opposite ways',
    claims: [...judged(0.9, 5, 5), ...judged(0.1, 5, 5)],
    gives: 0.4,
  },
  { when: 'nothing is claimed', claims: [], gives: 0 },
])('the calibration error, when $when', ({ claims, gives }) => {
  expect(calibrationError(claims)).toBeCloseTo(gives, 9)
})

describe('who is who in an invented group of a thousand', () => {
  const resolution = resolveIdentities(staff.accounts, nothingKnown)
  const score = scoreIdentity(staff, resolution)

  test('nobody is taken for somebody else, and nearly everybody is found', () => {
    expect(score.wrongPairs).toEqual([])
    expect(score.truePairsLinked / score.truePairs).toBeGreaterThan(0.94)
    expect(calibrationError(score.claims)).toBeLessThan(0.02)
  })

  test('the order of the accounts changes nothing', () => {
    const other = resolveIdentities(staff.accounts.toReversed(), nothingKnown)
    expect(hashOf(other)).toBe(hashOf(resolution))
    const fewer = resolveIdentities(staff.accounts.slice(1), nothingKnown)
    expect(hashOf(fewer)).not.toBe(hashOf(resolution))
  })
})
