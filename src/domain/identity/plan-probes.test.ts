import { expect, test } from 'vitest'
import { mostWrongProbes, planProbes } from './plan-probes.ts'
import { resolveIdentities } from './resolve.ts'
import { nothingKnown, type StaffAccount } from './staff-account.ts'
import { account } from './test-accounts.ts'

const names = [
  '慕容鼐',
  '欧阳璟',
  '濮阳堃',
  '司徒翙',
  '端木赐',
  '尉迟恭',
  '上官婉',
  '公孙胜',
  '令狐冲',
  '皇甫嵩',
]
const mobile = (n: number) => `+86138000000${String(n).padStart(2, '0')}`

/** DingTalk shows every mobile, WeCom none: names alone suggest. */
const company: StaffAccount[] = names.flatMap((name, n) => [
  account(`d${n}`, { name, mobile: mobile(n) }),
  account(`w${n}`, { name }),
])
const mostWrong = new Map([
  ['hq-wecom', 5],
  ['hq-dingtalk', 5],
])
const plan = (accounts: StaffAccount[], ask: Partial<Parameters<typeof planProbes>[2]> = {}) =>
  planProbes(resolveIdentities(accounts, nothingKnown), accounts, {
    asked: [],
    mostWrong,
    budget: 100,
    ...ask,
  })

test('only the side that hides mobiles is asked, and never more than all may be wrong', () => {
  const { probes, notAsked } = plan(company)
  expect(probes).toHaveLength(5)
  expect(new Set(probes.map(({ connection }) => connection))).toEqual(new Set(['hq-wecom']))
  expect(notAsked.filter(({ because }) => because === 'too-many-wrong')).toHaveLength(5)
  for (const probe of probes) expect(probe.candidates).toEqual([probe.account.replace('d', 'w')])
})

test('the likeliest hits come first', () => {
  const { probes } = plan(company)
  const chances = probes.map(({ probability }) => probability)
  expect(chances).toEqual(chances.toSorted((a, b) => b - a))
})

test('wrong answers use up the share, and nobody is asked about twice', () => {
  const asked = ['d0', 'd1', 'd2'].map((id) => ({ account: id, connection: 'hq-wecom', owner: null }))
  const { probes } = plan(company, { asked })
  expect(probes).toHaveLength(2)
  expect(probes.map((probe) => probe.account).filter((id) => ['d0', 'd1', 'd2'].includes(id))).toEqual([])
})

test('the budget of the moment is kept', () => {
  expect(plan(company, { budget: 2 }).probes).toHaveLength(2)
})

test.for([
  {
    when: 'the case is settled without',
    accounts: [account('d1', { mobile: mobile(1), jobNumber: 'A1' }), account('w1', { jobNumber: 'A1' })],
  },
  {
    when: 'nobody there resembles them',
    accounts: [account('d1', { mobile: mobile(1) }), account('w1', { name: '李娜' })],
  },
  {
    when: 'the candidate has another mobile',
    accounts: [account('d1', { mobile: mobile(1) }), account('w1', { mobile: mobile(2) })],
  },
  {
    when: 'several share the mobile',
    accounts: [
      account('d1', { mobile: mobile(1) }),
      account('d2', { mobile: mobile(1), name: '李娜' }),
      account('w1'),
      account('w2', { name: '李娜' }),
    ],
  },
  {
    when: 'it is as likely somebody else',
    accounts: [account('d1', { mobile: mobile(1) }), account('d2'), account('d3'), account('w1')],
  },
])('nothing is asked when $when', ({ accounts }) => {
  expect(plan(accounts).probes).toEqual([])
})

test('the side that hides mobiles is asked, whichever it is', () => {
  const mirrored = company
    .map((one) => ({ ...one, mobile: null }))
    .map((one, i) => ({
      ...one,
      mobile: one.connection === 'hq-wecom' ? mobile(Math.floor(i / 2)) : null,
    }))
  const { probes } = plan(mirrored)
  expect(probes).toHaveLength(5)
  expect(new Set(probes.map(({ connection }) => connection))).toEqual(new Set(['hq-dingtalk']))
})

test.for([
  { headCount: 100, wayToLimit: 0.25, most: 5 },
  { headCount: 60, wayToLimit: 0.25, most: 3 },
  { headCount: 19, wayToLimit: 0.25, most: 0 },
  { headCount: 100, wayToLimit: 0, most: 0 },
])('a quarter of the way to a ban at 20 %: of $headCount people $most', ({ most, ...of }) => {
  expect(mostWrongProbes({ ...of, limitShare: 0.2 })).toBe(most)
})
