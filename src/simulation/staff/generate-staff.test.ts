import { describe, expect, test } from 'vitest'
import { generateStaff, type Staff } from './generate-staff.ts'
import { createProbeOracle } from './probe-oracle.ts'
import { type Corruption, staffPresets, usualRates } from './staff-rates.ts'
import { benchRows } from './staff-rows.ts'
import { latinOf, syllablesOf } from './true-name.ts'

const company = generateStaff({ seed: 4 })
const group = generateStaff({ seed: 4, ...staffPresets.group })

const accountsOf = (staff: Staff, person: Staff['people'][number]) =>
  person.accounts.map((id) => staff.generated.get(id)!)
const corruptionsOf = (staff: Staff, person: Staff['people'][number]) =>
  new Set([
    ...person.human.corruptions,
    ...accountsOf(staff, person).flatMap(({ corruptions }) => [...corruptions]),
  ])

describe('the company', () => {
  test('is the same for the same seed, and another for another', () => {
    const again = generateStaff({ seed: 4 })
    expect(again.accounts).toEqual(company.accounts)
    expect(again.people.map(({ accounts }) => accounts)).toEqual(
      company.people.map(({ accounts }) => accounts),
    )
    expect(generateStaff({ seed: 5 }).accounts).not.toEqual(company.accounts)
  })

  test('stays as it is where one corruption is switched off, but for that field', () => {
    const hidden = generateStaff({ seed: 4, ...staffPresets['no-mobiles'] })
    expect(hidden.accounts).toEqual(
      company.accounts.map((account) => ({ ...account, mobile: null, mobileTail: null })),
    )
  })

  test('bears surnames as often as the register says', () => {
    const share = (surname: string) =>
      company.people.filter(({ human }) => human.name.surname.map(({ char }) => char).join('') === surname)
        .length / company.people.length
    expect(share('王')).toBeCloseTo(0.071, 1.7)
    expect(share('李')).toBeCloseTo(0.07, 1.7)
    expect(share('陈')).toBeCloseTo(0.046, 1.7)
  })

  test('knows how every character of every name is spelled', () => {
    for (const { human } of company.people)
      for (const { char, latin } of syllablesOf(human.name)) expect(latin, char).toMatch(/^[a-z]+$/)
  })

  test('has namesakes, more than the forced ones and far from everybody', () => {
    const byName = Map.groupBy(company.people, ({ human }) => human.name.text)
    const namesakes = [...byName.values()].filter(({ length }) => length > 1).flat().length
    expect(namesakes / company.people.length).toBeGreaterThan(0.02)
    expect(namesakes / company.people.length).toBeLessThan(0.12)
  })
})

describe('the truth', () => {
  test.for([
    ['of one company', company],
    ['of a group', group],
  ] as const)('%s has every account once', ([, staff]) => {
    const told = staff.people.flatMap(({ accounts }) => accounts)
    expect(new Set(told).size).toBe(told.length)
    expect(told.toSorted()).toEqual(staff.accounts.map(({ id }) => id).toSorted())
  })

  test('gives nobody two accounts of one connection at one time', () => {
    for (const person of group.people)
      for (const own of Map.groupBy(accountsOf(group, person), ({ account }) => account.connection).values())
        for (const [n, one] of own.entries())
          for (const other of own.slice(n + 1))
            expect(one.from > (other.to ?? Infinity) || other.from > (one.to ?? Infinity)).toBe(true)
  })

  test('gives a user id to two humans only one after the other, as a switch says', () => {
    const byUserId = Map.groupBy(
      company.accounts,
      ({ connection, userId }) => `${connection} ${userId.toLowerCase()}`,
    )
    const shared = [...byUserId.values()].filter(({ length }) => length > 1)
    expect(shared.length).toBeGreaterThan(0)
    for (const accounts of shared) {
      const held = accounts.map(({ id }) => company.generated.get(id)!).sort((a, b) => a.from - b.from)
      expect(held[0]!.to).toBeLessThan(held[1]!.from)
      expect(held[0]!.corruptions).toContain('reusedUserId')
    }
    const without = generateStaff({ seed: 4, rates: { reusedUserId: 0 } }).accounts
    expect(new Set(without.map(({ connection, userId }) => `${connection} ${userId}`)).size).toBe(
      without.length,
    )
  })

  test('of a group: four corps, and seconded people in two subsidiaries at a time', () => {
    expect(new Set(group.accounts.map(({ connection }) => connection))).toEqual(
      new Set(['hq-dingtalk', 'hq-wecom', 'south-dingtalk', 'south-wecom']),
    )
    const seconded = group.people.filter(({ human }) => human.corruptions.has('seconded'))
    expect(seconded.length / group.people.length).toBeCloseTo(usualRates.seconded, 1.7)
    expect(seconded.some(({ accounts }) => accounts.length === 4)).toBe(true)
  })

  test('speaks of managers who exist', () => {
    const ids = new Set(company.accounts.map(({ connection, userId }) => `${connection} ${userId}`))
    const managers = company.accounts.flatMap(({ connection, manager }) =>
      manager ? [`${connection} ${manager}`] : [],
    )
    expect(managers.length).toBeGreaterThan(2000)
    for (const manager of managers) expect(ids).toContain(manager)
  })
})

