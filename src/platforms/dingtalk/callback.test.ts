import * as theirs from '@wecom/crypto'
import { expect, test } from 'vitest'
import { callbackBounds } from '#platforms/callback.ts'
import { posted, testKeys } from '#platforms/test-callbacks.ts'
import { readDingtalkCallback } from './callback.ts'

const at = Temporal.Instant.from('2026-11-22T09:00:00+08:00')
const facts = { ...testKeys, corpId: 'ding0001', clientId: 'dingapp0001' }
const event = {
  EventType: 'user_add_org',
  EventTime: 1663143335567,
  CorpId: 'ding0001',
  eventId: 'c7c7a9',
  userId: ['u001'],
}

type Change = {
  message?: unknown
  receiver?: string
  body?: (encrypted: string) => string
  query?: (query: Record<string, string>) => Record<string, string>
  at?: Temporal.Instant
}
function post(change: Change = {}) {
  const message =
    typeof change.message === 'string' ? change.message : JSON.stringify(change.message ?? event)
  const { encrypted, query } = posted({ message, receiver: change.receiver ?? 'dingapp0001' }, { at })
  const body = change.body ?? ((encrypt: string) => JSON.stringify({ encrypt }))
  const request = {
    method: 'POST' as const,
    query: change.query?.(query) ?? query,
    body: Buffer.from(body(encrypted)),
    at: change.at ?? at,
  }
  return readDingtalkCallback(facts, request, () => 0.3)
}
const only = (name: string) => (query: Record<string, string>) => {
  const { msg_signature = '', ...rest } = query
  return { ...rest, [name]: msg_signature }
}

test('an event is read word for word, with its number', () => {
  expect(post()).toMatchObject({
    kind: 'event',
    event: { via: 'http', eventId: 'c7c7a9', type: 'user_add_org', body: JSON.stringify(event), at },
  })
})

test.for(['dingapp0001', 'ding0001'])(
  'a letter to %s is answered to the same, with the one word',
  (receiver) => {
    const read = post({ receiver })
    if (read.kind !== 'event') throw new Error(read.kind)
    const answer = JSON.parse(read.answer.body) as Record<string, string>
    expect(Object.keys(answer).sort()).toEqual(['encrypt', 'msg_signature', 'nonce', 'timeStamp'])
    const { encrypt = '', timeStamp = '', nonce = '' } = answer
    expect(theirs.decrypt(testKeys.aesKey, encrypt)).toMatchObject({ message: 'success', id: receiver })
    expect(theirs.getSignature(testKeys.token, timeStamp, nonce, encrypt)).toBe(answer['msg_signature'])
    expect(read.answer.contentType).toBe('application/json')
  },
)

test.for(['check_url', 'check_create_suite_url', 'check_update_suite_url'])('%s is a trial', (EventType) => {
  expect(post({ message: { EventType } }).kind).toBe('verification')
})

test.for([
  { when: 'it is signed under the archived name', query: only('signature') },
  {
    when: 'it is signed under both names',
    query: (q: Record<string, string>) => ({ ...q, signature: q['msg_signature']! }),
  },
  {
    when: 'the archived name carries another signature',
    query: (q: Record<string, string>) => ({ ...q, signature: 'f'.repeat(40) }),
  },
  { when: 'it is a day old', at: at.add({ hours: 24 }) },
  {
    when: 'it is a legacy envelope without a number',
    message: { EventType: 'user_add_org', TimeStamp: '1640921671286', CorpId: 'ding0001', UserId: ['u001'] },
  },
])('it is an event when $when', (change) => {
  expect(post(change).kind).toBe('event')
})

test('an event without a number has none, and one of an odd kind keeps its name empty', () => {
  expect(post({ message: { CorpId: 'ding0001' } })).toMatchObject({ event: { eventId: null, type: '' } })
})

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
test.for([
  {
    when: 'the signature is wrong',
    query: (q: Record<string, string>) => ({ ...q, msg_signature: 'f'.repeat(40) }),
    gives: 'bad-signature',
  },
  { when: 'nothing is signed', query: only('somewhere'), gives: 'bad-signature' },
  { when: 'the nonce is missing', query: ({ nonce, ...q }: Record<string, string>) => q, gives: 'malformed' },
  { when: 'it is for another app', receiver: 'dingapp0002', gives: 'wrong-receiver' },
  { when: 'it is for nobody', receiver: '', gives: 'wrong-receiver' },
  {
    when: 'the body is cut off',
    body: (e: string) => JSON.stringify({ encrypt: e }).slice(0, -3),
    gives: 'malformed',
  },
  {
    when: 'the encrypted text is cut off',
    body: (e: string) => JSON.stringify({ encrypt: e.slice(0, -24) }),
    gives: 'bad-signature',
  },
  { when: 'there is nothing', body: () => '', gives: 'malformed' },
  { when: 'the body is a list', body: () => '[]', gives: 'malformed' },
  { when: 'it is XML', body: () => '<xml></xml>', gives: 'malformed' },
  {
    when: 'it is too large',
    body: () => `{"encrypt":"${'a'.repeat(callbackBounds.bytes)}"}`,
    gives: 'too-large',
  },
  { when: 'the body is nested deeply', body: () => `{"encrypt":${nested(100_000)}}`, gives: 'too-deep' },
  {
    when: 'the event is nested deeply',
    message: `{"EventType":"x","a":${nested(5_000)}}`,
    gives: 'too-deep',
  },
  { when: 'the event is no JSON', message: 'success', gives: 'malformed' },
])('it is refused as $gives when $when', ({ gives, ...change }) => {
  expect(post(change)).toEqual({ kind: 'refused', because: gives })
})
