import type { Command } from 'commander'
import { explain, publicCode } from '#messages/messages.ts'
import { addCommand, wholeNumber } from '../command-line.ts'
import type { RunEntry } from '../operations.ts'
import type { Session } from '../session.ts'
import { formatTable } from '../text-width.ts'
import { shortTime, spokenDuration } from '../written.ts'

export function addRuns(program: Command, session: Session): void {
  const { flags } = session.words.cli
  addCommand(program, session, 'runs')
    .option('--limit <N>', flags.limit, wholeNumber(1, 100_000, '50'), 50)
    .action(async ({ limit }: { limit: number }) => {
      const runs = await session.withApp((app) => app.runs({ limit }))
      session.answer(
        runs.map((run) => documentOf(run, session)),
        () => sentences(runs, session),
      )
    })
}

/** The same entry with its failure in words. */
const documentOf = ({ failure, ...run }: RunEntry, { lang }: Session) => ({
  ...run,
  error: failure && { code: publicCode(failure), ...explain(failure, lang) },
})

function sentences(runs: RunEntry[], session: Session): string[] {
  const { words, lang } = session
  const { runs: texts } = words.reports
  if (runs.length === 0) return [texts.none]
  const rows = runs.map((run) => {
    const deliveries = run.report?.deliveries
    const open = deliveries ? String(deliveries.held + deliveries.refused + deliveries.inDoubt) : ''
    return [
      String(run.id),
      run.route,
      texts.states[run.state] ?? run.state,
      `${shortTime(run.window.from)} – ${shortTime(run.window.to)}`,
      run.startedAt ? shortTime(run.startedAt) : '',
      run.report ? spokenDuration(run.report.durationMs, words.cli) : '',
      deliveries ? String(deliveries.verified) : '',
      run.failure ? explain(run.failure, lang).title : open,
    ]
  })
  return [formatTable(texts.heads, rows, 60)]
}
