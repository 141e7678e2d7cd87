import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assignPersons, type Member } from './assign-persons.ts'

const account = (name: string, personId = `p_${name}`): Member => ({
  personId,
  ownId: `p_${name}`,
  rank: name,
})

test.for<{ when: string; groups: Member[][]; gives: string[] }>([
  { when: 'everybody is alone', groups: [[account('a')], [account('b')]], gives: ['p_a', 'p_b'] },
  { when: 'two are one', groups: [[account('b'), account('a')]], gives: ['p_a'] },
  { when: 'they are parted again', groups: [[account('a')], [account('b', 'p_a')]], gives: ['p_a', 'p_b'] },
  { when: 'the account that gave the id is gone', groups: [[account('b', 'p_a')]], gives: ['p_a'] },
  {
    when: 'its human returns with a new account',
    groups: [[account('0'), account('b', 'p_a')]],
    gives: ['p_a'],
  },
  {
    when: 'a twin goes over to somebody else',
    groups: [[account('a'), account('c', 'p_b')], [account('b')]],
    gives: ['p_a', 'p_b'],
  },
  {
    when: 'two shared the id of one who is gone, and part',
    groups: [[account('c', 'p_a')], [account('b', 'p_a')]],
    gives: ['p_c', 'p_a'],
  },
])('$when', ({ groups, gives }) => {
  expect(assignPersons(groups)).toEqual(gives)
})

/** Any history: accounts `0…n` in any groups, standing for any person there ever was. */
const history = fc
  .tuple(fc.array(fc.tuple(fc.nat(4), fc.nat(9)), { minLength: 1, maxLength: 8 }), fc.nat())
  .map(([accounts]) => {
    const groups = new Map<number, Member[]>()
    accounts.forEach(([group, person], name) => {
      groups.set(group, [...(groups.get(group) ?? []), account(`${name}`, `p_${person}`)])
    })
    return [...groups.values()]
  })

test('ids are all different, and assigning again changes none', () => {
  fc.assert(
    fc.property(history, (groups) => {
      const ids = assignPersons(groups)
      expect(new Set(ids).size).toBe(groups.length)
      const after = groups.map((members, i) => members.map((member) => ({ ...member, personId: ids[i]! })))
      expect(assignPersons(after)).toEqual(ids)
    }),
  )
})

test('the order of groups and members changes nothing', () => {
  fc.assert(
    fc.property(history, (groups) => {
      const byRank = (list: Member[][], ids: string[]) =>
        new Map(list.flatMap((members, i) => members.map(({ rank }) => [rank, ids[i]] as const)))
      const turned = groups.map((members) => members.toReversed()).toReversed()
      expect(byRank(turned, assignPersons(turned))).toEqual(byRank(groups, assignPersons(groups)))
    }),
  )
})
