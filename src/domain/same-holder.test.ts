import { expect, test } from 'vitest'
import { compareNames, type HolderFacts, judgeHolder } from './same-holder.ts'

const was: HolderFacts = {
  name: '王小丽',
  humanId: 'H1',
  mobilePrint: 'M1',
  jobNumber: 'A001',
  email: 'wang@example.com',
}
const nothing = { humanId: null, mobilePrint: null, jobNumber: null, email: null }
const allOther = { humanId: 'H2', mobilePrint: 'M2', jobNumber: 'A002', email: 'li@example.com' }

type Row = {
  when: string
  was?: Partial<HolderFacts>
  is: Partial<HolderFacts>
  away?: true
  gives: [isSame: boolean, because: string, isUncertain: boolean]
}

test.for<Row>([
  { when: 'nothing changed', is: {}, gives: [true, 'agrees', false] },
  { when: 'somebody has a new telephone', is: { mobilePrint: 'M2' }, gives: [true, 'agrees', false] },
  { when: 'somebody married', is: { name: '陈小丽' }, gives: [true, 'agrees', false] },
  { when: 'the name left the answer', is: { name: '', ...nothing }, gives: [true, 'agrees', false] },
  {
    when: 'another name, the platform says the same human',
    is: { ...allOther, name: '赵建国', humanId: 'H1' },
    gives: [true, 'agrees', false],
  },
  {
    when: 'another name, the same telephone, and no more is known',
    is: { ...nothing, name: '赵建国', mobilePrint: 'M1' },
    gives: [true, 'agrees', false],
  },
  {
    when: 'another name, and only the job number is known',
    was: nothing,
    is: { ...nothing, name: '赵建国' },
    gives: [true, 'nothing-known', true],
  },
  {
    when: 'another name with the same job number',
    was: { ...nothing, jobNumber: 'A001' },
    is: { ...nothing, jobNumber: 'a001 ', name: '赵建国' },
    gives: [true, 'only-post-agrees', true],
  },
  {
    when: 'a slip in the name was put right, with the same job number',
    was: { ...nothing, jobNumber: 'A001' },
    is: { ...nothing, jobNumber: 'A001', name: '王晓丽' },
    gives: [true, 'agrees', false],
  },
  {
    when: 'a slip was put right, and nothing else is known',
    was: nothing,
    is: { ...nothing, name: '王晓丽' },
    gives: [true, 'nothing-known', true],
  },
  {
    when: 'name and facts are all somebody else’s',
    is: { ...allOther, name: '赵建国' },
    gives: [false, 'differs', false],
  },
  {
    when: 'a namesake by one character has other facts',
    is: { ...allOther, name: '王晓丽' },
    gives: [false, 'name-alike', true],
  },
  {
    when: 'the successor got the user id and the job number',
    is: { ...allOther, jobNumber: 'A001', name: '赵建国' },
    gives: [false, 'post-handed-on', true],
  },
  {
    when: 'the successor got the company telephone',
    is: { ...allOther, mobilePrint: 'M1', name: '赵建国' },
    gives: [false, 'post-handed-on', true],
  },
  {
    when: 'a namesake came, says the platform and every fact',
    is: allOther,
    gives: [false, 'namesake', true],
  },
  {
    when: 'the name stayed and both known facts changed',
    was: { ...nothing, jobNumber: 'A001', mobilePrint: 'M1' },
    is: { ...nothing, jobNumber: 'A002', mobilePrint: 'M2' },
    gives: [true, 'only-name-agrees', true],
  },
  { when: 'somebody comes back', away: true, is: {}, gives: [true, 'agrees', false] },
  {
    when: 'somebody comes back with a new job number',
    away: true,
    was: { ...nothing, jobNumber: 'A001' },
    is: { ...nothing, jobNumber: 'A002' },
    gives: [true, 'only-name-agrees', true],
  },
  {
    when: 'the id comes back under another name, and nothing else is known',
    away: true,
    was: nothing,
    is: { ...nothing, name: '赵建国' },
    gives: [false, 'nothing-known', true],
  },
])('when $when', ({ was: before = {}, is, away = false, gives }) => {
  const verdict = judgeHolder({ ...was, ...before }, { ...was, ...before, ...is }, away)
  expect([verdict.isSame, verdict.because, verdict.isUncertain]).toEqual(gives)
})

test.for([
  ['王伟', '王伟', 'same'],
  ['王伟', ' 王　伟（离职）', 'same'],
  ['Li Lei', 'lilei', 'same'],
  ['王小丽', '王晓丽', 'alike'],
  ['王伟', '王伟-外包', 'alike'],
  // in two characters, one of them is half the name
  ['王芳', '王军', 'different'],
  ['王小丽', '赵建国', 'different'],
] as const)('%s and %s are %s', ([a, b, gives]) => {
  expect(compareNames(a, b)).toBe(gives)
  expect(compareNames(b, a)).toBe(gives)
})
