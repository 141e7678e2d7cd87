import { spanOf } from '#journey/6-verify.ts'
import { cellsOf, claim, endCall, outcomesOf, store } from './call.ts'
import { unjustified } from './check.ts'
import { type Decisions, ways } from './decisions.ts'
import { changeLinks, deliveriesOf, inFlight, owed, recoverBatches, redirectMisdelivered } from './ledger.ts'
import { look } from './look.ts'
import { cellOfRow } from './rows.ts'
import { decideAndSave, saveAgain } from './save.ts'
import { readShown, settle } from './settle.ts'
import { type Batch, canonical, copyOf, type Run, type State, type StepKind, textOf } from './state.ts'
import { travellersOf } from './travellers.ts'
import { accountKeys, type SmallWorld, secondOfCell, seconds } from './world.ts'

/** One thing that may happen next. A fault is what a run that goes well is free of: it need not happen for ever. */
export type Move = { name: string; isFault: boolean; next: State; wrong?: string }

/** The steps of the planner and the whole run, as far as they may come next; the planner's order is left open. */
type Step = { way: number; kind: StepKind; only: number | null }

export type Rules = { world: SmallWorld; decisions: Decisions }

/** Everything that may happen in a state. `wrong` names what must never be, found in taking the move. */
export function movesOf(rules: Rules, state: State): Move[] {
  const moves = [
    ...ofTheWorld(rules, state),
    ...(state.run ? goOn(rules, state, state.run) : begin(rules, state)),
  ]
  return moves.map((move) => ({ ...move, next: canonical(move.next) }))
}

function* ofTheWorld({ world }: Rules, state: State): Generator<Move> {
  const change = (act: (draft: State) => void): State => {
    const draft = copyOf(state)
    act(draft)
    return draft
  }
  for (const [i, { person, side, second }] of world.punches.entries())
    if ((state.happened & (1 << i)) === 0)
      yield {
        name: `person ${person} is seen to have punched in ${side}, second ${second}`,
        isFault: false,
        next: change((draft) => (draft.happened |= 1 << i)),
      }
  for (const [cell, count] of state.pending.entries())
    if (count > 0)
      yield {
        name: `a record of ours shows at ${nameOf(cell)}`,
        isFault: false,
        next: change((draft) => show(draft, cell)),
      }
  if (state.pending.some((count) => count > 0) || state.batches.some((batch) => batch && isYoung(batch)))
    yield { name: 'V passes', isFault: false, next: change(passV) }
  const isWordOrIdle = world.links.change?.byWord || state.run === null
  if (world.links.change && state.links === 0 && isWordOrIdle)
    yield { name: 'the links change', isFault: true, next: change((draft) => changeLinks(world, draft)) }
  if (state.run) yield { name: 'the process dies', isFault: true, next: { ...state, run: null } }
  if (!world.forgets) return
  for (const [row, { state: was }] of deliveriesOf(state))
    if (was === 'verified' || was === 'alreadyThere' || was === 'refused')
      yield {
        name: `the delivery of ${nameOf(cellOfRow(row))} is forgotten`,
        isFault: true,
        next: change((draft) => (draft.deliveries[row] = null)),
      }
}

const isYoung = ({ state, isOld }: Batch): boolean => !isOld && (state === 'sent' || state === 'inDoubt')

function passV(draft: State): void {
  for (const cell of draft.pending.keys()) show(draft, cell)
  draft.batches = draft.batches.map((batch) => batch && (isYoung(batch) ? { ...batch, isOld: true } : batch))
}

function show(draft: State, cell: number): void {
  draft.ours[cell]! += draft.pending[cell]!
  draft.pending[cell] = 0
}

const nameOf = (cell: number): string =>
  `${accountKeys[Math.floor(cell / seconds.length) as 0]}@${secondOfCell(cell)}`

/** carry.ts carryWindow up to the first look, for every step the planner may name. Steps that change nothing are left out. */
function* begin(rules: Rules, state: State): Generator<Move> {
  for (const step of stepsOf(rules, state)) {
    const draft = copyOf(state)
    const run: Run = { ...step, at: 'look', linksRead: state.links, queue: [], inHand: null }
    recoverBatches(draft, step.way, rules.decisions.recover)
    redirectMisdelivered(rules.world, draft, run, rules.decisions.keepsMisdelivered)
    const name = `${step.kind} ${ways[step.way]!.source}${step.only === null ? '' : ` of person ${step.only}`}`
    if (changesAnything(rules, state, draft, run)) yield { name, isFault: false, next: { ...draft, run } }
    else {
      const wrong = turnsForEver(state, step)
      if (wrong) yield { name, isFault: false, next: state, wrong }
    }
  }
}

function* stepsOf({ world }: Rules, state: State): Generator<Step> {
  for (const way of ways.keys()) {
    yield { way, kind: 'sweep', only: null }
    for (const only of [0, 1]) yield { way, kind: 'hinted', only }
    if (owed(world, state, way).length > 0) yield { way, kind: 'deliver', only: null }
    if (inFlight(state, way).length > 0) yield { way, kind: 'readBack', only: null }
    if (world.wholeRuns) yield { way, kind: 'wholeRun', only: null }
  }
}

/** Whether the step, taken to its end without anything else happening, leaves more than memory. */
function changesAnything(rules: Rules, state: State, begun: State, run: Run): boolean {
  const draft = copyOf(begun)
  if (lookAndSave(rules, draft, run).length > 0) return true
  if (looksBack(run) && lookBack(rules, draft, run).length > 0) return true
  return textOf(canonical({ ...draft, run: null })) !== textOf(state)
}

