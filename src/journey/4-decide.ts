import { type Decision, decideDelivery, inTheWay } from '#domain/decide-delivery.ts'
import type { PunchToWrite } from '#domain/punch.ts'
import { fromEpochSecond } from '#domain/spans.ts'
import type { DeliveryRow } from '#store/deliveries.ts'
import type { BatchPlan } from './batch-plan.ts'
import type { Journey, Traveller } from './context.ts'
import type { Shown } from './shown.ts'

/** What a delivery needs to know of a punch, whether it comes fresh from the source or from the ledger. */
export type PunchText = Pick<PunchToWrite, 'latitude' | 'longitude'> & {
  result: string | null
  device: string | null
  address: string | null
}

/** One punch that may have to be decided. */
export type Item = {
  punchId: number
  traveller: Traveller
  /** Epoch seconds. */
  at: number
  isVoid: boolean
  isGone: boolean
  /** The source says otherwise of it than when its delivery was decided. */
  isRevised: boolean
  text: PunchText
  /** The state and reason of its delivery on this route; null before the first decision. */
  delivery: { state: string; reason: string | null } | null
}

/** Not settled and never attempted: a decision is owed. */
export const isOpen = (delivery: { state: string } | null): boolean =>
  delivery === null || delivery.state === 'held' || delivery.state === 'waiting'

/** Nothing but what the target shows keeps it from being delivered. */
export const mayGo = ({ traveller, isVoid, isGone }: Item): boolean =>
  traveller.twin !== null && !isVoid && !isGone

/**
 * Something stands in its way at the target: as long as the source says the same of it, it stays. Looked at again where its
 * person is read for another reason.
 */
export const isForGood = (item: Item): boolean => inTheWay.some((reason) => isHeldFor(item, reason))

const isHeldFor = ({ delivery, isRevised }: Item, reason: (typeof inTheWay)[number]): boolean =>
  delivery?.state === 'held' && delivery.reason === reason && !isRevised

export type Decided = { item: Item; decision: Decision }

/**
 * What becomes of these punches, given what the target shows. Two punches of one person in one second are one delivery:
 * the one that already has a delivery leads, else the one that landed first.
 */
export function decide(
  journey: Pick<Journey, 'policy'>,
  items: Item[],
  shown: Pick<Shown, 'seconds' | 'voids' | 'approved' | 'refused'>,
  now: Temporal.Instant,
  claimed: ReadonlyMap<string, number>,
): Decided[] {
  const leaders = new Map(claimed)
  const nowSecond = now.epochMilliseconds / 1000
  const oldestAccepted = journey.policy.oldestAccepted.epochMilliseconds / 1000
  const ordered = items.toSorted(
    (a, b) => Number(a.delivery === null) - Number(b.delivery === null) || a.punchId - b.punchId,
  )
  return ordered.map((item) => {
    const second = secondOf(item.traveller.key, item.at)
    const leader = leaders.get(second)
    const { twin } = item.traveller
    const isRead = twin !== null && shown.seconds.has(twin.key)
    const isVoidThere = isRead && (shown.voids.get(twin.key)?.has(item.at) ?? false)
    const decision = decideDelivery({
      // An echo is known at sight (load.ts) and never gets this far.
      isOurOwnWrite: false,
      isVoid: item.isVoid,
      isGone: item.isGone,
      isMerged: leader !== undefined && leader !== item.punchId,
      at: item.at,
      now: nowSecond,
      oldestAccepted,
      link: item.traveller.status,
      isThere: isRead && shown.seconds.get(twin.key)!.has(item.at) && !isVoidThere,
      // Of whom nothing was read, what stood in the way goes on standing there.
      isVoidThere: isRead ? isVoidThere : isHeldFor(item, 'voidThere'),
      isApprovedSlot: isRead
        ? (shown.approved.get(twin.key) ?? []).some(
            (planned) => Math.abs(planned - item.at) <= journey.policy.slotRadius,
          )
        : isHeldFor(item, 'approvedSlot'),
    })
    if (decision.kind !== 'skip') leaders.set(second, item.punchId)
    return { item, decision }
  })
}

export const secondOf = (accountKey: string, at: number): string => `${at}@${accountKey}`

/** The rows that write the decisions down; deliveries get their place in a batch. Unchanged holds write nothing. */
export function toDeliveries(
  decided: Decided[],
  plan: BatchPlan,
  shown: Pick<Shown, 'refused'>,
  now: Temporal.Instant,
): { rows: DeliveryRow[]; dropped: number[] } {
  const rows: DeliveryRow[] = []
  const dropped: number[] = []
  for (const { item, decision } of decided) {
    const { twin } = item.traveller
    const base = {
      punchId: item.punchId,
      targetKey: null,
      targetUser: null,
      at: item.at,
      batchId: null,
      settledAt: null,
    }
    if (decision.kind === 'skip') {
      if (item.delivery) dropped.push(item.punchId)
    } else if (decision.kind === 'hold') {
      if (item.delivery?.state !== 'held' || item.delivery.reason !== decision.because)
        rows.push({ ...base, state: 'held', reason: decision.because })
    } else if (decision.kind === 'alreadyThere') {
      rows.push({ ...base, ...target(twin!), state: 'alreadyThere', reason: null, settledAt: now.toString() })
    } else if (shown.refused.has(twin!.key)) {
      rows.push({
        ...base,
        ...target(twin!),
        state: 'refused',
        reason: shown.refused.get(twin!.key)!,
        settledAt: now.toString(),
      })
    } else {
      const batchId = plan.add({ punchId: item.punchId, record: toRecord(item) })
      rows.push({ ...base, ...target(twin!), state: 'batched', reason: null, batchId })
    }
  }
  return { rows, dropped }
}

const target = (twin: { key: string; userId: string }) => ({ targetKey: twin.key, targetUser: twin.userId })

/** A punch as the target's connector wants it; empty texts get the connector's own words. */
export function toRecord(item: Pick<Item, 'traveller' | 'at' | 'text'>): PunchToWrite {
  const { text } = item
  return {
    userId: item.traveller.twin!.userId,
    at: fromEpochSecond(item.at),
    placeTitle: text.device ?? '',
    placeDetail: text.address ?? '',
    note: text.result ?? '',
    deviceName: text.device ?? '',
    byMachine: text.device !== null,
    latitude: text.latitude,
    longitude: text.longitude,
  }
}
