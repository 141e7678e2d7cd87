import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planNext } from './next-step.ts'
import { defaultPolicy } from './policy.ts'
import { aLane, aLeg, at, sweptAt, wayBack } from './test-month.ts'
import type { LaneState, LegState } from './types.ts'

/** Monday, 2 November 2026, at this time in Shanghai. */
const monday = (time: string) => at(`2026-11-02T${time}+08:00`)
const contactsReadAt = monday('00:00')
const closedToday = sweptAt('2026-11-02T05:00:00+08:00')

describe('what a lane does next', () => {
  test.for<{ when: string; now: string; leg?: Partial<LegState>; used?: number; gives: object }>([
    {
      when: 'the contacts were never read',
      now: '10:00',
      leg: { contactsReadAt: null, lastSweep: null },
      gives: { kind: 'contacts' },
    },
    {
      when: 'nothing was ever read',
      now: '10:00',
      leg: { lastSweep: null, since: at('2026-10-20T00:00:00+08:00') },
      gives: { kind: 'sweep', because: 'first', calls: 40 },
    },
    {
      when: 'the day before is not closed',
      now: '04:56',
      gives: { kind: 'sweep', because: 'closing', calls: 20 },
    },
    {
      when: 'the day before was not closed in time',
      now: '08:20',
      gives: { kind: 'sweep', because: 'closing', calls: 20 },
    },
    {
      when: 'the morning peak ends',
      now: '09:40',
      leg: { lastSweep: closedToday },
      gives: { kind: 'sweep', because: 'peak' },
    },
    {
      when: 'the morning peak is long over and nobody was read for it',
      now: '11:50',
      leg: { lastSweep: closedToday },
      gives: { kind: 'sweep', because: 'poll' },
    },
    {
      when: 'the morning peak has had its sweep',
      now: '09:44',
      leg: { lastSweep: sweptAt('2026-11-02T09:31:00+08:00') },
      gives: { kind: 'wait', because: 'due' },
    },
    {
      when: 'the closing falls due in quiet hours',
      now: '04:56',
      leg: { quietHours: ['04:30-05:30'] },
      gives: { kind: 'wait', because: 'quiet', until: monday('05:30') },
    },
    {
      when: 'a peak falls due in quiet hours',
      now: '09:40',
      leg: { lastSweep: closedToday, quietHours: ['08:30-10:30'] },
      gives: { kind: 'sweep', because: 'peak' },
    },
    {
      when: 'a peak falls due in quiet hours and yesterday is open',
      now: '09:00',
      leg: { quietHours: ['08:30-10:30'] },
      gives: { kind: 'wait', because: 'quiet', until: monday('09:39:49.500') },
    },
    {
      when: 'the last sweep is more than one call ago and a peak falls due in quiet hours',
      now: '09:40',
      leg: { lastSweep: sweptAt('2026-10-20T09:40:00+08:00'), quietHours: ['08:30-10:30'] },
      gives: { kind: 'wait', because: 'quiet' },
    },
    {
      when: 'deliveries are owed',
      now: '06:00',
      leg: { lastSweep: closedToday, owed: { count: 7, oldest: monday('05:59') } },
      gives: { kind: 'deliver', atMost: 7, calls: 0 },
    },
    {
      when: 'what was sent may be looked for',
      now: '06:00',
      leg: { lastSweep: closedToday, inFlight: { count: 7, lookAt: monday('05:59') } },
      gives: { kind: 'readBack', atMost: 7, calls: 0 },
    },
    {
      when: 'what was sent may not be looked for yet',
      now: '06:00',
      leg: { lastSweep: closedToday, inFlight: { count: 7, lookAt: monday('06:01') } },
      gives: { kind: 'wait', until: monday('06:01') },
    },
    {
      when: 'the leg failed a moment ago',
      now: '04:56',
      leg: { retryAt: monday('05:01') },
      gives: { kind: 'wait', because: 'retry', until: monday('05:01') },
    },
    {
      when: 'the retry was set by a clock that was a year ahead',
      now: '04:56',
      leg: { retryAt: at('2027-11-02T05:00:00+08:00') },
      gives: { kind: 'sweep', because: 'closing' },
    },
    {
      when: 'the route is paused',
      now: '04:56',
      leg: { isPaused: true },
      gives: { kind: 'wait', because: 'idle' },
    },
    {
      when: 'the quota is gone',
      now: '04:56',
      used: 5_000,
      gives: { kind: 'wait', because: 'quota' },
    },
    {
      when: 'fewer calls are left than a sweep takes',
      now: '04:56',
      used: 4_981,
      gives: { kind: 'wait', because: 'quota' },
    },
    {
      when: 'calls are left for one sweep exactly',
      now: '04:56',
      used: 4_980,
      gives: { kind: 'sweep', because: 'closing', calls: 20 },
    },
    {
      when: 'only the reserve is left, and a peak falls due',
      now: '09:40',
      leg: { lastSweep: closedToday },
      used: 4_100,
      gives: { kind: 'wait', because: 'due' },
    },
    {
      when: 'a first sweep is longer than the calls reach',
      now: '10:00',
      leg: { lastSweep: null, since: at('2026-10-01T00:00:00+08:00') },
      used: 4_950,
      gives: {
        kind: 'sweep',
        because: 'first',
        calls: 40,
        window: { from: at('2026-10-01T00:00:00+08:00'), to: at('2026-10-14T23:59:59+08:00') },
      },
    },
    {
      when: 'the last sweep lies in next year',
      now: '06:00',
      leg: { lastSweep: sweptAt('2027-11-02T05:00:00+08:00') },
      gives: { kind: 'sweep', because: 'closing', calls: 20 },
    },
    {
      when: 'the last sweep lies two minutes ahead',
      now: '06:00',
      leg: { lastSweep: sweptAt('2026-11-02T06:02:00+08:00') },
      gives: { kind: 'wait' },
    },
  ])('$when', ({ now, leg = {}, used = 0, gives }) => {
    const legs = [aLeg({ contactsReadAt, ...leg })]
    expect(planNext(aLane({ now: monday(now), quota: { limit: 5_000, used }, legs }))).toMatchObject(gives)
  })
})

