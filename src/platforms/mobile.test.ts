import { expect, test } from 'vitest'
import { toLookupNumber, toMobile } from '#platforms/mobile.ts'

test.for([
  { mobile: '13800000000', gives: '+8613800000000' },
  { mobile: ' 138 0000 0000 ', gives: '+8613800000000' },
  { mobile: '+86-13800000000', gives: '+8613800000000' },
  { mobile: '13800000000', country: '+86', gives: '+8613800000000' },
  { mobile: '51234567', country: '852', gives: '+85251234567' },
  { mobile: '+852-51234567', country: '86', gives: '+85251234567' },
  { mobile: '138****0000', gives: null },
  { mobile: '1380000000', gives: null },
  { mobile: 'ask him', gives: null },
  { mobile: '', gives: null },
  { mobile: null, gives: null },
])('$mobile with $country is $gives', ({ mobile, country, gives }) => {
  expect(toMobile(mobile, country)).toBe(gives)
})

test('Chinese numbers are looked up bare, others with their country', () => {
  expect(toLookupNumber('+8613800000000')).toBe('13800000000')
  expect(toLookupNumber('+85251234567')).toBe('+852-51234567')
})
