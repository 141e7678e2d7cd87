import { describe, expect, test } from 'vitest'
import { turned } from '../evidence.ts'
import { resolveIdentities } from './resolve.ts'
import { type KnownFacts, nothingKnown, type StaffAccount } from './staff-account.ts'
import { account } from './test-accounts.ts'

const [one, two] = ['+8613800001234', '+8613800005678']
const name = '慕容鼐'
const towards = (accounts: StaffAccount[], known: Partial<KnownFacts> = {}) =>
  resolveIdentities(accounts, { ...nothingKnown, ...known }).towards('d1', 'hq-wecom')

type Case = { when: string; accounts: StaffAccount[]; known?: Partial<KnownFacts>; gives: string[] }

describe('what would change the outcome of d1', () => {
  test.for<Case>([
    {
      when: 'only DingTalk shows the mobile',
      accounts: [account('d1', { name, mobile: one }), account('w1', { name, jobNumber: 'A1' })],
      gives: ['ask-platform', 'enter-mobile', 'enter-job-number', 'confirm'],
    },
    {
      when: 'WeCom was asked already and knows nobody',
      accounts: [account('d1', { name, mobile: one }), account('w1', { name, jobNumber: 'A1' })],
      known: { probes: [{ account: 'd1', connection: 'hq-wecom', owner: null }] },
      gives: ['enter-job-number', 'correct-mobile', 'confirm'],
    },
    {
      when: 'a colleague has the same mobile',
      accounts: [
        account('d1', { name, mobile: one, jobNumber: 'A1' }),
        account('d2', { name: '李娜', mobile: one, jobNumber: 'A2' }),
        account('w1', { name, jobNumber: 'B7' }),
      ],
      gives: ['enter-own-mobile', 'correct-job-number', 'confirm'],
    },
    {
      when: 'nobody on the other side resembles them',
      accounts: [account('d1', { name, mobile: one, jobNumber: 'A1' }), account('w1', { name: '李娜' })],
      gives: ['name-twin'],
    },
    {
      when: 'nobody resembles them and a job number would help',
      accounts: [account('d1', { name, mobile: one }), account('w1', { name: '李娜' })],
      gives: ['enter-job-number', 'name-twin'],
    },
    {
      when: 'both mobiles are known and differ',
      accounts: [account('d1', { name, mobile: one }), account('w1', { name, mobile: two })],
      gives: ['enter-job-number', 'correct-mobile', 'confirm'],
    },
  ])('$when', ({ accounts, known, gives }) => {
    expect(towards(accounts, known).wouldChange.map(({ code }) => code)).toEqual(gives)
  })
})

test('a link to an account that nobody sees says what would make it true', () => {
  const resolution = resolveIdentities([account('d1', { name })], { ...nothingKnown, links: [['d1', 'w9']] })
  expect(resolution.outcomeOf('d1').wouldChange).toEqual([{ code: 'show-twin', userId: 'w9' }])
})

test('a suggestion that is nearly sure says that too little stands beside the name', () => {
  const facts = { name, jobNumber: '00752' }
  const { candidates } = towards([account('d1', facts), account('w1', { name, jobNumber: '752' })])
  expect(candidates[0]!.probability).toBeGreaterThan(0.9)
  expect(candidates[0]!.because.map(({ code }) => code)).toContain('little-beside-name')
})

test('a fact is told from either side', () => {
  const differs = { code: 'name-differs', ours: '李娜', theirs: '李纳' } as const
  expect(turned(differs)).toEqual({ ...differs, ours: '李纳', theirs: '李娜' })
  expect(turned({ code: 'same-name', name })).toEqual({ code: 'same-name', name })
})