describe('events', () => {
  const hinted = (count: number, oldest: string, over: Partial<LegState> = {}) =>
    aLeg({ contactsReadAt, lastSweep: closedToday, hints: { count, oldest: monday(oldest) }, ...over })
  const rich = { limit: 5_005_000, used: 0 }

  test('with calls to spare, whom events named is read within a second', () => {
    const legs = [hinted(30, '08:00', { lastSweep: sweptAt('2026-11-02T07:59:00+08:00') })]
    const step = planNext(aLane({ now: monday('08:00:01'), quota: rich, legs }))
    expect(step).toMatchObject({ kind: 'hinted', calls: 1, atMost: 30 })
  })

  test('on a small quota they wait until their call is no dearer than events may be', () => {
    const legs = [hinted(30, '08:00')]
    expect(planNext(aLane({ now: monday('08:01'), legs }))).toMatchObject({ kind: 'wait' })
    expect(planNext(aLane({ now: monday('09:20'), legs }))).toMatchObject({ kind: 'hinted', calls: 1 })
  })

  test('without a call to spare nobody is asked for, and the closing sweep comes all the same', () => {
    const legs = [hinted(30, '08:00')]
    const quota = { limit: 5_000, used: 4_000 }
    expect(planNext(aLane({ now: monday('09:20'), quota, legs }))).toMatchObject({ kind: 'wait' })
    const tuesday = at('2026-11-03T05:01+08:00')
    const overnight = legs.map((leg) => ({ ...leg, contactsReadAt: tuesday }))
    expect(planNext(aLane({ now: tuesday, quota, legs: overnight }))).toMatchObject({
      kind: 'sweep',
      because: 'closing',
    })
  })

  test('when almost everybody was named, everybody is read for the same calls', () => {
    const step = planNext(aLane({ now: monday('08:00:20'), quota: rich, legs: [hinted(990, '08:00')] }))
    expect(step).toMatchObject({ kind: 'sweep', because: 'poll', calls: 20 })
  })

  test('events that nobody ticked off after a full sweep do not bring another one', () => {
    const lastSweep = sweptAt('2026-11-02T08:00:10+08:00')
    const step = planNext(
      aLane({ now: monday('08:00:40'), quota: rich, legs: [hinted(990, '08:00', { lastSweep })] }),
    )
    expect(step).toMatchObject({ kind: 'hinted' })
  })

  test('a day that an event names takes a call of its own, and no sweep answers it', () => {
    const hints = { count: 990, oldest: monday('08:00'), days: 3 }
    const legs = [hinted(990, '08:00', { hints, lastSweep: sweptAt('2026-11-02T07:59:00+08:00') })]
    const step = planNext(aLane({ now: monday('08:01'), quota: rich, legs }))
    expect(step).toMatchObject({ kind: 'hinted', calls: 23, days: 3 })
  })

  test('named days are asked about a few at a time, and not at all where nothing is spare', () => {
    const hints = { count: 1, oldest: monday('08:00'), days: 9_000 }
    const lastSweep = sweptAt('2026-11-02T07:59:00+08:00')
    const lane = (quota: { limit: number; used: number }) =>
      aLane({ now: monday('08:01'), quota, legs: [hinted(1, '08:00', { hints, people: 50, lastSweep })] })
    expect(planNext(lane(rich))).toMatchObject({ kind: 'hinted', calls: 11, days: 10 })
    expect(planNext(lane({ limit: 5_000, used: 4_500 }))).toMatchObject({ kind: 'wait' })
  })

  test('in quiet hours they are read, and bulk is not', () => {
    const legs = [hinted(990, '08:00', { quietHours: ['07:30-09:30'] })]
    expect(planNext(aLane({ now: monday('08:00:20'), quota: rich, legs }))).toMatchObject({ kind: 'hinted' })
  })
})

