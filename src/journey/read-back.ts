import { elapsedMs } from '#domain/effects.ts'
import { accountKey } from '#domain/ids.ts'
import { epochSecond, type Span } from '#domain/spans.ts'
import { saveBatch } from '#store/batches.ts'
import { readAccountsInFlight, saveDecisions } from '#store/deliveries.ts'
import { readStored } from '#store/punches.ts'
import type { Item } from './4-decide.ts'
import { toRecord } from './4-decide.ts'
import { type Courier, startCourier } from './5-deliver.ts'
import { SeenBatches, type Settled, saveSeen, settle } from './6-verify.ts'
import { BatchPlan } from './batch-plan.ts'
import { type Journey, outboxOf, type Traveller, travellerAt } from './context.ts'
import { reserveNumbers, splitOf } from './decide-group.ts'
import { readShown, type Shown } from './shown.ts'

/** The first look waits for what the platform has taught us, but not longer than this. */
const patienceMs = 60_000
const firstPauseMs = 2_000
const longestPauseMs = 30_000

/**
 * Reads back what was sent until everything is settled or `waitMs` has passed since now. What a clean read misses is sent
 * again and read back in turn. Returns the records sent again.
 */
export async function readBack(journey: Journey, travellers: Traveller[], waitMs: number): Promise<number> {
  const { clock, signal } = journey
  const byTwin = new Map(travellers.flatMap((one) => (one.twin ? [[one.twin.key, one] as const] : [])))
  const start = clock.now()
  const courier = startCourier(journey)
  let pauseMs = firstPauseMs
  for (let round = 0; ; round++) {
    const inFlight = await readAccountsInFlight(journey.database.kysely, outboxOf(journey))
    if (inFlight.length === 0) break
    if (round === 0) await waitForFirstSight(journey, inFlight, waitMs)
    await lookAtAll(journey, inFlight, byTwin, courier, round === 0)
    await courier.drain()
    const left = waitMs - elapsedMs(clock, start)
    if (left <= 0 || signal.aborted) break
    if ((await readAccountsInFlight(journey.database.kysely, outboxOf(journey))).length === 0) break
    await journey.lanes!.keep()
    await clock.sleep(Math.min(pauseMs, left), signal).catch(() => {})
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  }
  return courier.written()
}

type InFlight = {
  targetKey: string
  targetUser: string
  from: Temporal.Instant
  to: Temporal.Instant
  newest: Temporal.Instant
}

async function waitForFirstSight(journey: Journey, inFlight: InFlight[], waitMs: number): Promise<void> {
  const newest = Math.max(...inFlight.map((one) => one.newest.epochMilliseconds))
  const due = newest + Math.min(journey.target.connection.seenDelayMs, patienceMs, waitMs)
  const pause = due - journey.clock.now().epochMilliseconds
  if (pause > 0) await journey.clock.sleep(pause, journey.signal).catch(() => {})
}

/** One read of everyone in flight, the next group's answer on its way while this one is settled. */
async function lookAtAll(
  journey: Journey,
  inFlight: InFlight[],
  byTwin: Map<string, Traveller>,
  courier: Courier,
  isFirstRead: boolean,
): Promise<void> {
  const size = journey.target.platform.batch.readPeople
  const groups: InFlight[][] = []
  for (let i = 0; i < inFlight.length; i += size) groups.push(inFlight.slice(i, i + size))
  const look = async (group: InFlight[]) => {
    const accounts = group.map((one) => ({ key: one.targetKey, userId: one.targetUser }))
    const span = joined(group)
    return { accounts, span, shown: await readShown(journey, accounts, span) }
  }
  const seen = new SeenBatches()
  let ahead: ReturnType<typeof look> | null = groups[0] ? look(groups[0]) : null
  for (let i = 0; ahead; i++) {
    const { accounts, span, shown } = await ahead
    const next = groups[i + 1]
    ahead = next && !journey.signal.aborted ? look(next) : null
    ahead?.catch(() => {})
    const settled = await settle(journey, accounts, span, shown, isFirstRead, seen)
    await saveSeen(journey, seen, false)
    await sendAgain(journey, settled, shown, byTwin, courier)
    await journey.lanes!.keep()
    journey.onProgress({
      station: 'verify',
      done: Math.min((i + 1) * size, inFlight.length),
      of: inFlight.length,
    })
  }
  await saveSeen(journey, seen, true)
}

