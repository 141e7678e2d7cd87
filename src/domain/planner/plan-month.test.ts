import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { daysOf } from '#domain/spans.ts'
import { expectedCalls, planMonth } from './plan-month.ts'
import { defaultPolicy } from './policy.ts'
import {
  aLane,
  aLeg,
  at,
  chanceOf,
  type Done,
  runLane,
  sweptAt,
  type Weather,
  wayBack,
} from './test-month.ts'
import type { LegState, Step } from './types.ts'

const december = at('2026-12-01T00:00:00+08:00')
type Sweep = Done & { step: Extract<Step, { kind: 'sweep' }> }
const sweepsOf = (done: Done[], route = 'hq') =>
  done.filter((one): one is Sweep => one.step.kind === 'sweep' && one.step.route === route)
const local = (instant: Temporal.Instant) => instant.toZonedDateTimeISO('Asia/Shanghai')

describe('when calls are short, what matters least goes first', () => {
  // November 2026 has 21 working days and 9 rest days; closings 30, peaks 21 + 21 and 9 + 9.
  test.for([
    { when: 'calls are plenty', people: 1_000, limit: 5_000, kept: [1, 1, 1, 1, 1], spare: 2_200 },
    { when: 'only the ladder fits', people: 2_200, limit: 5_000, kept: [1, 1, 1, 1, 1], spare: 40 },
    { when: 'rest days go', people: 2_450, limit: 5_000, kept: [1, 1, 1, 1, 0.07], spare: 0 },
    { when: 'evenings go', people: 3_500, limit: 5_000, kept: [1, 1, 0.293, 0, 0], spare: 0 },
    { when: 'mornings go', people: 5_000, limit: 5_000, kept: [1, 0.476, 0, 0, 0], spare: 0 },
    {
      when: 'closings go last, into the reserve',
      people: 10_000,
      limit: 5_000,
      kept: [0.833, 0, 0, 0, 0],
      spare: 0,
    },
    { when: 'nothing is left', people: 1_000, limit: 0, kept: [0, 0, 0, 0, 0], spare: 0 },
  ])('$when', ({ people, limit, kept, spare }) => {
    const plan = planMonth(aLane({ quota: { limit, used: 0 }, legs: [aLeg({ people })] }), defaultPolicy)
    const share = (name: string) => plan.ladder.find((rung) => rung.name === name)!.share
    const shares = ['closing', 'morning', 'evening', 'rest:morning', 'rest:evening'].map(share)
    expect(shares.map((one) => Number(one.toFixed(3)))).toEqual(kept)
    expect(Math.round(plan.spare)).toBe(spare)
  })

  test('one look at what is in flight comes before everything, also of ways that are closed, and is expected', () => {
    const inFlight = (count: number) => ({ inFlight: { count, lookAt: null } })
    const lane = (sent: number, sentBefore: number, used: number) =>
      aLane({
        quota: { limit: 5_000, used },
        legs: [wayBack(inFlight(sent)), aLeg(inFlight(900))],
        closed: [wayBack(inFlight(sentBefore))],
      })
    const planOf = (...args: Parameters<typeof lane>) => planMonth(lane(...args), defaultPolicy)
    // Fifty people a call; looking in WeCom costs none.
    expect(planOf(51, 1, 0).looks).toBe(3)
    expect(planOf(0, 0, 0).spare - planOf(51, 1, 0).spare).toBe(3)
    expect(planOf(51, 1, 4_999)).toMatchObject({ looks: 1, spare: 0 })
    const expected = (...args: Parameters<typeof lane>) => expectedCalls(lane(...args), defaultPolicy)
    expect(expected(51, 1, 0)).toBeGreaterThanOrEqual(expected(0, 0, 0))
  })

  test('what people repair by hand comes out of the reserve and thins nothing out', () => {
    const spareAt = (used: number, usedByHand: number) =>
      planMonth(aLane({ quota: { limit: 5_000, used, usedByHand } }), defaultPolicy).spare
    expect(spareAt(600, 600)).toBe(spareAt(0, 0))
    expect(spareAt(1_500, 1_500)).toBe(spareAt(0, 0) - 500)
    expect(spareAt(600, 0)).toBe(spareAt(0, 0) - 600)
  })

  test('the share of one rung over a month is what was dealt, and its days are spread', () => {
    const { done } = runLane(aLane({ legs: [aLeg({ people: 5_000 })] }), december)
    const days = sweepsOf(done)
      .filter(({ step }) => step.because === 'peak')
      .map((one) => local(one.at).day)
    expect(days.length).toBeGreaterThanOrEqual(9)
    expect(Math.max(...days.map((day, i) => day - (days[i - 1] ?? 1)))).toBeLessThanOrEqual(6)
  })
})

