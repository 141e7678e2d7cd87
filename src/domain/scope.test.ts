import { expect, test } from 'vitest'
import { leftOutOf, type RouteScope } from './scope.ts'

const account = {
  userId: 'u001',
  name: '张三',
  departments: ['研发中心/平台组', '门店'],
  departmentIds: ['4', '2', '1', '3'],
}

test.for<{ when: string; scope: RouteScope; gives: string | null }>([
  { when: 'nothing is said', scope: {}, gives: null },
  { when: 'the department is named', scope: { departments: ['平台组'] }, gives: null },
  { when: 'a department above it is named', scope: { departments: ['研发中心'] }, gives: null },
  { when: 'a department above it is named by id', scope: { departments: ['2'] }, gives: null },
  { when: 'its path is named', scope: { departments: ['研发中心/平台组'] }, gives: null },
  { when: 'the other department is named', scope: { departments: ['门店'] }, gives: null },
  { when: 'another department is named', scope: { departments: ['财务部'] }, gives: 'not-in-scope' },
  { when: 'a part of a name is named', scope: { departments: ['研发'] }, gives: 'not-in-scope' },
  { when: 'the path goes elsewhere', scope: { departments: ['门店/平台组'] }, gives: 'not-in-scope' },
  { when: 'the person is named by id', scope: { people: ['u001'] }, gives: null },
  { when: 'the person is named by name', scope: { people: ['张三'] }, gives: null },
  { when: 'others are named', scope: { people: ['u002'] }, gives: 'not-in-scope' },
  {
    when: 'others and the department are named',
    scope: { people: ['u002'], departments: ['2'] },
    gives: null,
  },
  { when: 'a list is empty', scope: { departments: [] }, gives: 'not-in-scope' },
  { when: 'the person is an exception', scope: { except: ['u001'] }, gives: 'excepted' },
  {
    when: 'the person is named and an exception',
    scope: { people: ['u001'], except: ['张三'] },
    gives: 'excepted',
  },
  {
    when: 'a department is an exception',
    scope: { departments: ['研发中心'], except: ['平台组'] },
    gives: 'excepted',
  },
  { when: 'an exception looks like the root’s id', scope: { except: ['1'] }, gives: null },
])('when $when', ({ scope, gives }) => {
  expect(leftOutOf(account, scope)).toBe(gives)
})
