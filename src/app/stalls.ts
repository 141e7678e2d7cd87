import { backoffMs } from '#domain/backoff.ts'
import type { Random } from '#domain/effects.ts'
import type { LaneState, LegState, Step } from '#domain/planner/types.ts'

type Work = Exclude<Step, { kind: 'wait' }>
type Stall = { left: string; tries: number; until: Temporal.Instant }

/** A kind of step brought nothing and waits until then; null: it is about something else now. */
export type StallNews = Pick<LegState, 'route' | 'leg'> & {
  kind: Work['kind']
  until: Temporal.Instant | null
}

/** What a step is to change: when it is the same after the step as before, the step brought nothing. */
const subjects = {
  sweep: ({ lastSweep }: LegState) => lastSweep,
  hinted: ({ hints }: LegState) => hints,
  deliver: ({ owed }: LegState) => owed,
  readBack: ({ inFlight }: LegState) => inFlight,
  contacts: ({ contactsReadAt }: LegState) => contactsReadAt,
} as const satisfies Record<Work['kind'], (leg: LegState) => unknown>

/** The same leg with nothing of this kind to do. */
const without = {
  sweep: (leg: LegState, until: Temporal.Instant): LegState => ({ ...leg, retryAt: until }),
  hinted: (leg: LegState): LegState => ({ ...leg, hints: { count: 0, oldest: null } }),
  deliver: (leg: LegState): LegState => ({ ...leg, owed: { count: 0, oldest: null } }),
  readBack: (leg: LegState): LegState => ({ ...leg, inFlight: { count: 0, lookAt: null } }),
  contacts: (leg: LegState, _: Temporal.Instant, now: Temporal.Instant): LegState => ({
    ...leg,
    contactsReadAt: now,
  }),
} as const satisfies Record<
  Work['kind'],
  (leg: LegState, until: Temporal.Instant, now: Temporal.Instant) => LegState
>

/**
 * Remembers steps that brought nothing, so that none of a lane is taken again and again on a state it does not change:
 * each waits longer than the time before, until what it is about is another. Held by a process; a new one finds out for
 * itself.
 */
export class Stalls {
  readonly #stalls = new Map<string, Stall>()
  readonly #random: Random
  #last: { name: string; before: string } | null = null
  readonly #news: StallNews[] = []

  constructor(random: Random) {
    this.#random = random
  }

  /** The state as the planner may see it, and when it may see more; null when nothing is kept back. */
  sift(state: LaneState): { state: LaneState; until: Temporal.Instant | null } {
    this.#judge(state)
    let until: Temporal.Instant | null = null
    const siftLeg = (leg: LegState): LegState => {
      let sifted = leg
      for (const kind of kinds) {
        const name = nameOf(leg, kind)
        const stall = this.#stalls.get(name)
        if (!stall) continue
        if (stall.left !== subjectOf(leg, kind)) this.#end(leg, kind)
        else if (Temporal.Instant.compare(state.now, stall.until) < 0) {
          sifted = without[kind](sifted, stall.until, state.now)
          if (!until || Temporal.Instant.compare(stall.until, until) < 0) until = stall.until
        }
      }
      return sifted
    }
    const legs = state.legs.map(siftLeg)
    const closed = state.closed?.map(siftLeg)
    return { state: { ...state, legs, ...(closed && { closed }) }, until }
  }

  /** A step was taken on this state, and did not fail. */
  took(step: Work, state: LaneState): void {
    const leg = legOf(step, state)
    this.#last = leg ? { name: nameOf(leg, step.kind), before: subjectOf(leg, step.kind) } : null
  }

  /** What has begun, gone on or ended, the oldest first; whoever has written one down takes it off. */
  get news(): StallNews[] {
    return this.#news
  }

  #end({ route, leg }: LegState, kind: Work['kind']): void {
    if (this.#stalls.delete(nameOf({ route, leg }, kind))) this.#news.push({ route, leg, kind, until: null })
  }

  /** Did the last step change what it was to change? */
  #judge(state: LaneState): void {
    const last = this.#last
    this.#last = null
    if (!last) return
    const leg = everyLeg(state).find((one) => kinds.some((kind) => nameOf(one, kind) === last.name))
    const kind = kinds.find((one) => leg && nameOf(leg, one) === last.name)
    if (!leg || !kind) return
    if (subjectOf(leg, kind) !== last.before) {
      this.#end(leg, kind)
      return
    }
    const tries = (this.#stalls.get(last.name)?.tries ?? 0) + 1
    const until = state.now.add({ milliseconds: backoffMs(tries, this.#random) })
    this.#stalls.set(last.name, { left: last.before, tries, until })
    this.#news.push({ route: leg.route, leg: leg.leg, kind, until })
  }
}

const kinds = Object.keys(subjects) as Work['kind'][]
const nameOf = ({ route, leg }: Pick<LegState, 'route' | 'leg'>, kind: string) =>
  `${kind} ${route} ${leg.source}`
const subjectOf = (leg: LegState, kind: Work['kind']): string => JSON.stringify(subjects[kind](leg))
const everyLeg = ({ legs, closed = [] }: LaneState) => [...legs, ...closed]
const legOf = ({ route, leg }: Work, state: LaneState) =>
  everyLeg(state).find((one) => one.route === route && one.leg.source === leg.source)
