import { chanceOf, chances, shuffle } from './chance.ts'
import type { SandboxClock } from './clock.ts'
import type { Faults } from './faults.ts'
import type { Journal } from './journal.ts'

type Item<E> = { key: number; event: E; dueMs: number; failures: number }

/** Events on their way out, kept until they were taken or given up. */
export interface EventQueue<E> {
  /** Queues it as the switches have it: lost, twice, held back. */
  add(event: E): void
  /** When something is due next, epoch ms; null: nothing waits. What is being delivered right now is not counted. */
  nextDueMs(): number | null
  /** Delivers what is due, and resolves when all of it was answered. */
  work(): Promise<void>
  waiting(): number
}

const atOnce = 16

/** A queue that goes on where the journal left it. `retriesMs`: the wait after the first failure, the second, …. */
export function createEventQueue<E extends { eventId: string; bornAt: number }>(parts: {
  kind: string
  seed: number
  retriesMs: readonly number[]
  clock: SandboxClock
  faults: Faults
  journal: Journal
  deliver: (event: E) => Promise<'taken' | 'later'>
  onGivenUp: (event: E) => void
}): EventQueue<E> {
  const { kind, seed, retriesMs, clock, faults, journal, deliver, onGivenUp } = parts
  const items = new Map(journal.load<Item<E>>(kind).map(([, item]) => [item.key, item]))
  const underWay = new Set<number>()
  let lastKey = Math.max(0, ...items.keys())
  let rounds = 0
  const chance = (what: string, event: E) => chanceOf(seed, kind, what, event.eventId)

  const put = (item: Item<E>): void => {
    items.set(item.key, item)
    journal.put(kind, String(item.key), item)
  }
  const remove = (item: Item<E>): void => {
    items.delete(item.key)
    journal.remove(kind, String(item.key))
  }
  const idle = () => [...items.values()].filter(({ key }) => !underWay.has(key))

  async function send(item: Item<E>): Promise<void> {
    const outcome = await deliver(item.event).catch(() => 'later' as const)
    underWay.delete(item.key)
    const waitMs = retriesMs[item.failures]
    if (outcome === 'taken') remove(item)
    else if (waitMs !== undefined)
      put({ ...item, failures: item.failures + 1, dueMs: clock.nowMs() + waitMs })
    else {
      remove(item)
      onGivenUp(item.event)
    }
    journal.flush()
  }

  return {
    add(event) {
      const { eventLoss, eventDuplicates, eventDelay: delay } = faults.values
      if (chance('loss', event) < eventLoss) return
      const heldSec =
        typeof delay === 'number' ? delay : delay.min + chance('delay', event) * (delay.max - delay.min)
      const dueMs = event.bornAt + Math.round(heldSec * 1000)
      put({ key: ++lastKey, event, dueMs, failures: 0 })
      if (chance('twice', event) < eventDuplicates)
        put({ key: ++lastKey, event, dueMs: dueMs + 1_000, failures: 0 })
    },
    nextDueMs: () => idle().reduce<number | null>((next, { dueMs }) => Math.min(next ?? dueMs, dueMs), null),
    async work() {
      const nowMs = clock.nowMs()
      const due = idle()
        .filter(({ dueMs }) => dueMs <= nowMs)
        .sort((a, b) => a.dueMs - b.dueMs || a.key - b.key)
      if (faults.values.eventsShuffled) shuffle(due, chances(seed ^ ++rounds))
      for (const { key } of due) underWay.add(key)
      const next = due[Symbol.iterator]()
      const lane = async (): Promise<void> => {
        for (const item of next) await send(item)
      }
      await Promise.all(Array.from({ length: Math.min(atOnce, due.length) }, lane))
    },
    waiting: () => items.size,
  }
}
