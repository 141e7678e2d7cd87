import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextReading, type Reading, type ReadTrouble } from './freshness.ts'

const at = (minute: number) => Temporal.Instant.fromEpochMilliseconds(minute * 60_000)
const span = (from: number, to: number) => ({ from: at(from), to: at(to) })
const clean = (from: number, to: number | null): Reading => ({
  from: at(from),
  to: to === null ? null : at(to),
  because: to === null ? null : 'gap',
  detail: '',
})
const refused: ReadTrouble = { because: 'refused', detail: '33012' }
const refusedSince = (from: number | null, to: number | null): Reading => ({
  from: from === null ? null : at(from),
  to: to === null ? null : at(to),
  ...refused,
})

describe('what is known of a person after a run', () => {
  test.for([
    { when: 'read for the first time', known: null, window: [0, 10], before: null, gives: clean(0, null) },
    {
      when: 'read again, a little later',
      known: clean(0, null),
      window: [5, 15],
      before: 10,
      gives: clean(0, null),
    },
    {
      when: 'an older window is read too',
      known: clean(5, null),
      window: [0, 6],
      before: 10,
      gives: clean(0, null),
    },
    {
      when: 'only an older window was read of a newcomer',
      known: null,
      window: [0, 6],
      before: 10,
      gives: clean(0, 6),
    },
    {
      when: 'days between two windows were never read',
      known: clean(0, null),
      window: [20, 30],
      before: 10,
      gives: clean(0, 10),
    },
    { when: 'the hole is read', known: clean(0, 10), window: [9, 40], before: 30, gives: clean(0, null) },
    {
      when: 'the hole is read to its last second, not further',
      known: clean(0, 10),
      window: [10, 30],
      before: 30,
      gives: clean(0, null),
    },
    {
      when: 'the platform refuses somebody at the first read',
      known: null,
      window: [0, 10],
      before: null,
      trouble: refused,
      gives: refusedSince(null, null),
    },
    {
      when: 'the platform begins to refuse somebody',
      known: clean(0, null),
      window: [5, 15],
      before: 10,
      trouble: refused,
      gives: refusedSince(0, 10),
    },
    {
      when: 'it goes on refusing',
      known: refusedSince(0, 10),
      window: [10, 20],
      before: 15,
      trouble: refused,
      gives: refusedSince(0, 10),
    },
    {
      when: 'it answers again in time',
      known: refusedSince(0, 10),
      window: [8, 25],
      before: 20,
      gives: clean(0, null),
    },
    {
      when: 'it answers again, but not for all of it',
      known: refusedSince(0, 10),
      window: [18, 25],
      before: 20,
      gives: clean(0, 10),
    },
    {
      when: 'somebody never read is answered for at last',
      known: refusedSince(null, null),
      window: [8, 25],
      before: 20,
      gives: clean(8, null),
    },
  ] as {
    when: string
    known: Reading | null
    window: [number, number]
    before: number | null
    trouble?: ReadTrouble
    gives: Reading
  }[])('$when', ({ known, window, before, trouble = null, gives }) => {
    const after = at(Math.max(before ?? window[1], window[1]))
    const run = { window: span(...window), before: before === null ? null : at(before), after, trouble }
    expect(nextReading(known, run)).toEqual(gives)
  })
})

test('whatever the runs and their troubles, nobody is said to be complete over a minute nobody read', () => {
  const aRun = fc.record({
    from: fc.nat(60),
    length: fc.nat(30),
    trouble: fc.constantFrom(null, null, refused),
  })
  fc.assert(
    fc.property(fc.array(aRun, { minLength: 1, maxLength: 12 }), (runs) => {
      let reading: Reading | null = null
      let watermark: Temporal.Instant | null = null
      const read = new Set<number>()
      for (const { from, length, trouble } of runs) {
        const window = span(from, from + length)
        const after: Temporal.Instant =
          watermark && Temporal.Instant.compare(watermark, window.to) > 0 ? watermark : window.to
        reading = nextReading(reading, { window, before: watermark, after, trouble })
        watermark = after
        if (!trouble) for (let minute = from; minute <= from + length; minute++) read.add(minute)
        if (reading.because !== null || reading.from === null) continue
        const end = after.epochMilliseconds / 60_000
        for (let minute = reading.from.epochMilliseconds / 60_000; minute <= end; minute++)
          expect(read).toContain(minute)
      }
    }),
  )
})
