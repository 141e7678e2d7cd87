import type { Command } from 'commander'
import type { AlarmEntry } from '#domain/alarms/alarm.ts'
import { explainAlarm, explainTrouble } from '#messages/tell-alarm.ts'
import type { AlarmsReport, ChannelEntry } from '../alarms-report.ts'
import { addCommand, wholeNumber } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Session } from '../session.ts'
import { formatTable } from '../text-width.ts'
import { shortTime } from '../written.ts'

const pastShown = 20
const titleWidth = 60

/** `alarms` and `alarms test`. */
export function addAlarms(program: Command, session: Session): void {
  const { flags, operands } = session.words.cli
  const { cli: texts } = session.words.alarms
  const alarms = addCommand(program, session, 'alarms')
    .option('--limit <N>', flags.limit, wholeNumber(0, 10_000, '20'), pastShown)
    .action(async ({ limit }: { limit: number }) => {
      const report = await session.withApp((app) => app.alarms({ limit }))
      session.answer(report, () => sentences(report, session))
    })
  addCommand(alarms, session, 'alarms test')
    .argument('[channel]', operands.channel)
    .action(async (channel?: string) => {
      const tests = await session.withApp((app) => app.testAlarms({ channel }))
      const isWorking = tests.every(({ outcome }) => outcome === 'accepted')
      if (!isWorking) session.exitCode = exitCodes.failed
      session.answer(tests, () => [
        ...tests.map(({ channel: name, because }) =>
          because === null ? texts.accepted(name) : texts.failed(name, explainTrouble(because, session.lang)),
        ),
        session.next(isWorking ? texts.nextNothing : texts.nextFix),
      ])
    })
}

function sentences({ open, past, channels }: AlarmsReport, session: Session): string[] {
  const { cli: texts, whatToDo } = session.words.alarms
  return [
    ...(open.length === 0 ? [texts.none] : [texts.open(open.length), table(open, session)]),
    ...open.map((alarm) => `  ${alarm.code}: ${whatToDo(explainAlarm(alarm, session.lang).hint)}`),
    ...(past.length === 0 ? [] : [texts.past(past.length), table(past, session)]),
    ...(channels.length === 0
      ? [texts.noChannels]
      : [
          texts.channels,
          formatTable(
            texts.channelHeads,
            channels.map((channel) => channelRow(channel, session)),
            titleWidth,
          ),
          session.next(texts.nextTest),
        ]),
  ]
}

const table = (alarms: AlarmEntry[], { words, lang }: Session): string =>
  formatTable(
    words.alarms.cli.heads,
    alarms.map((alarm) => [
      ...[words.alarms.levels[alarm.level], alarm.code, alarm.about, shortTime(alarm.since)],
      alarm.until ? shortTime(alarm.until) : '',
      explainAlarm(alarm, lang).title,
    ]),
    titleWidth,
  )

function channelRow({ channel, kind, level, acceptedAt, failure }: ChannelEntry, { words, lang }: Session) {
  const { cli: texts, channelKinds, levels } = words.alarms
  const state = level === 'off' ? texts.off : acceptedAt ? texts.works : texts.notTried
  return [
    ...[channel, channelKinds[kind], level === 'off' ? '' : levels[level]],
    acceptedAt ? shortTime(acceptedAt) : '',
    failure === null ? state : explainTrouble(failure, lang),
  ]
}
