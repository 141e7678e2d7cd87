import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSeal } from './seal.ts'

const seal = createSeal(Buffer.alloc(32, 7))

test('what is sealed opens to the same text, and never looks like it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 8 }), (text) => {
      const sealed = seal.seal(text)
      expect(seal.open(sealed)).toBe(text)
      expect(sealed.includes(Buffer.from(text))).toBe(false)
      expect(seal.seal(text).equals(sealed)).toBe(false)
    }),
  )
})

test('a changed byte or another key does not open', () => {
  const sealed = seal.seal('secret')
  for (let i = 1; i < sealed.length; i++) {
    const bent = Buffer.from(sealed)
    bent[i] = bent[i]! ^ 1
    expect(() => seal.open(bent)).toThrow()
  }
  expect(() => createSeal(Buffer.alloc(32, 8)).open(sealed)).toThrow()
})

test('equal texts have equal prints, and another key gives others', () => {
  expect(seal.print('+8613800001234')).toBe(seal.print('+8613800001234'))
  expect(seal.print('+8613800001234')).not.toBe(seal.print('+8613800001235'))
  expect(createSeal(Buffer.alloc(32, 8)).print('+8613800001234')).not.toBe(seal.print('+8613800001234'))
})
