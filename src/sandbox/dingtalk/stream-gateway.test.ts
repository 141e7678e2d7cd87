import { expect, test } from 'vitest'
import { testClient } from '../test-client.ts'
import type { DingtalkEvent } from './events.ts'
import { readAnswer, rubbishFrames } from './stream-frames.ts'
import type { StreamGateway } from './stream-gateway.ts'

const path = '/v1.0/gateway/connections/open'
const subscriptions = [{ type: 'EVENT', topic: '*' }]
const anEvent: DingtalkEvent = {
  ...{ eventId: 'e1', eventType: 'user_add_org', bornAt: 1690362102194, corpId: 'ding1' },
  data: { userId: ['u001'] },
}
type Answer = { endpoint: string; ticket: string }

function open(faults: Record<string, unknown> = {}) {
  const client = testClient({ faults: { streamDuplicates: 0, ...faults } })
  const { clientId, clientSecret } = client.sandbox.ready().credentials.dingtalk
  const asked = { clientId, clientSecret, ua: 'test', subscriptions }
  const register = async (change: object = {}, accept = 'application/json') =>
    client.post(path, { ...asked, ...change }, { headers: { 'content-type': 'application/json', accept } })
  const ticket = async (change: object = {}) => JSON.parse((await register(change)).text).ticket as string
  /** A client that answers as told; its frames, parsed. */
  const connect = async (answer: string | null = 'SUCCESS', change: object = {}) => {
    const frames: { type: string; headers: Record<string, string>; data: string }[] = []
    let isCut = false
    const gateway: StreamGateway = client.sandbox.stream
    const seat = gateway.take(gateway.redeem(await ticket(change))!, {
      send(text) {
        const frame = JSON.parse(text)
        frames.push(frame)
        if (frame.type === 'EVENT' && answer) queueMicrotask(() => say(frame, `{"status":"${answer}"}`))
      },
      cut() {
        isCut = true
      },
    })
    const say = ({ headers }: { headers: Record<string, string> }, data: string, code = 200) =>
      seat.heard(
        JSON.stringify({
          ...{ code, message: 'OK', data },
          headers: { messageId: headers['messageId'], contentType: 'application/json' },
        }),
      )
    return { frames, seat, say, isCut: () => isCut }
  }
  return { client, register, ticket, connect, gateway: client.sandbox.stream, pass: client.sandbox.advance }
}

test('registering gives an address beside the one that was asked, and a ticket', async () => {
  const { register } = open()
  const { endpoint, ticket } = JSON.parse((await register()).text) as Answer
  expect(endpoint).toBe('ws://127.0.0.1:4001/connect')
  expect(ticket).not.toBe('')
})

test('without asking for JSON the answer is XML', async () => {
  const { register } = open()
  expect(await register({}, '*/*')).toMatchObject({
    status: 200,
    headers: { 'content-type': 'application/xml' },
    text: expect.stringContaining('<ticket>'),
  })
})

test('a wrong secret is 401 authFailed; a request that is not as documented is refused', async () => {
  const { register } = open()
  const refused = await register({ clientSecret: 'wrong' })
  expect(refused.status).toBe(401)
  expect(JSON.parse(refused.text)).toMatchObject({ code: 'authFailed', message: '鉴权失败' })
  for (const wrong of [{ subscriptions: [] }, { subscriptions: undefined }, { token: 'x' }])
    expect((await register(wrong)).status).toBe(400)
})

test('a ticket is good once, and for 90 seconds', async () => {
  const { ticket, gateway, pass } = open()
  const first = await ticket()
  expect(gateway.redeem(first)).not.toBeNull()
  expect(gateway.redeem(first)).toBeNull()
  const second = await ticket()
  pass(89)
  expect(gateway.redeem(second)).not.toBeNull()
  const third = await ticket()
  pass(90)
  expect(gateway.redeem(third)).toBeNull()
  for (const wrong of [null, '', 'guessed']) expect(gateway.redeem(wrong)).toBeNull()
})

test('an event travels as documented: its own fields in a string, the rest in headers, all strings', async () => {
  const { connect, gateway } = open()
  const { frames } = await connect()
  expect(await gateway.deliver(anEvent)).toBe('acknowledged')
  expect(frames).toMatchObject([
    {
      specVersion: '1.0',
      type: 'EVENT',
      headers: {
        ...{ topic: '*', contentType: 'application/json', eventType: 'user_add_org', eventId: 'e1' },
        ...{ eventCorpId: 'ding1', eventBornTime: '1690362102194' },
      },
      data: '{"userId":["u001"]}',
    },
  ])
})

test.for([
  { when: 'it says LATER', answer: 'LATER' },
  { when: 'it says something else', answer: 'MAYBE' },
  { when: 'it says nothing', answer: null },
])('an event comes again when $when', async ({ answer }) => {
  const { connect, gateway, pass } = open()
  await connect(answer)
  const outcome = gateway.deliver(anEvent)
  await Promise.resolve()
  pass(3)
  expect(await outcome).toBe('later')
})

