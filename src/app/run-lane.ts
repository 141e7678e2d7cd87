import { backoffMs } from '#domain/backoff.ts'
import { type Leg, legName } from '#domain/direction.ts'
import { type Failure, FailureError } from '#domain/failures.ts'
import { planNext } from '#domain/planner/next-step.ts'
import type { LaneName } from '#engine/wake-ups.ts'
import { clearTrouble, type LegKey, readLeg, saveTrouble } from '#store/legs.ts'
import { endStall, saveStall } from '#store/stalls.ts'
import { laneSetup, laneStateOf } from './lane-state.ts'
import type { AppParts } from './parts.ts'
import type { RouteWithEnds } from './route-ends.ts'
import { type StallNews, Stalls } from './stalls.ts'
import { type StepDone, takeStep, type WorkStep } from './take-step.ts'

/** Somebody else has the lane: they see the same news, so there is no hurry. */
const busyMs = 1_000
/** An error nobody expected: its cause is not known, so neither is when it ends. */
const afterBugMs = 60_000

/** What the engine tells of its work. */
export type LaneNews = {
  step: WorkStep
  outcome: { done: StepDone } | { failure: Failure } | { bug: unknown }
}

/**
 * Carries a lane on, step by step as the planner says, until nothing is to be done for now. Gives when to look again;
 * null when the lane is no more, or the signal has come. `stalls`: what this lane's steps brought so far.
 */
export async function runLane(
  parts: AppParts,
  lane: LaneName,
  signal: AbortSignal,
  tell: (news: LaneNews) => void = () => {},
  stalls = new Stalls(parts.random),
): Promise<Temporal.Instant | null> {
  const later = (ms: number) => parts.clock.now().add({ milliseconds: ms })
  while (!signal.aborted) {
    const setup = await laneSetup(parts, lane)
    if (!setup) return null
    const endsOf = (name: string) => setup.routes.find(({ route }) => route.key === name)!
    const state = await laneStateOf(parts, setup)
    const open = stalls.sift(state)
    for (const news of stalls.news.slice()) {
      await noteStall(parts, endsOf(news.route), news)
      stalls.news.shift()
    }
    const step = planNext(open.state)
    if (step.kind === 'wait') return earlier(step.until, open.until)
    try {
      const done = await takeStep(parts, endsOf(step.route), step, signal)
      if (done === 'busy') return later(busyMs)
      stalls.took(step, state)
      const was = state.legs.find(({ route, leg }) => route === step.route && leg === step.leg)
      if (was?.retryAt) await settle(parts, endsOf(step.route), step.leg)
      tell({ step, outcome: { done } })
    } catch (error) {
      if (signal.aborted) return null
      if (!(error instanceof FailureError)) {
        tell({ step, outcome: { bug: error } })
        return later(afterBugMs)
      }
      const { failure } = error
      if (failure.code === 'lane.lost' || failure.code === 'lane.busy') return later(busyMs)
      tell({ step, outcome: { failure } })
      // Who bans an address bans all that goes from it.
      const struck = failure.code === 'platform.banned' ? state.legs : [step]
      for (const { route, leg } of struck) await standStill(parts, endsOf(route), leg, failure)
    }
  }
  return null
}

const earlier = (a: Temporal.Instant, b: Temporal.Instant | null): Temporal.Instant =>
  b && Temporal.Instant.compare(b, a) < 0 ? b : a

const legKey = ({ tenant }: AppParts, ends: RouteWithEnds, leg: Leg): LegKey => ({
  tenant,
  route: ends.route.id,
  source: ends[leg.source].id,
})

async function settle(parts: AppParts, ends: RouteWithEnds, leg: Leg): Promise<void> {
  await clearTrouble(parts.database.kysely, legKey(parts, ends, leg))
}

/** Writes down that a kind of step brings nothing, or does again. */
async function noteStall(parts: AppParts, ends: RouteWithEnds, { route, leg, kind, until }: StallNews) {
  const db = parts.database.kysely
  const key = legKey(parts, ends, leg)
  if (!until) return void (await endStall(db, key, kind))
  await saveStall(db, key, { step: kind, now: parts.clock.now(), retryAt: until })
  parts.log.warn({ route, leg: legName(leg), step: kind, retryAt: until.toString() }, 'step brings nothing')
}

/** Writes down why this way stands still, and until when. */
async function standStill(parts: AppParts, ends: RouteWithEnds, leg: Leg, failure: Failure): Promise<void> {
  const db = parts.database.kysely
  const key = legKey(parts, ends, leg)
  const now = parts.clock.now()
  const tries = ((await readLeg(db, key))?.tries ?? 0) + 1
  const retryAt = now.add({ milliseconds: Math.max(backoffMs(tries, parts.random), waitOf(failure)) })
  await saveTrouble(db, key, { failure, now, retryAt })
}

/** How long the platform itself wants to be left alone, milliseconds. */
const waitOf = ({ facts }: Failure): number =>
  'waitMs' in facts && typeof facts.waitMs === 'number' ? facts.waitMs : 0
