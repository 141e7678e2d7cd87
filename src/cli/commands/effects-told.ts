import type { ActEffects, DeliveredRecord, DeliveredReport } from '../acts-report.ts'
import type { Session } from '../session.ts'
import { formatTable } from '../text-width.ts'
import { shortTime, spokenCounts } from '../written.ts'
import { accountText } from './people.ts'

/** Records that a person reads in a terminal; `links delivered` gives them all. */
const recordsTold = 20
const accountWidth = 60

/** What followed from an act: what flows, what was held back, what went out and cannot be called back. */
export function effectsTold(effects: ActEffects, session: Session): string[] {
  const { act, released, redirected, recalled, delivered } = effects
  const { acts: texts, reports } = session.words
  return [
    ...(released > 0 ? [reports.link.released(released)] : []),
    ...(redirected > 0 ? [texts.redirected(redirected)] : []),
    ...(recalled > 0 ? [texts.recalled(recalled)] : []),
    ...(delivered.count > 0 ? deliveredTold(delivered, session) : []),
    ...(act === null ? [] : [texts.howToUndo(act)]),
  ]
}

/** What stands under links that are gone; what to do with it only where a person says that they were wrong. */
function deliveredTold({ link, count, states, records }: DeliveredReport, session: Session): string[] {
  const { acts: texts, reports } = session.words
  const counts = spokenCounts(states, texts.states, reports.listSeparator)
  const whatToDo = Object.keys(states).map((state) => `${texts.states[state]}: ${texts.whatToDo[state]}`)
  return [
    (link === 'wrong' ? texts.delivered : texts.deliveredOpen)(count, counts),
    recordTable(records.slice(0, recordsTold), session),
    ...(count > recordsTold ? [texts.moreRecords(count - recordsTold)] : []),
    ...(link === 'wrong' ? whatToDo : []),
  ]
}

/** Records for a person, a line each. */
export const recordTable = (records: DeliveredRecord[], { words }: Session): string =>
  formatTable(
    words.acts.recordHeads,
    records.map(({ at, source, target, state }) => [
      shortTime(at),
      accountText(source),
      accountText(target),
      words.acts.states[state] ?? state,
    ]),
    accountWidth,
  )
