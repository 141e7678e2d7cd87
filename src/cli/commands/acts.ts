import type { Command } from 'commander'
import type { ActEntry } from '../acts-report.ts'
import { addCommand, wholeNumber } from '../command-line.ts'
import type { Session } from '../session.ts'
import { formatTable } from '../text-width.ts'
import { shortTime } from '../written.ts'
import { effectsTold } from './effects-told.ts'

const actsShown = 20
const changesWidth = 60

/** `acts` and `undo N`. */
export function addActs(program: Command, session: Session): void {
  const { flags, operands } = session.words.cli
  const { acts: texts } = session.words
  addCommand(program, session, 'acts')
    .option('--limit <N>', flags.limit, wholeNumber(1, 10_000, '20'), actsShown)
    .action(async ({ limit }: { limit: number }) => {
      const acts = await session.withApp((app) => app.acts({ limit }))
      session.answer(acts, () =>
        acts.length === 0
          ? [texts.none]
          : [
              formatTable(
                texts.heads,
                acts.map((act) => rowOf(act, session)),
                changesWidth,
              ),
              session.next(texts.nextUndo),
            ],
      )
    })
  addCommand(program, session, 'undo')
    .argument('<N>', operands.act, wholeNumber(1, Number.MAX_SAFE_INTEGER, '12'))
    .action(async (act: number) => {
      const report = await session.withApp((app) => app.undo(act))
      session.answer(report, () => [
        texts.undone(report.undone, texts.kinds[report.kind] ?? report.kind, report.subject),
        ...effectsTold(report, session),
        session.next(
          report.released + report.redirected > 0 ? texts.nextSync : session.words.reports.link.nextPeople,
        ),
      ])
    })
}

function rowOf(act: ActEntry, { words }: Session): string[] {
  const { acts: texts } = words
  const gone = act.before.map((text) => `- ${text}`)
  const made = act.after.map((text) => `+ ${text}`)
  const shown = [...gone, ...made].slice(0, 3)
  const more = act.changes - shown.length
  return [
    String(act.id),
    shortTime(act.at),
    act.actor,
    texts.kinds[act.kind] ?? act.kind,
    [...shown, ...(more > 0 ? [texts.more(more)] : [])].join(words.reports.listSeparator),
    act.undoneBy !== null
      ? texts.undoneBy(act.undoneBy)
      : act.undoes !== null
        ? texts.undoes(act.undoes)
        : '',
  ]
}
