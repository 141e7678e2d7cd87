import { nextBatchNumbers, saveBatch } from '#store/batches.ts'
import { dropDecisions, markAmended, readFilledSlots, saveDecisions } from '#store/deliveries.ts'
import { insertPunches, markGone, revisePunches } from '#store/punches.ts'
import { type Decided, decide, type Item, secondOf, toDeliveries, toRecord } from './4-decide.ts'
import type { Courier } from './5-deliver.ts'
import { type Settled, settle, spanOf } from './6-verify.ts'
import type { BatchPlan } from './batch-plan.ts'
import { type Journey, outboxOf } from './context.ts'
import { type Load, owesRead } from './load.ts'
import { shareOut, toWaiting } from './put-off.ts'
import { readShown, type Shown } from './shown.ts'

const rowsPerStatement = 5_000
const nothing: Settled = { seen: 0, missed: [], open: 0 }
const nothingShown: Pick<Shown, 'seconds' | 'voids' | 'approved' | 'refused'> = {
  seconds: new Map(),
  voids: new Map(),
  approved: new Map(),
  refused: new Map(),
}

/** `readers`: keys of the people the target was read for. `waiting`: owed, and not written in this run. */
export type GroupResult = { decided: Decided[]; readers: string[]; waiting: number }

/** What a group is decided on: its people's loads, what the target shows of them, and what that settled. */
export type GroupView = {
  loads: Load[]
  /** Keys of the people the target was read for. */
  readers: string[]
  shown: Pick<Shown, 'seconds' | 'voids' | 'approved' | 'refused'>
  settled: Settled
  /** Seconds that already have a leader. */
  claimed: Map<string, number>
  /** Owed, and more than this run may write. */
  later: Item[]
}

/** Reads what the target shows of those who owe something, and settles what was in flight. Plans nothing. */
export async function lookAtGroup(journey: Journey, given: Load[]): Promise<GroupView> {
  const { loads, later } = shareOut(given, journey.allowance)
  const owing = loads.filter(owesRead)
  const accounts = owing.map((load) => load.traveller.twin!)
  const seconds = owing.flatMap((load) => [...load.items, ...load.inFlight].map((item) => item.at))
  const span = seconds.length > 0 ? spanOf(seconds) : null
  const shown = span ? await readShown(journey, accounts, span) : null
  const settled =
    span && shown && !journey.isRehearsal ? await settle(journey, accounts, span, shown, true, null) : nothing

  const claimed = new Map(loads.flatMap((load) => [...load.claimed]))
  await claimFilled(journey, owing, claimed)
  const readers = owing.map((load) => load.traveller.key)
  return { loads, readers, shown: shown ?? nothingShown, settled, claimed, later }
}

/**
 * Decides a group of people together, and writes punches, decisions and planned batches down in one transaction. Then
 * the batches may go.
 */
export async function decideGroup(
  journey: Journey,
  { loads, readers, shown, settled, claimed, later }: GroupView,
  plan: BatchPlan,
  courier: Courier | null,
): Promise<GroupResult> {
  const missed = new Set(settled.missed.map((one) => one.punchId))
  // What was missed cleanly waits again; what came out of a refused batch goes by itself, in parts.
  const clean = loads.flatMap((load) => load.inFlight).filter((item) => missed.has(item.punchId))
  const again = clean.slice(0, journey.allowance.take(clean.length))
  for (const item of again) claim(claimed, secondOf(item.traveller.key, item.at), item.punchId)
  const items = loads
    .flatMap((load) => load.items)
    .concat(again.map((item) => ({ ...item, delivery: { state: 'waiting', reason: null } })))
  const decided = decide(journey, items, shown, journey.clock.now(), claimed)
  if (!journey.isRehearsal)
    await save(journey, { loads, decided, later }, plan, shown, splitOf(settled, again))
  if (courier) for (const batch of plan.takeReady(false)) await courier.push(batch)
  return { decided, readers, waiting: later.length + clean.length - again.length }
}

/**
 * A second of the same account that is filled already is one delivery: another route's, or that of a punch which the
 * source has replaced by another row.
 */
async function claimFilled(journey: Journey, owing: Load[], claimed: Map<string, number>): Promise<void> {
  const wanted = new Map(
    owing.flatMap(({ traveller: { key, twin }, items, inFlight }) =>
      [...items, ...inFlight].map(
        ({ at }) => [`${at}@${twin!.key}`, { key, targetKey: twin!.key, at }] as const,
      ),
    ),
  )
  if (wanted.size === 0) return
  const filled = await readFilledSlots(journey.database.kysely, outboxOf(journey), [...wanted.values()])
  for (const { targetKey, at, punchId } of filled)
    claim(claimed, secondOf(wanted.get(`${at}@${targetKey}`)!.key, at), punchId ?? anotherRoutes)
}

