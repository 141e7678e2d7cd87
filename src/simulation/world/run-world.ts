import { runLane } from '../../app/run-lane.ts'
import { Killed } from '../crash.ts'
import type { Act } from './acts.ts'
import type { World, WorldProcess } from './found-world.ts'
import type { Watcher } from './watch.ts'

/** How a telling went. */
export type Told = { wakes: number; kills: number; until: Temporal.Instant }

/** After the story the product is left alone until it is quiet: every delay a platform may have passes in it. */
const calmHours = 30
const daySeconds = 86_400

/**
 * Tells a story: the queue wakes the lane, the lane does what the planner says, acts come between, and the clock jumps
 * from one to the next. A killed process is followed by another. `watch` looks on after every wake and at every day's end.
 */
export async function runWorld(world: World, acts: readonly Act[], watch: Watcher): Promise<Told> {
  const { time, wakeUps, ask } = world
  const begun = time.now()
  const secondsIn = () => (time.now().epochMilliseconds - begun.epochMilliseconds) / 1000
  const end = begun.add({ hours: 24 * ask.days + calmHours })
  const waiting = [...acts, ...allCalm(acts, ask.days)]
  let process = await world.process()
  const told: Told = { wakes: 0, kills: 0, until: end }
  let day = 1
  const reborn = async () => {
    told.kills++
    await process.stop()
    process = await world.process()
  }
  while (Temporal.Instant.compare(time.now(), end) < 0) {
    const nextAct = waiting[0]
    const wakeAt = await wakeUps.nextAt()
    const actAt = nextAct ? begun.add({ milliseconds: Math.round(nextAct.at * 1000) }) : end
    const isAct = wakeAt === null || Temporal.Instant.compare(actAt, wakeAt) <= 0
    if (wakeAt === null && !nextAct) break
    time.advanceTo(isAct ? actAt : wakeAt!)
    if (Temporal.Instant.compare(time.now(), end) >= 0) break
    while (secondsIn() >= day * daySeconds) await watch.day(world, process, day++)
    if (isAct && nextAct) {
      waiting.shift()
      if (nextAct.kind !== 'kill') world.sandbox.set({ [nextAct.name]: nextAct.value })
      else process.mortal.dieAfter(nextAct.afterSteps)
      continue
    }
    const job = await wakeUps.take(time.now())
    if (!job) continue
    told.wakes++
    const until = await wake(world, process)
    if (until === 'killed') {
      await job.lost()
      await reborn()
    } else {
      await job.done()
      if (until) await wakeUps.at(job.lane, until)
    }
    await watch.step(world, process)
  }
  await watch.end(world, process)
  await process.stop()
  return told
}

/** One wake of the lane, in a process that may die on the way. */
async function wake(
  world: World,
  { parts, mortal }: WorldProcess,
): Promise<Temporal.Instant | null | 'killed'> {
  try {
    const until = await runLane(parts, world.lane, new AbortController().signal, ({ step, outcome }) => {
      world.trace.update(`${step.kind} ${step.route} ${step.calls}\n`)
      if ('bug' in outcome && !mortal.isDead) throw outcome.bug
    })
    return mortal.isDead ? 'killed' : until
  } catch (error) {
    if (mortal.isDead || error instanceof Killed) return 'killed'
    throw error
  }
}

/** When the days are over every switch goes back, whatever the story left open. */
const allCalm = (acts: readonly Act[], days: number): Act[] =>
  acts.flatMap((act) => (act.kind === 'calm' ? [{ ...act, at: days * daySeconds }] : []))
