import fc from 'fast-check'
import { expect, test } from 'vitest'
import { excerptOf, mask } from '#platforms/mask.ts'

const secretText = fc.stringMatching(/^[A-Za-z0-9_-]{12,64}$/)
const mobileText = fc.stringMatching(/^1[3-9]\d{9}$/)
const prose = fc.stringMatching(/^[a-z ,.:中文错误]{0,30}$/)
const names = [
  'access_token',
  'accessToken',
  'corpsecret',
  'appsecret',
  'appSecret',
  'client_secret',
  'suite_ticket',
]

test('a secret that stands under its name never shows, in a query or in JSON', () => {
  const written = fc.constantFrom<((name: string, secret: string) => string)[]>(
    (name, secret) => `https://host/path?a=1&${name}=${secret}&b=2`,
    (name, secret) => `{"errcode":1,"${name}":"${secret}","x":1}`,
    (name, secret) => JSON.stringify({ errmsg: JSON.stringify({ [name]: secret }) }),
    (name, secret) => `invalid ${name}: ${secret}, hint: [1]`,
    (name, secret) => `x-acs-dingtalk-${name}: ${secret}`,
  )
  fc.assert(
    fc.property(
      prose,
      fc.constantFrom(...names),
      secretText,
      written,
      prose,
      (before, name, secret, write, after) => {
        const masked = mask(`${before} ${write(name, secret)} ${after}`)
        expect(masked).not.toContain(secret)
      },
    ),
  )
})

test('a secret we hold never shows, wherever it stands', () => {
  fc.assert(
    fc.property(fc.string(), secretText, fc.string(), (before, secret, after) => {
      expect(mask(`${before}${secret}${after}`, [secret])).not.toContain(secret)
    }),
  )
})

test('a mobile number keeps its last four digits only, with or without country and separators', () => {
  const written = fc.constantFrom<((mobile: string) => string)[]>(
    (mobile) => mobile,
    (mobile) => `+86${mobile}`,
    (mobile) => `86-${mobile}`,
    (mobile) => `${mobile.slice(0, 3)}-${mobile.slice(3, 7)}-${mobile.slice(7)}`,
    (mobile) => `{"mobile":"${mobile}"}`,
  )
  fc.assert(
    fc.property(prose, mobileText, written, prose, (before, mobile, write, after) => {
      const masked = mask(`${before}${write(mobile)}${after}`)
      expect(masked.replace(/\D/g, '')).toBe(mobile.slice(7))
    }),
  )
})

test('masking twice is masking once', () => {
  const pieces = fc.oneof(
    fc.string(),
    mobileText,
    secretText.map((secret) => `&access_token=${secret}`),
  )
  fc.assert(
    fc.property(fc.array(pieces), (parts) => {
      const once = mask(parts.join(' '))
      expect(mask(once)).toBe(once)
    }),
  )
})

test.for([
  'errcode 40014 不合法的access_token',
  'hint: [1785718500123456789012], from ip: 203.0.113.9',
  'userCheckTime 1599441505000 of record 43047156750',
  '{"errcode":0,"checkindata":[]}',
])('an ordinary text stays as it is: %s', (text) => {
  expect(mask(text)).toBe(text)
})

test('an excerpt is masked before it is cut, so a cut never leaves half a secret', () => {
  const secret = 'abcdefghijklmnopqrstuvwxyz'
  expect(excerptOf(`{"access_token":"${secret}"}`, [], 25)).not.toContain('abc')
  expect(excerptOf('a\n\n  b', [])).toBe('a b')
  expect(excerptOf('x'.repeat(500), [], 20)).toHaveLength(20)
})
