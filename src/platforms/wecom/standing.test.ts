import { expect, test } from 'vitest'
import { connect, says, simpleDepartments, userGet, userList } from '#platforms/wecom/test-company.ts'

test.for([
  { when: 'the member is there', said: { errcode: 0, userid: 'zhangsan', status: 1 }, gives: 'there' },
  {
    when: 'the member has left the corp',
    said: { errcode: 0, userid: 'zhangsan', status: 5 },
    gives: 'left',
  },
  { when: 'there is no such member', said: says(60111, 'userid not found'), gives: 'left' },
  { when: 'the member is out of sight', said: says(60011, 'no privilege'), gives: 'outOfRange' },
])('an account that is not listed any more: $when', async ({ said, gives }) => {
  expect(await connect({ [userGet]: said }).wecom.standingOf('zhangsan')).toBe(gives)
})

test('without the contacts secret nobody knows how many members there are', async () => {
  expect(await connect().wecom.countMembers()).toBe(null)
})

test('title and superior are told where the answer has them', async () => {
  const list = [
    { userid: 'zhangsan', position: '工程师', direct_leader: ['boss'] },
    { userid: 'lisi', direct_leader: [] },
  ]
  const { wecom } = connect({
    [simpleDepartments]: { department_id: [{ id: 1 }] },
    [userList]: { userlist: list },
  })
  const [first, second] = await wecom.readRoster()
  expect(first).toMatchObject({ title: '工程师', manager: 'boss', hiredOn: null, humanId: null })
  expect(second).toMatchObject({ title: null, manager: null })
})
