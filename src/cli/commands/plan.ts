import type { Command } from 'commander'
import { addCommand } from '../command-line.ts'
import type { PlanReport, WritingChoice, WritingPlan } from '../operations.ts'
import { createProgress } from '../progress.ts'
import type { Session } from '../session.ts'
import { formatTable } from '../text-width.ts'
import { shortTime, spokenCalls, spokenCounts, spokenDuration, spokenEdition } from '../written.ts'
import { checkWindow, type WindowOptions, withWindow } from './window-options.ts'

const peopleShown = 20

export function addPlan(program: Command, session: Session): void {
  withWindow(addCommand(program, session, 'plan'), session).action(
    async (options: WindowOptions & { route: string }) => {
      checkWindow(options)
      const { clock, stderr, signal } = session.outside
      const progress = createProgress(stderr, clock, session.words.cli)
      const { route, from, to } = options
      const ask = { route, from, to, signal, onProgress: progress.update }
      const report = await session
        .interruptible(route, () => session.withApp((app) => app.plan(ask)))
        .finally(progress.clear)
      session.answer(report, () => sentences(report, session))
    },
  )
}

function sentences(report: PlanReport, session: Session): string[] {
  const { words } = session
  const { reports } = words
  const { people, punches, deliveries, who } = report
  const skipped = spokenCounts(punches.skipped, reports.punches.skippedNames, reports.listSeparator)
  const held = spokenCounts(report.heldBecause ?? {}, reports.deliveries.heldNames, reports.listSeparator)
  const concerned = who.filter(({ planned, held: waiting }) => planned + waiting > 0)
  return [
    reports.window(report.route, shortTime(report.window.from), shortTime(report.window.to)),
    reports.people.counts(people.linked, people.suggested, people.conflicting, people.unmatched),
    reports.punches.read(punches.read, punches.fresh, punches.unchanged, punches.revised),
    ...(skipped ? [reports.punches.skipped(skipped)] : []),
    reports.deliveries.planned(deliveries.planned),
    ...(held ? [reports.deliveries.heldBecause(held)] : []),
    '',
    ...(concerned.length > 0 ? [tableOf(concerned.slice(0, peopleShown), session)] : []),
    ...(concerned.length > peopleShown ? [reports.plan.more(concerned.length - peopleShown)] : []),
    '',
    reports.calls.expected(spokenCalls(report.calls, reports)),
    reports.calls.least(spokenCalls(report.leastCalls, reports)),
    ...report.quota.map(({ connection, used, quota }) => reports.calls.quota(connection, used, quota)),
    ...(report.writing ? writingSentences(report.writing, session) : []),
    reports.calls.spent(spokenCalls(report.spent, reports)),
    reports.willTake(spokenDuration(report.durationMs, words.cli)),
    session.next(reports.plan.next(report.route)),
  ]
}

const tableOf = (who: PlanReport['who'], { words }: Session) =>
  formatTable(
    words.reports.plan.heads,
    who.map((each) => [
      each.name,
      each.userId,
      words.linkStatus[each.status],
      String(each.planned),
      String(each.held),
    ]),
  )

/** What writing costs where it is metered, and what is left to choose where the month does not carry it. */
function writingSentences(writing: WritingPlan, { words }: Session): string[] {
  const texts = words.reports.plan.writing
  const { enough, records, calls, allowedNow, callsThisMonth, callsPerMonth, left } = writing
  return [
    texts.window(records, calls, allowedNow),
    texts.month(callsThisMonth, callsPerMonth, left),
    enough ? texts.enough : texts.tooDear(writing.lastsUntil ?? ''),
    ...(writing.choices ?? []).map((choice) => `  · ${choiceInWords(choice, words)}`),
  ]
}

function choiceInWords(choice: WritingChoice, words: Session['words']): string {
  const texts = words.reports.plan.writing
  switch (choice.kind) {
    case 'nextMonth':
      return texts.nextMonth(choice.from)
    case 'raiseEdition':
      return spokenEdition(choice, words.editions)
    case 'narrowScope':
      return texts.narrowScope(choice.people)
    case 'oneWay':
      return texts.oneWay
  }
}
