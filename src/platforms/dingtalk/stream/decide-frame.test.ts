import { expect, test } from 'vitest'
import { answerEvent, decideFrame } from './decide-frame.ts'
import type { Frame } from './read-frame.ts'

const event: Frame = {
  kind: 'event',
  messageId: 'm1',
  eventId: 'e1',
  eventType: 'user_add_org',
  corpId: 'dingcorp0001',
  body: '{}',
}
const keep = { kind: 'keep', messageId: 'm1', eventId: 'e1', type: 'user_add_org', body: '{}' }
const answer = (code: number, message: string, data: string) =>
  `{"code":${code},"headers":{"messageId":"m1","contentType":"application/json"},"message":"${message}","data":${JSON.stringify(data)}}`

const rows: { when: string; frame: Frame; hasRoom?: boolean; gives: object }[] = [
  { when: 'an event of ours is kept first', frame: event, gives: keep },
  {
    when: 'an event that names no organisation is taken for ours',
    frame: { ...event, corpId: null },
    gives: keep,
  },
  {
    when: 'an event of somebody else is answered, so that it does not come again, and not kept',
    frame: { ...event, corpId: 'dingother' },
    gives: {
      kind: 'answer',
      text: answer(200, 'OK', '{"status":"SUCCESS","message":""}'),
      counts: 'misaddressed',
    },
  },
  {
    when: 'an event that there is no room for is put off',
    frame: event,
    hasRoom: false,
    gives: { kind: 'answer', text: answer(200, 'OK', '{"status":"LATER","message":""}'), counts: 'later' },
  },
  {
    when: 'a ping is echoed',
    frame: { kind: 'ping', messageId: 'm1', data: '{"opaque":"x"}' },
    hasRoom: false,
    gives: { kind: 'answer', text: answer(200, 'OK', '{"opaque":"x"}'), counts: null },
  },
  {
    when: 'a callback nobody asked for has no handler',
    frame: { kind: 'callback', messageId: 'm1' },
    gives: { kind: 'answer', text: answer(404, 'no handler', '{}'), counts: null },
  },
  {
    when: 'a disconnect is followed, and not answered',
    frame: { kind: 'disconnect' },
    gives: { kind: 'replace' },
  },
  { when: 'a notice is only heard', frame: { kind: 'notice' }, gives: { kind: 'nothing', counts: null } },
  { when: 'rubbish is counted', frame: { kind: 'rubbish' }, gives: { kind: 'nothing', counts: 'rubbish' } },
]

test.for(rows)('$when', ({ frame, hasRoom = true, gives }) => {
  expect(decideFrame(frame, { corpId: 'dingcorp0001', hasRoom })).toEqual(gives)
})

test('what could not be kept is answered so that it comes again', () => {
  expect(answerEvent('m1', 'LATER')).toBe(answer(200, 'OK', '{"status":"LATER","message":""}'))
})