/** Takes a second unless another punch leads it: the source may have moved one punch to where another was delivered. */
function claim(claimed: Map<string, number>, second: string, punchId: number): void {
  if (!claimed.has(second)) claimed.set(second, punchId)
}

/** Leads a second, and is no punch of this route. */
const anotherRoutes = -1

/**
 * A refused batch goes again in so many parts. Each round of parts waits until whatever the platform may have stored of
 * them must show: with halves the colleagues of one bad record among 200 waited eight times that long, with these twice.
 */
const partsOfRefused = 16

/** Parcels out of refused batches, in parts that are each smaller than what they came from. */
export function splitOf(settled: Settled, items: Item[]): Map<number, Item[][]> {
  const byId = new Map(items.map((item) => [item.punchId, item]))
  const byBatch = new Map<number, Item[]>()
  for (const { batchId, wasSplit, punchId } of settled.missed) {
    const item = byId.get(punchId)
    if (!wasSplit || !item) continue
    byBatch.set(batchId, [...(byBatch.get(batchId) ?? []), item])
  }
  return new Map(
    [...byBatch].map(([batch, list]) => {
      const size = Math.ceil(list.length / partsOfRefused)
      return [batch, [...parts(list, size)]]
    }),
  )
}

async function save(
  journey: Journey,
  { loads, decided, later }: { loads: Load[]; decided: Decided[]; later: Item[] },
  plan: BatchPlan,
  shown: Pick<Shown, 'refused'>,
  split: Map<number, Item[][]>,
): Promise<void> {
  const where = outboxOf(journey)
  const now = journey.clock.now()
  const alone = new Set([...split.values()].flat(2).map((item) => item.punchId))
  await reserveNumbers(journey, plan, decided.length, [...split.values()].flat().length)
  const { rows, dropped } = toDeliveries(
    decided.filter(({ item, decision }) => decision.kind !== 'deliver' || !alone.has(item.punchId)),
    plan,
    shown,
    now,
  )
  rows.push(...toWaiting(later, journey.allowance.because))
  for (const parts of split.values())
    for (const part of parts) {
      const going = part.filter((item) =>
        decided.some((one) => one.item.punchId === item.punchId && one.decision.kind === 'deliver'),
      )
      if (going.length === 0) continue
      const batchId = plan.addAlone(going.map((item) => ({ punchId: item.punchId, record: toRecord(item) })))
      for (const item of going)
        rows.push({
          punchId: item.punchId,
          targetKey: item.traveller.twin!.key,
          targetUser: item.traveller.twin!.userId,
          at: item.at,
          state: 'batched',
          reason: null,
          batchId,
          settledAt: null,
        })
    }
  const inserts = loads.flatMap((load) => load.inserts)
  const revisions = loads.flatMap((load) => load.revisions)
  const gone = loads.flatMap((load) => load.goneIds)
  const returned = loads.flatMap((load) => load.returnedIds)
  const batches = plan.takeChanged()
  if (
    rows.length +
      dropped.length +
      inserts.length +
      revisions.length +
      gone.length +
      returned.length +
      batches.length ===
    0
  )
    return
  await journey.lanes!.keep()
  await journey.database.transaction(async (tx) => {
    await journey.lanes!.guard(tx)
    const { tenant, connection } = { tenant: journey.tenant, connection: journey.source.connection.id }
    for (const part of parts(inserts)) await insertPunches(tx, tenant, connection, part, now)
    if (revisions.length > 0) {
      await revisePunches(tx, tenant, revisions, now)
      await markAmended(
        tx,
        where,
        revisions.map((row) => row.id),
      )
    }
    if (gone.length > 0) await markGone(tx, tenant, gone, now)
    if (returned.length > 0) await markGone(tx, tenant, returned, null)
    if (dropped.length > 0) await dropDecisions(tx, where, dropped)
    for (const batch of batches)
      await saveBatch(tx, where, {
        id: batch.id,
        size: batch.parcels.length,
        fence: journey.fence,
        isSplit: batch.isSplit,
      })
    for (const part of parts(rows)) await saveDecisions(tx, where, part, now)
  })
}

/** Batch numbers are fetched before the transaction, so that planning itself never waits. */
export async function reserveNumbers(
  journey: Journey,
  plan: BatchPlan,
  parcels: number,
  alone: number,
): Promise<void> {
  plan.giveNumbers(await nextBatchNumbers(journey.database.kysely, plan.numbersNeeded(parcels) + alone))
}

function* parts<T>(rows: T[], size = rowsPerStatement): Generator<T[]> {
  for (let i = 0; i < rows.length; i += size) yield rows.slice(i, i + size)
}
