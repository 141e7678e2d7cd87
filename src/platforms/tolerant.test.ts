import { expect, test } from 'vitest'
import { z } from 'zod'
import { flag, maybe, number, text, wholeInQuery } from '#platforms/tolerant.ts'

test.for([
  { of: number, given: '12', gives: 12 },
  { of: number, given: ' -1.5 ', gives: -1.5 },
  { of: number, given: '12a', gives: null },
  { of: number, given: '', gives: null },
  { of: text, given: 1001, gives: '1001' },
  { of: text, given: {}, gives: null },
  { of: flag, given: 'true', gives: true },
  { of: flag, given: '0', gives: false },
  { of: flag, given: 1, gives: true },
  { of: flag, given: 'yes', gives: null },
  { of: wholeInQuery, given: '42', gives: 42 },
  { of: wholeInQuery, given: 42, gives: 42 },
  { of: wholeInQuery, given: '', gives: null },
  { of: wholeInQuery, given: 4.2, gives: null },
])('$given is read as $gives', ({ of, given, gives }) => {
  expect(of.safeParse(given).data ?? null).toBe(gives)
})

test('a field of an unknown kind counts as absent, and its neighbours stay', () => {
  const row = z.object({ userid: text, order: maybe(number), names: maybe(z.array(text)) })
  expect(row.parse({ userid: 7, order: ['?'], names: 'none', since: 2027 })).toEqual({ userid: '7' })
  expect(row.parse({ userid: 'u', order: null })).toEqual({ userid: 'u', order: null })
  expect(row.safeParse({ order: 1 }).success).toBe(false)
})
