import { expect, test } from 'vitest'
import * as wire from '#platforms/dingtalk/wire.ts'
import { testClient } from '../test-client.ts'

const listSub = '/topapi/v2/department/listsub'
const userList = '/topapi/v2/user/list'

/** Every department below the root, walked level by level as a caller must. */
async function walk({
  dingtalk,
}: ReturnType<typeof testClient>): Promise<{ dept_id: number; name: string }[]> {
  const found = [{ dept_id: 1, name: '' }]
  for (const { dept_id } of found) found.push(...(await dingtalk(listSub, { dept_id })).result)
  return found
}

test('departments come one level at a time; the root is asked for by leaving it out', async () => {
  const client = testClient({ limits: 'off' })
  const answer = await client.dingtalk(listSub, {})
  expect(wire.ListSubResponse.parse(answer).result?.every(({ parent_id }) => parent_id === 1)).toBe(true)
  const all = await walk(client)
  expect(all.map(({ name }) => name)).toContain('平台组')
  expect(answer.result.map(({ name }: { name: string }) => name)).not.toContain('平台组')
  expect(all).toHaveLength(15)
})

test('walking the tree meets every account, people of several departments more than once', async () => {
  const client = testClient({ limits: 'off' })
  const met: string[] = []
  for (const { dept_id } of await walk(client)) {
    const { result } = await client.dingtalk(userList, { dept_id, cursor: 0, size: 100 })
    met.push(...result.list.map(({ userid }: { userid: string }) => userid))
  }
  expect(new Set(met).size).toBe(116)
  expect(met.length).toBeGreaterThan(116)
})

test('pages end without a next_cursor', async () => {
  const { dingtalk, sandbox } = testClient({ people: 500 })
  const dept_id = sandbox.world.company.departments.find(({ name }) => name === '平台组')!.dingtalkId
  const first = await dingtalk(userList, { dept_id, cursor: 0, size: 30 })
  expect(first.result).toMatchObject({ has_more: true, next_cursor: 30 })
  const last = await dingtalk(userList, { dept_id, cursor: 30, size: 100 })
  expect(last.result.has_more).toBe(false)
  expect(last.result).not.toHaveProperty('next_cursor')
})

test('a user is told as the documents say, and the mobile only to those who may read it', async () => {
  const { dingtalk, sandbox } = testClient()
  const shown = await dingtalk('/topapi/v2/user/get', { userid: '张三丰' })
  expect(wire.UserGetResponse.parse(shown).result).toMatchObject({
    userid: '张三丰',
    name: '张三丰',
    active: true,
  })
  expect(shown.result.mobile).toMatch(/^138\d{8}$/)
  sandbox.set({ mobileHidden: { dingtalk: true } })
  const hidden = await dingtalk('/topapi/v2/user/get', { userid: '张三丰' })
  expect(hidden.result).not.toHaveProperty('mobile')
  expect(await dingtalk('/topapi/v2/user/getbymobile', { mobile: shown.result.mobile })).toMatchObject({
    result: { userid: '张三丰' },
  })
})

test('user ids are exact: LiNa and lina are two people', async () => {
  const { dingtalk } = testClient()
  const names = ['LiNa', 'lina'].map(
    async (userid) => (await dingtalk('/topapi/v2/user/get', { userid })).result.name,
  )
  expect(await Promise.all(names)).toEqual(['李纳', '李娜'])
})

test.for([
  { what: 'an unknown user', path: '/topapi/v2/user/get', ask: { userid: 'LINA' }, code: 60121 },
  {
    what: 'an unknown mobile',
    path: '/topapi/v2/user/getbymobile',
    ask: { mobile: '13900000000' },
    code: 60121,
  },
  { what: 'no mobile at all', path: '/topapi/v2/user/getbymobile', ask: { mobile: 'abc' }, code: 40104 },
  { what: 'an unknown department', path: listSub, ask: { dept_id: 7 }, code: 60003 },
  {
    what: 'members of an unknown department',
    path: userList,
    ask: { dept_id: 7, cursor: 0, size: 10 },
    code: 60003,
  },
  { what: 'a page of 101', path: userList, ask: { dept_id: 1, cursor: 0, size: 101 }, code: 40069 },
  { what: 'a page of none', path: userList, ask: { dept_id: 1, cursor: 0, size: 0 }, code: 40069 },
  { what: 'a cursor below zero', path: userList, ask: { dept_id: 1, cursor: -1, size: 10 }, code: 40068 },
  { what: 'a field nobody knows', path: listSub, ask: { dept_id: 1, fetch_child: true }, code: 40035 },
  { what: 'a number in quotes', path: listSub, ask: { dept_id: '1' }, code: 40035 },
  { what: 'a missing field', path: '/topapi/v2/user/get', ask: {}, code: 40035 },
])('$what is refused with $code, flat and with a request id', async ({ path, ask, code }) => {
  const answer = await testClient().dingtalk(path, ask)
  expect(answer.errcode).toBe(code)
  expect(answer.request_id).toMatch(/^[a-z0-9]{12}$/)
})

test('fields nobody knows are let pass when the sandbox is told not to be strict', async () => {
  const { dingtalk, sandbox } = testClient()
  sandbox.set({ strictRequests: false })
  expect(await dingtalk(listSub, { dept_id: 1, fetch_child: true })).toMatchObject({ errcode: 0 })
})

test('who is outside the range has no details, is in no list, but is counted', async () => {
  const { dingtalk, sandbox } = testClient()
  const before = (await dingtalk('/topapi/user/count', { only_active: false })).result.count
  sandbox.set({ memberOutOfRange: { dingtalk: ['张三丰'] } })
  expect(await dingtalk('/topapi/v2/user/get', { userid: '张三丰' })).toMatchObject({ errcode: 50002 })
  const dept_id =
    sandbox.world.company.departments[sandbox.world.company.people[1]!.dingtalk!.departments[0]!]!.dingtalkId
  const { result } = await dingtalk(userList, { dept_id, cursor: 0, size: 100 })
  expect(result.list.map(({ userid }: { userid: string }) => userid)).not.toContain('张三丰')
  const ids = await dingtalk('/topapi/user/listid', { dept_id })
  expect(ids.result.userid_list).toContain('张三丰')
  expect((await dingtalk('/topapi/user/count', { only_active: false })).result.count).toBe(before)
  expect((await dingtalk('/auth/scopes')).auth_org_scopes.authed_dept).not.toContain(1)
})

test('the whole organisation is authorised unless somebody is left out', async () => {
  const { dingtalk } = testClient()
  const answer = await dingtalk('/auth/scopes')
  expect(wire.ScopesResponse.parse(answer).auth_org_scopes.authed_dept).toEqual([1])
  expect(answer).not.toHaveProperty('request_id')
  const ids = await dingtalk('/topapi/v2/department/listsubid', { dept_id: 1 })
  expect(ids.result.dept_id_list.length).toBeGreaterThan(5)
  const active = (await dingtalk('/topapi/user/count', { only_active: true })).result.count
  expect(active).toBe(115)
})
