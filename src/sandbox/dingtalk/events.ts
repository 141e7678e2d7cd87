import { hash32 } from '../chance.ts'
import type { SandboxClock } from '../clock.ts'
import type { Company } from '../company.ts'
import { createEventQueue } from '../event-queue.ts'
import type { Faults } from '../faults.ts'
import type { Journal } from '../journal.ts'
import { monthlyDeliveries } from '../limits.ts'
import type { Punch } from '../punch-plan.ts'
import { monthText } from '../shanghai.ts'
import type { StaffAct } from '../staff.ts'
import { bossCheckBody, type EventBody, isFree, punchBody, staffBodies } from './event-bodies.ts'
import { createFailedList, type FailedList } from './failed-list.ts'
import { planIdOf } from './list-record.ts'
import { createPunchAgenda } from './punch-agenda.ts'
import type { Punches } from './punches.ts'

/** An event as DingTalk has it before it is put into an envelope. `bornAt`: epoch ms. */
export type DingtalkEvent = {
  eventId: string
  eventType: string
  bornAt: number
  corpId: string
  data: Record<string, unknown>
}

/**
 * Carries one event to the customer: `acknowledged` when it was taken, `later` when it must come again, `nobody` when
 * nobody is there to take it. Must answer within the transport's own deadline; what it throws counts as `later`.
 */
export type Deliver = (event: DingtalkEvent) => Promise<'acknowledged' | 'later' | 'nobody'>

export type DingtalkEventCounts = {
  born: number
  /** Punches of one person within a minute of the one that was told. */
  collapsed: number
  /** Attempts, and how many of them were taken. */
  sent: number
  acknowledged: number
  /** Not sent because the month's deliveries were used up. */
  overQuota: number
  /** Given up: lost over the Stream, parked over HTTP. */
  givenUp: number
  waiting: number
  parked: number
  /** Counted deliveries of this month. */
  metered: number
}

/** The events of one organisation on their way out. Without a deliverer nobody has subscribed, and there are none. */
export interface DingtalkEvents {
  /** Whoever carries events from now on. `parked`: what is never taken goes on the failed list; else it is lost. */
  setDeliverer(deliver: Deliver | null, notTaken?: 'lost' | 'parked'): void
  /** An event that the world does not make by itself. */
  emit(body: EventBody): void
  punched(userId: string, punch: Punch): void
  amended(userId: string, punch: Punch): void
  staff(act: StaffAct): void
  /** When there is something to do next, epoch ms; null: never, as things are. */
  nextDueMs(): number | null
  /** Does what is due: punches become events, events are delivered. Resolves when all of it was answered. */
  work(): Promise<void>
  failed: FailedList
  counts(): DingtalkEventCounts
}

/** The same punches, of which the events hear when one is made or amended. */
export const heardBy = (events: DingtalkEvents, punches: Punches): Punches => ({
  ...punches,
  add(userId, punch) {
    const made = punches.add(userId, punch)
    events.punched(userId, made)
    return made
  },
  amend(change, nowMs) {
    const amended = punches.amend(change, nowMs)
    if (amended) events.amended(change.userId, amended)
    return amended
  },
})

/** After the first failure, and after the second; then it is given up. */
const retriesMs = [10_000, 30_000]
/** One push a person and minute, however often they punched. */
const collapseMs = 60_000

