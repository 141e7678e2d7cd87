import { dayOf } from '#domain/planner/calendar.ts'
import { expectedByDays } from '#domain/planner/forecast.ts'
import { leastCallsOfDays } from '#domain/planner/measure.ts'
import { expectedCalls } from '#domain/planner/plan-month.ts'
import { defaultPolicy } from '#domain/planner/policy.ts'
import {
  aLane,
  aLeg,
  at,
  chanceOf,
  type Done,
  runLane,
  type Weather,
} from '../../src/domain/planner/test-month.ts'

/**
 * What the planner makes of a month: 1,000 people on the standard edition, November 2026, counted in virtual time with a
 * gate that only counts. Calls are held against the proven lower bound (ADR 0017), forecasts against what the month took.
 */
const people = 1_000
const limit = 5_000
const start = at('2026-11-01T00:00:00+08:00')
const end = at('2026-12-01T00:00:00+08:00')
const afterFirstWeek = at('2026-11-08T00:00:00+08:00')
const roughMonths = 20

const row = (...cells: string[]) => console.log(`| ${cells.join(' | ')} |`)
const percent = (share: number) => `${(share * 100).toFixed(2)} %`

/** Events all day, some downtime and, where asked for, some repair by hand. */
function rough(seed: number, hasRepair: boolean): Weather {
  const chance = chanceOf(seed)
  return (state) => {
    const dice = chance()
    if (dice < 0.002) state.now = state.now.add({ minutes: Math.floor(chance() * 300) })
    else if (dice < 0.003 && hasRepair) {
      const calls = Math.min(Math.floor(chance() * 40), limit - state.quota.used)
      state.quota.used += calls
      state.quota.usedByHand = (state.quota.usedByHand ?? 0) + calls
    } else if (dice < 0.3)
      for (const leg of state.legs)
        leg.hints = {
          count: leg.hints.count + Math.ceil(chance() * 30),
          oldest: leg.hints.oldest ?? state.now,
        }
  }
}

const least = leastCallsOfDays([aLeg({ people })], {
  first: dayOf(start.epochMilliseconds),
  next: dayOf(end.epochMilliseconds),
})

/** Calls of the sweeps that a demand asked for. */
const demanded = (done: Done[]) =>
  done.reduce((sum, { step }) => sum + (step.kind === 'sweep' && step.because !== 'poll' ? step.calls : 0), 0)

/** The month as forecast after its first week, and as it was. */
function forecastErrors(pollEveryMs: number | null, weather?: Weather): { plan: number; days: number } {
  const lane = aLane({ legs: [aLeg({ people, pollEveryMs })] })
  const week = runLane(lane, afterFirstWeek, weather && { weather })
  const daily = Array<number>(7).fill(0)
  let before = 0
  for (const { at: began, usedAfter } of week.done) {
    const day = began.toZonedDateTimeISO('Asia/Shanghai').day - 1
    if (day < 7) daily[day]! += usedAfter - before
    before = usedAfter
  }
  const { used } = week.state.quota
  const byPlan = expectedCalls(week.state, defaultPolicy)
  const byDays = expectedByDays({ used, quota: limit, daily: [...daily, 0] }, afterFirstWeek)
  const truth = runLane(week.state, end, weather && { weather }).state.quota.used
  return { plan: Math.abs(byPlan / truth - 1), days: Math.abs(byDays / truth - 1) }
}

row('figure', 'measured', 'floor or aim', 'ratio', 'what limits it')
row('---', '---', '---', '---', '---')

const onlyPeaks = aLane({ legs: [aLeg({ people, pollEveryMs: 40 * 86_400_000 })] })
const { used: needed } = runLane(onlyPeaks, end).state.quota
row(
  'metered calls, 1,000 people, a month fresh at both peaks and closed every night',
  `${needed}`,
  `${least} at least (1.05 allowed), ${limit} granted`,
  (needed / least).toFixed(3),
  '50 people a call',
)

const whole = runLane(aLane({ legs: [aLeg({ people })] }), end)
row(
  'the same with every spare call spent on freshness between the peaks',
  `${whole.state.quota.used}`,
  `${limit} granted, a fifth kept back`,
  (whole.state.quota.used / limit).toFixed(3),
  'the reserve',
)

let [ratio, most] = [0, 0]
for (let seed = 1; seed <= roughMonths; seed++) {
  const lane = aLane({ legs: [aLeg({ people })] })
  const { done, state } = runLane(lane, end, { weather: rough(seed, true) })
  ratio = Math.max(ratio, demanded(done) / least)
  most = Math.max(most, state.quota.used)
}
row(
  `${roughMonths} months with events, downtime and repair by hand: demanded sweeps at worst`,
  `${Math.round(ratio * least)}`,
  `${least} at least in fair weather`,
  ratio.toFixed(3),
  'sweeps that events or downtime make needless',
)
row('the most calls of any of them', `${most}`, `${limit} granted`, (most / limit).toFixed(3), 'the reserve')

const fair = forecastErrors(null)
row(
  'forecast after a week, by the plan',
  percent(fair.plan),
  '3 % allowed',
  '–',
  'nothing unforeseen happens',
)
row('forecast after a week, by the days so far', percent(fair.days), '3 % allowed', '–', 'as above')
for (const hasRepair of [false, true]) {
  const errors = Array.from({ length: roughMonths }, (_, i) => forecastErrors(null, rough(i + 1, hasRepair)))
  const worst = (of: (one: { plan: number; days: number }) => number) => percent(Math.max(...errors.map(of)))
  const weather = hasRepair ? 'events, downtime and repair by hand' : 'events and downtime'
  const limits = hasRepair ? 'repair that nobody foresees' : 'downtime and events that nobody foresees'
  row(
    `at worst with ${weather}, by the plan`,
    worst(({ plan }) => plan),
    '3 % aimed at',
    '–',
    limits,
  )
  row(
    `at worst with ${weather}, by the days so far`,
    worst(({ days }) => days),
    '–',
    '–',
    limits,
  )
}

const lane = aLane({ now: at('2026-11-10T12:00:00+08:00') })
const began = performance.now()
const times = 2_000
for (let i = 0; i < times; i++) runLane(lane, lane.now.add({ milliseconds: 1 }))
row('one decision, ms', ((performance.now() - began) / times).toFixed(3), '–', '–', 'the days of the month')