/** Downtime, hand-made calls and events, as the seed has it. */
const roughWeather = (seed: number, { events }: { events: boolean }): Weather => {
  const chance = chanceOf(seed)
  return (state) => {
    const dice = chance()
    if (dice < 0.003) state.now = state.now.add({ minutes: Math.floor(chance() * 1_500) })
    else if (dice < 0.01 && state.quota.limit !== null) {
      const calls = Math.min(Math.floor(chance() * 60), state.quota.limit - state.quota.used)
      state.quota.used += calls
      state.quota.usedByHand = (state.quota.usedByHand ?? 0) + calls
    } else if (events && dice < 0.4)
      for (const leg of state.legs)
        leg.hints = {
          count: leg.hints.count + Math.ceil(chance() * 40),
          oldest: leg.hints.oldest ?? state.now,
        }
  }
}

const anyMonth = fc.record({
  seed: fc.nat(1_000_000),
  people: fc.constantFrom(51, 400, 1_000, 2_300, 5_000, 12_000, 45_000),
  limit: fc.constantFrom(5_000, 5_000, 25_000),
  pollEveryMs: fc.constantFrom(1_800_000, 7_200_000),
  quietHours: fc.constantFrom<string[][]>([], ['08:30-09:30', '17:30-18:30'], ['09:00-10:00', '23:00-07:00']),
  events: fc.boolean(),
})

test('a month in any weather: never beyond the quota, nothing left unread, bulk out of the quiet hours, at most a week between two sweeps', () => {
  fc.assert(
    fc.property(anyMonth, ({ seed, people, limit, pollEveryMs, quietHours, events }) => {
      const leg = aLeg({ people, pollEveryMs, quietHours })
      const lane = aLane({ quota: { limit, used: 0 }, legs: [leg] })
      const { done } = runLane(lane, december, { weather: roughWeather(seed, { events }) })
      const sweeps = sweepsOf(done)
      expect(sweeps.length).toBeGreaterThan(3)
      let reach = leg.lastSweep!.to
      for (const { step, at: began } of sweeps) {
        expect(Temporal.Instant.compare(step.window.from, reach)).toBeLessThanOrEqual(0)
        reach = step.window.to
        if (step.because !== 'peak') expect(isQuiet(began, quietHours)).toBe(false)
      }
      const starts = [leg.lastSweep!.startedAt, ...sweeps.map((one) => one.at)]
      const gaps = starts.slice(1).map((start, i) => starts[i]!.until(start).total('days'))
      const perSweep = Math.ceil(people / 50)
      // Two days of downtime may lie before a forced closing.
      if (perSweep * 6 <= limit) expect(Math.max(...gaps)).toBeLessThanOrEqual(8.2)
    }),
    { numRuns: 10 },
  )
})

function isQuiet(instant: Temporal.Instant, quietHours: string[]): boolean {
  const time = local(instant).toPlainTime().toString().slice(0, 5)
  return quietHours.some((text) => {
    const [from = '', to = ''] = text.split('-')
    return from < to ? from <= time && time < to : from <= time || time < to
  })
}

test('in fair weather every day is closed in its night over seven days, and both peaks are met, whatever events say', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.constantFrom(400, 1_000, 2_000), (seed, people) => {
      const chance = chanceOf(seed)
      const weather: Weather = ({ legs, now }) => {
        for (const leg of legs)
          if (chance() < 0.5) leg.hints = { count: leg.hints.count + 9, oldest: leg.hints.oldest ?? now }
      }
      const legs = [aLeg({ people })]
      const sweeps = sweepsOf(runLane(aLane({ legs }), december, { weather }).done)
      const within = (day: number, from: string, by: string) =>
        sweeps.filter(({ at: began }) => {
          const { day: its } = local(began)
          const time = local(began).toPlainTime().toString()
          return its === day && from <= time && time <= by
        })
      for (let day = 1; day <= 30; day++) {
        const closing = within(day, '00:10', '05:00').filter(({ step }) => daysOf(step.window) === 7)
        expect(closing.length).toBeGreaterThan(0)
        expect(within(day, '09:30', '09:45').length).toBeGreaterThan(0)
        expect(within(day, '18:30', '18:45').length).toBeGreaterThan(0)
      }
    }),
    { numRuns: 3 },
  )
})

