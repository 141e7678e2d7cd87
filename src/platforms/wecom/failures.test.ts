import { describe, expect, test } from 'vitest'
import { json } from '#platforms/testing.ts'
import { readAnswer, type Sort, type Trouble } from '#platforms/trouble.ts'
import { wecomRules } from '#platforms/wecom/failures.ts'

const asked = { host: 'api', token: 'query' } as const
const tail =
  'hint: [1785718500123456789], from ip: 203.0.113.9, more info at https://open.work.weixin.qq.com/devtool/query?e=1'

function troubleOf(body: unknown, status = 200): Trouble {
  const read = readAnswer(json(body, status), asked, wecomRules)
  if (!('trouble' in read)) throw new Error('read as a success')
  return read.trouble
}

test.for([
  { errcode: 0, errmsg: 'ok', checkindata: [] },
  { errcode: '0', errmsg: 'ok' },
  { ip_list: ['203.0.113.1'] },
])('%j is a yes', (body) => {
  expect(readAnswer(json(body), asked, wecomRules)).toEqual({ body })
})

test.for<[number, Sort]>([
  [-1, 'busy'],
  [6000, 'busy'],
  [40001, 'auth'],
  [40003, 'person'],
  [40013, 'credentials'],
  [40014, 'auth'],
  [40031, 'person'],
  [40032, 'request'],
  [40035, 'request'],
  [40058, 'request'],
  [40063, 'request'],
  [40091, 'credentials'],
  [41001, 'request'],
  [41002, 'credentials'],
  [41004, 'credentials'],
  [42001, 'auth'],
  [45009, 'limit'],
  [45029, 'too-large'],
  [45033, 'busy'],
  [45035, 'busy'],
  [45036, 'limit'],
  [46004, 'person'],
  [48001, 'permission'],
  [48002, 'permission'],
  [48006, 'permission'],
  [48009, 'permission'],
  [50002, 'permission'],
  [50003, 'disabled'],
  [60003, 'request'],
  [60011, 'permission'],
  [60020, 'ip'],
  [60021, 'person'],
  [60111, 'person'],
  [60123, 'request'],
  [301021, 'person'],
  [301022, 'busy'],
  [301023, 'request'],
  [301024, 'request'],
  [301070, 'busy'],
  [301083, 'request'],
  [301096, 'busy'],
  [2000141, 'busy'],
  [999999, 'unknown'],
])('%i is sorted as %s', ([errcode, sort]) => {
  expect(troubleOf({ errcode, errmsg: `some text, ${tail}` })).toMatchObject({ sort, code: String(errcode) })
})

describe('a refusal', () => {
  test('is looked for before the data it may still carry', () => {
    expect(troubleOf({ errcode: 48002, errmsg: `api forbidden, ${tail}`, checkindata: [] }).sort).toBe(
      'permission',
    )
  })

  test('names the address the platform saw, and only where that matters', () => {
    expect(troubleOf({ errcode: 60020, errmsg: `not allow to access from your ip, ${tail}` }).ip).toBe(
      '203.0.113.9',
    )
    expect(troubleOf({ errcode: 48002, errmsg: `api forbidden, ${tail}` }).ip).toBe('')
    expect(troubleOf({ errcode: 60020, errmsg: 'not allow, from ip: 2001:db8::7' }).ip).toBe('2001:db8::7')
  })

  test('keeps its hint, which support asks for', () => {
    expect(troubleOf({ errcode: 48002, errmsg: `api forbidden, ${tail}` }).requestId).toBe(
      '1785718500123456789',
    )
    expect(troubleOf({ errcode: 40058, errmsg: 'Warning: wrong json format.' }).requestId).toBe('')
  })

  test('for frequency asks for a minute, then five, then an hour, of this API only', () => {
    const { stay } = troubleOf({ errcode: 45009, errmsg: `api freq out of limit, ${tail}` })
    expect(stay).toEqual({ whole: false, waitsMs: [60_000, 300_000, 3_600_000], until: null })
  })
})

test.for<[string, string, number, Sort]>([
  ['a page', '<html>403</html>', 403, 'banned'],
  ['a gateway in trouble', '<html>502</html>', 502, 'busy'],
  ['a server in trouble, in JSON', '{"errcode":40058,"errmsg":"x"}', 500, 'busy'],
  ['a strange status', '{"ok":true}', 418, 'unreadable'],
  ['nothing', ' ', 200, 'empty'],
])('%s', ([, text, status, sort]) => {
  expect(troubleOf(text, status).sort).toBe(sort)
})
