import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareRosters, declareUserIdChange, withCauses } from './compare-rosters.ts'
import { doubtRoster } from './doubt-roster.ts'
import {
  applySteps,
  countChanges,
  type GoneBecause,
  type KnownAccount,
  type RosterAccount,
} from './roster-changes.ts'

const day = (n: number) => Temporal.Instant.from('2026-03-01T00:00:00Z').add({ hours: 24 * n })

const account = (key: string, more: Partial<RosterAccount> = {}): RosterAccount => ({
  key,
  userId: key,
  name: `name of ${key}`,
  humanId: null,
  mobilePrint: `mobile of ${key}`,
  mobileTail: '0000',
  jobNumber: `job of ${key}`,
  email: null,
  departments: ['研发中心'],
  departmentIds: ['2', '1'],
  isActive: true,
  title: null,
  hiredOn: null,
  manager: null,
  ...more,
})
const stranger = (key: string) =>
  account(key, { name: 'somebody else', mobilePrint: 'another mobile', jobNumber: 'another job' })

const read = (known: KnownAccount[], fresh: RosterAccount[], n: number, mayChangeUserIds = true) =>
  compareRosters({ known, fresh, at: day(n), mayChangeUserIds })
const next = (known: KnownAccount[], fresh: RosterAccount[], n: number) =>
  applySteps(known, read(known, fresh, n).steps)
const first = (...keys: string[]) =>
  next(
    [],
    keys.map((key) => account(key)),
    0,
  )
const told = (steps: ReturnType<typeof read>['steps']) =>
  Object.fromEntries(steps.map(({ key, changes }) => [key, changes.map(({ kind }) => kind)]))

describe('one read after another', () => {
  test.for([
    { when: 'somebody joins', fresh: [account('a'), account('b')], tells: { b: ['joined'] } },
    { when: 'somebody leaves', fresh: [], tells: { a: ['left'] } },
    { when: 'a name changes', fresh: [account('a', { name: 'other' })], tells: { a: ['renamed'] } },
    {
      when: 'somebody moves',
      fresh: [account('a', { departments: ['门店'], departmentIds: ['3', '1'] })],
      tells: { a: ['moved'] },
    },
    {
      when: 'a department is renamed',
      fresh: [account('a', { departments: ['研究院'] })],
      tells: { a: ['changed'] },
    },
    {
      when: 'the same departments come in another order',
      fresh: [account('a', { departmentIds: ['1', '2'] })],
      tells: {},
    },
    {
      when: 'job number, mobile and title change',
      fresh: [account('a', { jobNumber: 'x', mobilePrint: 'y', title: '经理' })],
      tells: { a: ['changed', 'changed', 'changed'] },
    },
    {
      when: 'an account is switched off',
      fresh: [account('a', { isActive: false })],
      tells: { a: ['deactivated'] },
    },
    {
      when: 'the user id is spelled otherwise',
      fresh: [account('a', { userId: 'A' })],
      tells: { a: ['changed'] },
    },
    { when: 'the name is left out', fresh: [account('a', { name: '' })], tells: {} },
    { when: 'somebody else has the user id', fresh: [stranger('a')], tells: { a: ['reused'] } },
    {
      when: 'the same human appears under a new user id',
      fresh: [{ ...account('a'), key: 'z', userId: 'z' }],
      tells: { a: [], z: ['userid-changed'] },
    },
  ])('when $when', ({ fresh, tells }) => {
    expect(told(read(first('a'), fresh, 1).steps)).toEqual(tells)
  })

  test('who comes back is the same life, with the gap in its history', () => {
    const gone = next(first('a'), [], 1)
    const { steps } = read(gone, [account('a')], 2)
    expect(told(steps)).toEqual({ a: ['rehired'] })
    expect(steps[0]!.after).toMatchObject({ life: 1, goneAt: null })
    expect(steps[0]!.after.since).toEqual(day(0))
  })

  test('somebody else on the user id begins a life of its own, from when the id was free or, at once, from now', () => {
    const atOnce = read(first('a'), [stranger('a')], 5).steps[0]!
    expect(atOnce.after).toMatchObject({ life: 2, since: day(5), name: 'somebody else' })
    const gone = next(first('a'), [], 3)
    expect(read(gone, [stranger('a')], 5).steps[0]!.after).toMatchObject({ life: 2, since: day(3) })
  })

  test('a former holder who comes back after another is a third life: nobody remembers two', () => {
    const second = next(first('a'), [stranger('a')], 1)
    expect(read(second, [account('a')], 2).steps[0]!.after.life).toBe(3)
  })

  test('an import that was taken back is joined again, not rehired', () => {
    const [a] = first('a')
    const undone: KnownAccount = { ...a!, goneAt: day(1), goneBecause: { code: 'undone', import: 7 } }
    expect(told(read([undone], [account('a')], 2).steps)).toEqual({ a: ['joined'] })
    expect(read([undone], [stranger('a')], 2).steps[0]!.after).toMatchObject({ life: 1, since: day(2) })
  })
})

