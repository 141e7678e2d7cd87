import { expect, test } from 'vitest'
import { testClient } from './test-client.ts'

const client = () => testClient({ people: 6, style: 'plain' })
type Client = ReturnType<typeof client>
const notices = ({ sandbox }: Client) => sandbox.view().notices

const notify = (of: Client, userid_list: string, content: string) => {
  const { agentId } = of.sandbox.ready().credentials.dingtalk
  const body = { agent_id: agentId, userid_list, msg: { msgtype: 'text', text: { content } } }
  return of.dingtalk('/topapi/message/corpconversation/asyncsend_v2', body)
}
const message = (of: Client, touser: string, content: string, more: object = {}) => {
  const { agentId } = of.sandbox.ready().credentials.wecom
  return of.wecom('/cgi-bin/message/send', {
    touser,
    msgtype: 'text',
    agentid: agentId,
    text: { content },
    ...more,
  })
}
const [ding, wecom] = (() => {
  const { dingtalk, wecom: other } = client().sandbox.view()
  return [dingtalk.people.map(({ userId }) => userId), other.people.map(({ userId }) => userId)]
})()

test('DingTalk: the same words reach a person once a day, and nobody says so', async () => {
  const of = client()
  for (let n = 0; n < 2; n++) expect(await notify(of, ding[0]!, '缺卡')).toMatchObject({ errcode: 0 })
  expect(notices(of).map(({ dropped }) => dropped)).toEqual([[], [{ to: ding[0], because: 'duplicate' }]])
  of.sandbox.advance(86_400)
  await notify(of, ding[0]!, '缺卡')
  expect(notices(of).at(-1)).toMatchObject({ via: 'app', to: [ding[0]], dropped: [] })
})

test.for([
  { when: 'the agent is another', change: { agent_id: 7 }, errcode: 40056 },
  { when: 'nobody is meant', change: { userid_list: '' }, errcode: 400002 },
  { when: 'nobody is known', change: { userid_list: 'nobody' }, errcode: 33012 },
  { when: 'too many are meant', change: { userid_list: Array(101).fill('a').join(',') }, errcode: 41029 },
])('DingTalk refuses a work notification when $when', async ({ change, errcode }) => {
  const of = client()
  const body = {
    agent_id: 1001,
    userid_list: ding[0],
    msg: { msgtype: 'text', text: { content: 'x' } },
    ...change,
  }
  expect(await of.dingtalk('/topapi/message/corpconversation/asyncsend_v2', body)).toMatchObject({ errcode })
  expect(notices(of)).toEqual([])
})

test('WeCom: those who are wrong are listed, the rest is sent to; all wrong is refused', async () => {
  const of = client()
  const both = `${wecom[0]!.toUpperCase()}|Nobody`
  expect(await message(of, both, 'x')).toMatchObject({ errcode: 0, invaliduser: 'nobody' })
  expect(notices(of)).toMatchObject([{ platform: 'wecom', to: [wecom[0]] }])
  expect(await message(of, 'nobody', 'x')).toMatchObject({ errcode: 81013 })
  expect(await message(of, '', 'x')).toMatchObject({ errcode: 82001 })
  expect(await message(of, wecom[0]!, '')).toMatchObject({ errcode: 44004 })
  expect(await message(of, wecom[0]!, 'x', { agentid: 7 })).toMatchObject({ errcode: 301002 })
})

test('WeCom: whoever is out of range hears nothing, and @all is everybody in range', async () => {
  const of = client()
  of.sandbox.set({ memberOutOfRange: { wecom: [wecom[0]!] } })
  expect(await message(of, `${wecom[0]}|${wecom[1]}`, 'x')).toMatchObject({
    invaliduser: wecom[0]!.toLowerCase(),
  })
  expect(await message(of, wecom[0]!, 'x')).toMatchObject({ errcode: 81013 })
  expect(await message(of, '@all', 'x')).not.toHaveProperty('invaliduser')
  const { to } = notices(of).at(-1)!
  expect(to).toContain(wecom[1])
  expect(to).not.toContain(wecom[0])
})

test('WeCom: the contacts secret sends no messages', async () => {
  const { sandbox, post, wecomToken } = client()
  const { agentId, contactsSecret } = sandbox.ready().credentials.wecom
  const url = `/cgi-bin/message/send?access_token=${await wecomToken(contactsSecret)}`
  const body = { touser: wecom[0], msgtype: 'text', agentid: agentId, text: { content: 'x' } }
  expect(JSON.parse((await post(url, body)).text)).toMatchObject({ errcode: 301002 })
  expect(sandbox.view().notices).toEqual([])
})

test('WeCom: the 31st in a minute to one person is dropped without a word', async () => {
  const of = client()
  for (let n = 0; n < 31; n++) expect(await message(of, wecom[0]!, `${n}`)).toMatchObject({ errcode: 0 })
  expect(notices(of).map(({ dropped }) => dropped.length)).toEqual([...Array(30).fill(0), 1])
})

test('WeCom: the same words are suppressed only where that was asked for', async () => {
  const of = client()
  for (let n = 0; n < 2; n++) await message(of, wecom[0]!, 'x', { enable_duplicate_check: 1 })
  for (let n = 0; n < 2; n++) await message(of, wecom[0]!, 'y')
  expect(notices(of).map(({ dropped }) => dropped.length)).toEqual([0, 1, 0, 0])
})

test('of what was received the latest thousand are kept', async () => {
  const of = client()
  for (let n = 0; n < 1002; n++)
    of.sandbox.world.notices.add({
      platform: 'wecom',
      via: 'robot',
      atMs: n,
      to: [],
      dropped: [],
      text: `${n}`,
    })
  expect(notices(of)).toHaveLength(1000)
  expect(notices(of)[0]).toMatchObject({ text: '2' })
})
