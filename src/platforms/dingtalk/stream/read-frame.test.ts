import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readFrame } from './read-frame.ts'

const headers = { topic: '*', messageId: 'm1', contentType: 'application/json', time: '1690362102194' }
const eventHeaders = {
  ...headers,
  eventType: 'attendance_check_record',
  eventId: 'e1',
  eventCorpId: 'dingcorp0001',
  eventBornTime: '1690362102194',
}
const data = '{"dataList":[]}'
const event = {
  kind: 'event',
  messageId: 'm1',
  eventId: 'e1',
  eventType: 'attendance_check_record',
  corpId: 'dingcorp0001',
  body: data,
}

test.for([
  { when: 'an event', frame: { type: 'EVENT', headers: eventHeaders, data }, gives: event },
  {
    when: 'an event whose data is an object, as the documents print it',
    frame: { type: 'EVENT', headers: eventHeaders, data: { dataList: [] } },
    gives: event,
  },
  {
    when: 'an event without an id, a type and an organisation',
    frame: { type: 'EVENT', headers, data },
    gives: { ...event, eventId: null, eventType: '', corpId: null },
  },
  {
    when: 'an event without a message id',
    frame: { type: 'EVENT', headers: { topic: '*', messageId: '' }, data },
    gives: { kind: 'rubbish' },
  },
  {
    when: 'a ping',
    frame: { type: 'SYSTEM', headers: { ...headers, topic: 'ping' }, data: '{"opaque":"x"}' },
    gives: { kind: 'ping', messageId: 'm1', data: '{"opaque":"x"}' },
  },
  {
    when: 'a disconnect',
    frame: {
      type: 'SYSTEM',
      headers: { ...headers, topic: 'disconnect' },
      data: '{"reason":"connection is expired"}',
    },
    gives: { kind: 'disconnect' },
  },
  {
    when: 'a disconnect without a message id',
    frame: { type: 'SYSTEM', headers: { topic: 'disconnect' } },
    gives: { kind: 'disconnect' },
  },
  {
    when: 'a ping that cannot be answered',
    frame: { type: 'SYSTEM', headers: { topic: 'ping' }, data: '{}' },
    gives: { kind: 'rubbish' },
  },
  ...['CONNECTED', 'REGISTERED', 'KEEPALIVE', 'something new'].map((topic) => ({
    when: `the notice ${topic}`,
    frame: { type: 'SYSTEM', headers: { ...headers, topic } },
    gives: { kind: 'notice' },
  })),
  {
    when: 'a callback nobody asked for',
    frame: { type: 'CALLBACK', headers: { ...headers, topic: '/v1.0/im/bot/messages/get' }, data: '{}' },
    gives: { kind: 'callback', messageId: 'm1' },
  },
  {
    when: 'an event that no database would keep',
    frame: { type: 'EVENT', headers: eventHeaders, data: '{"a":"\0"}' },
    gives: { kind: 'rubbish' },
  },
  { when: 'an unknown type', frame: { type: 'GREETING', headers, data }, gives: { kind: 'rubbish' } },
  { when: 'no headers', frame: { type: 'EVENT', data }, gives: { kind: 'rubbish' } },
  { when: 'a list', frame: [], gives: { kind: 'rubbish' } },
])('$when is read', ({ frame, gives }) => {
  expect(readFrame(JSON.stringify(frame))).toEqual(gives)
})

test('no text makes it throw', () => {
  fc.assert(fc.property(fc.string(), (text) => readFrame(text).kind === 'rubbish'))
  fc.assert(fc.property(fc.json(), (text) => readFrame(text).kind.length > 0))
})