/** The planner names such a step again at once, and again: its work must show in the next state (planner/next-step.ts). */
function turnsForEver(state: State, { kind, way }: Step): string | null {
  if (kind === 'deliver') return 'deliver is owed and changes nothing: the lane turns for ever'
  if (kind !== 'readBack') return null
  const waits = inFlight(state, way).some(([, { batch }]) => !state.batches[batch]!.isOld)
  return waits ? null : 'what was sent is looked for and never settled: the lane looks for ever'
}

const looksBack = ({ kind }: Run): boolean => kind === 'readBack' || kind === 'wholeRun'

/** The next thing the process does, and where a death or a person's word in between would make a difference, that too. */
function goOn(rules: Rules, state: State, run: Run): Move[] {
  if (run.at === 'look')
    return inTwo(rules, state, 'looks and decides', (draft, then) => lookAndSave(rules, draft, run, then))
  if (run.at === 'lookBack')
    return inTwo(rules, state, 'looks back', (draft, then) => lookBack(rules, draft, run, then))
  return send(rules, state, run)
}

type Between = (draft: State) => void

/**
 * A look is two transactions, what was read lies in memory between them: either follows the other at once, or the process
 * dies, or a person changes the links. Nothing else that happens there is felt by the second.
 */
function inTwo(
  { world }: Rules,
  state: State,
  name: string,
  take: (draft: State, between?: Between) => Run['queue'],
): Move[] {
  const run = state.run!
  const done = (between: Between | undefined): State => {
    const draft = copyOf(state)
    const queue = take(draft, between)
    return { ...draft, run: afterLook(run, queue) }
  }
  const moves: Move[] = [{ name, isFault: false, next: done(undefined) }]
  const half: { state: State | null } = { state: null }
  done((draft) => {
    half.state = copyOf(draft)
  })
  moves.push({ name: `${name}, dies in between`, isFault: true, next: { ...half.state!, run: null } })
  if (world.links.change?.byWord && state.links === 0)
    moves.push({
      name: `${name}, the links change in between`,
      isFault: true,
      next: done((draft) => changeLinks(world, draft)),
    })
  return moves
}

/** After a look there is something to send, or the next look, or nothing more. */
function afterLook(run: Run, queue: Run['queue']): Run | null {
  const isLast = run.at === 'lookBack' || !looksBack(run)
  if (queue.length > 0) return { ...run, at: run.at === 'look' ? 'send' : 'sendAgain', queue }
  return isLast ? null : { ...run, at: 'lookBack' }
}

function lookAndSave(rules: Rules, draft: State, run: Run, between?: Between): Run['queue'] {
  const view = look(rules.world, draft, run, rules.decisions)
  between?.(draft)
  return decideAndSave(draft, run.way, view)
}

/** read-back.ts one round: with nothing to wait for, a run looks once. */
function lookBack(rules: Rules, draft: State, run: Run, between?: Between): Run['queue'] {
  const { world, decisions } = rules
  const rows = inFlight(draft, run.way)
  if (rows.length === 0) {
    between?.(draft)
    return []
  }
  const keys = [...new Set(rows.map(([, { target }]) => accountKeys[target as 0]))]
  const span = spanOf(rows.map(([row]) => seconds[secondOfCell(cellOfRow(row))]))
  const shown = readShown(world, draft, keys)
  const settled = settle(world, draft, decisions, { way: run.way, keys, span, shown })
  between?.(draft)
  return saveAgain(draft, run.way, settled, travellersOf(world, run, decisions))
}

/** 5-deliver.ts deliver, in its three parts, of the first batch that waits. */
function send(rules: Rules, state: State, run: Run): Move[] {
  const { world, decisions } = rules
  const { inHand } = run
  if (!inHand) {
    const [envelope, ...queue] = run.queue
    if (!envelope)
      return [{ name: 'has sent everything', isFault: false, next: { ...state, run: afterSending(run) } }]
    const draft = copyOf(state)
    const claimed = claim(world, draft, run, envelope, decisions)
    if (!claimed)
      return [
        { name: 'leaves a batch where it is', isFault: false, next: { ...draft, run: { ...run, queue } } },
      ]
    const wrong = unjustified(world, draft, claimed)
    const next = { ...draft, run: { ...run, queue, inHand: { ...claimed, end: null } } }
    return [{ name: 'claims a batch', isFault: false, next, ...(wrong && { wrong }) }]
  }
  if (inHand.end === null) {
    const cells = cellsOf(state, inHand)
    return outcomesOf(cells.length).map((outcome) => {
      const draft = copyOf(state)
      store(world, draft, cells, outcome)
      return {
        name: `the call for ${cells.map(nameOf).join(' and ')} ends as ${outcome.end}, stored ${outcome.fates.join(' and ')}`,
        isFault: outcome.isFault,
        next: { ...draft, run: { ...run, inHand: { ...inHand, end: outcome.end } } },
      }
    })
  }
  const draft = copyOf(state)
  endCall(draft, inHand, inHand.end, decisions)
  // What was certainly not sent ends the step with a failure; planned batches are left for the next.
  const next = inHand.end === 'planned' ? null : { ...run, inHand: null }
  return [{ name: 'writes down how the call ended', isFault: false, next: { ...draft, run: next } }]
}

const afterSending = (run: Run): Run | null =>
  run.at === 'send' && looksBack(run) ? { ...run, at: 'lookBack', queue: [] } : null
