import type { ActEffects, DeliveredRecord } from '../acts-report.ts'
import type { Session } from '../session.ts'
import { formatTable } from '../text-width.ts'
import { shortTime, spokenCounts } from '../written.ts'
import { accountText } from './people.ts'

/** Records that a person reads in a terminal; `links delivered` gives them all. */
const recordsTold = 20
const accountWidth = 60

/** What followed from an act: what flows, what was held back, what went out and cannot be called back. */
export function effectsTold({ act, released, recalled, delivered }: ActEffects, session: Session): string[] {
  const { acts: texts, reports } = session.words
  return [
    ...(released > 0 ? [reports.link.released(released)] : []),
    ...(recalled > 0 ? [texts.recalled(recalled)] : []),
    ...(delivered.count > 0
      ? [
          texts.delivered(
            delivered.count,
            spokenCounts(delivered.states, texts.states, reports.listSeparator),
          ),
          recordTable(delivered.records.slice(0, recordsTold), session),
          ...(delivered.count > recordsTold ? [texts.moreRecords(delivered.count - recordsTold)] : []),
          ...Object.keys(delivered.states).map((state) => `${texts.states[state]}: ${texts.whatToDo[state]}`),
        ]
      : []),
    ...(act === null ? [] : [texts.howToUndo(act)]),
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
