import { FailureError } from '#domain/failures.ts'
import { runLane } from '../../app/run-lane.ts'
import { Killed } from '../crash.ts'
import type { Act, Deed } from './acts.ts'
import { type EventsIn, subscribe } from './events-in.ts'
import { calmHoursOf, type World, type WorldProcess } from './found-world.ts'
import { takeDeed } from './take-deed.ts'
import type { Watcher } from './watch.ts'

/** How a telling went. `steps`: what the planner had done. */
export type Telling = {
  wakes: number
  steps: number
  kills: number
  freezes: number
  failures: number
  events: number
  /** Moments at which the last process could have died since it was at work. */
  awaits: number
}

const daySeconds = 86_400

/** A process that stands still in the middle of a wake, and until when. */
type Frozen = { process: WorldProcess; wake: Promise<unknown>; until: Temporal.Instant }

/**
 * Tells a story: the queue wakes the lane, the lane does what the planner says, acts and events come between, and the
 * clock jumps from one to the next. A process that was killed or stands still is followed by another. `watch` looks on
 * after every wake and at every day's end.
 */
export async function runWorld(world: World, acts: readonly Act[], watch: Watcher): Promise<Telling> {
  const { time, wakeUps, ask } = world
  const begun = time.now()
  const instantOf = (seconds: number) => begun.add({ milliseconds: Math.round(seconds * 1000) })
  const end = instantOf(ask.days * daySeconds + calmHoursOf(ask) * 3_600)
  const waiting = deedsOf(acts, ask.days)
  const events = ask.hasEvents ? subscribe(world) : null
  const told: Telling = { wakes: 0, steps: 0, kills: 0, freezes: 0, failures: 0, events: 0, awaits: 0 }
  let process = await begin(world, events)
  let bornAt = process.mortal.steps
  let frozenFor = 0
  let frozen: Frozen | null = null
  let day = 1

  const follow = async () => {
    process = await begin(world, events)
    bornAt = process.mortal.steps
  }
  const nextOf = async (): Promise<{
    what: 'deed' | 'thaw' | 'event' | 'wake'
    at: Temporal.Instant
  } | null> => {
    const dueMs = events?.nextDueMs() ?? null
    const wakeAt = await wakeUps.nextAt()
    const next = [
      waiting[0] && { what: 'deed' as const, at: instantOf(waiting[0].at) },
      frozen && { what: 'thaw' as const, at: frozen.until },
      dueMs !== null && {
        what: 'event' as const,
        at: Temporal.Instant.fromEpochMilliseconds(Math.ceil(dueMs)),
      },
      wakeAt && { what: 'wake' as const, at: wakeAt },
    ]
    return next.reduce<Awaited<ReturnType<typeof nextOf>>>(
      (first, one) => (one && (!first || Temporal.Instant.compare(one.at, first.at) < 0) ? one : first),
      null,
    )
  }
  const wake = async () => {
    const job = await wakeUps.take(time.now())
    if (!job) return
    told.wakes++
    const woken = runOnce(world, process, told)
    const until = await Promise.race([woken, process.mortal.still.then(() => 'still' as const)])
    if (until === 'failed') {
      told.failures++
      // The queue itself cannot be read then; afterwards each lane is looked at within a minute.
      await job.done()
      return wakeUps.at(job.lane, time.now().add({ minutes: 1 }))
    }
    if (until === 'killed') {
      await job.lost()
      told.kills++
      await process.stop()
      return follow()
    }
    if (until === 'still') {
      await job.lost()
      told.freezes++
      frozen = { process, wake: woken, until: time.now().add({ seconds: frozenFor }) }
      return follow()
    }
    await job.done()
    if (until) await wakeUps.at(job.lane, until)
  }
  const thaw = async () => {
    const { process: former, wake } = frozen!
    frozen = null
    former.mortal.thaw()
    await wake
    await former.stop()
  }

  for (;;) {
    const next = await nextOf()
    if (!next || Temporal.Instant.compare(next.at, end) >= 0) break
    time.advanceTo(next.at)
    while (Temporal.Instant.compare(time.now(), instantOf(day * daySeconds)) >= 0) {
      await watch.day(world, process, day++)
      if (events) await watch.kept(events.acknowledged.splice(0))
    }
    if (next.what === 'deed') {
      const deed = waiting.shift()!
      if (deed.kind === 'kill') process.mortal.dieAfter(deed.afterSteps)
      else if (deed.kind === 'freeze') {
        // One at a time: a story with two processes that stand still is two stories.
        if (!frozen) process.mortal.freezeAfter(deed.afterSteps)
        frozenFor = deed.seconds
      } else if (deed.kind === 'killAtWrite') process.mortal.atNextWrite(`dies ${deed.when}`)
      else if (deed.kind === 'freezeAtWrite') {
        if (!frozen) process.mortal.atNextWrite('stands')
        frozenFor = deed.seconds
      } else await takeDeed(world, deed)
    } else if (next.what === 'event') {
      told.events++
      await events!.tell()
      if (process.mortal.isDead) {
        told.kills++
        await process.stop()
        await follow()
      }
    } else {
      await (next.what === 'thaw' ? thaw() : wake())
      await watch.step(world, process)
    }
  }
  if (frozen) await thaw()
  if (events) await watch.kept(events.acknowledged.splice(0))
  told.awaits = process.mortal.steps - bornAt
  await watch.end(world, process)
  await process.stop()
  return told
}

async function begin(world: World, events: EventsIn | null): Promise<WorldProcess> {
  const process = await world.process()
  await events?.heardBy(process)
  process.born()
  return process
}

/** One wake of the lane, in a process that may die on the way. */
async function runOnce(
  world: World,
  { parts, mortal }: WorldProcess,
  told: Telling,
): Promise<Temporal.Instant | null | 'killed' | 'failed'> {
  try {
    const until = await runLane(parts, world.lane, new AbortController().signal, ({ step, outcome }) => {
      told.steps++
      world.trace.update(`${step.kind} ${step.route} ${step.calls}\n`)
      if ('bug' in outcome && !mortal.isDead) throw outcome.bug
    })
    return mortal.isDead ? 'killed' : until
  } catch (error) {
    if (mortal.isDead || error instanceof Killed) return 'killed'
    // The queue hears that it failed, and somebody tries again.
    if (error instanceof FailureError && error.failure.code.startsWith('store.')) return 'failed'
    throw error
  }
}

/** What is done and undone, in order of time. When the days are over everything is undone that the story left open. */
function deedsOf(acts: readonly Act[], days: number): (Deed & { at: number })[] {
  const last = days * daySeconds
  return acts
    .flatMap(({ undone, ...act }) => (undone ? [act, { ...undone, at: Math.min(undone.at, last) }] : [act]))
    .toSorted((a, b) => a.at - b.at)
}