export function createDingtalkEvents(parts: {
  seed: number
  corpId: string
  edition: string[]
  company: Company
  punches: Punches
  clock: SandboxClock
  faults: Faults
  journal: Journal
}): DingtalkEvents {
  const { seed, corpId, edition, company, punches, clock, faults, journal } = parts
  const agenda = createPunchAgenda({ company, punches, clock, journal })
  const failed = createFailedList(seed, journal)
  const metered = new Map(journal.load<number>('delivered'))
  const toldAt = new Map<string, number>()
  /** Made by hand with a moment at which the platform hears of it. */
  let unheard: { atMs: number; userId: string; punch: Punch }[] = []
  let deliverer: Deliver | null = null
  /** What happened while nobody had subscribed is told to nobody. */
  let isOldNews = !agenda.isKept
  let isParked = false
  let born = journal.load<number>('eventsBorn')[0]?.[1] ?? 0
  const counts = { collapsed: 0, sent: 0, acknowledged: 0, overQuota: 0, givenUp: 0 }

  const queue = createEventQueue<DingtalkEvent>({
    ...{ kind: 'dingtalkEvent', seed, retriesMs, clock, faults, journal },
    async deliver(event) {
      if (!deliverer) return 'later'
      if (!isFree(event.eventType) && !meter()) {
        counts.overQuota++
        return 'taken'
      }
      counts.sent++
      if ((await deliverer(event)) !== 'acknowledged') return 'later'
      counts.acknowledged++
      return 'taken'
    },
    onGivenUp(event) {
      counts.givenUp++
      if (isParked) failed.park(event, clock.nowMs())
    },
  })

  /** Every attempt counts, a repeated one too: the careful reading. */
  function meter(): boolean {
    const month = monthText(clock.nowMs())
    const used = metered.get(month) ?? 0
    if (used >= monthlyDeliveries(edition)) return false
    metered.set(month, used + 1)
    journal.put('delivered', month, used + 1)
    return true
  }

  function emit({ eventType, data }: EventBody, bornAt = clock.nowMs()): void {
    if (!deliverer || !faults.values.events) return
    journal.put('eventsBorn', 'last', ++born)
    const eventId = `${hash32(seed, 'event', born).toString(16).padStart(8, '0')}${born}`
    queue.add({ eventId, eventType, bornAt, corpId, data })
  }

  function tellPunch(userId: string, punch: Punch, bornAt: number): void {
    const before = toldAt.get(userId)
    if (before !== undefined && bornAt >= before && bornAt < before + collapseMs) {
      counts.collapsed++
      return
    }
    toldAt.set(userId, bornAt)
    emit(punchBody(corpId, userId, punch), bornAt)
  }

  function hear(): void {
    const nowMs = clock.nowMs()
    const known = unheard.filter(({ atMs }) => atMs <= nowMs).sort((a, b) => a.atMs - b.atMs)
    unheard = unheard.filter(({ atMs }) => atMs > nowMs)
    for (const { userId, punch, atMs } of known) tellPunch(userId, punch, atMs)
    for (const { person, punch } of agenda.take())
      if (person.dingtalk) tellPunch(person.dingtalk.userId, punch, punch.createdAt)
  }

  return {
    setDeliverer(deliver, notTaken = 'lost') {
      if (deliver && isOldNews) agenda.skip()
      isOldNews = deliver === null
      deliverer = deliver
      isParked = notTaken === 'parked'
    },
    emit: (body) => emit(body),
    punched(userId, punch) {
      if (deliverer) unheard.push({ atMs: Math.max(punch.createdAt, clock.nowMs()), userId, punch })
    },
    amended(userId, punch) {
      const person = company.byDingtalk.get(userId)
      const planId = person && punch.slot ? planIdOf(person, punch.day, punch.slot) : null
      emit(bossCheckBody(userId, punch, planId))
    },
    staff(act) {
      for (const body of staffBodies(act)) emit(body)
    },
    nextDueMs() {
      if (!deliverer) return null
      const times = [agenda.nextMs(), queue.nextDueMs(), ...unheard.map(({ atMs }) => atMs)]
      return Math.min(...times.filter((time) => time !== null))
    },
    async work() {
      if (!deliverer) return
      hear()
      journal.flush()
      await queue.work()
    },
    failed,
    counts: () => ({
      born,
      ...counts,
      waiting: queue.waiting(),
      parked: failed.parked(),
      metered: metered.get(monthText(clock.nowMs())) ?? 0,
    }),
  }
}