/** Cleanly missed: planned anew and sent, in the same batches or, out of a refused batch, in parts of it. */
async function sendAgain(
  journey: Journey,
  settled: Settled,
  shown: Shown,
  byTwin: Map<string, Traveller>,
  courier: Courier,
): Promise<void> {
  // A slot that an approval has filled meanwhile is left alone: the next run decides it as held.
  const free = settled.missed.filter(
    ({ targetKey, at }) =>
      !(shown.approved.get(targetKey) ?? []).some(
        (planned) => Math.abs(planned - at) <= journey.policy.slotRadius,
      ),
  )
  // What this run may not write any more waits, and is owed.
  const due = free.slice(0, journey.allowance.take(free.length))
  if (due.length === 0) return
  const stored = await readStored(
    journey.database.kysely,
    journey.tenant,
    due.map((one) => one.punchId),
  )
  const texts = new Map(stored.map((punch) => [punch.id, punch]))
  const items = due.flatMap(({ punchId, targetKey, at }): Item[] => {
    const text = texts.get(punchId)
    const traveller = byTwin.get(targetKey)
    // Somebody unlinked it meanwhile, the user id has another holder, or the source has moved it: the next run decides.
    const isTheirs =
      traveller?.key === text?.accountKey && traveller && travellerAt(traveller, at).twin !== null
    if (!text || !isTheirs || text.isVoid || text.isGone || epochSecond(text.at) !== at) return []
    return [
      {
        punchId,
        traveller,
        at,
        isVoid: false,
        isGone: false,
        isRevised: false,
        text,
        delivery: { state: 'waiting', reason: null },
      },
    ]
  })
  const split = [...splitOf(settled, items).values()].flat()
  const alone = new Set(split.flat().map((item) => item.punchId))
  const together = items.filter((item) => !alone.has(item.punchId))
  const plan = new BatchPlan(journey.target.platform.batch.writeRecords)
  await reserveNumbers(journey, plan, together.length, split.length)
  const parcel = (item: Item) => ({ punchId: item.punchId, record: toRecord(item) })
  const batchOf = new Map<number, number>()
  for (const item of together) batchOf.set(item.punchId, plan.add(parcel(item)))
  for (const part of split) {
    const batch = plan.addAlone(part.map(parcel))
    for (const item of part) batchOf.set(item.punchId, batch)
  }
  const where = outboxOf(journey)
  const now = journey.clock.now()
  await journey.database.transaction(async (tx) => {
    await journey.lanes!.guard(tx)
    for (const batch of plan.takeChanged())
      await saveBatch(tx, where, {
        id: batch.id,
        size: batch.parcels.length,
        fence: journey.fence,
        isSplit: batch.isSplit,
      })
    const rows = items.map((item) => ({
      punchId: item.punchId,
      targetKey: accountKey(journey.target.platform.name, item.traveller.twin!.userId),
      targetUser: item.traveller.twin!.userId,
      at: item.at,
      state: 'batched',
      reason: null,
      batchId: batchOf.get(item.punchId)!,
      settledAt: null,
    }))
    await saveDecisions(tx, where, rows, now)
  })
  for (const batch of plan.takeReady(true)) await courier.push(batch)
}

const joined = (spans: Span[]): Span => ({
  from: spans.map((span) => span.from).reduce((a, b) => (Temporal.Instant.compare(a, b) <= 0 ? a : b)),
  to: spans.map((span) => span.to).reduce((a, b) => (Temporal.Instant.compare(a, b) >= 0 ? a : b)),
})
