import type { SkipReason } from '#domain/decide-delivery.ts'
import { personsDoubts } from '#domain/judge-read-back.ts'
import { epochSecond } from '#domain/spans.ts'
import type { PunchRow, StoredPunch } from '#store/punches.ts'
import type { Comparison } from './2-normalise.ts'
import { type Item, isForGood, isOpen, mayGo, secondOf } from './4-decide.ts'
import { isTold, type Journey, type Traveller, travellerAt } from './context.ts'

/** Everything one person brings into a group that is decided together. */
export type Load = {
  traveller: Traveller
  inserts: PunchRow[]
  revisions: PunchRow[]
  goneIds: number[]
  returnedIds: number[]
  /** To be decided. */
  items: Item[]
  /** Attempted and not settled: a read may settle them. */
  inFlight: Item[]
  /** Seconds that already have a leader. */
  claimed: Map<string, number>
}

export const emptyLoad = (traveller: Traveller): Load => ({
  traveller,
  inserts: [],
  revisions: [],
  goneIds: [],
  returnedIds: [],
  items: [],
  inFlight: [],
  claimed: new Map(),
})

/** Something of this person can only be decided after reading the target. */
export const owesRead = (load: Load): boolean =>
  load.inFlight.some(isLookedFor) || load.items.some((item) => mayGo(item) && !isForGood(item))

/** A look may settle it: nothing was refused, and no person has been asked. */
const isLookedFor = ({ traveller, delivery }: Item): boolean =>
  traveller.twin !== null && delivery?.state !== 'refused' && !isForAPerson(delivery?.reason)

const isForAPerson = (reason: string | null | undefined): boolean =>
  personsDoubts.some((doubt) => doubt === reason)

export const isEmpty = (load: Load): boolean =>
  load.items.length +
    load.inFlight.length +
    load.inserts.length +
    load.revisions.length +
    load.goneIds.length +
    load.returnedIds.length ===
  0

/**
 * Sorts a portion's comparison by person. `nextId` numbers new punches; `rawIds` are those of the answers; `own` are the
 * seconds that we filled ourselves (`secondOf`).
 */
export function toLoads(
  journey: Journey,
  people: Traveller[],
  comparison: Comparison,
  nextId: () => number,
  rawIds: (number | undefined)[],
  own: ReadonlySet<string>,
  onSkip: (because: SkipReason) => void,
): Load[] {
  const loads = new Map(people.map((traveller) => [traveller.key, emptyLoad(traveller)]))
  // What was delivered fills the second it was delivered in, wherever the source has moved the punch since.
  for (const { known, accountKey, at } of comparison.compared)
    if (known?.delivery && !isOpen(known.delivery))
      loads.get(accountKey)?.claimed.set(secondOf(accountKey, known.fills ?? at), known.id)
  claimSettled(loads, comparison)

  for (const one of comparison.compared) {
    const load = loads.get(one.accountKey)
    if (!load) continue
    const { punch, known, at } = one
    const id = known?.id ?? nextId()
    if (!known || one.isRevised) {
      const { accountKey, hash, answer } = one
      const row: PunchRow = { ...punch, id, accountKey, hash, rawId: rawIds[answer] ?? 0 }
      ;(known ? load.revisions : load.inserts).push(row)
    }
    const delivery = known?.delivery ?? null
    if (!isOpen(delivery) && !isInFlight(delivery!)) continue
    const item: Item = {
      punchId: id,
      traveller: travellerAt(load.traveller, at),
      at,
      isVoid: punch.isVoid,
      isGone: false,
      isRevised: one.isRevised,
      text: punch,
      delivery,
    }
    if (!isOpen(delivery)) {
      load.inFlight.push(item)
      continue
    }
    const skip = delivery ? null : skipAtSight(journey, load, item, own)
    if (skip) onSkip(skip)
    else load.items.push(item)
  }
  for (const punch of comparison.vanished) {
    const load = loads.get(punch.accountKey)
    if (!load) continue
    if (!punch.isGone) load.goneIds.push(punch.id)
    if (!punch.delivery || !isOpen(punch.delivery) || !isTold(load.traveller, punch.at)) continue
    load.items.push(itemOf(load.traveller, { ...punch, isGone: true }))
  }
  for (const punch of comparison.untold) {
    const load = loads.get(punch.accountKey)
    load?.items.push(storedItem(load.traveller, punch))
  }
  const byId = new Map(
    comparison.compared.flatMap((one) => (one.known ? [[one.known.id, one.accountKey] as const] : [])),
  )
  for (const id of comparison.returned) loads.get(byId.get(id) ?? '')?.returnedIds.push(id)
  return [...loads.values()].filter((load) => !isEmpty(load))
}

/** A punch that leads its second, and that this run does not touch. */
const settledLeader = -1

/** Seconds that settled punches fill, of those people of whom anything is to be decided. */
function claimSettled(loads: ReadonlyMap<string, Load>, { compared, settled }: Comparison): void {
  const busy = new Set(compared.map(({ accountKey }) => accountKey))
  if (busy.size === 0) return
  for (const { accountKey, at } of settled)
    if (busy.has(accountKey)) loads.get(accountKey)?.claimed.set(secondOf(accountKey, at), settledLeader)
}

/** Skips whose reason will not change by looking at the target: they cost no read. */
function skipAtSight(journey: Journey, load: Load, item: Item, own: ReadonlySet<string>): SkipReason | null {
  if (own.has(secondOf(item.traveller.key, item.at))) return 'echo'
  if (item.isVoid) return 'void'
  const leader = load.claimed.get(secondOf(item.traveller.key, item.at))
  if (leader !== undefined && leader !== item.punchId) return 'merged'
  return item.at < epochSecond(journey.policy.oldestAccepted) ? 'tooOld' : null
}

/** A punch that the source does not show, or did not when it was asked last. */
const itemOf = (
  traveller: Traveller,
  punch: Pick<StoredPunch, 'id' | 'isVoid' | 'delivery'> & { at: number; isGone: boolean },
): Item => ({
  punchId: punch.id,
  traveller: travellerAt(traveller, punch.at),
  at: punch.at,
  isVoid: punch.isVoid,
  isGone: punch.isGone && isTold(traveller, punch.at),
  isRevised: false,
  text: { result: null, device: null, address: null, latitude: null, longitude: null },
  delivery: punch.delivery,
})

const storedItem = (traveller: Traveller, punch: StoredPunch): Item => ({
  ...itemOf(traveller, { ...punch, at: epochSecond(punch.at) }),
  text: punch,
})

/** Open deliveries of earlier windows, as loads. */
export function backlogLoads(travellers: Map<string, Traveller>, punches: StoredPunch[]): Load[] {
  const loads = new Map<string, Load>()
  for (const punch of punches) {
    const traveller = travellers.get(punch.accountKey)
    if (!traveller) continue
    const load = loads.get(punch.accountKey) ?? emptyLoad(traveller)
    loads.set(punch.accountKey, load)
    const item = storedItem(traveller, punch)
    if (isOpen(punch.delivery)) load.items.push(item)
    else load.inFlight.push(item)
  }
  return [...loads.values()]
}

const isInFlight = ({ state }: { state: string }) =>
  state === 'sending' || state === 'sent' || state === 'inDoubt' || state === 'refused'
