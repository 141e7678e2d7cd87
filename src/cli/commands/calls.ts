import type { Command } from 'commander'
import { publicName } from '#messages/messages.ts'
import { addCommand, wholeNumber } from '../command-line.ts'
import type { CallEntry } from '../operations.ts'
import type { Session } from '../session.ts'
import { formatTable } from '../text-width.ts'
import { shortTime } from '../written.ts'

export function addCalls(program: Command, session: Session): void {
  const { flags } = session.words.cli
  addCommand(program, session, 'calls')
    .option('--failed', flags.failed)
    .option('--limit <N>', flags.limit, wholeNumber(1, 100_000, '100'), 100)
    .action(async ({ failed = false, limit }: { failed?: boolean; limit: number }) => {
      const calls = await session.withApp((app) => app.calls({ failedOnly: failed, limit }))
      const shown = calls.map((call) => ({ ...call, outcome: publicName(call.outcome) }))
      session.answer(shown, () => sentences(shown, failed, session))
    })
}

function sentences(calls: CallEntry[], failedOnly: boolean, { words }: Session): string[] {
  const { calls: texts } = words.reports
  if (calls.length === 0) return [failedOnly ? texts.noneFailed : texts.none]
  return [
    formatTable(
      texts.heads,
      calls.map((call) => [
        shortTime(call.at),
        call.connection,
        call.api,
        String(call.durationMs),
        call.outcome,
        [call.theirCode, call.theirText].filter(Boolean).join(' '),
        String(call.cost),
      ]),
      60,
    ),
  ]
}