test('nobody is there: no connection, one that was told to go, one that asked for no events', async () => {
  const { connect, gateway } = open()
  expect(await gateway.deliver(anEvent)).toBe('nobody')
  await connect('SUCCESS', { subscriptions: [{ type: 'CALLBACK', topic: '/v1.0/im/bot/messages/get' }] })
  expect(await gateway.deliver(anEvent)).toBe('nobody')
  const { frames } = await connect()
  gateway.dismissAll()
  expect(await gateway.deliver(anEvent)).toBe('nobody')
  expect(frames.map(({ headers }) => headers['topic'])).toEqual(['disconnect'])
})

test('a connection that was told to go stays open for ten seconds', async () => {
  const { connect, gateway, pass } = open()
  const { isCut } = await connect()
  gateway.dismissAll()
  pass(9)
  expect(isCut()).toBe(false)
  pass(1)
  expect(isCut()).toBe(true)
})

test('every connection is told to go in the end', async () => {
  const { connect, pass } = open({ streamLife: { min: 60, max: 60 }, streamPing: 0 })
  const { frames } = await connect()
  pass(59)
  expect(frames).toEqual([])
  pass(1)
  expect(frames).toMatchObject([
    { headers: { topic: 'disconnect' }, data: '{"reason":"connection is expired"}' },
  ])
})

test('the gateway says when it has something to do: an answer that is owed, a ping, a farewell, its end', async () => {
  const { client, connect, gateway } = open({ streamLife: { min: 60, max: 60 } })
  const inSeconds = () => {
    const due = gateway.nextDueMs()
    return due === null ? null : (due - client.sandbox.nowMs()) / 1000
  }
  const passTo = () => client.sandbox.advance(inSeconds()!)
  expect(inSeconds()).toBeNull()
  const { frames, say } = await connect(null)
  expect(inSeconds()).toBe(30)
  const outcome = gateway.deliver(anEvent)
  expect(inSeconds()).toBe(3)
  passTo()
  expect(await outcome).toBe('later')
  expect(inSeconds()).toBe(27)
  passTo()
  say(frames.at(-1)!, frames.at(-1)!.data)
  passTo()
  expect(frames.at(-1)!.headers['topic']).toBe('disconnect')
  expect(inSeconds()).toBe(10)
  passTo()
  expect(inSeconds()).toBeNull()
})

test('events are spread over the connections', async () => {
  const { connect, gateway } = open()
  const lines = [await connect(), await connect(), await connect()]
  for (let i = 0; i < 90; i++) await gateway.deliver({ ...anEvent, eventId: `e${i}` })
  for (const { frames } of lines) expect(frames.length).toBeGreaterThan(15)
})

test('what was acknowledged comes again where chance wants it', async () => {
  const { connect, gateway } = open({ streamDuplicates: 0.5 })
  const { frames } = await connect()
  for (let i = 0; i < 100; i++) await gateway.deliver({ ...anEvent, eventId: `e${i}` })
  const { duplicates } = gateway.view()
  expect(duplicates).toBeGreaterThan(30)
  expect(frames.length).toBe(100 + duplicates)
  expect(new Set(frames.map(({ headers }) => headers['messageId'])).size).toBe(frames.length)
})

test('who does not echo a ping is cut off at the next one', async () => {
  const { connect, pass } = open()
  const silent = await connect()
  const alive = await connect()
  for (let i = 0; i < 3; i++) {
    pass(30)
    const ping = alive.frames.at(-1)!
    alive.say(ping, ping.data)
  }
  expect([silent.isCut(), alive.isCut()]).toEqual([true, false])
})

test('a mute gateway sends nothing and answers WebSocket pings; a dead one does not', async () => {
  const { client, connect, gateway, pass } = open({ streamSilence: 'mute' })
  const { frames, seat } = await connect()
  const outcome = gateway.deliver(anEvent)
  await Promise.resolve()
  pass(300)
  expect(await outcome).toBe('later')
  expect(frames).toEqual([])
  expect(seat.answersPings()).toBe(true)
  client.sandbox.set({ streamSilence: 'dead' })
  expect(seat.answersPings()).toBe(false)
})

test('an event under way over a connection that breaks comes again', async () => {
  const { connect, gateway } = open()
  const { seat } = await connect(null)
  const outcome = gateway.deliver(anEvent)
  seat.left()
  expect(await outcome).toBe('later')
})

test('answers are read strictly, and what is rubbish here is rubbish there', () => {
  const answer = { code: 200, headers: { messageId: 'm' }, message: 'OK', data: '{"status":"SUCCESS"}' }
  expect(readAnswer(JSON.stringify(answer))).toMatchObject({ messageId: 'm', status: 'SUCCESS' })
  for (const wrong of [
    { code: '200' },
    { headers: {} },
    { message: undefined },
    { data: { status: 'SUCCESS' } },
  ])
    expect(readAnswer(JSON.stringify({ ...answer, ...wrong }))).toBeNull()
  for (const text of rubbishFrames) expect(readAnswer(text)).toBeNull()
})
