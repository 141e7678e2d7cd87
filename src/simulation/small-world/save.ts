import { decide, type Item, secondOf, toDeliveries } from '#journey/4-decide.ts'
import type { Settled } from '#journey/6-verify.ts'
import { BatchPlan, type Parcel } from '#journey/batch-plan.ts'
import { type Traveller, travellerAt } from '#journey/context.ts'
import { splitOf } from '#journey/decide-group.ts'
import { ways } from './decisions.ts'
import { now, pureJourney, type View } from './look.ts'
import { accountOfRow, atOfRow } from './rows.ts'
import type { Delivery, Envelope, State } from './state.ts'
import { accountKeys, indexOfKey, writeRecords } from './world.ts'

/** decide-group.ts decideGroup and save, then carry.ts sendRest: decisions and planned batches in one transaction. */
export function decideAndSave(
  state: State,
  way: number,
  { loads, shown, settled, claimed }: View,
): Envelope[] {
  const missed = new Set(settled.missed.map((one) => one.punchId))
  const again = loads.flatMap((load) => load.inFlight).filter((item) => missed.has(item.punchId))
  for (const item of again) {
    const second = secondOf(item.traveller.key, item.at)
    if (!claimed.has(second)) claimed.set(second, item.punchId)
  }
  const items = loads
    .flatMap((load) => load.items)
    .concat(again.map((item) => ({ ...item, delivery: { state: 'waiting', reason: null } })))
  const decided = decide(pureJourney, items, shown, now, claimed)

  const plan = planFor(state, way, items.length)
  const split = splitOf(settled, again)
  const alone = new Set([...split.values()].flat(2).map((item) => item.punchId))
  const { rows, dropped } = toDeliveries(
    decided.filter(({ item, decision }) => decision.kind !== 'deliver' || !alone.has(item.punchId)),
    plan,
    shown,
    now,
  )
  for (const part of [...split.values()].flat()) {
    const going = part.filter((item) =>
      decided.some((one) => one.item.punchId === item.punchId && one.decision.kind === 'deliver'),
    )
    if (going.length === 0) continue
    const batchId = plan.addAlone(going.map(parcelOf))
    for (const item of going) rows.push(rowOf(item, batchId))
  }
  for (const { id } of loads.flatMap((load) => load.inserts)) state.deliveries[id] ??= null
  for (const row of dropped)
    if (['held', 'waiting'].includes(state.deliveries[row]?.state ?? '')) state.deliveries[row] = null
  return write(state, way, plan, rows)
}

/** read-back.ts sendAgain: cleanly missed, planned anew without another decision. */
export function saveAgain(state: State, way: number, settled: Settled, travellers: Traveller[]): Envelope[] {
  const byTwin = new Map(travellers.flatMap((one) => (one.twin ? [[one.twin.key, one] as const] : [])))
  const items = settled.missed.flatMap(({ punchId, targetKey, at }): Item[] => {
    const traveller = byTwin.get(targetKey)
    const isTheirs =
      traveller?.key === accountKeys[accountOfRow(punchId)] &&
      traveller !== undefined &&
      travellerAt(traveller, at).twin !== null
    if (!isTheirs) return []
    return [
      {
        punchId,
        traveller,
        at,
        isVoid: false,
        isGone: false,
        isRevised: false,
        text: noText,
        delivery: { state: 'waiting', reason: null },
      },
    ]
  })
  const split = [...splitOf(settled, items).values()].flat()
  const alone = new Set(split.flat().map((item) => item.punchId))
  const plan = planFor(state, way, items.length)
  const rows: Row[] = []
  for (const item of items.filter(({ punchId }) => !alone.has(punchId)))
    rows.push(rowOf(item, plan.add(parcelOf(item))))
  for (const part of split) {
    const batch = plan.addAlone(part.map(parcelOf))
    for (const item of part) rows.push(rowOf(item, batch))
  }
  return write(state, way, plan, rows)
}

type Row = Pick<
  ReturnType<typeof toDeliveries>['rows'][number],
  'punchId' | 'targetKey' | 'state' | 'reason' | 'batchId'
>

const noText = { result: null, device: null, address: null, latitude: null, longitude: null }
const parcelOf = (item: Item): Parcel => ({ punchId: item.punchId, record: {} as Parcel['record'] })
const rowOf = (item: Item, batchId: number): Row & { targetUser: string; at: number; settledAt: null } => ({
  punchId: item.punchId,
  targetKey: item.traveller.twin!.key,
  targetUser: item.traveller.twin!.userId,
  at: atOfRow(item.punchId),
  state: 'batched',
  reason: null,
  batchId,
  settledAt: null,
})

function planFor(state: State, way: number, parcels: number): BatchPlan {
  const plan = new BatchPlan(writeRecords[ways[way]!.target])
  plan.giveNumbers(Array.from({ length: parcels + 1 }, (_, i) => state.batches.length + i))
  return plan
}

/** batches.ts saveBatch and deliveries.ts saveDecisions: what was ever attempted or settled is never touched by a new decision. */
function write(state: State, way: number, plan: BatchPlan, rows: Row[]): Envelope[] {
  for (const batch of plan.takeChanged())
    state.batches[batch.id] = { way, state: 'planned', isOld: false, isSplit: batch.isSplit }
  for (const { punchId, targetKey, state: to, reason, batchId } of rows) {
    const before = state.deliveries[punchId]
    if (before && before.state !== 'held' && before.state !== 'waiting') continue
    state.deliveries[punchId] = {
      state: to as Delivery['state'],
      reason,
      target: targetKey === null ? -1 : indexOfKey(targetKey),
      batch: batchId ?? -1,
    }
  }
  return plan
    .takeReady(true)
    .map(({ id, parcels }) => ({ batch: id, parcels: parcels.map(({ punchId }) => punchId) }))
}
