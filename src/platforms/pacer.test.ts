import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { burstOf, createPacer, dueAfter, gcra, gentleStart, type Rate } from '#platforms/pacer.ts'
import { virtualClock } from '#platforms/testing.ts'

const rates = fc.record({
  calls: fc.integer({ min: 1, max: 700 }),
  perSeconds: fc.constantFrom(1, 20, 60, 3600),
  pace: fc.double({ min: 0.05, max: 1, noNaN: true }),
})

/** The most calls in any window of this length, both ends included. */
function fullest(instants: readonly number[], windowMs: number): number {
  let [most, first] = [0, 0]
  for (const [last, at] of instants.entries()) {
    while (at - (instants[first] ?? at) > windowMs) first += 1
    most = Math.max(most, last - first + 1)
  }
  return most
}

/** When calls that arrive at these instants (ms, ascending) are let go. */
function letGo(arrivals: readonly number[], rate: Rate, start = 0): number[] {
  let dueAt = start
  return arrivals
    .map((at) => {
      const { waitMs, next } = gcra(dueAt, at, rate)
      dueAt = next
      return at + waitMs
    })
    .toSorted((a, b) => a - b)
}

const arrivalsOf = (gaps: readonly number[]): number[] => {
  let at = 1_000_000
  return gaps.map((gap) => {
    at += gap
    return at
  })
}

describe('the pace', () => {
  test('no window ever holds more calls than the limit, whatever the arrivals', () => {
    const gaps = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_000 })), {
      minLength: 1,
      maxLength: 1500,
    })
    fc.assert(
      fc.property(rates, gaps, (rate, spaces) => {
        const gone = letGo(arrivalsOf(spaces), rate)
        expect(fullest(gone, rate.perSeconds * 1000)).toBeLessThanOrEqual(rate.calls)
      }),
      { numRuns: 300 },
    )
  })

  test('a crowd that never stops is served at the pace, not slower', () => {
    fc.assert(
      fc.property(rates, (rate) => {
        const gone = letGo(
          Array.from({ length: 400 }, () => 0),
          rate,
        )
        const idealMs = ((400 - burstOf(rate)) * rate.perSeconds * 1000) / (rate.calls * rate.pace)
        expect(gone.at(-1)).toBeLessThanOrEqual(idealMs * 1.002 + 400)
      }),
    )
  })

  test('a process that was told of the calls before its start keeps the limit together with them', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(rates, gaps, fc.integer({ min: 0, max: 5_000 }), (rate, spaces, downMs) => {
        const before = letGo(arrivalsOf(spaces), rate)
        const startedAt = (before.at(-1) ?? 0) + downMs
        const start = Math.max(gentleStart(startedAt, rate), dueAfter(before, rate))
        const after = letGo(
          Array.from({ length: 100 }, () => startedAt),
          rate,
          start,
        )
        expect(fullest([...before, ...after], rate.perSeconds * 1000)).toBeLessThanOrEqual(rate.calls)
      }),
    )
  })

  test('a start is gentle: one call at once, the next after the usual space', () => {
    const rate = { calls: 60, perSeconds: 60, pace: 0.8 }
    expect(burstOf(rate)).toBe(6)
    const gone = letGo([0, 0, 0], rate, gentleStart(0, rate))
    expect(gone).toEqual([0, 1251, 2501])
  })
})

describe('the pacer', () => {
  const limit = { calls: 60, perSeconds: 60 }

  test('paces each API by itself', async () => {
    const clock = virtualClock()
    const pacer = createPacer({ clock, pace: 1 })
    await Promise.all([pacer.wait('a', limit), pacer.wait('b', limit)])
    expect(clock.elapsedMs()).toBe(0)
    await pacer.wait('a', limit)
    expect(clock.elapsedMs()).toBe(1001)
  })

  test('does not wait at all when it is off', async () => {
    const clock = virtualClock()
    const pacer = createPacer({ clock, pace: 'off' })
    for (let n = 0; n < 100; n++) await pacer.wait('a', limit)
    expect(clock.elapsedMs()).toBe(0)
  })

  test('starts where the call log says the last process stopped', async () => {
    const clock = virtualClock()
    const pacer = createPacer({ clock, pace: 1 })
    pacer.seed(Array.from({ length: 60 }, () => ({ api: 'a', at: clock.now() })))
    await pacer.wait('a', limit)
    expect(clock.elapsedMs()).toBeGreaterThanOrEqual(60_000)
  })

  test('a clock that was set back does not stop it for long', async () => {
    const clock = virtualClock()
    const pacer = createPacer({ clock, pace: 1 })
    pacer.seed([{ api: 'a', at: clock.now().add({ hours: 24 }) }])
    await pacer.wait('a', limit)
    expect(clock.elapsedMs()).toBeLessThan(120_000)
  })

  test('a wait ends when it is told to stop', async () => {
    const clock = virtualClock()
    const stop = new AbortController()
    const pacer = createPacer({ clock, pace: 1, signal: stop.signal })
    await pacer.wait('a', limit)
    stop.abort(new Error('stopped'))
    await expect(pacer.wait('a', limit)).rejects.toThrow('stopped')
  })

  test('of two pauses the ban speaks, else the longer one, and both end', async () => {
    const clock = virtualClock()
    const pacer = createPacer({ clock, pace: 1 })
    const start = clock.now().epochMilliseconds
    pacer.pause('a', start + 5_000, 'rate-limited')
    pacer.pause('a', start + 1_000, 'rate-limited')
    expect(pacer.pauseOf('a')).toEqual({ until: start + 5_000, because: 'rate-limited' })
    expect(pacer.pauseOf('b')).toBeNull()
    pacer.pause(null, start + 2_000, 'banned')
    expect(pacer.pauseOf('a')?.because).toBe('banned')
    expect(pacer.pauseOf('b')?.because).toBe('banned')
    await clock.sleep(2_000)
    expect(pacer.pauseOf('a')?.because).toBe('rate-limited')
    await clock.sleep(3_000)
    expect(pacer.pauseOf('a')).toBeNull()
  })
})
