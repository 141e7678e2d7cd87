import { expect, test } from 'vitest'
import { connect, gatewaySays, listSub, ok, userGet, userList } from '#platforms/dingtalk/test-company.ts'

test.for([
  { when: 'the user is there', says: ok({ userid: 'u001' }), gives: 'there' },
  { when: 'there is no such user', says: gatewaySays('60121', '找不到该用户'), gives: 'left' },
  { when: 'the old code says so', says: { errcode: 33012, errmsg: '无效的USERID' }, gives: 'left' },
  {
    when: 'the user is outside the range',
    says: gatewaySays('50002', '企业员工不在授权范围'),
    gives: 'outOfRange',
  },
])('an account that is not listed any more: $when', async ({ says, gives }) => {
  expect(await connect({ [userGet]: says }).dingtalk.standingOf('u001')).toBe(gives)
})

test('a platform that will not say is a failure, not a leaver', async () => {
  const { dingtalk } = connect({ [userGet]: gatewaySays('60011', '没有权限') })
  await expect(dingtalk.standingOf('u001')).rejects.toMatchObject({ name: 'FailureError' })
})

test('everybody is counted, whatever the app may see', async () => {
  expect(await connect().dingtalk.countMembers()).toBe(4)
})

test('title, hire date, superior and the human behind the account are told where the answer has them', async () => {
  const user = {
    userid: 'u001',
    title: ' 工程师 ',
    hired_date: '1597593600000',
    manager_userid: 'boss',
    unionid: 'z21Hj',
  }
  const { dingtalk } = connect({
    [listSub]: ok([]),
    [userList]: ok({ has_more: false, list: [user, { userid: 'u2' }] }),
  })
  const [first, second] = await dingtalk.readRoster()
  expect(first).toMatchObject({
    title: '工程师',
    hiredOn: Temporal.PlainDate.from('2020-08-17'),
    manager: 'boss',
    humanId: 'z21Hj',
  })
  expect(second).toMatchObject({ title: null, hiredOn: null, manager: null, humanId: null })
})
