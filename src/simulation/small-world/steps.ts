import { spanOf } from '#journey/6-verify.ts'
import { cellsOf, claim, endCall, outcomesOf, store } from './call.ts'
import { nameOfCell, unjustified } from './check.ts'
import { ways } from './decisions.ts'
import { changeLinks, inFlight, owed, recoverBatches, redirectMisdelivered } from './ledger.ts'
import { look } from './look.ts'
import type { Move, Rules } from './moves.ts'
import { atOfRow } from './rows.ts'
import { decideAndSave, saveAgain } from './save.ts'
import { readShown, settle } from './settle.ts'
import { canonical, copyOf, type Run, type State, type StepKind, textOf } from './state.ts'
import { travellersOf } from './travellers.ts'
import { accountKeys, people } from './world.ts'

/** A step the planner may name, or a whole run. */
type Step = { way: number; kind: StepKind; only: number | null }

/**
 * What an idle process may begin with: every step that the planner could name, in whatever order; carry.ts carryWindow up
 * to the first look. A step that would change nothing is left out: news or time must come before it is worth taking.
 */
export function* begin(rules: Rules, state: State): Generator<Move> {
  const before = textOf(state)
  for (const step of stepsOf(rules, state)) {
    const draft = copyOf(state)
    const run: Run = { ...step, at: 'look', linksRead: state.links, queue: [], inHand: null }
    recoverBatches(draft, step.way, rules.decisions.recover)
    redirectMisdelivered(rules.world, draft, run, rules.decisions.keepsMisdelivered)
    const name = () =>
      `${step.kind} from ${ways[step.way]!.source}${step.only === null ? '' : ` for person ${step.only}`}`
    if (changesAnything(rules, before, draft, run)) yield { name, isFault: false, next: { ...draft, run } }
    else {
      const stalls = stallOf(state, step)
      if (stalls) yield { name, isFault: false, next: state, stalls }
    }
  }
}

function* stepsOf({ world }: Rules, state: State): Generator<Step> {
  for (const way of ways.keys()) {
    yield { way, kind: 'sweep', only: null }
    for (const only of people) yield { way, kind: 'hinted', only }
    if (owed(world, state, way).length > 0) yield { way, kind: 'deliver', only: null }
    if (inFlight(state, way).length > 0) yield { way, kind: 'readBack', only: null }
    if (world.wholeRuns) yield { way, kind: 'wholeRun', only: null }
  }
}

/** Whether the step, taken to its end without anything else happening, leaves more than memory. */
function changesAnything(rules: Rules, before: string, begun: State, run: Run): boolean {
  const draft = copyOf(begun)
  if (lookAndSave(rules, draft, run).length > 0) return true
  if (looksBack(run) && lookBack(rules, draft, run).length > 0) return true
  return textOf(canonical({ ...draft, run: null })) !== before
}

/** The planner asks that work shows in the next state (planner/next-step.ts); only time may have to pass first. */
function stallOf(state: State, { kind, way }: Step): string | null {
  if (kind === 'deliver') return 'what is owed cannot be delivered, and stays owed'
  if (kind !== 'readBack') return null
  const waits = inFlight(state, way).some(([, { batch }]) => !state.batches[batch]!.isOld)
  return waits ? null : 'what was sent is looked for and never settled'
}

const looksBack = ({ kind }: Run): boolean => kind === 'readBack' || kind === 'wholeRun'

/** What a process that is at work does next. */
export function goOn(rules: Rules, state: State, run: Run): Move[] {
  if (run.at === 'look')
    return inTwo(rules, state, run, 'looks and decides', (draft, between) =>
      lookAndSave(rules, draft, run, between),
    )
  if (run.at === 'lookBack')
    return inTwo(rules, state, run, 'looks back', (draft, between) => lookBack(rules, draft, run, between))
  return send(rules, state, run)
}

type Between = (draft: State) => void

/**
 * A look is two transactions, and what was read lies in memory between them: one follows the other at once, or the process
 * dies, or a person changes the links. Nothing else that may happen there is felt by the second.
 */
