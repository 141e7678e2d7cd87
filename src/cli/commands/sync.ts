import { type Command, Option } from 'commander'
import { failure } from '#domain/failures.ts'
import type { SyncReport } from '#domain/sync-report.ts'
import { explain } from '#messages/messages.ts'
import { addCommand, durationMs } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { heldSteps } from '../held-steps.ts'
import { createProgress } from '../progress.ts'
import type { Session } from '../session.ts'
import { shortTime, spokenCalls, spokenCounts, spokenDuration } from '../written.ts'
import { checkWindow, type WindowOptions, withWindow } from './window-options.ts'

const usualWaitMs = 90_000

export function addSync(program: Command, session: Session): void {
  const { flags } = session.words.cli
  withWindow(addCommand(program, session, 'sync'), session)
    .addOption(new Option('--wait <90s>', flags.wait).argParser(durationMs).default(usualWaitMs, '90s'))
    .action(async (options: WindowOptions & { route: string; wait: number }) => {
      checkWindow(options)
      const report = await runSync(session, options)
      session.answer(report, () => syncSentences(report, session))
      if (isOpen(report)) session.exitCode = exitCodes.open
    })
}

async function runSync(
  session: Session,
  { route, from, to, wait }: WindowOptions & { route: string; wait: number },
) {
  const { clock, stderr, signal } = session.outside
  const progress = createProgress(stderr, clock, session.words.cli)
  const interrupting = () => {
    progress.clear()
    if (stderr.isTerminal) session.note(session.words.cli.interrupting)
  }
  signal.addEventListener('abort', interrupting, { once: true })
  try {
    return await session.interruptible(route, () =>
      session.withApp((app) =>
        app.sync({ route, from, to, waitMs: wait, signal, onProgress: progress.update }),
      ),
    )
  } finally {
    signal.removeEventListener('abort', interrupting)
    progress.clear()
  }
}

/** Done, but something in this window waits for a person or for the platform. */
export const isOpen = ({ deliveries: { held, refused, inDoubt } }: SyncReport): boolean =>
  held + refused + inDoubt > 0

/** The report in words; the last line says what to do next. */
export function syncSentences(report: SyncReport, session: Session): string[] {
  const { words } = session
  const { reports } = words
  const { people, punches, deliveries, calls, leastCalls } = report
  const separator = reports.listSeparator
  const skipped = spokenCounts(punches.skipped, reports.punches.skippedNames, separator)
  const held = spokenCounts(deliveries.heldBecause, reports.deliveries.heldNames, separator)
  return [
    reports.window(report.route, shortTime(report.window.from), shortTime(report.window.to)),
    ...(report.contacts ?? []).map((news) => contactsSentence(news, session)),
    reports.people.counts(people.linked, people.suggested, people.conflicting, people.unmatched),
    reports.punches.read(punches.read, punches.fresh, punches.unchanged, punches.revised),
    ...(skipped ? [reports.punches.skipped(skipped)] : []),
    deliveries.written > 0
      ? reports.deliveries.written(deliveries.written)
      : reports.deliveries.nothingWritten,
    reports.deliveries.outcome(
      deliveries.verified,
      deliveries.alreadyThere,
      deliveries.held,
      deliveries.refused,
      deliveries.inDoubt,
    ),
    ...(held ? [reports.deliveries.heldBecause(held)] : []),
    reports.calls.used(spokenCalls(calls, reports)),
    reports.calls.least(spokenCalls(leastCalls, reports)),
    reports.took(spokenDuration(report.durationMs, words.cli)),
    session.next(nextStep(report, session)),
  ]
}

function contactsSentence(
  news: NonNullable<SyncReport['contacts']>[number],
  { words, lang }: Session,
): string {
  const { contacts, reports } = words
  const { connection, counts, uncertain, doubt } = news
  if (!doubt)
    return contacts.inSync(connection, spokenCounts(counts, contacts.kinds, reports.listSeparator), uncertain)
  const { title, hint } = explain(
    failure('contacts.not-believed', { connection, platform: news.platform, doubt }),
    lang,
  )
  return `${title}\n${hint}`
}

function nextStep({ route, deliveries }: SyncReport, { words }: Session): string {
  const { sync } = words.reports
  const { refused, inDoubt } = deliveries
  const steps = [
    ...(refused > 0 ? [sync.nextRefused] : []),
    ...(inDoubt > 0 ? [sync.nextDoubt(route)] : []),
    ...heldSteps({ route, ...deliveries }, sync),
  ]
  return steps.length > 0 ? steps.join(' ') : sync.done
}
