import type { Command } from 'commander'
import type { SimulationReport } from '#domain/simulation-report.ts'
import { addCommand, wholeNumber } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { createProgress } from '../progress.ts'
import type { Session } from '../session.ts'
import { spokenDuration } from '../written.ts'

type Options = { seeds: number; fromSeed: number; days: number }

/** Seconds of a story told per second of the reader's time, counted in days a minute. */
const minuteMs = 60_000

export function addSimulate(program: Command, session: Session): void {
  const { flags } = session.words.cli
  addCommand(program, session, 'simulate')
    .option('--seeds <N>', flags.seeds, wholeNumber(1, 1_000_000, '20'), 20)
    .option('--from-seed <N>', flags.fromSeed, wholeNumber(0, 2 ** 31 - 1, '1'), 1)
    .option('--days <N>', flags.days, wholeNumber(1, 366, '1'), 1)
    .action(async (options: Options) => {
      const { signal, clock, stderr } = session.outside
      const progress = createProgress(stderr, clock, session.words.cli)
      const report = await session.outside
        .simulate({
          ...options,
          home: session.settings().home,
          signal,
          onProgress: (done, of) => progress.update({ station: 'simulate', done, of }),
        })
        .finally(progress.clear)
      if (report.broken.length > 0) session.exitCode = exitCodes.failed
      session.answer(report, () => sentences(report, session))
    })
}

function sentences(report: SimulationReport, { words }: Session): string[] {
  const { simulate: texts } = words.reports
  const { seeds, days, wakes, kills, punches, written, broken, hash, durationMs } = report
  return [
    texts.told(seeds, days, spokenDuration(durationMs, words.cli)),
    texts.counts(wakes, kills, punches, written),
    texts.pace(Math.round((seeds * days * minuteMs) / Math.max(1, durationMs))),
    texts.hash(hash),
    ...(broken.length === 0 ? [texts.held] : [texts.broken(broken.length)]),
    ...broken.flatMap(({ seed, breaches, story }) => [
      texts.seed(seed),
      ...breaches.map(({ invariant, what, at }) => `  ${invariant} ${at} ${what}`),
      ...(story.length === 0 ? [] : [texts.story, ...story.map((line) => `    ${line}`)]),
    ]),
  ]
}
