import { expect, test } from 'vitest'
import { planNext } from '#domain/planner/next-step.ts'
import { aLane, aLeg, at, sweptAt } from '#domain/planner/test-month.ts'
import type { LaneState, LegState } from '#domain/planner/types.ts'
import { Stalls } from './stalls.ts'

const noon = at('2026-11-10T12:00:00+08:00')

/** A leg that has nothing to do but what is said. */
const leg = (over: Partial<LegState>): LegState =>
  aLeg({ lastSweep: sweptAt('2026-11-10T11:59:00+08:00'), contactsReadAt: noon, ...over })
const lane = (now: Temporal.Instant, over: Partial<LegState>, isClosed = false): LaneState =>
  aLane({
    ...{ now, quota: { limit: 5_000, used: 0 } },
    ...(isClosed ? { legs: [], closed: [leg(over)] } : { legs: [leg(over)] }),
  })

/** What a lane does with a state that no step ever changes, until it has been told to wait until `until`. */
function stuck(
  over: Partial<LegState>,
  until: Temporal.Instant,
  isClosed = false,
): { kinds: string[]; waits: number[] } {
  const stalls = new Stalls(() => 0.5)
  const told: { kinds: string[]; waits: number[] } = { kinds: [], waits: [] }
  for (let now = noon; Temporal.Instant.compare(now, until) < 0; ) {
    const state = lane(now, over, isClosed)
    const open = stalls.sift(state)
    const step = planNext(open.state)
    if (step.kind === 'wait') {
      const next = [step.until, ...(open.until ? [open.until] : [])].toSorted(Temporal.Instant.compare)[0]!
      told.waits.push(next.epochMilliseconds - now.epochMilliseconds)
      now = next
      continue
    }
    told.kinds.push(step.kind)
    stalls.took(step, state)
    now = now.add({ milliseconds: 100 })
  }
  return told
}

const waiting = { count: 3, oldest: noon.subtract({ minutes: 5 }) }

test.for([
  { kind: 'deliver', over: { owed: waiting }, isClosed: false },
  { kind: 'hinted', over: { hints: waiting }, isClosed: false },
  { kind: 'readBack', over: { inFlight: { count: 3, lookAt: noon } }, isClosed: false },
  { kind: 'readBack', over: { inFlight: { count: 3, lookAt: noon } }, isClosed: true },
  { kind: 'contacts', over: { contactsReadAt: null }, isClosed: false },
  { kind: 'sweep', over: { lastSweep: sweptAt('2026-11-01T02:00:00+08:00') }, isClosed: false },
])(
  'a $kind that changes nothing is tried again ever more rarely (on a closed way: $isClosed)',
  ({ kind, over, isClosed }) => {
    const { kinds, waits } = stuck(over, noon.add({ hours: 1 }), isClosed)
    const tried = kinds.filter((one) => one === kind).length
    expect(tried).toBeGreaterThan(3)
    expect(tried).toBeLessThan(15)
    expect(waits).toContain(5_000)
  },
)

test('a step that changed something is taken again at once', () => {
  const stalls = new Stalls(() => 0.5)
  const before = lane(noon, { owed: { count: 900, oldest: noon } })
  stalls.took({ kind: 'deliver', route: 'hq', leg: before.legs[0]!.leg, atMost: 900, calls: 0 }, before)
  const after = lane(noon, { owed: { count: 100, oldest: noon } })
  expect(stalls.sift(after)).toEqual({ state: after, until: null })
})

test('what stands still keeps nothing else from being done', () => {
  const stalls = new Stalls(() => 0.5)
  const state = lane(noon, { owed: waiting, inFlight: { count: 1, lookAt: noon } })
  stalls.took({ kind: 'deliver', route: 'hq', leg: state.legs[0]!.leg, atMost: 3, calls: 0 }, state)
  expect(planNext(stalls.sift(state).state)).toMatchObject({ kind: 'readBack' })
})

test('news ends the waiting', () => {
  const stalls = new Stalls(() => 0.5)
  const state = lane(noon, { owed: waiting })
  stalls.took({ kind: 'deliver', route: 'hq', leg: state.legs[0]!.leg, atMost: 3, calls: 0 }, state)
  expect(planNext(stalls.sift(state).state)).not.toMatchObject({ kind: 'deliver' })
  const news = lane(noon, { owed: { ...waiting, count: 4 } })
  expect(planNext(stalls.sift(news).state)).toMatchObject({ kind: 'deliver' })
})

test('every fruitless try is told, and the end of them once', () => {
  const stalls = new Stalls(() => 0.5)
  const state = lane(noon, { owed: waiting })
  const step = { kind: 'deliver', route: 'hq', leg: state.legs[0]!.leg, atMost: 3, calls: 0 } as const
  stalls.took(step, state)
  stalls.sift(state)
  const until = noon.add({ seconds: 5 })
  expect(stalls.news).toEqual([{ kind: 'deliver', route: 'hq', leg: step.leg, until }])
  const news = lane(noon, { owed: { ...waiting, count: 4 } })
  stalls.sift(news)
  stalls.sift(news)
  expect(stalls.news.map(({ until }) => until)).toEqual([until, null])
})
