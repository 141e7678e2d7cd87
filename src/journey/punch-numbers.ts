import { nextPunchBlock } from '#store/punches.ts'
import type { Journey } from './context.ts'

/** Numbers for new punches: reserved first, then given out one by one. */
export type PunchNumbers = { reserve(count: number): Promise<void>; next: () => number }

/** Numbers from blocks of a thousand; a rehearsal needs none that last. */
export function punchNumbers(journey: Pick<Journey, 'database' | 'isRehearsal'>): PunchNumbers {
  const free: { next: number; end: number }[] = []
  let rehearsed = 0
  return {
    async reserve(count) {
      if (journey.isRehearsal) return
      let have = free.reduce((sum, block) => sum + block.end - block.next, 0)
      for (; have < count; have += 1000) {
        const start = await nextPunchBlock(journey.database.kysely)
        free.push({ next: start, end: start + 1000 })
      }
    },
    next() {
      if (journey.isRehearsal) return --rehearsed
      while (free[0] && free[0].next === free[0].end) free.shift()
      return free[0]!.next++
    },
  }
}