/** Those whose rate is of something else than people on both sides who are employed regularly. */
const ofWhom: Partial<Record<Corruption, (person: Staff['people'][number]) => boolean>> = {
  leaverStaysOnWecom: ({ human }) => human.corruptions.has('leaver'),
  jobNumberReused: ({ human }) => human.corruptions.has('leaver'),
  nameSuffix: ({ human }) => human.kind !== 'regular',
  nameOtherDot: ({ human }) => human.name.kind === 'dotted',
  titleMissing: () => false,
}
const measured =
  `leaver leaverStaysOnWecom neverActivated mobileHiddenOnWecom mobileHiddenOnDingtalk mobileChanged
  mobileShared mobileMalformed jobNumberMissingOnDingtalk jobNumberMissingOnWecom jobNumberOtherScheme jobNumberReused
  jobNumberDuplicate jobNumberPlaceholder nameHomophone nameLookAlike nameNickname namePinyin nameBlank nameSuffix
  nameTypo nameOtherDot departmentStale departmentSeveral hireDateMissingOnDingtalk hireDateMissingOnWecom
  emailMissingOnDingtalk emailMissingOnWecom onlyOnDingtalk onlyOnWecom sameNameInDepartment`.split(
    /\s+/,
  ) as Corruption[]

describe('the corruptions', () => {
  const staff = generateStaff({ seed: 6, people: 12_000 })
  const connections = (person: Staff['people'][number]) =>
    new Set(accountsOf(staff, person).map(({ account }) => account.connection)).size

  test.for(measured)('%s strikes as often as its rate says', (corruption) => {
    const isOfPeople = /^(?:leaver$|only|sameName|mobileShared)/.test(corruption)
    const among = staff.people.filter(
      ofWhom[corruption] ??
        ((person) => isOfPeople || (connections(person) === 2 && person.human.kind === 'regular')),
    )
    const struck = among.filter((person) => corruptionsOf(staff, person).has(corruption)).length
    const rate = usualRates[corruption]
    // Some are struck in vain: no homophone is known, the two share a number by chance, nobody left in time.
    const [low, high] = [rate * 0.55, rate * 1.1]
    const chance = 3.5 * Math.sqrt((rate * (1 - rate)) / among.length)
    expect(struck / among.length).toBeGreaterThan(low - chance)
    expect(struck / among.length).toBeLessThan(high + chance)
  })

  test('one person in six has neither a mobile nor a job number on both sides', () => {
    const both = staff.people.filter((person) => connections(person) === 2)
    const bare = both.filter((person) => {
      const [a, b] = accountsOf(staff, person).map(({ account }) => account)
      return !(a!.mobile && b!.mobile) && !(a!.jobNumber && b!.jobNumber)
    })
    expect(bare.length / both.length).toBeGreaterThan(0.12)
    expect(bare.length / both.length).toBeLessThan(0.2)
  })

  test('of all preset companies leave something to resolve', () => {
    for (const [name, preset] of Object.entries(staffPresets)) {
      const { people } = generateStaff({ people: 300, ...preset, seed: 2 })
      expect(people.filter(({ accounts }) => accounts.length > 1).length, name).toBeGreaterThan(10)
    }
  })
})

describe('the platforms', () => {
  const oracle = createProbeOracle(company)

  test('answer a hidden mobile by its owner, and an unknown one by nobody', () => {
    let [right, other, nobody] = [0, 0, 0]
    for (const person of company.people)
      for (const { account } of accountsOf(company, person)) {
        if (account.connection !== 'hq-dingtalk') continue
        const owner = oracle({ account: account.id, connection: 'hq-wecom' })
        if (owner === null) nobody++
        else if (person.accounts.includes(owner)) right++
        else other++
      }
    expect(right / company.people.length).toBeGreaterThan(0.85)
    expect(nobody / company.people.length).toBeGreaterThan(0.05)
    expect(other).toBeGreaterThan(0)
  })

  test('show rows with nothing beside what the file format names', () => {
    const rows = benchRows(company)
    expect(rows).toHaveLength(company.accounts.length)
    const keys = new Set(rows.flatMap((row) => Object.keys(row)))
    expect([...keys].toSorted()).toEqual(
      [
        'connection',
        'departments',
        'email',
        'hiredOn',
        'jobNumber',
        'leftOn',
        'mobile',
        'name',
        'userId',
      ].toSorted(),
    )
    expect(rows.some(({ mobile }) => mobile?.startsWith('+86 '))).toBe(true)
  })
})

test('user ids that are spelled names are those of the name', () => {
  const spelled = company.accounts.filter(({ id, userId }) => {
    const { human } = company.generated.get(id)!
    return userId.toLowerCase().startsWith(latinOf(human.name))
  })
  expect(spelled.length).toBeGreaterThan(0)
})
