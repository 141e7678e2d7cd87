import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Outcome, Resolution } from './resolution.ts'
import { resolveIdentities } from './resolve.ts'
import { type KnownFacts, nothingKnown, type StaffAccount } from './staff-account.ts'
import { account, someAccounts } from './test-accounts.ts'

const resolve = (accounts: readonly StaffAccount[], known: Partial<KnownFacts> = {}): Resolution =>
  resolveIdentities(accounts, { ...nothingKnown, ...known })

type Case = {
  when: string
  accounts: StaffAccount[]
  known?: Partial<KnownFacts>
  gives: { status: string; links?: string[]; candidates?: string[]; codes?: string[] }
}
const [one, two] = ['+8613800001234', '+8613800005678']

describe('what becomes of d1', () => {
  test.for<Case>([
    {
      when: 'a job number and the name agree',
      accounts: [account('d1', { jobNumber: 'A0001' }), account('w1', { jobNumber: ' a0001 ' })],
      gives: { status: 'linked', links: ['w1'], codes: ['job-number', 'same-name'] },
    },
    {
      when: 'a mobile and the name agree',
      accounts: [account('d1', { mobile: one }), account('w1', { mobile: one })],
      gives: { status: 'linked', links: ['w1'], codes: ['mobile', 'same-name'] },
    },
    {
      when: 'a mobile agrees and the name there is a nickname',
      accounts: [account('d1', { mobile: one }), account('w1', { mobile: one, name: 'Tony' })],
      gives: { status: 'linked', links: ['w1'] },
    },
    {
      when: 'the platform names the owner of the mobile',
      accounts: [account('d1', { mobile: one }), account('w1')],
      known: { probes: [{ account: 'd1', connection: 'hq-wecom', owner: 'w1' }] },
      gives: { status: 'linked', links: ['w1'] },
    },
    {
      when: 'zeros were lost from the job number',
      accounts: [account('d1', { jobNumber: '00752' }), account('w1', { jobNumber: '752' })],
      gives: {
        status: 'suggested',
        candidates: ['w1'],
        codes: ['job-number-alike', 'same-name', 'little-beside-name'],
      },
    },
    {
      when: 'only the name agrees',
      accounts: [account('d1', { name: '慕容鼐' }), account('w1', { name: '慕容鼐' })],
      gives: { status: 'suggested', candidates: ['w1'], codes: ['same-name', 'name-only'] },
    },
    {
      when: 'two namesakes wait there',
      accounts: [account('d1'), account('w1'), account('w2')],
      gives: {
        status: 'suggested',
        candidates: ['w1', 'w2'],
        codes: ['same-name', 'name-only', 'several-candidates'],
      },
    },
    {
      when: 'the mobile agrees and the name does not',
      accounts: [account('d1', { mobile: one }), account('w1', { mobile: one, name: '李娜' })],
      gives: { status: 'suggested', candidates: ['w1'], codes: ['mobile', 'name-differs'] },
    },
    {
      when: 'a couple shares a mobile',
      accounts: [
        account('d1', { mobile: one }),
        account('d2', { mobile: one, name: '李娜' }),
        account('w1', { mobile: one }),
      ],
      gives: {
        status: 'suggested',
        candidates: ['w1'],
        codes: ['shared-mobile', 'same-name', 'little-beside-name'],
      },
    },
    {
      when: 'a job number is held by two',
      accounts: [
        account('d1', { jobNumber: 'A1' }),
        account('d2', { jobNumber: 'A1', name: '李娜' }),
        account('w1', { jobNumber: 'A1' }),
      ],
      gives: {
        status: 'suggested',
        candidates: ['w1'],
        codes: ['reused-job-number', 'same-name', 'little-beside-name'],
      },
    },
    {
      when: 'the number of somebody who left was given to a newcomer',
      accounts: [
        account('d1', { jobNumber: 'A1', hiredOn: '2024-07-01' }),
        account('d2', { jobNumber: 'A1', name: '李娜', hiredOn: '2020-01-01', leftOn: '2023-01-31' }),
        account('w1', { jobNumber: 'A1', hiredOn: '2024-07-01' }),
      ],
      gives: { status: 'linked', links: ['w1'] },
    },
    {
      when: 'a namesake with the same number had left before they came',
      accounts: [
        account('d1', { jobNumber: 'A1', hiredOn: '2024-07-01' }),
        account('w1', { jobNumber: 'A1', hiredOn: '2020-01-01', leftOn: '2023-01-31' }),
      ],
      gives: { status: 'suggested', candidates: ['w1'] },
    },
    {
      when: 'the number fills the field and says nothing',
      accounts: [account('d1', { jobNumber: '000' }), account('w1', { jobNumber: '000' })],
      gives: { status: 'suggested', codes: ['same-name', 'name-only'] },
    },
    {
      when: 'the mobile says one and the job number another',
      accounts: [
        account('d1', { mobile: one, jobNumber: 'A1' }),
        account('w1', { mobile: one }),
        account('w2', { jobNumber: 'A1' }),
      ],
      gives: {
        status: 'conflicting',
        candidates: ['w1', 'w2'],
        codes: ['mobile', 'same-name', 'evidence-disagrees', 'several-candidates'],
      },
    },
    {
      when: 'a person said so, whatever the evidence says',
      accounts: [
        account('d1', { jobNumber: 'A1' }),
        account('w1', { jobNumber: 'A1' }),
        account('w2', { name: '王五' }),
      ],
      known: { links: [['d1', 'w2']] },
      gives: { status: 'linked', links: ['w2'], codes: ['explicit-link', 'name-differs'] },
    },
    {
      when: 'a link names an account that cannot be seen',
      accounts: [account('d1')],
      known: { links: [['d1', 'ghost']] },
      gives: { status: 'suggested', codes: ['explicit-link', 'twin-not-visible'] },
    },
    {
      when: 'two links claim one account',
      accounts: [account('d1'), account('d2'), account('w1')],
      known: {
        links: [
          ['d1', 'w1'],
          ['d2', 'w1'],
        ],
      },
      gives: { status: 'conflicting', codes: ['explicit-link', 'same-name', 'twin-taken'] },
    },
    {
      when: 'a person gave the account that the evidence means to somebody else',
      accounts: [
        account('d1', { jobNumber: 'A1' }),
        account('d2', { name: '李四' }),
        account('w1', { jobNumber: 'A1' }),
      ],
      known: { links: [['d2', 'w1']] },
      gives: { status: 'conflicting', codes: ['job-number', 'same-name', 'twin-taken'] },
    },
    {
      when: 'a person has taken the pair apart',
      accounts: [account('d1', { jobNumber: 'A1' }), account('w1', { jobNumber: 'A1' })],
      known: { apart: [['w1', 'd1']] },
      gives: { status: 'unmatched', codes: ['no-counterpart'] },
    },
    {
      when: 'nobody there resembles them',
      accounts: [account('d1', { jobNumber: 'A1' }), account('w1', { name: '王五', jobNumber: 'A2' })],
      gives: { status: 'unmatched', codes: ['no-counterpart'] },
    },
    {
      when: 'they left and came back under another user id',
      accounts: [
        account('d1', { mobile: one, hiredOn: '2020-01-01', leftOn: '2022-01-31' }),
        account('d2', { mobile: one, hiredOn: '2023-01-01' }),
        account('w1', { mobile: one, hiredOn: '2023-01-01' }),
      ],
      gives: { status: 'linked', links: ['d2', 'w1'] },
    },
    {
      when: 'they are seconded to another subsidiary',
      accounts: [
        account('d1', { mobile: one }),
        account('w1', { mobile: one }),
        account('s1', { mobile: one }),
      ],
      gives: { status: 'linked', links: ['s1', 'w1'] },
    },
    {
      when: 'no name is written anywhere',
      accounts: [account('d1', { name: '', mobile: two }), account('w1', { name: '' })],
      gives: { status: 'unmatched', codes: ['no-counterpart'] },
    },
  ])('$when', ({ accounts, known, gives }) => {
    const outcome = resolve(accounts, known).outcomeOf('d1')
    const ids = (claims: readonly { id: string }[]) => claims.map(({ id }) => id).sort()
    expect({
      status: outcome.status,
      links: ids(outcome.links),
      ...(gives.candidates && { candidates: ids(outcome.candidates) }),
      ...(gives.codes && { codes: outcome.because.map(({ code }) => code) }),
    }).toEqual({ links: [], ...gives })
  })
})

