import { describe, expect, test } from 'vitest'
import { resolveIdentities } from './resolve.ts'
import { type KnownFacts, nothingKnown, type StaffAccount } from './staff-account.ts'
import { account } from './test-accounts.ts'

const resolve = (accounts: readonly StaffAccount[], known: Partial<KnownFacts> = {}) =>
  resolveIdentities(accounts, { ...nothingKnown, ...known })

const place = (department: string, title: string) => ({ departments: [`总部/${department}`], title })

describe('of two namesakes here one is there, and only soft evidence could tell them apart', () => {
  const [surnames, given] = ['赵钱孙李周吴郑王冯陈', '伟芳娜敏静丽强磊军洋']
  const places = ['研发部', '销售部', '法务部', '财务部', '生产部']
  /** People of whom everything is known, from whom the weights are learnt. */
  const colleagues = (count: number, facts: (nth: number) => Partial<StaffAccount>) =>
    Array.from({ length: count }, (_, nth) => {
      const name = `${surnames![nth % 10]}${given![Math.floor(nth / 10) % 10]}${given![(nth * 7) % 10]}`
      const known = { name, ...place(places[nth % 5]!, `职位${nth % 4}`), ...facts(nth) }
      return [account(`d9${nth}`, known), account(`w9${nth}`, known)]
    }).flat()
  const crowds = [
    { size: 'a handful', people: [] },
    { size: '60 with job numbers', people: colleagues(60, (nth) => ({ jobNumber: `A${1000 + nth}` })) },
    { size: '400 without a number', people: colleagues(400, () => ({})) },
  ]
  const mine = place('研发部', '工程师')
  const rivals = [
    { rival: 'is in the same place', facts: mine },
    { rival: 'has no place written', facts: {} },
    { rival: 'has the same title elsewhere', facts: place('销售部', '工程师') },
    { rival: 'has another title in the same department', facts: place('研发部', '经理') },
    { rival: 'has another title elsewhere', facts: place('销售部', '经理') },
  ]
  const cases = crowds.flatMap((crowd) =>
    ['王伟', '慕容鼐'].flatMap((name) => rivals.map((rival) => ({ ...crowd, ...rival, name }))),
  )
  test.for(cases)('$name among $size: nobody is linked while the rival $rival', ({ people, name, facts }) => {
    const named = (id: string, more: Partial<StaffAccount>) => account(id, { name, ...more })
    const found = resolve([...people, named('d1', mine), named('d2', facts), named('w1', mine)])
    for (const id of ['d1', 'd2', 'w1']) expect(found.outcomeOf(id).status).not.toBe('linked')
    // A number that says otherwise speaks louder than the place.
    const numbered = { ...mine, jobNumber: 'Z77' }
    const told = [named('d1', mine), named('d2', { ...facts, jobNumber: 'Z77' }), named('w1', numbered)]
    expect(resolve([...people, ...told]).outcomeOf('d1').status).not.toBe('linked')
  })
})

