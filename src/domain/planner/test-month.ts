import { emptyLateness } from './lateness.ts'
import { planNext } from './next-step.ts'
import { defaultPolicy, type PlanPolicy } from './policy.ts'
import type { LaneState, LegState, SideCost, Step } from './types.ts'

/** DingTalk and WeCom as the contracts have them. */
export const dingtalkSide: SideCost = { isMetered: true, readPeople: 50, readDays: 7, writeRecords: 1 }
export const wecomSide: SideCost = { isMetered: false, readPeople: 100, readDays: 30, writeRecords: 200 }

export const at = (text: string) => Temporal.Instant.from(text)

/** A leg from DingTalk to WeCom that has run for a while. */
export function aLeg(over: Partial<LegState> = {}): LegState {
  return {
    route: 'hq',
    leg: { source: 'dingtalk', target: 'wecom' },
    source: dingtalkSide,
    target: wecomSide,
    people: 1_000,
    pollEveryMs: null,
    quietHours: [],
    isPaused: false,
    since: at('2026-09-01T00:00:00+08:00'),
    readableFrom: at('2026-06-01T00:00:00+08:00'),
    retryAt: null,
    lastSweep: sweptAt('2026-10-31T18:41:00+08:00'),
    lateness: emptyLateness,
    hints: { count: 0, oldest: null },
    owed: { count: 0, oldest: null },
    inFlight: { count: 0, lookAt: null },
    contactsReadAt: at('2026-10-31T20:00:00+08:00'),
    ...over,
  }
}

export const sweptAt = (text: string) => ({
  startedAt: at(text),
  finishedAt: at(text).add({ seconds: 5 }),
  to: at(text),
})

/** The same way back: read in WeCom, written in DingTalk, one call a punch. */
export const wayBack = (over: Partial<LegState> = {}): LegState =>
  aLeg({ leg: { source: 'wecom', target: 'dingtalk' }, source: wecomSide, target: dingtalkSide, ...over })

export const aLane = (over: Partial<LaneState> = {}): LaneState => ({
  now: at('2026-11-01T00:00:00+08:00'),
  quota: { limit: 5_000, used: 0 },
  legs: [aLeg()],
  ...over,
})

export type Done = { step: Exclude<Step, { kind: 'wait' }>; at: Temporal.Instant; usedAfter: number }

/** What happens in the world before the planner is asked at `now`; it may change the state. */
export type Weather = (state: LaneState) => void

/**
 * Runs a lane in virtual time: every step succeeds and takes its calls and 100 ms a call. Throws when a step takes the
 * quota past its end, when a wait does not lead on, or when the lane never comes to rest.
 */
export function runLane(
  start: LaneState,
  until: Temporal.Instant,
  { policy = defaultPolicy, weather = () => {} }: { policy?: PlanPolicy; weather?: Weather } = {},
): { done: Done[]; state: LaneState; waits: Extract<Step, { kind: 'wait' }>[] } {
  const state: LaneState = {
    ...start,
    quota: { ...start.quota },
    legs: start.legs.map((leg) => ({ ...leg })),
  }
  const done: Done[] = []
  const waits: Extract<Step, { kind: 'wait' }>[] = []
  let month = monthName(state.now)
  for (let asked = 0; Temporal.Instant.compare(state.now, until) < 0; asked++) {
    if (asked > 400_000) throw new Error('the lane never comes to rest')
    if (monthName(state.now) !== month) {
      month = monthName(state.now)
      Object.assign(state.quota, { used: 0, usedByHand: 0 })
    }
    weather(state)
    const step = planNext(state, policy)
    if (step.kind === 'wait') {
      if (Temporal.Instant.compare(step.until, state.now) <= 0) throw new Error('a wait into the past')
      waits.push(step)
      state.now = step.until
      continue
    }
    const began = state.now
    state.quota.used += step.calls
    if (state.quota.limit !== null && step.calls > 0 && state.quota.used > state.quota.limit)
      throw new Error(`beyond the quota: ${state.quota.used} at ${began}`)
    state.now = began.add({ milliseconds: 200 + step.calls * 100 })
    settle(state, step, began)
    done.push({ step, at: began, usedAfter: state.quota.used })
  }
  return { done, state, waits }
}

function settle(state: LaneState, step: Done['step'], began: Temporal.Instant): void {
  const leg = state.legs.find((one) => one.route === step.route && one.leg.source === step.leg.source)!
  if (step.kind === 'sweep') {
    leg.lastSweep = { startedAt: began, finishedAt: state.now, to: step.window.to }
    leg.hints = { count: 0, oldest: null }
  }
  if (step.kind === 'hinted') leg.hints = lessOf(leg.hints, step.atMost)
  if (step.kind === 'contacts') leg.contactsReadAt = began
  if (step.kind === 'deliver') {
    leg.owed = lessOf(leg.owed, step.atMost)
    leg.inFlight = { count: leg.inFlight.count + step.atMost, lookAt: state.now.add({ minutes: 2 }) }
  }
  if (step.kind === 'readBack') {
    const left = leg.inFlight.count - step.atMost
    leg.inFlight = { count: left, lookAt: left > 0 ? leg.inFlight.lookAt : null }
  }
}

const lessOf = ({ count, oldest }: LegState['hints'], taken: number) =>
  count > taken ? { count: count - taken, oldest } : { count: 0, oldest: null }

const monthName = (instant: Temporal.Instant) =>
  instant.toZonedDateTimeISO('Asia/Shanghai').toPlainDate().toPlainYearMonth().toString()

/** Numbers in [0, 1) that are the same for the same seed. */
export function chanceOf(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1
  return () => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 4_294_967_296
  }
}
