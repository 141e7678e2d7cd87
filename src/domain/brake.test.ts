import fc from 'fast-check'
import { expect, test } from 'vitest'
import { brakePolicy, isLoop, type Writes } from './brake.ts'

const writes = (over: Partial<Writes>): Writes => ({
  written: 0,
  punches: 0,
  echoes: 0,
  mostOfOneDay: 0,
  ...over,
})

test.for([
  { when: 'nothing was written', given: {}, gives: false },
  { when: 'every punch was written once', given: { written: 5_000, punches: 5_000 }, gives: false },
  {
    when: 'all of them were missed once and written again',
    given: { written: 200, punches: 100 },
    gives: false,
  },
  { when: 'a few were written over and over', given: { written: 19, punches: 1 }, gives: false },
  { when: 'many were written over and over', given: { written: 41, punches: 20 }, gives: true },
  { when: 'nobody knows what caused them', given: { written: 20, punches: 0 }, gives: true },
  { when: 'some of our own came back', given: { written: 500, punches: 500, echoes: 19 }, gives: false },
  { when: 'our own is carried', given: { written: 500, punches: 500, echoes: 20 }, gives: true },
  { when: 'one person punches all day', given: { written: 90, punches: 90, mostOfOneDay: 90 }, gives: false },
  {
    when: 'no person punches that often',
    given: { written: 97, punches: 97, mostOfOneDay: 97 },
    gives: true,
  },
])('$when: $gives', ({ given, gives }) => {
  expect(isLoop(writes(given))).toBe(gives)
})

test('at most two writes a punch never pull the brake, however many there are', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.nat(1_000_000), (punches, again) => {
      const written = punches + Math.min(again, punches)
      expect(isLoop(writes({ written, punches }))).toBe(false)
    }),
  )
})

test('beyond it every route of some size is stopped', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 1_000_000 }), (punches) => {
      expect(isLoop(writes({ written: punches * brakePolicy.mostPerPunch + 1, punches }))).toBe(true)
    }),
  )
})
