import { expect, test } from 'vitest'
import {
  bodyOf,
  children,
  connect,
  gatewaySays,
  listSub,
  ok,
  userGet,
  userList,
} from '#platforms/dingtalk/test-company.ts'

test('the roster is walked level by level, and who is in two departments comes once', async () => {
  const { dingtalk, askedOf } = connect()
  const roster = await dingtalk.readRoster()
  expect(
    roster.map(({ userId, departments, departmentIds }) => ({ userId, departments, departmentIds })),
  ).toEqual([
    { userId: 'boss', departments: [], departmentIds: ['1'] },
    { userId: 'u001', departments: ['研发中心', '门店'], departmentIds: ['2', '1', '3'] },
    { userId: '007', departments: ['门店'], departmentIds: ['3', '1'] },
    // another person: DingTalk ids are exact
    { userId: 'U001', departments: ['研发中心/前端'], departmentIds: ['4', '2', '1'] },
  ])
  expect(roster[1]).toMatchObject({ mobile: '+8613800000000', jobNumber: 'A0001', isActive: true })
  expect(roster[3]).toMatchObject({ mobile: null, isActive: false })
  expect(askedOf(listSub)).toEqual([{ dept_id: 1 }, { dept_id: 2 }, { dept_id: 3 }, { dept_id: 4 }])
})

test('every page of a department is read, a hundred at a time', async () => {
  const { dingtalk, askedOf } = connect({
    [listSub]: ok([]),
    [userList]: (seen) =>
      bodyOf(seen)['cursor'] === 0
        ? ok({ has_more: 'true', next_cursor: '100', list: [{ userid: 'a' }] })
        : ok({ has_more: false, list: [{ userid: 'b' }] }),
  })
  expect((await dingtalk.readRoster()).map(({ userId }) => userId)).toEqual(['a', 'b'])
  expect(askedOf(userList)).toEqual([
    { dept_id: 1, cursor: 0, size: 100 },
    { dept_id: 1, cursor: 100, size: 100 },
  ])
})

test('a page that promises another and does not say which is a failure, not half a roster', async () => {
  const { dingtalk } = connect({
    [listSub]: ok([]),
    [userList]: ok({ has_more: true, list: [{ userid: 'a' }] }),
  })
  await expect(dingtalk.readRoster()).rejects.toMatchObject({
    failure: { code: 'platform.unreadable-answer', facts: { api: 'user/list' } },
  })
})

test('an app that sees a part reads that part, whoever is in range alone, and skips what is refused', async () => {
  const { dingtalk, askedOf } = connect({
    '/auth/scopes': {
      errcode: 0,
      auth_org_scopes: { authed_user: ['alone', 'gone', 'U001'], authed_dept: [2, '9'] },
    },
    [listSub]: (seen) =>
      bodyOf(seen)['dept_id'] === 9
        ? gatewaySays('50004', '部门不在授权范围')
        : ok(children[bodyOf(seen)['dept_id']!] ?? []),
    [userGet]: (seen) =>
      (seen.body as { userid: string }).userid === 'gone'
        ? { errcode: 60121, errmsg: '找不到该用户', request_id: 'r2' }
        : ok({ userid: 'alone', name: '独行', dept_id_list: [77] }),
  })
  const roster = await dingtalk.readRoster()
  expect(roster.map(({ userId, departments }) => [userId, departments])).toEqual([
    // the name of a department that is in range by itself can only come from its parent
    ['u001', ['2']],
    ['U001', ['2/前端']],
    ['alone', []],
  ])
  expect(askedOf(userGet)).toEqual([{ userid: 'alone' }, { userid: 'gone' }])
})

test('an app that may not ask about its range is taken to see the root', async () => {
  const { dingtalk } = connect({ '/auth/scopes': { errcode: 60011, errmsg: '没有权限' } })
  expect(await dingtalk.readRoster()).toHaveLength(4)
})

test('a refused department elsewhere than by range is a failure', async () => {
  const { dingtalk } = connect({
    [userList]: gatewaySays(
      '60011',
      '应用尚未开通所需的权限：[qyapi_get_department_member]{requiredScopes=[qyapi_get_department_member]}',
    ),
  })
  await expect(dingtalk.readRoster()).rejects.toMatchObject({
    failure: { code: 'platform.no-permission', facts: { scopes: ['qyapi_get_department_member'] } },
  })
})
