import { createCipheriv } from 'node:crypto'
import * as theirs from '@wecom/crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decryptLetter, encryptLetter, isSignedBy, signatureOf } from './callback-crypto.ts'
import { testKeys } from './test-callbacks.ts'

const keys = testKeys
const word = fc.string({ unit: 'grapheme', maxLength: 200 })
const letters = fc.record({ message: word, receiver: word })
const keyText = fc.string({
  unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'),
  minLength: 43,
  maxLength: 43,
})
const half = () => 0.5

describe('beside the official sample', () => {
  test('what they encrypt we read, whatever is in it', () => {
    fc.assert(
      fc.property(keyText, letters, (aesKey, letter) => {
        const encrypted = theirs.encrypt(aesKey, letter.message, letter.receiver)
        expect(decryptLetter({ token: '', aesKey }, encrypted)).toEqual(letter)
      }),
    )
  })

  test('what we encrypt they read, whatever is in it', () => {
    fc.assert(
      fc.property(keyText, letters, (aesKey, { message, receiver }) => {
        const read = theirs.decrypt(aesKey, encryptLetter({ token: '', aesKey }, { message, receiver }, half))
        expect({ message: read.message, receiver: read.id }).toEqual({ message, receiver })
      }),
    )
  })

  test('both sign the same', () => {
    const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 40 })
    fc.assert(
      fc.property(ascii, ascii, ascii, ascii, (token, timestamp, nonce, encrypted) => {
        expect(signatureOf(token, timestamp, nonce, encrypted)).toBe(
          theirs.getSignature(token, timestamp, nonce, encrypted),
        )
      }),
    )
  })
})

test('a letter comes back as it was, at every length around a block', () => {
  for (let length = 0; length <= 96; length++) {
    const letter = { message: '勤'.repeat(length % 7) + 'x'.repeat(length), receiver: 'ww0001' }
    expect(decryptLetter(keys, encryptLetter(keys, letter, half))).toEqual(letter)
  }
})

test('the last character of a key may carry bits that belong to nothing', () => {
  const letter = { message: 'success', receiver: 'ding1' }
  for (const last of 'ABCD') {
    const odd = { token: 't', aesKey: `${keys.aesKey.slice(0, 42)}${last}` }
    const even = { token: 't', aesKey: `${keys.aesKey.slice(0, 42)}A` }
    expect(decryptLetter(even, encryptLetter(odd, letter, half))).toEqual(letter)
  }
})

describe('tampering', () => {
  const stamp = { timestamp: '1785718800', nonce: '138947' }
  const encrypted = encryptLetter(keys, { message: '{"EventType":"x"}', receiver: 'ding1' }, half)
  const signature = signatureOf(keys.token, stamp.timestamp, stamp.nonce, encrypted)

  test('the right signature is recognised', () => {
    expect(isSignedBy(keys, { ...stamp, signature }, encrypted)).toBe(true)
  })

  test('one changed character anywhere breaks the signature', () => {
    const parts = fc.constantFrom('timestamp', 'nonce', 'encrypted', 'signature', 'token')
    fc.assert(
      fc.property(parts, fc.nat(), fc.constantFrom(...'09azAZ+/='), (part, place, put) => {
        const all = { ...stamp, encrypted, signature, token: keys.token }
        const text = all[part as keyof typeof all]
        const at = place % text.length
        fc.pre(text[at] !== put)
        const changed = { ...all, [part]: text.slice(0, at) + put + text.slice(at + 1) }
        expect(isSignedBy({ ...keys, token: changed.token }, changed, changed.encrypted)).toBe(false)
      }),
    )
  })

  test.for(['', 'short', `${signature} `, signature.toUpperCase(), 'é'.repeat(20)])(
    'a signature like %j is wrong and nothing is thrown',
    (given) => {
      expect(isSignedBy(keys, { ...stamp, signature: given }, encrypted)).toBe(false)
    },
  )

  test('whatever is not a letter under this key is none, and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 160 }), (bytes) => {
        const read = decryptLetter(keys, Buffer.from(bytes).toString('base64'))
        expect(read === null || typeof read.message === 'string').toBe(true)
      }),
    )
    expect(decryptLetter(keys, 'not base64 at all !!!')).toBeNull()
    expect(decryptLetter({ ...keys, aesKey: keys.aesKey.replace('a', 'b') }, encrypted)).toBeNull()
  })

  test.for([
    { when: 'the length reaches beyond the text', plain: head(99), pad: 32 - ((20 + 7) % 32) },
    { when: 'a padding byte is wrong', plain: head(7), pad: 32 - ((20 + 7) % 32), lastButOne: 9 },
    { when: 'the padding is longer than a block', plain: head(7), pad: 32 - ((20 + 7) % 32), last: 33 },
    { when: 'the padding is zero', plain: head(7), pad: 32 - ((20 + 7) % 32), last: 0 },
    {
      when: 'the message is not UTF-8',
      plain: Buffer.concat([head(7, 2), Buffer.from([0xc3, 0x28])]),
      pad: 32 - ((20 + 7 + 2) % 32),
    },
  ])('$when: no letter', ({ plain, pad, last, lastButOne }) => {
    const padded = Buffer.concat([plain, Buffer.alloc(pad, pad)])
    if (last !== undefined) padded[padded.length - 1] = last
    if (lastButOne !== undefined) padded[padded.length - 2] = lastButOne
    expect(decryptLetter(keys, rawEncrypt(padded))).toBeNull()
  })
})

test('a letter that was packed by hand is read', () => {
  expect(decryptLetter(keys, rawEncrypt(Buffer.concat([head(7), Buffer.alloc(5, 5)])))).toEqual({
    message: 'success',
    receiver: '',
  })
})

/** 16 bytes of filler, a length, and seven letters. */
function head(length: number, from = 0): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(length + from)
  return Buffer.concat([Buffer.alloc(16, 'r'), size, Buffer.from('success')])
}

function rawEncrypt(padded: Buffer): string {
  const key = Buffer.from(`${keys.aesKey}=`, 'base64')
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64')
}