describe('metered writing', () => {
  const owing = (count: number, oldest: string) =>
    wayBack({
      contactsReadAt,
      lastSweep: sweptAt('2026-11-02T08:00:00+08:00'),
      owed: { count, oldest: monday(oldest) },
    })

  test('a full batch goes at once and takes a call a punch and two looks', () => {
    const step = planNext(aLane({ now: monday('08:00:01'), legs: [owing(50, '08:00')] }))
    expect(step).toMatchObject({ kind: 'deliver', atMost: 50, calls: 52 })
  })

  test('a lonely punch waits for company, half an hour at most', () => {
    const legs = [owing(1, '08:00')]
    expect(planNext(aLane({ now: monday('08:00:10'), legs })).kind).not.toBe('deliver')
    const lastSweep = sweptAt('2026-11-02T08:29:00+08:00')
    const later = { now: monday('08:30'), legs: legs.map((leg) => ({ ...leg, lastSweep })) }
    expect(planNext(aLane(later))).toMatchObject({ kind: 'deliver', atMost: 1, calls: 3 })
  })

  test('as many go as calls are left', () => {
    const step = planNext(
      aLane({ now: monday('08:31'), quota: { limit: 5_000, used: 4_990 }, legs: [owing(50, '08:00')] }),
    )
    expect(step).toMatchObject({ kind: 'deliver', atMost: 8, calls: 10 })
  })

  const unseen = { count: 3, lookAt: monday('08:59'), settlesAt: monday('09:40'), isAgain: true }
  test.for<{ when: string; now?: string; used: number; over?: Partial<LegState>; gives: object }>([
    { when: 'calls are spare', used: 0, gives: { kind: 'readBack', calls: 1 } },
    { when: 'none is spare', used: 4_500, gives: { kind: 'wait', until: monday('09:40') } },
    { when: 'none is spare, and a look settles', now: '09:41', used: 4_500, gives: { kind: 'readBack' } },
    {
      when: 'none is spare, and it was never looked for',
      used: 4_500,
      over: { inFlight: { ...unseen, isAgain: false } },
      gives: { kind: 'readBack' },
    },
    {
      when: 'one call is left, and it was never looked for',
      used: 4_999,
      over: { inFlight: { ...unseen, isAgain: false } },
      gives: { kind: 'wait', until: monday('09:40') },
    },
    { when: 'one call is left, and a look settles', now: '09:41', used: 4_999, gives: { kind: 'readBack' } },
    {
      when: 'three calls are left, and another delivery would take them all',
      used: 4_997,
      over: { owed: { count: 1, oldest: monday('08:00') } },
      gives: { kind: 'wait', until: monday('09:40') },
    },
    {
      when: 'four calls are left, and another delivery leaves one for the look',
      used: 4_996,
      over: { owed: { count: 1, oldest: monday('08:00') } },
      gives: { kind: 'deliver', atMost: 1, calls: 3 },
    },
  ])('looked for in vain: $when', ({ now = '09:00', used, over, gives }) => {
    const lastSweep = sweptAt(`2026-11-02T${now}:00+08:00`)
    const legs = [wayBack({ contactsReadAt, lastSweep, inFlight: unseen, ...over })]
    expect(planNext(aLane({ now: monday(now), quota: { limit: 5_000, used }, legs }))).toMatchObject(gives)
  })
})

