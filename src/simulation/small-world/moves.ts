import { nameOfCell } from './check.ts'
import type { Decisions } from './decisions.ts'
import { changeLinks, deliveriesOf } from './ledger.ts'
import { cellOfRow } from './rows.ts'
import { type Batch, canonical, copyOf, type State } from './state.ts'
import { begin, goOn } from './steps.ts'
import type { SmallWorld } from './world.ts'

/** A world, and the decisions that rule in it. */
export type Rules = { world: SmallWorld; decisions: Decisions }

/** One thing that may happen next. */
export type Move = {
  name: () => string
  /** It need not happen: a platform's or a process's misfortune, or something a person does. */
  isFault: boolean
  next: State
  /** What must never be, found in taking the move. */
  wrong?: string
  /** The move is a step that the planner names and that changes nothing. */
  stalls?: string
}

/** Everything that may happen in a state, in an order that is always the same. */
export function movesOf(rules: Rules, state: State): Move[] {
  const moves = [...ofTheWorld(rules, state)]
  moves.push(...(state.run ? goOn(rules, state, state.run) : begin(rules, state)))
  for (const move of moves) move.next = canonical(move.next)
  return moves
}

function* ofTheWorld({ world }: Rules, state: State): Generator<Move> {
  for (const [i, { person, side, second }] of world.punches.entries())
    if ((state.happened & (1 << i)) === 0)
      yield {
        name: () => `person ${person} is seen to have punched in ${side}, second ${second}`,
        isFault: false,
        next: { ...state, happened: state.happened | (1 << i) },
      }
  for (const [cell, count] of state.pending.entries())
    if (count > 0)
      yield {
        name: () => `a record of ours shows at ${nameOfCell(cell)}`,
        isFault: false,
        next: changed(state, (draft) => show(draft, cell)),
      }
  if (state.pending.some((count) => count > 0) || state.batches.some((batch) => batch && isYoung(batch)))
    yield { name: () => 'V passes', isFault: false, next: changed(state, passV) }
  const { change } = world.links
  if (change && state.links === 0 && (change.byWord || state.run === null))
    yield {
      name: () => 'the links change',
      isFault: true,
      next: changed(state, (draft) => changeLinks(world, draft)),
    }
  if (state.run) yield { name: () => 'the process dies', isFault: true, next: { ...state, run: null } }
  if (world.forgets) yield* forgetting(state)
}

/** Retention: a settled delivery goes, the punch stays. */
function* forgetting(state: State): Generator<Move> {
  for (const [row, { state: was }] of deliveriesOf(state))
    if (was === 'verified' || was === 'alreadyThere' || was === 'refused')
      yield {
        name: () => `the delivery of ${nameOfCell(cellOfRow(row))} is forgotten`,
        isFault: true,
        next: changed(state, (draft) => {
          draft.deliveries[row] = null
        }),
      }
}

function changed(state: State, change: (draft: State) => void): State {
  const draft = copyOf(state)
  change(draft)
  return draft
}

const isYoung = ({ state, isOld }: Batch): boolean => !isOld && (state === 'sent' || state === 'inDoubt')

/** V has passed since everything that has ended: what was stored shows, and what does not show was not stored. */
function passV(draft: State): void {
  for (const cell of draft.pending.keys()) show(draft, cell)
  draft.batches = draft.batches.map((batch) => batch && (isYoung(batch) ? { ...batch, isOld: true } : batch))
}

function show(draft: State, cell: number): void {
  draft.ours[cell]! += draft.pending[cell]!
  draft.pending[cell] = 0
}