describe('a new user id for the same human', () => {
  const known = first('a', 'b')
  const moved = (key: string, more: Partial<RosterAccount> = {}) => ({
    ...account('a', more),
    key,
    userId: key,
  })

  test.for([
    { when: 'DingTalk, whose ids never change', mayChange: false, fresh: [moved('z')], tells: ['joined'] },
    {
      when: 'name and job number agree',
      mayChange: true,
      fresh: [moved('z', { mobilePrint: null })],
      tells: ['userid-changed', 'changed'],
    },
    {
      when: 'the name alone agrees',
      mayChange: true,
      fresh: [moved('z', { mobilePrint: null, jobNumber: null })],
      tells: ['joined'],
    },
    {
      when: 'the telephone contradicts',
      mayChange: true,
      fresh: [moved('z', { mobilePrint: 'x' })],
      tells: ['joined'],
    },
    {
      when: 'two newcomers could be it',
      mayChange: true,
      fresh: [moved('z'), moved('y')],
      tells: ['joined'],
    },
  ])('$when', ({ mayChange, fresh, tells }) => {
    const { steps } = read(known, [account('b'), ...fresh], 1, mayChange)
    expect(told(steps)['z']).toEqual(tells)
  })

  test('the old one is a tombstone that names the new one', () => {
    const { steps } = read(known, [account('b'), moved('z')], 1)
    expect(steps.find(({ key }) => key === 'a')!.after.goneBecause).toEqual({
      code: 'userid-changed',
      to: 'z',
    })
    expect(steps.find(({ key }) => key === 'z')).toMatchObject({
      formerKey: 'a',
      after: { life: 1, since: day(0) },
    })
  })

  test('what the platform declares needs no evidence', () => {
    const steps = declareUserIdChange(known, { fromKey: 'a', toKey: 'z', toUserId: 'Z', at: day(1) })
    expect(told(steps)).toEqual({ a: [], z: ['userid-changed'] })
    expect(
      told(read(applySteps(known, steps), [moved('z', { userId: 'Z' }), account('b')], 2).steps),
    ).toEqual({
      z: ['changed'],
    })
  })

  test('a declaration that comes after a read joins the leaver and the newcomer', () => {
    const asRead = next(
      known,
      [account('b'), moved('z', { name: '另一个', mobilePrint: null, jobNumber: null })],
      1,
    )
    const steps = declareUserIdChange(asRead, { fromKey: 'a', toKey: 'z', toUserId: 'z', at: day(2) })
    expect(steps.map(({ key, formerKey }) => [key, formerKey])).toEqual([
      ['a', null],
      ['z', 'a'],
    ])
    expect(
      declareUserIdChange(applySteps(asRead, steps), {
        fromKey: 'a',
        toKey: 'z',
        toUserId: 'z',
        at: day(3),
      }),
    ).toEqual([])
  })

  test('a declaration about nobody says nothing', () => {
    expect(declareUserIdChange(known, { fromKey: 'x', toKey: 'z', toUserId: 'z', at: day(1) })).toEqual([])
    expect(declareUserIdChange(known, { fromKey: 'a', toKey: 'b', toUserId: 'b', at: day(1) })).toEqual([])
  })
})

test('leavers carry what the platform said of them, and who is there after all stays', () => {
  const { steps } = read(first('a', 'b', 'c'), [], 1)
  const causes = new Map<string, GoneBecause | 'there'>([
    ['a', { code: 'left' }],
    ['b', 'there'],
  ])
  const asked = withCauses(steps, causes)
  expect(asked.map(({ key, after: { goneBecause } }) => [key, goneBecause?.code])).toEqual([
    ['a', 'left'],
    ['c', 'not-listed'],
  ])
})