const shape = ({ id, status, links, candidates }: Outcome, rename = (other: string) => other) => ({
  id: rename(id),
  status,
  links: links.map((claim) => rename(claim.id)).sort(),
  candidates: candidates
    .map(({ id, probability }) => ({ id: rename(id), probability }))
    .sort((a, b) => (a.id < b.id ? -1 : 1)),
})
const outcomesOf = (accounts: readonly StaffAccount[]) => [...resolve(accounts).outcomes()]

test('the order in which accounts arrive changes nothing, to the last bit', () => {
  const shuffled = someAccounts(14).chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  )
  fc.assert(
    fc.property(shuffled, ([straight, turned]) => {
      expect(outcomesOf(turned)).toEqual(outcomesOf(straight))
    }),
  )
})

test('no tie is decided by an id', () => {
  fc.assert(
    fc.property(someAccounts(14), (accounts) => {
      // Other ids, in the opposite order; user ids stay.
      const rename = (id: string) => `${id[0]}${String(999 - Number(id.slice(1)))}`
      const renamed = accounts.map((one) => ({ ...one, id: rename(one.id) }))
      const before = outcomesOf(accounts).map((one) => shape(one, rename))
      const after = outcomesOf(renamed).map((one) => shape(one))
      const byId = (list: typeof after) => list.toSorted((a, b) => (a.id < b.id ? -1 : 1))
      // Sums in another order differ in their last bits.
      const nearly = byId(before).map(({ candidates, ...rest }) => ({
        ...rest,
        candidates: candidates.map(({ id, probability }) => ({
          id,
          probability: expect.closeTo(probability, 6),
        })),
      }))
      expect(byId(after)).toEqual(nearly)
    }),
  )
})

