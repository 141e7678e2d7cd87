import type { SourcePunch } from '#domain/punch.ts'
import { fromEpochSecond } from '#domain/spans.ts'
import type { Comparison } from '#journey/2-normalise.ts'
import { secondOf } from '#journey/4-decide.ts'
import { type Settled, spanOf } from '#journey/6-verify.ts'
import type { Journey, Traveller } from '#journey/context.ts'
import { backlogLoads, type Load, owesRead, toLoads } from '#journey/load.ts'
import type { Shown } from '#journey/shown.ts'
import type { StoredPunch } from '#store/punches.ts'
import type { Decisions } from './decisions.ts'
import { backlogRows, effectiveState, fillerOf, ownCells } from './ledger.ts'
import { accountOfRow, atOfRow, shownRows } from './rows.ts'
import { readShown, settle, slotRadius } from './settle.ts'
import type { Run, State } from './state.ts'
import { travellersOf } from './travellers.ts'
import {
  type AccountIndex,
  accountKeys,
  accountOfCell,
  indexOfKey,
  type SmallWorld,
  secondOfCell,
  seconds,
} from './world.ts'

/** Everything has happened by then, and nothing is too old. */
export const now = fromEpochSecond(seconds[2] + 3_600)

/** As much of a journey as the product's pure stations ask for. */
export const pureJourney = {
  policy: {
    oldestAccepted: fromEpochSecond(0),
    slotRadius,
    contactsMaxAgeMs: 0,
    wrongProbeShare: 0,
    callTimeoutMs: 0,
    claimLastsMs: 0,
  },
} as Journey

/** decide-group.ts GroupView, without those whom nobody asks about here. */
export type View = {
  loads: Load[]
  shown: Pick<Shown, 'seconds' | 'voids' | 'approved' | 'refused'>
  settled: Settled
  claimed: Map<string, number>
}

const nothing: Settled = { seen: 0, missed: [], open: 0 }
const nothingShown: View['shown'] = {
  seconds: new Map(),
  voids: new Map(),
  approved: new Map(),
  refused: new Map(),
}

/** carry.ts from `match` to `lookAtGroup`: the loads of a step, and what the target shows of those who owe something. */
export function look(world: SmallWorld, state: State, run: Run, decisions: Decisions): View {
  const travellers = travellersOf(world, run, decisions)
  const readsSource = run.kind !== 'deliver' && run.kind !== 'readBack'
  const named = travellers.filter(({ key }) => run.only === null || isOf(key, run.only))
  const loads = readsSource ? swept(world, state, named, decisions) : backlog(state, run.way, travellers)
  return lookAtGroup(world, state, run, loads, decisions)
}

const isOf = (key: string, person: number): boolean => indexOfKey(key) % 2 === person

/** decide-group.ts lookAtGroup; all people fit one read. */
function lookAtGroup(world: SmallWorld, state: State, run: Run, loads: Load[], decisions: Decisions): View {
  const owing = loads.filter(owesRead)
  const keys = owing.map((load) => load.traveller.twin!.key)
  const ats = owing.flatMap((load) => [...load.items, ...load.inFlight].map((item) => item.at))
  const span = ats.length > 0 ? spanOf(ats) : null
  const shown = span ? readShown(world, state, keys) : null
  const settled = span && shown ? settle(state, decisions, { way: run.way, keys, span, shown }) : nothing
  const claimed = new Map(loads.flatMap((load) => [...load.claimed]))
  claimFilled(state, run.way, owing, claimed)
  const view = decisions.looksBeforeWriting ? (shown ?? nothingShown) : nothingShown
  return { loads, shown: view, settled, claimed }
}

/** decide-group.ts claimFilled: seconds of the target that another punch fills. Other routes there are none. */
function claimFilled(state: State, way: number, owing: Load[], claimed: Map<string, number>): void {
  for (const { traveller, items } of owing)
    for (const { at } of items) {
      const row = fillerOf(state, way, indexOfKey(traveller.twin!.key), at)
      if (row !== null) claimed.set(secondOf(traveller.key, at), row)
    }
}

