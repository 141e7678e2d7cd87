import { expect, test } from 'vitest'
import type { MappingAccount } from './mapping-table.ts'
import { listSeveral } from './several-accounts.ts'

const routes = [
  { key: 'hq', dingtalk: 'hq-dingtalk', wecom: 'hq-wecom' },
  { key: 'sz', dingtalk: 'sz-dingtalk', wecom: 'sz-wecom' },
]
const account = (connection: string, more: Partial<MappingAccount> = {}): MappingAccount => ({
  ...{
    connection,
    key: 'u1',
    userId: 'u1',
    name: '张三',
    person: 'p_1',
    subsidiary: '总部',
    departments: [],
  },
  ...{ jobNumber: null, mobileTail: null, isActive: true, hasLeft: false },
  ...more,
})

test.for([
  { when: 'one account', of: [account('hq-dingtalk')], gives: [] },
  {
    when: 'both ends of one route, which is a row of the table',
    of: [account('hq-wecom'), account('hq-dingtalk')],
    gives: [],
  },
  {
    when: 'two subsidiaries on one platform',
    of: [account('sz-dingtalk'), account('hq-dingtalk')],
    gives: ['hq-dingtalk', 'sz-dingtalk'],
  },
  {
    when: 'ends of two routes',
    of: [account('hq-dingtalk'), account('sz-wecom')],
    gives: ['hq-dingtalk', 'sz-wecom'],
  },
  {
    when: 'a connection without a route',
    of: [account('hk-dingtalk'), account('hq-dingtalk')],
    gives: ['hk-dingtalk', 'hq-dingtalk'],
  },
  {
    when: 'a second account that is gone',
    of: [account('hq-dingtalk'), account('sz-dingtalk', { hasLeft: true })],
    gives: [],
  },
  {
    when: 'an account that is not shown',
    of: [account('hq-dingtalk', { alsoElsewhere: true })],
    gives: ['hq-dingtalk'],
  },
  {
    when: 'two persons of one name',
    of: [account('hq-dingtalk'), account('sz-dingtalk', { person: 'p_2' })],
    gives: [],
  },
])('$when', ({ of, gives }) => {
  const found = listSeveral(routes, of)
  expect(found.flatMap(({ accounts }) => accounts.map(({ connection }) => connection))).toEqual(gives)
  expect(listSeveral(routes, of.toReversed())).toEqual(found)
})
