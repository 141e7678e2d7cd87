import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type MappingAccount,
  type MappingFacts,
  type MappingOutcome,
  toMappingRows,
} from './mapping-table.ts'

const account = (connection: string, userId: string, more: Partial<MappingAccount> = {}): MappingAccount => ({
  connection,
  key: userId,
  userId,
  name: userId,
  person: `p_${userId}`,
  subsidiary: '总部',
  departments: [],
  jobNumber: null,
  mobileTail: null,
  isActive: true,
  hasLeft: false,
  ...more,
})
const outcome = (sourceKey: string, more: Partial<MappingOutcome>): MappingOutcome => ({
  route: 'hq',
  sourceKey,
  status: 'unmatched',
  twinKey: null,
  because: [],
  probability: null,
  wouldChange: [],
  candidates: [],
  ...more,
})
const candidates = (...keys: string[]) => keys.map((key) => ({ key, because: [], probability: 0.4 }))

const facts: MappingFacts = {
  routes: [{ key: 'hq', dingtalk: 'ding', wecom: 'we' }],
  accounts: [
    ...['linked', 'torn', 'likely', 'alone', 'new', 'parted'].map((id) => account('ding', id)),
    account('ding', 'leaver', { hasLeft: true }),
    ...['linked-w', 'a', 'b', 'c', 'nobody', 'parted-w'].map((id) => account('we', id)),
    account('we', 'gone', { hasLeft: true }),
  ],
  outcomes: [
    outcome('linked', { status: 'linked', twinKey: 'linked-w' }),
    outcome('torn', { status: 'conflicting', candidates: candidates('a', 'b') }),
    outcome('likely', { status: 'suggested', candidates: candidates('c') }),
    outcome('alone', {}),
    outcome('leaver', { status: 'linked', twinKey: 'gone' }),
    outcome('parted', {}),
  ],
  decisions: [
    { route: 'hq', sourceKey: 'linked', targetKey: 'linked-w', decision: 'link' },
    { route: 'hq', sourceKey: 'parted', targetKey: 'parted-w', decision: 'apart' },
    { route: 'hq', sourceKey: 'new', targetKey: 'invisible', decision: 'link' },
  ],
}

test('every pair and every account without one has its row, whoever needs a person first', () => {
  const told = toMappingRows(facts).map(({ status, dingtalk, wecom, decision, advice }) =>
    [status, dingtalk?.userId ?? '-', wecom?.userId ?? '-', decision ?? '', advice].join(' '),
  )
  expect(told).toEqual([
    'conflicting torn a  compare',
    'conflicting torn b  compare',
    'suggested likely c  confirm',
    'unmatched alone -  look-for',
    'unmatched new -  look-for',
    'unmatched new invisible link nothing',
    'unmatched parted -  look-for',
    'unmatched parted parted-w apart nothing',
    'unmatched - nobody  look-for',
    'linked linked linked-w link nothing',
  ])
})

test('the table does not depend on the order of anything', () => {
  const shuffled = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length })
  fc.assert(
    fc.property(
      shuffled(facts.accounts),
      shuffled(facts.outcomes),
      shuffled(facts.decisions),
      (accounts, outcomes, decisions) => {
        expect(toMappingRows({ ...facts, accounts, outcomes, decisions })).toEqual(toMappingRows(facts))
      },
    ),
  )
})

test('a row is named by its accounts and its route, and by nothing else', () => {
  const names = toMappingRows(facts).map(({ row }) => row)
  expect(new Set(names).size).toBe(names.length)
  const renamed = facts.accounts.map((one) => ({ ...one, name: 'x', departments: ['y'] }))
  expect(toMappingRows({ ...facts, accounts: renamed }).map(({ row }) => row)).toEqual(names)
})