/** differences.ts is_settled: such rows are not laid beside the ledger one by one. */
const settledStates = new Set<string>(['verified', 'alreadyThere'])
const keyOfRow = (row: number): string => accountKeys[accountOfRow(row) as AccountIndex]

/** carry.ts gather and absorb: what the source shows in the whole window, beside the ledger. */
function swept(world: SmallWorld, state: State, people: Traveller[], { knowsEchoes }: Decisions): Load[] {
  const accounts = people.map(({ key }) => indexOfKey(key))
  const rows = accounts.flatMap((account) => shownRows(world, state, account))
  const isSettled = (row: number) => settledStates.has(state.deliveries[row]?.state ?? '')
  const compared = rows.filter((row) => !isSettled(row)).map((row) => comparedOf(state, row))
  const settled = rows.filter(isSettled).map((row) => ({ accountKey: keyOfRow(row), at: atOfRow(row) }))
  const fresh = rows.filter((row) => state.deliveries[row] === undefined)
  const comparison: Comparison = {
    compared,
    settled,
    settledStates: {},
    vanished: [],
    untold: [],
    returned: [],
    counts: { read: rows.length, fresh: fresh.length, unchanged: rows.length - fresh.length, revised: 0 },
  }
  // carry.ts ownSeconds; a mark is never there to be seen, for every platform here strips it
  const isAsked = knowsEchoes === 'byLedger' && compared.some(({ known }) => !known?.delivery)
  const own = isAsked
    ? [...ownCells(state, accounts)].map((cell) =>
        secondOf(accountKeys[accountOfCell(cell)], seconds[secondOfCell(cell)]),
      )
    : []
  const numbers = fresh.values()
  return toLoads(
    pureJourney,
    people,
    comparison,
    () => numbers.next().value!,
    [],
    new Set(own),
    () => {},
  )
}

function comparedOf(state: State, row: number): Comparison['compared'][number] {
  const key = keyOfRow(row)
  const delivery = state.deliveries[row]
  return {
    punch: punches[row]!,
    externalId: String(row),
    accountKey: key,
    hash: '',
    at: atOfRow(row),
    known:
      delivery === undefined
        ? null
        : {
            id: row,
            externalId: String(row),
            accountKey: key,
            hash: '',
            at: atOfRow(row),
            isVoid: false,
            isGone: false,
            delivery: delivery && { state: effectiveState(state, delivery), reason: delivery.reason },
            fills: delivery ? atOfRow(row) : null,
          },
    isRevised: false,
    answer: 0,
  }
}

/** carry.ts backlog: linked people's open deliveries outside the window, which holds nothing. */
function backlog(state: State, way: number, travellers: Traveller[]): Load[] {
  const byKey = new Map(travellers.filter(({ twin }) => twin !== null).map((one) => [one.key, one]))
  const stored = backlogRows(state, way).map((row): StoredPunch => {
    const delivery = state.deliveries[row]!
    const batchState = delivery.state === 'batched' ? state.batches[delivery.batch]!.state : delivery.state
    return {
      ...punches[row]!,
      id: row,
      accountKey: keyOfRow(row),
      isGone: false,
      delivery: { state: batchState, reason: delivery.reason },
    }
  })
  return backlogLoads(byKey, stored)
}

/** By row: the punch as a platform tells it. Only its account and its second matter here. */
const punches: SourcePunch[] = Array.from({ length: 24 }, (_, row) => ({
  externalId: String(row),
  userId: keyOfRow(row),
  at: fromEpochSecond(atOfRow(row)),
  workDate: null,
  origin: 'person',
  isVoid: false,
  voidReason: null,
  result: null,
  device: null,
  address: null,
  latitude: null,
  longitude: null,
  slot: null,
}))