const instant = fc
  .integer({ min: 0, max: 120 * 86_400 })
  .map((seconds) => at('2026-08-20T00:00Z').add({ seconds }))
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
const waiting = fc.record({ count: fc.nat(3_000), oldest: maybe(instant) })
const anyLeg = fc
  .record({
    people: fc.nat(20_000),
    apart: fc.nat(5),
    pollEveryMs: maybe(fc.integer({ min: 60_000, max: 86_400_000 })),
    quietHours: fc.constantFrom([], ['08:30-09:30', '17:30-18:30'], ['00:00-23:59'], ['22:00-06:00']),
    isPaused: fc.boolean(),
    since: instant,
    readableFrom: instant,
    retryAt: maybe(instant),
    lastSweep: maybe(fc.record({ startedAt: instant, finishedAt: instant, to: instant })),
    hints: waiting,
    owed: waiting,
    inFlight: fc.record({
      count: fc.nat(500),
      lookAt: maybe(instant),
      settlesAt: maybe(instant),
      isAgain: fc.boolean(),
    }),
    contactsReadAt: maybe(instant),
    writesPerDay: fc.nat(500),
  })
  .chain((over) => fc.boolean().map((isBack) => (isBack ? wayBack(over) : aLeg(over))))
const anyLane: fc.Arbitrary<LaneState> = fc.record({
  now: instant,
  quota: fc.record({
    limit: maybe(fc.constantFrom(0, 100, 5_000, 205_000, 5_005_000)),
    used: fc.nat(6_000),
    usedByHand: fc.nat(1_000),
  }),
  legs: fc.array(anyLeg, { maxLength: 4 }).map((legs) => legs.map((leg, i) => ({ ...leg, route: `r${i}` }))),
})

test('whatever it is told, it acts within the quota and the window, or waits for something after now', () => {
  fc.assert(
    fc.property(anyLane, (lane) => {
      const step = planNext(lane)
      if (step.kind === 'wait') {
        const ms = step.until.epochMilliseconds - lane.now.epochMilliseconds
        expect(ms).toBeGreaterThan(0)
        expect(ms).toBeLessThanOrEqual(defaultPolicy.longestWaitMs)
        return
      }
      const leg = lane.legs.find(({ route }) => route === step.route)!
      expect(leg.isPaused).toBe(false)
      if (step.calls > 0)
        expect(lane.quota.used + step.calls).toBeLessThanOrEqual(lane.quota.limit ?? Infinity)
      if ('atMost' in step) expect(step.atMost).toBeGreaterThan(0)
      if (!('window' in step)) return
      expect(Temporal.Instant.compare(step.window.from, step.window.to)).toBeLessThanOrEqual(0)
      expect(Temporal.Instant.compare(step.window.to, lane.now)).toBeLessThanOrEqual(0)
    }),
    { numRuns: 1_500 },
  )
})

test('the order in which legs are named does not matter', () => {
  fc.assert(
    fc.property(anyLane, (lane) => {
      expect(planNext({ ...lane, legs: lane.legs.toReversed() })).toEqual(planNext(lane))
    }),
    { numRuns: 300 },
  )
})

test('more calls never make it wait for calls', () => {
  fc.assert(
    fc.property(anyLane, (lane) => {
      const step = planNext({ ...lane, quota: { limit: null, used: lane.quota.used } })
      if (step.kind === 'wait') expect(step.because).not.toBe('quota')
    }),
    { numRuns: 300 },
  )
})
