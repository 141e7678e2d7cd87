import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type MatchAccount, matchIdentity, pairOf } from './match-identity.ts'

const account = (key: string, facts: Partial<MatchAccount> & { phone?: string } = {}): MatchAccount => ({
  key,
  userId: facts.userId ?? key,
  name: facts.name ?? '张三',
  jobNumber: facts.jobNumber ?? null,
  mobile: facts.phone ? { print: facts.phone, tail: facts.phone.slice(-4) } : null,
})

type Case = {
  when: string
  source: MatchAccount[]
  target: MatchAccount[]
  links?: Record<string, string>
  probes?: Record<string, string | null>
  apart?: [string, string][]
  gives: { status: string; twin?: string | null; codes: string[] }
}

const look = ({ source, target, links = {}, probes = {}, apart = [] }: Omit<Case, 'when' | 'gives'>) =>
  matchIdentity({
    source,
    target,
    links: new Map(Object.entries(links).map(([from, to]) => [from, { key: to, userId: to }])),
    probes: new Map(Object.entries(probes)),
    apart: new Set(apart.map(([from, to]) => pairOf(from, to))),
  })

describe('who is who', () => {
  test.for<Case>([
    {
      when: 'one job number and one name agree',
      source: [account('d1', { jobNumber: 'A0001' })],
      target: [account('w1', { jobNumber: ' a0001 ' })],
      gives: { status: 'linked', twin: 'w1', codes: ['job-number'] },
    },
    {
      when: 'a mobile and a name agree',
      source: [account('d1', { phone: '+8613800001234' })],
      target: [account('w1', { phone: '+8613800001234' })],
      gives: { status: 'linked', twin: 'w1', codes: ['mobile'] },
    },
    {
      when: 'the platform itself names the owner of a mobile',
      source: [account('d1', { phone: '+8613800001234' })],
      target: [account('w1')],
      probes: { d1: 'w1' },
      gives: { status: 'linked', twin: 'w1', codes: ['mobile'] },
    },
    {
      when: 'only the name agrees, a name-only match is never a link',
      source: [account('d1')],
      target: [account('w1')],
      gives: { status: 'suggested', twin: null, codes: ['same-name'] },
    },
    {
      when: 'two namesakes wait there',
      source: [account('d1')],
      target: [account('w1'), account('w2')],
      gives: { status: 'suggested', twin: null, codes: ['same-name', 'several-candidates'] },
    },
    {
      when: 'a job number was given to somebody with another name',
      source: [account('d1', { name: '李四', jobNumber: 'A1' })],
      target: [account('w1', { jobNumber: 'A1' })],
      gives: { status: 'suggested', twin: null, codes: ['job-number', 'name-differs'] },
    },
    {
      when: 'a job number is used twice on our side',
      source: [account('d1', { jobNumber: 'A1' }), account('d2', { name: '李四', jobNumber: 'A1' })],
      target: [account('w1', { jobNumber: 'A1' })],
      gives: { status: 'suggested', twin: null, codes: ['reused-job-number', 'same-name'] },
    },
    {
      when: 'a couple shares a mobile',
      source: [
        account('d1', { phone: '+8613800001234' }),
        account('d2', { name: '李四', phone: '+8613800001234' }),
      ],
      target: [account('w1', { phone: '+8613800001234' })],
      gives: { status: 'suggested', twin: null, codes: ['shared-mobile', 'same-name'] },
    },
    {
      when: 'the mobile says one and the job number another',
      source: [account('d1', { jobNumber: 'A1', phone: '+8613800001234' })],
      target: [account('w1', { phone: '+8613800001234' }), account('w2', { jobNumber: 'A1' })],
      gives: { status: 'conflicting', twin: null, codes: ['evidence-disagrees'] },
    },
    {
      when: 'a person said so, whatever the evidence says',
      source: [account('d1', { jobNumber: 'A1' })],
      target: [account('w1', { jobNumber: 'A1' }), account('w2', { name: '王五' })],
      links: { d1: 'w2' },
      gives: { status: 'linked', twin: 'w2', codes: ['explicit-link'] },
    },
    {
      when: 'a link names an account that cannot be seen',
      source: [account('d1')],
      target: [],
      links: { d1: 'ghost' },
      gives: { status: 'suggested', twin: null, codes: ['explicit-link', 'twin-not-visible'] },
    },
    {
      when: 'two links claim one account',
      source: [account('d1'), account('d2')],
      target: [account('w1')],
      links: { d1: 'w1', d2: 'w1' },
      gives: { status: 'conflicting', twin: null, codes: ['twin-taken'] },
    },
    {
      when: 'a person gave the account that the evidence means to somebody else',
      source: [account('d1', { jobNumber: 'A1' }), account('d2', { name: '李四' })],
      target: [account('w1', { jobNumber: 'A1' })],
      links: { d2: 'w1' },
      gives: { status: 'conflicting', twin: null, codes: ['twin-taken'] },
    },
    {
      when: 'a person has taken the pair apart',
      source: [account('d1', { jobNumber: 'A1' })],
      target: [account('w1', { jobNumber: 'A1' })],
      apart: [['d1', 'w1']],
      gives: { status: 'unmatched', twin: null, codes: ['no-counterpart'] },
    },
    {
      when: 'nobody there resembles them',
      source: [account('d1', { jobNumber: 'A1' })],
      target: [account('w1', { name: '王五', jobNumber: 'A2' })],
      gives: { status: 'unmatched', twin: null, codes: ['no-counterpart'] },
    },
  ])('$when', ({ gives, ...input }) => {
    const match = look(input).get('d1')!
    expect({
      status: match.status,
      twin: match.twin,
      codes: match.because.map((reason) => reason.code),
    }).toEqual({
      twin: null,
      ...gives,
    })
  })
})

const people = fc.array(
  fc.record({
    name: fc.constantFrom('张三', '李四', '王五'),
    jobNumber: fc.constantFrom(null, 'A1', 'A2', 'A3', 'A4'),
    phone: fc.constantFrom('', '+861', '+862', '+863'),
  }),
  { maxLength: 8 },
)
const named = (prefix: string, list: { name: string; jobNumber: string | null; phone: string }[]) =>
  list.map((facts, i) => account(`${prefix}${i}`, facts))

test('the order in which accounts arrive changes nothing', () => {
  fc.assert(
    fc.property(people, people, fc.nat(), (ours, theirs, turn) => {
      const [source, target] = [named('d', ours), named('w', theirs)]
      const rotate = <T>(list: T[]) =>
        [...list.slice(turn % (list.length || 1)), ...list.slice(0, turn % (list.length || 1))].reverse()
      const straight = look({ source, target })
      const turned = look({ source: rotate(source), target: rotate(target) })
      const outcome = (found: typeof straight) =>
        [...found]
          .map(([key, { status, twin, candidates }]) => [
            key,
            status,
            twin,
            candidates.map((c) => c.key).toSorted(),
          ])
          .toSorted()
      expect(outcome(turned)).toEqual(outcome(straight))
    }),
  )
})

test('no account is linked twice, and never by its name alone', () => {
  fc.assert(
    fc.property(people, people, (ours, theirs) => {
      const linked = [...look({ source: named('d', ours), target: named('w', theirs) }).values()].filter(
        (match) => match.twin,
      )
      expect(new Set(linked.map((match) => match.twin)).size).toBe(linked.length)
      for (const match of linked)
        expect(match.because.some((reason) => reason.code === 'mobile' || reason.code === 'job-number')).toBe(
          true,
        )
    }),
  )
})
