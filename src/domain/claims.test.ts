import { describe, expect, test } from 'vitest'
import { type Claims, canTakeBack, changeOf, doMeet, isNothing, noClaims } from './claims.ts'

const link = (source: string, target: string, at = '1'): Claims => ({
  ...noClaims,
  explicit_link: [{ route_id: 1, source_key: source, target_key: target, made_at: at }],
})
const apart = (source: string, target: string): Claims => ({
  ...noClaims,
  parted_pair: [{ route_id: 1, source_key: source, target_key: target, parted_at: '1' }],
})
const pair = (isSame: boolean): Claims => ({
  ...noClaims,
  person_pair: [{ a_connection: 1, a_key: 'a', b_connection: 2, b_key: 'b', is_same: isSame, made_at: '1' }],
})
const both = (one: Claims, other: Claims): Claims => ({
  explicit_link: [...one.explicit_link, ...other.explicit_link],
  parted_pair: [...one.parted_pair, ...other.parted_pair],
  person_pair: [...one.person_pair, ...other.person_pair],
})

test.for([
  { when: 'nothing was said', before: noClaims, after: noClaims, isSame: true },
  { when: 'the same was said again', before: link('a', 'b'), after: link('a', 'b', '2'), isSame: true },
  { when: 'a link moved', before: link('a', 'b'), after: link('a', 'c'), isSame: false },
  { when: 'a link became a parting', before: link('a', 'b'), after: apart('a', 'b'), isSame: false },
  { when: 'one person became two', before: pair(true), after: pair(false), isSame: false },
])('$when: a change or none', ({ before, after, isSame }) => {
  const change = changeOf(before, after)
  expect(isNothing(change.before) && isNothing(change.after)).toBe(isSame)
  if (!isSame) expect(change).toEqual({ before, after })
})

test('what stood before and after is no part of the change', () => {
  expect(changeOf(link('x', 'y'), both(link('x', 'y'), link('a', 'b')))).toEqual({
    before: noClaims,
    after: link('a', 'b'),
  })
})

describe('an act that linked a to b', () => {
  const made = { before: apart('a', 'b'), after: link('a', 'b') }
  test.for([
    { when: 'it stands', present: link('a', 'b'), can: true },
    { when: 'others said something about others', present: both(link('a', 'b'), link('x', 'y')), can: true },
    { when: 'a is linked to somebody else now', present: link('a', 'c'), can: false },
    { when: 'it was taken apart', present: apart('a', 'b'), can: false },
    { when: 'nothing is said any more', present: noClaims, can: false },
  ])('can be taken back as long as it stands: $when', ({ present, can }) => {
    expect(canTakeBack(made, present)).toBe(can)
  })
})

test('a link does not come back to an account that has another one now', () => {
  const parted = { before: link('a', 'b'), after: apart('a', 'b') }
  expect(canTakeBack(parted, apart('a', 'b'))).toBe(true)
  expect(canTakeBack(parted, both(apart('a', 'b'), link('x', 'b')))).toBe(false)
})

test.for([
  { when: 'the same source', other: link('a', 'c'), do: true },
  { when: 'the same target', other: link('x', 'b'), do: true },
  { when: 'the same pair, apart', other: apart('a', 'b'), do: false },
  { when: 'others', other: link('x', 'y'), do: false },
])('two acts are about the same: $when', ({ other, do: expected }) => {
  const one = { before: noClaims, after: link('a', 'b') }
  expect(doMeet(one, { before: other, after: noClaims })).toBe(expected)
})