test('nobody has two accounts of one connection at one time, and links go both ways', () => {
  fc.assert(
    fc.property(someAccounts(16), (accounts) => {
      const resolution = resolve(accounts)
      const byId = new Map(accounts.map((one) => [one.id, one]))
      for (const person of resolution.people())
        for (const a of person)
          for (const b of person) {
            const [mine, theirs] = [byId.get(a)!, byId.get(b)!]
            if (a === b || mine.connection !== theirs.connection) continue
            expect([mine.leftOn, theirs.leftOn].filter((left) => left !== null)).not.toEqual([])
          }
      for (const { id, links } of resolution.outcomes())
        for (const claim of links)
          expect(resolution.outcomeOf(claim.id).links.map((back) => back.id)).toContain(id)
    }),
  )
})

test('a name alone never links, however rare it is', () => {
  const names = fc.array(fc.constantFrom('王伟', '慕容鼐', '濮阳堃', 'Wang Wei', '王薇'), { maxLength: 10 })
  fc.assert(
    fc.property(names, names, (ours, theirs) => {
      const accounts = [
        ...ours.map((name, n) => account(`d${n}`, { name, userId: `x${n}` })),
        ...theirs.map((name, n) => account(`w${n}`, { name, userId: `y${n}` })),
      ]
      expect(resolve(accounts).counts.linked).toBe(0)
    }),
  )
})

