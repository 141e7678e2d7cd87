import type { SandboxClock } from '../clock.ts'
import type { Company, Person } from '../company.ts'
import type { Journal } from '../journal.ts'
import type { Punch } from '../punch-plan.ts'
import { dayOf, dayStart } from '../shanghai.ts'
import type { Punches } from './punches.ts'

type Coming = { dueMs: number; person: Person; day: number; id: number }

/** The company's own punches in the order in which the platform gets to know them. */
export interface PunchAgenda {
  /** Those it got to know since it was last asked, each once. */
  take(): { person: Person; punch: Punch }[]
  /** When the next one is known, epoch ms, as far as the plan reaches: at the latest the next midnight. */
  nextMs(): number
  /** Everything until now is old news. */
  skip(): void
  /** It goes on from an earlier process, which had been asked. */
  readonly isKept: boolean
}

/** An agenda that goes on where the journal left it; a new one begins now. A day is planned when it begins. */
export function createPunchAgenda(parts: {
  company: Company
  punches: Punches
  clock: SandboxClock
  journal: Journal
}): PunchAgenda {
  const { company, punches, clock, journal } = parts
  const kept = journal.load<number>('agenda').find(([key]) => key === 'heardTo')?.[1]
  let heardTo = kept ?? clock.nowMs()
  /** Latest first, so that the next one is at the end. */
  let coming: Coming[] = []
  // A night shift of yesterday still has its last punch before it.
  let plannedTo = dayOf(heardTo) - 2

  function plan(nowMs: number): void {
    if (plannedTo >= dayOf(nowMs)) return
    while (plannedTo < dayOf(nowMs)) {
      const day = ++plannedTo
      for (const person of company.people)
        for (const { id, createdAt } of punches.planned(person, day))
          if (createdAt > heardTo) coming.push({ dueMs: createdAt, person, day, id })
    }
    coming.sort((a, b) => b.dueMs - a.dueMs || b.id - a.id)
  }
  function hear(nowMs: number): void {
    heardTo = nowMs
    journal.put('agenda', 'heardTo', heardTo)
  }

  return {
    isKept: kept !== undefined,
    take() {
      const nowMs = clock.nowMs()
      plan(nowMs)
      const taken: { person: Person; punch: Punch }[] = []
      const late: Coming[] = []
      while (coming.length > 0 && coming.at(-1)!.dueMs <= nowMs) {
        const next = coming.pop()!
        // What was planned may have been made late since, or its owner may have left.
        const punch = punches.planned(next.person, next.day).find(({ id }) => id === next.id)
        if (!punch) continue
        if (punch.createdAt > nowMs) late.push({ ...next, dueMs: punch.createdAt })
        else taken.push({ person: next.person, punch })
      }
      if (late.length > 0) coming = [...coming, ...late].sort((a, b) => b.dueMs - a.dueMs || b.id - a.id)
      hear(nowMs)
      return taken
    },
    nextMs() {
      plan(clock.nowMs())
      return coming.at(-1)?.dueMs ?? dayStart(plannedTo + 1)
    },
    skip() {
      hear(clock.nowMs())
      coming = []
      plannedTo = dayOf(heardTo) - 2
    },
  }
}
