import { expect, test } from 'vitest'
import { type CleaningAccount, type Finding, listCleaning, twinsOf } from './cleaning-list.ts'

const account = (userId: string, more: Partial<CleaningAccount> = {}): CleaningAccount => ({
  connection: 'ding',
  key: userId,
  userId,
  name: '张三',
  person: `p_${userId}`,
  subsidiary: '总部',
  departments: [],
  jobNumber: 'A0001',
  mobileTail: null,
  mobilePrint: null,
  isActive: true,
  hasLeft: false,
  hasResigned: false,
  ...more,
})
const connections = [
  { key: 'ding', platform: 'dingtalk' as const, hasJobNumbers: true },
  { key: 'we', platform: 'wecom' as const, hasJobNumbers: true },
]
const found = (accounts: CleaningAccount[], twins: [number, number][] = []) =>
  listCleaning(
    connections,
    accounts,
    twins.map(([one, other]) => ({ one: accounts[one]!, other: accounts[other]! })),
  ).map(({ connection, account: of, finding }) => ({ at: of?.userId ?? connection, ...finding }))

const wecom = { connection: 'we' }

test.for<{
  when: string
  accounts: CleaningAccount[]
  twins?: [number, number][]
  gives: (Finding & { at: string })[]
}>([
  { when: 'all is well', accounts: [account('a'), account('b', wecom)], twins: [[0, 1]], gives: [] },
  {
    when: 'a job number is used twice, written differently',
    accounts: [account('a', { jobNumber: 'a0001' }), account('b', { jobNumber: 'Ａ0001 ' })],
    gives: [
      { at: 'a', kind: 'job-number-shared', jobNumber: 'a0001', with: ['b'] },
      { at: 'b', kind: 'job-number-shared', jobNumber: 'Ａ0001 ', with: ['a'] },
    ],
  },
  {
    when: 'the same number stands on both sides, as it should',
    accounts: [account('a'), account('b', wecom)],
    gives: [],
  },
  {
    when: 'leavers have the number',
    accounts: [account('a'), account('b', { hasLeft: true, hasResigned: true })],
    gives: [],
  },
  {
    when: 'placeholders are shared, which is no sharing',
    accounts: [account('a', { jobNumber: '000' }), account('b', { jobNumber: '000' })],
    gives: [
      { at: 'a', kind: 'job-number-placeholder', jobNumber: '000' },
      { at: 'b', kind: 'job-number-placeholder', jobNumber: '000' },
    ],
  },
  {
    when: 'a mobile is shared',
    accounts: [
      account('a', { mobilePrint: 'x', mobileTail: '1234' }),
      account('b', { mobilePrint: 'x', mobileTail: '1234', jobNumber: 'A2' }),
    ],
    gives: [
      { at: 'a', kind: 'mobile-shared', tail: '1234', with: ['b'] },
      { at: 'b', kind: 'mobile-shared', tail: '1234', with: ['a'] },
    ],
  },
  {
    when: 'a number is missing that the other side knows',
    accounts: [account('a', { jobNumber: null }), account('b', wecom), account('c', { jobNumber: 'A3' })],
    twins: [[0, 1]],
    gives: [{ at: 'a', kind: 'job-number-missing', theirs: 'A0001' }],
  },
  {
    when: 'nobody has a number',
    accounts: [account('a', { jobNumber: null }), account('b', { jobNumber: null })],
    gives: [{ at: 'ding', kind: 'no-job-numbers', people: 2 }],
  },
  {
    when: 'numbers differ within one person',
    accounts: [account('a'), account('b', { ...wecom, jobNumber: 'B7' })],
    twins: [[0, 1]],
    gives: [
      { at: 'a', kind: 'job-number-differs', jobNumber: 'A0001', theirs: 'B7', twin: 'b' },
      { at: 'b', kind: 'job-number-differs', jobNumber: 'B7', theirs: 'A0001', twin: 'a' },
    ],
  },
  {
    when: 'a name is written differently',
    accounts: [account('a', { name: '张珊' }), account('b', wecom)],
    twins: [[0, 1]],
    gives: [
      { at: 'a', kind: 'name-differs', name: '张珊', theirs: '张三', twin: 'b' },
      { at: 'b', kind: 'name-differs', name: '张三', theirs: '张珊', twin: 'a' },
    ],
  },
  {
    when: 'a note stands behind the name',
    accounts: [account('a', { name: '张三（外包）' }), account('b', { ...wecom, name: '张三-实习' })],
    twins: [[0, 1]],
    gives: [
      { at: 'a', kind: 'name-note', name: '张三（外包）', bare: '张三' },
      { at: 'b', kind: 'name-note', name: '张三-实习', bare: '张三' },
    ],
  },
  { when: 'a dash belongs to the name', accounts: [account('a', { name: 'Jean-Luc' })], gives: [] },
  {
    when: 'the name says that its holder has left',
    accounts: [account('a', { name: '张三（离职）' })],
    gives: [{ at: 'a', kind: 'leaver-by-name', name: '张三（离职）' }],
  },
  {
    when: 'the other account has gone',
    accounts: [account('a', { hasLeft: true, hasResigned: true }), account('b', wecom)],
    twins: [[0, 1]],
    gives: [{ at: 'b', kind: 'twin-gone', twin: 'a' }],
  },
  {
    when: 'an account was never activated',
    accounts: [account('a', { isActive: false })],
    gives: [{ at: 'a', kind: 'never-activated' }],
  },
])('$when', ({ accounts, twins, gives }) => {
  expect(found(accounts, twins)).toEqual(gives)
})

test('where the setup knows of no job numbers, none are missed', () => {
  const none = [{ key: 'we', platform: 'wecom' as const, hasJobNumbers: false }]
  expect(listCleaning(none, [account('a', { ...wecom, jobNumber: null })], [])).toEqual([])
})

test('a leaver’s twin is told until somebody else is its person', () => {
  const left = account('old', { hasLeft: true, hasResigned: true })
  const unseen = account('away', { hasLeft: true })
  const [next, twin, other] = [account('new'), account('w', wecom), account('x', wecom)]
  const outcome = (sourceKey: string, twinKey: string) => ({
    route: 'hq',
    sourceKey,
    twinKey,
    status: 'linked' as const,
    because: [],
    probability: null,
    wouldChange: [],
    candidates: [],
  })
  const routes = [{ key: 'hq', dingtalk: 'ding', wecom: 'we' }]
  const accounts = [left, unseen, next, twin, other]
  const pairs = [outcome('old', 'w'), outcome('away', 'x')]
  expect(twinsOf(routes, accounts, pairs)).toEqual([{ one: left, other: twin }])
  expect(twinsOf(routes, accounts, [...pairs, outcome('new', 'w')])).toEqual([{ one: next, other: twin }])
})
