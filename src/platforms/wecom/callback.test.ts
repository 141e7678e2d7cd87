import { describe, expect, test } from 'vitest'
import { callbackBounds } from '#platforms/callback.ts'
import { posted, testKeys, wecomEnvelope } from '#platforms/test-callbacks.ts'
import { readWecomCallback } from './callback.ts'

const at = Temporal.Instant.from('2026-11-22T09:00:00+08:00')
const facts = { ...testKeys, corpId: 'ww0001', maxAgeMs: 900_000 }
const none = new Uint8Array()
const message = `<xml><ToUserName><![CDATA[ww0001]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName>
<CreateTime>1785718800</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_contact]]></Event>
<ChangeType>create_user</ChangeType><UserID>zhangsan</UserID></xml>`

type Change = {
  message?: string
  receiver?: string
  body?: (encrypted: string) => string | Uint8Array
  query?: Record<string, string>
  at?: Temporal.Instant
}
function post(change: Change = {}) {
  const letter = { message: change.message ?? message, receiver: change.receiver ?? 'ww0001' }
  const { encrypted, query } = posted(letter, { at })
  const body = (change.body ?? wecomEnvelope)(encrypted)
  return readWecomCallback(facts, {
    method: 'POST',
    query: { ...query, ...change.query },
    body: typeof body === 'string' ? Buffer.from(body) : body,
    at: change.at ?? at,
  })
}

test('an event is read word for word, named by event and change, and acknowledged with nothing', () => {
  expect(post()).toEqual({
    kind: 'event',
    event: { via: 'http', eventId: null, type: 'change_contact.create_user', body: message, at },
    answer: { contentType: 'text/plain; charset=utf-8', body: '' },
  })
})

test('a message is told apart by its number', () => {
  const text = '<xml><MsgType>text</MsgType><Content>你好</Content><MsgId>6054768590064713728</MsgId></xml>'
  expect(post({ message: text })).toMatchObject({ event: { type: 'text', eventId: '6054768590064713728' } })
})

test.for([
  {
    when: 'values come without CDATA and in another order',
    body: (e: string) => `<xml><Encrypt>${e}</Encrypt><ToUserName>ww0001</ToUserName></xml>`,
  },
  {
    when: 'there is a declaration',
    body: (e: string) => `<?xml version="1.0" encoding="UTF-8"?>\n${wecomEnvelope(e)}`,
  },
  { when: 'it is ten minutes old', at: at.add({ minutes: 10 }) },
  { when: 'their clock is ahead', at: at.subtract({ minutes: 10 }) },
])('it is an event when $when', (change) => {
  expect(post(change).kind).toBe('event')
})

test.for([
  { when: 'the signature is wrong', query: { msg_signature: 'f'.repeat(40) }, gives: 'bad-signature' },
  { when: 'the timestamp was exchanged', query: { timestamp: '1785718801' }, gives: 'bad-signature' },
  { when: 'a parameter is missing', query: { msg_signature: '' }, gives: 'malformed' },
  { when: 'it is older than the window', at: at.add({ minutes: 16 }), gives: 'stale' },
  { when: 'it comes from the future', at: at.subtract({ minutes: 16 }), gives: 'stale' },
  { when: 'it is for another corp', receiver: 'ww0002', gives: 'wrong-receiver' },
  { when: 'the receiver only begins like ours', receiver: 'ww00011', gives: 'wrong-receiver' },
  {
    when: 'the envelope is cut off',
    body: (e: string) => wecomEnvelope(e).slice(0, -12),
    gives: 'malformed',
  },
  {
    when: 'the encrypted text is cut off',
    body: (e: string) => wecomEnvelope(e.slice(0, -24)),
    gives: 'bad-signature',
  },
  { when: 'there is nothing', body: () => '', gives: 'malformed' },
  { when: 'it is JSON', body: (e: string) => JSON.stringify({ encrypt: e }), gives: 'malformed' },
  { when: 'it is not UTF-8', body: () => Uint8Array.of(0x3c, 0xff), gives: 'malformed' },
  { when: 'it names no encrypted text', body: () => '<xml><a>1</a></xml>', gives: 'malformed' },
  {
    when: 'it is a byte too large',
    body: () => new Uint8Array(callbackBounds.bytes + 1),
    gives: 'too-large',
  },
  { when: 'it is nested without end', body: () => '<a>'.repeat(10_000), gives: 'malformed' },
  {
    when: 'it is deeper than we read',
    body: (e: string) => `<xml>${'<a>'.repeat(40)}${'</a>'.repeat(40)}<Encrypt>${e}</Encrypt></xml>`,
    gives: 'too-deep',
  },
  {
    when: 'it has more elements than an envelope',
    body: (e: string) => `<xml>${'<a/>'.repeat(200)}<Encrypt>${e}</Encrypt></xml>`,
    gives: 'malformed',
  },
  {
    when: 'it declares entities',
    body: (e: string) => `<!DOCTYPE x [<!ENTITY a "aaaa">]>${wecomEnvelope(e)}`,
    gives: 'malformed',
  },
  {
    when: 'it names a file as an entity',
    body: () => '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><Encrypt>&f;</Encrypt></xml>',
    gives: 'malformed',
  },
  {
    when: 'it uses an entity nobody declared',
    body: () => '<xml><Encrypt>&lol;</Encrypt></xml>',
    gives: 'malformed',
  },
  {
    when: 'it goes for prototypes',
    body: () => '<xml><__proto__><a>1</a></__proto__><Encrypt>a</Encrypt></xml>',
    gives: 'malformed',
  },
  { when: 'the inner document is cut off', message: message.slice(0, -10), gives: 'malformed' },
  {
    when: 'the inner document is nested deeply',
    message: `<xml>${'<a>'.repeat(60)}${'</a>'.repeat(60)}</xml>`,
    gives: 'too-deep',
  },
  {
    when: 'the inner document declares entities',
    message: `<!DOCTYPE x [<!ENTITY a "b">]>${message}`,
    gives: 'malformed',
  },
  { when: 'a zero byte is in it', message: message.replace('zhangsan', 'zhang\0san'), gives: 'malformed' },
])('it is refused as $gives when $when', ({ gives, ...change }) => {
  expect(post(change)).toEqual({ kind: 'refused', because: gives })
})

test('what merely looks like a document type in somebody’s words is an event', () => {
  const words = message.replace('zhangsan', '<![CDATA[<!DOCTYPE x [&lol;]>]]>')
  expect(post({ message: words }).kind).toBe('event')
})

describe('the trial of the console', () => {
  const { encrypted, query } = posted({ message: '1616140317555161061', receiver: 'ww0001' }, { at })
  const ask = (change: Record<string, string> = {}) =>
    readWecomCallback(facts, {
      method: 'GET',
      query: { ...query, echostr: encrypted, ...change },
      body: none,
      at,
    })

  test('gets the plain text back, exactly', () => {
    expect(ask()).toEqual({
      kind: 'verification',
      answer: { contentType: 'text/plain; charset=utf-8', body: '1616140317555161061' },
    })
  })

  test.for([
    {
      when: 'the text was changed',
      change: { echostr: encrypted.replace(/^./, '0') },
      gives: 'bad-signature',
    },
    { when: 'a plus became a blank', change: { echostr: `${encrypted} ` }, gives: 'bad-signature' },
    { when: 'there is none', change: { echostr: '' }, gives: 'malformed' },
  ])('is refused when $when', ({ change, gives }) => {
    expect(ask(change)).toEqual({ kind: 'refused', because: gives })
  })
})
