import { chanceOf } from '../chance.ts'
import type { Journal } from '../journal.ts'
import type { DingtalkEvent } from './events.ts'

const perCall = 200
const availableAfterMs = { min: 180_000, max: 300_000 }

type Parked = { number: number; fromMs: number; row: Record<string, unknown> }

/** Events that no callback took. */
export interface FailedList {
  park(event: DingtalkEvent, nowMs: number): void
  /** At most 200 that are available, oldest first. What the call before this one returned is gone. */
  read(nowMs: number): { rows: Record<string, unknown>[]; hasMore: boolean }
  parked(): number
}

/** The list as the journal kept it. */
export function createFailedList(seed: number, journal: Journal): FailedList {
  const parked = new Map(journal.load<Parked>('parked').map(([, one]) => [one.number, one]))
  let returned = journal.load<number[]>('returned')[0]?.[1] ?? []
  let last = Math.max(0, ...parked.keys())
  return {
    park(event, nowMs) {
      const number = ++last
      const { min, max } = availableAfterMs
      const fromMs = nowMs + min + chanceOf(seed, 'parked', number) * (max - min)
      const one: Parked = { number, fromMs, row: rowOf(event) }
      parked.set(number, one)
      journal.put('parked', String(number), one)
    },
    read(nowMs) {
      for (const number of returned) {
        parked.delete(number)
        journal.remove('parked', String(number))
      }
      const available = [...parked.values()].filter(({ fromMs }) => fromMs <= nowMs)
      const page = available.slice(0, perCall)
      returned = page.map(({ number }) => number)
      journal.put('returned', 'last', returned)
      return { rows: page.map(({ row }) => row), hasMore: available.length > perCall }
    },
    parked: () => parked.size,
  }
}

/** The fields stand under the event's own name for contacts, under a family's name for the rest. */
function rowOf({ eventType, bornAt, corpId, data }: DingtalkEvent): Record<string, unknown> {
  const { timeStamp, userId, ...rest } = data
  const family = eventType.startsWith('bpms_') ? 'bpmsCallBackData' : 'callbackData'
  const fields = eventType.startsWith('user_')
    ? { [eventType]: { userid: userId, corpid: corpId } }
    : { [family]: { ...rest, ...(userId !== undefined && { userId }), corpId } }
  return { call_back_tag: eventType, event_time: bornAt, ...fields }
}
