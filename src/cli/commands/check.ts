import type { Command } from 'commander'
import { explainCheck } from '#messages/messages.ts'
import { addCommand } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import type { CheckReport } from '../operations.ts'
import type { Session } from '../session.ts'
import { spokenEdition } from '../written.ts'

const signs = { pass: '✓', warn: '!', fail: '✗' }

export function addCheck(program: Command, session: Session): void {
  addCommand(program, session, 'check')
    .argument('[connection]', session.words.cli.operands.connection)
    .action(async (connection?: string) => {
      const reports = await session.withApp((app) =>
        app.check({ connection, signal: session.outside.signal }),
      )
      const documents = reports.map((report) => documentOf(report, session))
      session.answer(connection === undefined ? documents : documents[0], () => sentences(reports, session))
      const isFailed = reports.some(({ checks }) => checks.some(({ status }) => status === 'fail'))
      if (isFailed) session.exitCode = exitCodes.failed
    })
}

const documentOf = ({ connection, ok, checks }: CheckReport, { lang }: Session) => ({
  connection,
  ok,
  checks: checks.map((item) => ({ code: item.code, status: item.status, ...explainCheck(item, lang) })),
})

function sentences(reports: CheckReport[], session: Session): string[] {
  const { words, lang } = session
  const { check, platform } = words.reports
  if (reports.length === 0) return [check.nothing]
  const lines = reports.flatMap((report) => [
    `${report.connection} (${platform(report.platform)}): ${report.ok ? check.ok : check.notOk}`,
    ...report.checks.flatMap((item) => {
      const { title, hint, where } = explainCheck(item, lang)
      if (item.status === 'pass') return [`  ${signs.pass} ${title}`]
      return [
        `  ${signs[item.status]} ${title}`,
        ...(hint ? [`      ${words.cli.errors.whatToDo}: ${hint}`] : []),
        ...(where ? [`      ${check.where}: ${where}`] : []),
      ]
    }),
    `  ${adviceOf(report, session)}`,
    '',
  ])
  return [...lines, session.next(reports.every(({ ok }) => ok) ? check.nextPlan : check.nextFix)]
}

/** Is it worth it here, one-way or two-way, what it costs. */
function adviceOf({ connection, ok, advice }: CheckReport, { words }: Session): string {
  if (!ok || !advice || (!advice.canRead && !advice.canWrite)) return words.advice.notReady(connection)
  return [
    words.advice.ready(connection, advice.canRead && advice.canWrite, advice.canWrite),
    ...(advice.people === null ? [] : [words.advice.people(advice.people)]),
    ...(advice.quota === null ? [words.advice.free] : []),
    ...(advice.quota !== null && advice.monthlyCalls !== null
      ? [words.advice.cost(advice.monthlyCalls, advice.quota)]
      : []),
    ...(advice.writing
      ? [
          words.advice.twoWay(
            advice.writing.monthlyCalls,
            advice.writing.isEnough,
            advice.writing.offer && spokenEdition(advice.writing.offer, words.editions),
          ),
        ]
      : []),
  ].join(' ')
}