describe('a roster that is suspiciously small', () => {
  const hundred = first(...Array.from({ length: 100 }, (_, i) => `u${i}`))
  const listed = (n: number) => hundred.slice(0, n)
  test.for([
    { when: 'thirty of a hundred are gone', known: hundred, fresh: listed(70), gives: null },
    { when: 'thirty-one are gone', known: hundred, fresh: listed(69), gives: 'many-lost' },
    { when: 'nobody is listed', known: hundred, fresh: [], gives: 'nobody-listed' },
    { when: 'five of ten are gone', known: hundred.slice(0, 10), fresh: listed(5), gives: null },
    { when: 'six of ten are gone', known: hundred.slice(0, 10), fresh: listed(4), gives: 'many-lost' },
    {
      when: 'everybody is somebody else',
      known: hundred,
      fresh: hundred.map(({ key }) => ({
        ...stranger(key),
        jobNumber: `new ${key}`,
        mobilePrint: `new ${key}`,
      })),
      gives: 'many-lost',
    },
    { when: 'nobody was known yet', known: [], fresh: [], gives: null },
  ])('$when', ({ known, fresh, gives }) => {
    expect(doubtRoster(read(known, fresh, 1), fresh.length)?.code ?? null).toBe(gives)
  })
})

describe('laws', () => {
  const anAccount = fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    name: fc.constantFrom('王伟', '王小丽', '赵建国'),
    mobilePrint: fc.constantFrom('m1', 'm2', null),
    jobNumber: fc.constantFrom('j1', 'j2', null),
    departmentIds: fc.constantFrom<string[]>(['1'], ['2', '1'], ['1', '2']),
    isActive: fc.boolean(),
  })
  const roster = fc
    .uniqueArray(anAccount, { selector: ({ key }) => key })
    .map((rows) => rows.map(({ key, ...more }) => account(key, more)))
  const history = fc.array(roster, { minLength: 1, maxLength: 5 })
  const lived = (rosters: RosterAccount[][]) =>
    rosters.reduce<KnownAccount[]>((known, fresh, n) => next(known, fresh, n), [])
  const bare = ({ key, name, mobilePrint, jobNumber, departmentIds, isActive }: RosterAccount) => ({
    ...{ key, name, mobilePrint, jobNumber, isActive },
    departments: departmentIds.toSorted(),
  })

  test('the order of accounts changes nothing', () => {
    fc.assert(
      fc.property(history, roster, (rosters, fresh) => {
        const known = lived(rosters)
        expect(read(known.toReversed(), fresh.toReversed(), 9)).toEqual(read(known, fresh, 9))
      }),
    )
  })

  test('comparing a second time finds nothing', () => {
    fc.assert(
      fc.property(history, (rosters) => {
        expect(read(lived(rosters), rosters.at(-1)!, 9).steps).toEqual([])
      }),
    )
  })

  test('the steps of a history, one after the other, are the roster of today', () => {
    fc.assert(
      fc.property(history, (rosters) => {
        const there = lived(rosters).filter(({ goneAt }) => goneAt === null)
        const today = rosters.at(-1)!.toSorted((a, b) => (a.key < b.key ? -1 : 1))
        expect(there.map(bare)).toEqual(today.map(bare))
      }),
    )
  })

  test('a life never ends without a successor or a tombstone, and lives only grow', () => {
    fc.assert(
      fc.property(history, roster, (rosters, fresh) => {
        const known = lived(rosters)
        for (const { before, after: then } of read(known, fresh, 9).steps) {
          expect(then.goneAt === null).toBe(then.goneBecause === null)
          if (before) expect(then.life).toBeGreaterThanOrEqual(before.life)
          if (before && then.life > before.life)
            expect(Temporal.Instant.compare(then.since, before.since)).toBe(1)
        }
      }),
    )
  })

  test('every step is counted under each kind of change once', () => {
    fc.assert(
      fc.property(history, roster, (rosters, fresh) => {
        const { steps, lost } = read(lived(rosters), fresh, 9)
        const counts = countChanges(steps)
        expect((counts.left ?? 0) + (counts.reused ?? 0)).toBe(lost)
      }),
    )
  })
})
