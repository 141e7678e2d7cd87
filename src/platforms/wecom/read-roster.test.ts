import { expect, test } from 'vitest'
import type { Seen } from '#platforms/test-kit.ts'
import {
  connect,
  departments,
  members,
  says,
  simpleDepartments,
  userGet,
  userList,
  userSimple,
} from '#platforms/wecom/test-company.ts'

test('the roster holds every member once, whatever the case of the id', async () => {
  const { wecom, seen } = connect()
  expect(await wecom.readRoster()).toEqual([
    {
      userId: 'boss',
      name: '老板',
      mobile: null,
      jobNumber: null,
      email: null,
      departments: ['示例集团'],
      departmentIds: ['1'],
      isActive: true,
      title: null,
      hiredOn: null,
      manager: null,
      humanId: null,
    },
    {
      userId: 'ZhangSan',
      name: '张三',
      mobile: '+8613800000000',
      jobNumber: 'A0001',
      email: null,
      departments: ['研发中心', '研发中心/前端'],
      departmentIds: ['2', '1', '3'],
      isActive: true,
      title: null,
      hiredOn: null,
      manager: null,
      humanId: null,
    },
    expect.objectContaining({ userId: '007', departments: ['研发中心/前端'], isActive: false }),
  ])
  expect(seen.map(({ path }) => path)).toEqual([
    '/cgi-bin/gettoken',
    simpleDepartments,
    departments,
    ...[userList, userList, userList],
  ])
})

test('an app that sees a part, without names, reads that part', async () => {
  const { wecom } = connect({
    [simpleDepartments]: { department_id: [{ id: 3, parentid: 2 }, { id: 9 }] },
    [departments]: says(60011, 'no privilege to access/modify contact/party/agent'),
    [userList]: (seen: Seen) =>
      seen.query['department_id'] === '9' ? says(60011, 'no privilege') : { userlist: members[3] ?? [] },
  })
  const roster = await wecom.readRoster()
  // shown by its id, since nobody told its name; what lies above is out of sight
  expect(roster.map(({ userId, departments: paths }) => [userId, paths])).toEqual([
    ['zhangsan', ['2/3']],
    ['007', ['2/3']],
  ])
})

test('a department too large for one answer is read one by one', async () => {
  const { wecom, askedOf } = connect({
    [simpleDepartments]: { department_id: [{ id: 3 }] },
    [userList]: says(45029, 'the response is too large'),
    [userSimple]: { errcode: 0, userlist: [{ userid: 'zhangsan' }, { userid: 'hidden' }] },
    [userGet]: (seen: Seen) =>
      seen.query['userid'] === 'hidden'
        ? says(60011, 'no privilege')
        : { errcode: 0, errmsg: 'ok', userid: 'zhangsan', name: '张三', status: 1, department: [3] },
  })
  expect((await wecom.readRoster()).map(({ userId }) => userId)).toEqual(['zhangsan'])
  expect(askedOf(userGet)).toEqual([{ userid: 'zhangsan' }, { userid: 'hidden' }])
})