describe('a namesake who is elsewhere, has another title and came years later', () => {
  const surnames = '赵钱孙李周吴郑王冯陈'
  const crowd = Array.from({ length: 600 }, (_, nth) => {
    const name = `${surnames[nth % 10]}${'伟芳娜敏静丽强磊军洋'[Math.floor(nth / 10) % 10]}${'勇艳杰娟涛明超'[nth % 7]}`
    const known = {
      ...{ name, ...place(`部门${nth % 20}`, `职位${nth % 8}`) },
      hiredOn: `20${10 + (nth % 14)}-0${1 + (nth % 9)}-1${nth % 10}`,
    }
    return [account(`d9${nth}`, known), account(`w9${nth}`, known)]
  }).flat()
  const name = '慕容鼐'
  const mine = { name, ...place('部门3', '职位1'), hiredOn: '2020-03-01' }
  const theirs = { name, ...place('部门7', '职位2'), hiredOn: '2011-11-11' }
  const told = (...more: StaffAccount[]) =>
    resolve([...crowd, account('d1', mine), account('w1', mine), ...more]).outcomeOf('d1')

  test('is in nobody’s way once their own twin is known', () => {
    expect(told().status).toBe('linked')
    const numbered = { ...theirs, jobNumber: 'Z77' }
    expect(told(account('d2', numbered), account('w2', numbered)).status).toBe('linked')
    // Their own entries agree as well: both would have to be mixed up.
    expect(told(account('d2', theirs), account('w2', theirs)).status).toBe('linked')
  })

  test('could be meant while they have nobody: lists are joined by name', () => {
    const outcome = told(account('d2', theirs))
    expect(outcome).toMatchObject({ status: 'suggested', candidates: [{ id: 'w1' }] })
    expect(outcome.because.map(({ code }) => code)).toContain('namesake-open')
    expect(outcome.candidates[0]!.probability).toBeGreaterThan(0.99)
    // The same seen from the other side.
    expect(told(account('w2', theirs)).status).toBe('suggested')
  })

  test('is told apart by what no list is joined by: a mobile, punches in the same second', () => {
    const rival = account('d2', theirs)
    const away = account('d2', { ...theirs, leftOn: '2013-01-31' })
    expect(told(away).status).toBe('linked')
    const accounts = [...crowd, account('d1', mine), account('w1', mine), rival]
    const together: KnownFacts['together'] = [{ pair: ['d1', 'w1'], sameSecond: 9, of: 10 }]
    expect(resolve(accounts, { together }).outcomeOf('d1').status).toBe('linked')
    const probes = [{ account: 'd1', connection: 'hq-wecom', owner: 'w1' }]
    expect(resolve(accounts, { probes }).outcomeOf('d1').status).toBe('linked')
  })
})

describe('a job number that says one namesake where everything else says the other', () => {
  const crowd = Array.from({ length: 200 }, (_, nth) => {
    const name = `${'赵钱孙李周吴郑王冯陈'[nth % 10]}${'伟芳娜敏静丽强磊军洋'[Math.floor(nth / 10) % 10]}${'勇艳杰'[nth % 3]}`
    const known = { name, ...place(`部门${nth % 20}`, `职位${nth % 8}`), jobNumber: `A${1000 + nth}` }
    return [account(`d9${nth}`, known), account(`w9${nth}`, known)]
  }).flat()
  const name = '慕容鼐'
  const [here, there] = [place('部门3', '职位1'), place('部门7', '职位2')]
  const theirNumber = { name, ...there, jobNumber: 'A1' }
  const told = (...accounts: StaffAccount[]) => resolve([...crowd, ...accounts]).outcomeOf('w1')

  test('waits for a person: numbers are looked up by name as well', () => {
    const outcome = told(
      account('d1', { name, ...here, jobNumber: 'A1' }),
      account('d2', { name, ...there, jobNumber: 'A2' }),
      account('w1', theirNumber),
    )
    expect(outcome.status).toBe('suggested')
    expect(outcome.because.map(({ code }) => code)).toContain('namesake-fits')
  })

  test('swapped between the two on one side, both wait', () => {
    const accounts = [
      account('d1', { name, ...here, jobNumber: 'A1' }),
      account('d2', { name, ...there, jobNumber: 'A2' }),
      account('w1', theirNumber),
      account('w2', { name, ...here, jobNumber: 'A2' }),
    ]
    const resolution = resolve([...crowd, ...accounts])
    for (const { id } of accounts) expect(resolution.outcomeOf(id).status).not.toBe('linked')
  })

  test('decides where nobody fits better: people move, and one side is late', () => {
    const mover = account('d1', { name, ...here, jobNumber: 'A1' })
    expect(told(mover, account('w1', theirNumber)).links).toMatchObject([{ id: 'd1' }])
    const namesake = account('d2', { name, ...place('部门9', '职位5'), jobNumber: 'A2' })
    expect(told(mover, namesake, account('w1', theirNumber)).links).toMatchObject([{ id: 'd1' }])
  })

  test('decides together with a mobile', () => {
    const mobile = '+8613800001234'
    const outcome = told(
      account('d1', { name, ...here, jobNumber: 'A1', mobile }),
      account('d2', { name, ...there, jobNumber: 'A2' }),
      account('w1', { ...theirNumber, mobile }),
    )
    expect(outcome.links).toMatchObject([{ id: 'd1' }])
  })
})