function inTwo(
  { world }: Rules,
  state: State,
  run: Run,
  name: string,
  take: (draft: State, between?: Between) => Run['queue'],
): Move[] {
  const done = (between?: Between): State => {
    const draft = copyOf(state)
    const queue = take(draft, between)
    return { ...draft, run: afterLook(run, queue) }
  }
  let half = state
  const whole = done((draft) => {
    half = copyOf(draft)
  })
  const moves: Move[] = [
    { name: () => name, isFault: false, next: whole },
    { name: () => `${name}, dies in between`, isFault: true, next: { ...half, run: null } },
  ]
  if (world.links.change?.byWord && state.links === 0)
    moves.push({
      name: () => `${name}, the links change in between`,
      isFault: true,
      next: done((draft) => changeLinks(world, draft)),
    })
  return moves
}

/** After a look there is something to send, or the next look, or nothing more. */
function afterLook(run: Run, queue: Run['queue']): Run | null {
  if (queue.length > 0) return { ...run, at: run.at === 'look' ? 'send' : 'sendAgain', queue }
  return run.at === 'look' && looksBack(run) ? { ...run, at: 'lookBack' } : null
}

function lookAndSave(rules: Rules, draft: State, run: Run, between?: Between): Run['queue'] {
  const view = look(rules.world, draft, run, rules.decisions)
  between?.(draft)
  return decideAndSave(draft, run.way, view)
}

/** read-back.ts readBack, one round: a step waits for nothing. */
function lookBack({ world, decisions }: Rules, draft: State, run: Run, between?: Between): Run['queue'] {
  const rows = inFlight(draft, run.way)
  if (rows.length === 0) {
    between?.(draft)
    return []
  }
  const keys = [...new Set(rows.map(([, { target }]) => accountKeys[target]!))]
  const span = spanOf(rows.map(([row]) => atOfRow(row)))
  const shown = readShown(world, draft, keys)
  const settled = settle(draft, decisions, { way: run.way, keys, span, shown })
  between?.(draft)
  return saveAgain(draft, run.way, settled, travellersOf(world, run, decisions))
}

/** 5-deliver.ts deliver, in its three parts: the claim, the call, and the note of how it ended. */
function send(rules: Rules, state: State, run: Run): Move[] {
  if (!run.inHand) return takeUp(rules, state, run)
  const { inHand } = run
  if (inHand.end === null) {
    const cells = cellsOf(state, inHand)
    return outcomesOf(cells.length).map((outcome) => {
      const draft = copyOf(state)
      store(rules.world, draft, cells, outcome)
      const { end, fates, isFault } = outcome
      return {
        name: () =>
          `the call for ${cells.map(nameOfCell).join(' and ')} ends as ${end}, stored ${fates.join(' and ')}`,
        isFault,
        next: { ...draft, run: { ...run, inHand: { ...inHand, end } } },
      }
    })
  }
  const draft = copyOf(state)
  endCall(draft, inHand, inHand.end, rules.decisions)
  // What was certainly not sent ends the step with a failure; batches that were planned are left to the next.
  const next = inHand.end === 'planned' ? null : { ...run, inHand: null }
  return [{ name: () => 'writes down how the call ended', isFault: false, next: { ...draft, run: next } }]
}

function takeUp({ world, decisions }: Rules, state: State, run: Run): Move[] {
  const [envelope, ...queue] = run.queue
  if (!envelope)
    return [{ name: () => 'has sent everything', isFault: false, next: { ...state, run: afterSending(run) } }]
  const draft = copyOf(state)
  const inHand = claim(world, draft, run, envelope, decisions)
  if (!inHand)
    return [
      {
        name: () => 'leaves a batch where it is',
        isFault: false,
        next: { ...draft, run: { ...run, queue } },
      },
    ]
  const wrong = unjustified(world, draft, inHand)
  const next = { ...draft, run: { ...run, queue, inHand: { ...inHand, end: null } } }
  return [{ name: () => 'claims a batch', isFault: false, next, ...(wrong && { wrong }) }]
}

const afterSending = (run: Run): Run | null =>
  run.at === 'send' && looksBack(run) ? { ...run, at: 'lookBack', queue: [] } : null