test.for([
  { when: 'another mobile', fact: { mobile: two } },
  { when: 'another job number', fact: { jobNumber: 'B77' } },
  { when: 'another department', fact: { departments: ['总部/法务部'] } },
  { when: 'another hire date', fact: { hiredOn: '2011-11-11' } },
  { when: 'another name', fact: { name: '欧阳震华' } },
])('$when never makes one person likelier', ({ fact }) => {
  const base = {
    mobile: one,
    jobNumber: 'A1',
    departments: ['总部/研发部'],
    hiredOn: '2020-01-01',
    email: 'x9@a.example',
  }
  const crowd = Array.from({ length: 30 }, (_, n) => [
    account(`d1${n}`, { name: `李${'甲乙丙丁戊己庚辛壬癸'[n % 10]}${n}`, jobNumber: `C${n}` }),
    account(`w1${n}`, { name: `李${'甲乙丙丁戊己庚辛壬癸'[n % 10]}${n}`, jobNumber: `C${n}` }),
  ]).flat()
  const [field] = Object.keys(fact)
  for (const kept of Object.keys(base).filter((name) => name !== field)) {
    const mine = account('d1', base)
    const told = { [kept]: base[kept as keyof typeof base] }
    const weight = (twin: Partial<StaffAccount>) => {
      const { links, candidates } = resolve([mine, account('w1', twin), ...crowd]).outcomeOf('d1')
      return [...links, ...candidates].find(({ id }) => id === 'w1')?.probability ?? 0
    }
    expect(weight({ ...told, ...fact })).toBeLessThanOrEqual(weight(told) + 1e-9)
  }
})

test('job numbers of two schemes that never agree stop counting against anybody', () => {
  const surnames = [...'赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜']
  const given = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚']
  const accounts = Array.from({ length: 300 }, (_, n) => {
    const name = `${surnames[n % 32]}${given[n % 19]}${given[Math.floor(n / 19) % 20]}`
    const mobile = `+861380000${String(1000 + n)}`
    return [
      account(`d${n}`, { name, mobile, jobNumber: `D${7000 + n}` }),
      account(`w${n}`, { name, mobile, jobNumber: `${(n * 7919) % 9001}` }),
    ]
  }).flat()
  const { counts, ...resolution } = resolve(accounts)
  expect(counts.linked).toBe(600)
  const [link] = resolution.outcomeOf('d7').links
  const bits = link!.weights.find(({ evidence }) => evidence === 'jobNumber')?.bits ?? 0
  expect(bits).toBeGreaterThan(-0.5)
})

describe('a company whose names tell nobody apart', () => {
  const people = Array.from({ length: 120 }, (_, at) => at + 1)
  const mobileOf = (at: number) => `+86138${String(10_000_000 + at * 37)}`
  const statusesOf = (nameOf: (at: number) => string, facts: (at: number) => Partial<StaffAccount>) => {
    const accounts = people.flatMap((at) =>
      ['d', 'w'].map((side) => account(`${side}${at}`, { name: nameOf(at), ...facts(at) })),
    )
    return [...resolve(accounts).outcomes()].map(({ status }) => status)
  }
  test.for([
    { when: 'they are numbered', nameOf: (at: number) => `员工${at}` },
    { when: 'they are one name and a number', nameOf: (at: number) => `张三${at}` },
    { when: 'all have the same name', nameOf: () => '测试用户' },
  ])('$when: a mobile of one’s own links', ({ nameOf }) => {
    expect(new Set(statusesOf(nameOf, (at) => ({ mobile: mobileOf(at) })))).toEqual(new Set(['linked']))
  })

  test('they are numbered: so does a job number, and the name alone does not', () => {
    const numbered = (at: number) => `员工${at}`
    expect(new Set(statusesOf(numbered, (at) => ({ jobNumber: `A${1000 + at}` })))).toEqual(
      new Set(['linked']),
    )
    expect(new Set(statusesOf(numbered, () => ({})))).toEqual(new Set(['suggested']))
  })

  test('all have the same name and nothing else: nobody is linked', () => {
    expect(
      statusesOf(
        () => '测试用户',
        () => ({}),
      ),
    ).not.toContain('linked')
  })
})
