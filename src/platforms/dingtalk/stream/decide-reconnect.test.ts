import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideReconnect, judgeSilence, type LineEnd } from './decide-reconnect.ts'

const hour = 3_600_000
const rows: { end: LineEnd; livedMs: number; failures: number; waitMs: number; after: number }[] = [
  { end: 'dismissed', livedMs: hour, failures: 0, waitMs: 0, after: 0 },
  { end: 'dismissed', livedMs: hour, failures: 7, waitMs: 0, after: 0 },
  { end: 'mute', livedMs: hour, failures: 0, waitMs: 0, after: 0 },
  { end: 'closed', livedMs: hour, failures: 3, waitMs: 500, after: 0 },
  { end: 'dead', livedMs: hour, failures: 0, waitMs: 500, after: 0 },
  // sent away, or cut off, as soon as it was let in
  { end: 'dismissed', livedMs: 50, failures: 0, waitMs: 1_500, after: 1 },
  { end: 'closed', livedMs: 29_999, failures: 1, waitMs: 2_500, after: 2 },
  { end: 'closed', livedMs: 30_000, failures: 1, waitMs: 500, after: 0 },
  // a clock that was put back
  { end: 'closed', livedMs: -hour, failures: 0, waitMs: 1_500, after: 1 },
  { end: 'unopened', livedMs: 0, failures: 0, waitMs: 1_500, after: 1 },
  { end: 'unopened', livedMs: 0, failures: 1, waitMs: 2_500, after: 2 },
  { end: 'unopened', livedMs: 0, failures: 5, waitMs: 32_500, after: 6 },
  { end: 'unopened', livedMs: 0, failures: 6, waitMs: 60_500, after: 7 },
  { end: 'unopened', livedMs: 0, failures: 10_000, waitMs: 60_500, after: 10_001 },
  { end: 'refused', livedMs: 0, failures: 0, waitMs: 65_000, after: 1 },
  { end: 'refused', livedMs: 0, failures: 9, waitMs: 305_000, after: 10 },
]
test.for(rows)('$end after $livedMs ms and $failures failures: again in $waitMs ms', (row) => {
  expect(decideReconnect(row, row.failures, 0.5)).toEqual({ waitMs: row.waitMs, failures: row.after })
})

test('chance only ever adds, and at most its share', () => {
  const ends = fc.constantFrom<LineEnd>('dismissed', 'mute', 'dead', 'closed', 'unopened', 'refused')
  const chance = fc.double({ min: 0, max: 0.999, noNaN: true })
  fc.assert(
    fc.property(ends, fc.nat(2 * hour), fc.nat(40), chance, (end, livedMs, failures, roll) => {
      const least = decideReconnect({ end, livedMs }, failures, 0).waitMs
      const { waitMs } = decideReconnect({ end, livedMs }, failures, roll)
      expect(waitMs).toBeGreaterThanOrEqual(least)
      expect(waitMs).toBeLessThanOrEqual(least + 10_000)
    }),
  )
})

const looks = {
  nothing: { isAlive: false, hasSpoken: false },
  pong: { isAlive: true, hasSpoken: false },
  frame: { isAlive: false, hasSpoken: true },
}
test.for([
  { seen: 'three looks without a sign', looks: 'nothing nothing nothing', gives: [null, null, 'dead'] },
  {
    seen: 'a pong in between',
    looks: 'nothing nothing pong nothing nothing',
    gives: [null, null, null, null, null],
  },
  {
    seen: 'a frame in between',
    looks: 'nothing nothing frame nothing nothing nothing',
    gives: [null, null, null, null, null, 'dead'],
  },
  {
    seen: 'pongs and never a frame',
    looks: Array(20).fill('pong').join(' '),
    gives: [...Array(19).fill(null), 'mute'],
  },
  {
    seen: 'a frame now and then',
    looks: Array(4)
      .fill(`${'pong '.repeat(18)}frame`)
      .join(' '),
    gives: Array(76).fill(null),
  },
])('$seen', ({ looks: seen, gives }) => {
  let silence = { lifeless: 0, speechless: 0 }
  const ends = seen.split(' ').map((name) => {
    const looked = judgeSilence(silence, looks[name as keyof typeof looks])
    silence = looked.silence
    return looked.end
  })
  expect(ends).toEqual(gives)
})