test('no route starves beside one that never comes to rest', () => {
  const noisy: Weather = (state) => {
    state.now = state.now.add({ seconds: 60 })
    const { legs, now } = state
    legs[0]!.hints = { count: 40, oldest: now }
    legs[0]!.owed = { count: 5, oldest: now }
    legs[0]!.inFlight = { count: 5, lookAt: now }
  }
  const routes = ['a', 'b', 'c'].map((route) => aLeg({ route, people: 200 }))
  const lane = aLane({ quota: { limit: null, used: 0 }, legs: routes })
  const { done } = runLane(lane, at('2026-11-02T12:00:00+08:00'), { weather: noisy })
  for (const route of ['b', 'c']) {
    const closings = sweepsOf(done, route).filter(({ step }) => step.because === 'closing')
    expect(closings.map((one) => local(one.at).day)).toEqual([1, 2])
  }
})

test('an edition raised or lowered in mid-month counts from the next step', () => {
  const from = (limit: number, used: number) => {
    const legs = [
      aLeg({
        lastSweep: sweptAt('2026-11-16T05:00:00+08:00'),
        contactsReadAt: at('2026-11-16T05:00:00+08:00'),
      }),
    ]
    const lane = aLane({ now: at('2026-11-16T09:40:00+08:00'), quota: { limit, used }, legs })
    return sweepsOf(runLane(lane, at('2026-11-18T00:00:00+08:00')).done).length
  }
  expect(from(5_000, 5_000)).toBe(0)
  expect(from(205_000, 5_000)).toBeGreaterThan(100)
  expect(from(5_000, 20_000)).toBe(0)
})

test('a clock that jumps two days ahead and back costs a few sweeps, not the quota and not a day', () => {
  const jumps = [
    { on: 100, hours: 48 },
    { on: 140, hours: -48 },
    { on: 300, hours: -5 },
    { on: 500, hours: 3 },
  ]
  let asked = 0
  const weather: Weather = (state) => {
    asked++
    const jump = jumps.find(({ on }) => on === asked)
    if (jump) state.now = state.now.add({ hours: jump.hours })
  }
  const calm = runLane(aLane(), december)
  const jumpy = runLane(aLane(), december, { weather })
  expect(jumpy.state.quota.used).toBeLessThanOrEqual(4_000 + 40)
  const days = new Set(sweepsOf(jumpy.done).map((one) => local(one.at).day))
  expect(days.size).toBe(new Set(sweepsOf(calm.done).map((one) => local(one.at).day)).size)
})

test('rare uploads after weeks buy one deep closing a week, and only while calls are there', () => {
  const lateness = { counts: Array.from({ length: 17 }, (_, i) => (i === 0 ? 9_000 : i === 12 ? 60 : 0)) }
  const deepOf = (over: Partial<LegState>, limit: number) =>
    sweepsOf(
      runLane(aLane({ quota: { limit, used: 0 }, legs: [aLeg({ lateness, ...over })] }), december).done,
    )
      .filter(({ step }) => step.because === 'late')
      .map(({ step, at: began }) => `${local(began).dayOfWeek}: ${step.calls}`)
  expect(deepOf({}, 5_000)).toEqual(['1: 40', '1: 40', '1: 40', '1: 40', '1: 40'])
  expect(deepOf({ people: 12_000 }, 5_000)).toEqual([])
})

test('deliveries of the way back are kept in the plan, above the peaks', () => {
  const legs = [aLeg(), wayBack({ people: 1_000, writesPerDay: 120 })]
  const plan = planMonth(aLane({ legs }), defaultPolicy)
  expect(plan.ladder.find(({ name }) => name === 'writes')).toEqual({
    name: 'writes',
    calls: 21 * 126,
    share: 1,
  })
  expect(plan.ladder.find(({ name }) => name === 'rest:evening')!.share).toBe(0)
})

test('what a quiet month is expected to take is what it takes', () => {
  for (const people of [1_000, 2_200, 10_000]) {
    const lane = aLane({ legs: [aLeg({ people })] })
    const { used } = runLane(lane, december).state.quota
    expect(Math.abs(expectedCalls(lane, defaultPolicy) / used - 1)).toBeLessThan(0.03)
  }
})
