import { expect, test } from 'vitest'
import { peopleIn } from '#platforms/request.ts'

test.for<[string, Record<string, unknown>, string[]]>([
  ['one person', { userid: 'u1' }, ['u1']],
  ['a list of one', { userIds: ['u1'] }, ['u1']],
  ['a list of one, twice', { useridlist: ['u1', 'u1'] }, ['u1']],
  ['a list of several', { useridlist: ['u1', 'u2'] }, []],
  ['records of one', { records: [{ userid: 'u1' }, { userid: 'u1' }] }, ['u1']],
  ['records of several', { records: [{ userid: 'u1' }, { userid: 'u2' }] }, []],
  ['nobody', { mobile: '13800000000' }, []],
])('a refusal can name its person where the request is about one only: %s', ([, asked, people]) => {
  expect(peopleIn(asked)).toEqual(people)
})
