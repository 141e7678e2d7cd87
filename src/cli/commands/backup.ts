import { type Command, Option } from 'commander'
import { formatInstant } from '#domain/window.ts'
import { addCommand } from '../command-line.ts'
import type { BackupAsk } from '../outside.ts'
import { createProgress } from '../progress.ts'
import type { Session } from '../session.ts'
import { shortTime } from '../written.ts'

type Options = { passphraseFile?: string; replace?: true; check?: true }

/** `backup` and `restore`. */
export function addBackup(program: Command, session: Session): void {
  const { flags, operands } = session.words.cli
  const { backup: texts } = session.words.reports
  const { outside } = session
  const withProgress = async <T>(
    file: string,
    { passphraseFile }: Options,
    work: (ask: BackupAsk) => Promise<T>,
  ): Promise<T> => {
    const { update, clear } = createProgress(outside.stderr, outside.clock, session.words.cli)
    return work({ file, passphraseFile, onProgress: update }).finally(clear)
  }
  const rowsOf = (tables: Record<string, number>) => Object.values(tables).reduce((a, b) => a + b, 0)

  addCommand(program, session, 'backup')
    .argument('<file>', operands.backup)
    .option('--passphrase-file <FILE>', flags.passphraseFile)
    .action(async (file: string, options: Options) => {
      const report = await withProgress(file, options, (ask) => outside.backUp(session.settings(), ask))
      session.answer(report, () => [
        texts.written(report.file, Object.keys(report.tables).length, rowsOf(report.tables), report.bytes),
        session.next(options.passphraseFile ? texts.nextSealed : texts.nextOpen),
      ])
    })
  addCommand(program, session, 'restore')
    .argument('<file>', operands.backup)
    .addOption(new Option('--replace', flags.replace).conflicts('check'))
    .option('--check', flags.checkBackup)
    .option('--passphrase-file <FILE>', flags.passphraseFile)
    .action(async (file: string, options: Options) => {
      if (options.check) {
        const report = await withProgress(file, options, (ask) => outside.checkBackup(ask))
        const { createdAt, tables, schema } = report
        session.answer(report, () => [
          texts.checked(file, shortTime(createdAt), Object.keys(tables).length, rowsOf(tables), schema),
        ])
        return
      }
      const report = await withProgress(file, options, (ask) =>
        outside.restore(session.settings(), { ...ask, isReplacing: options.replace === true }),
      )
      session.answer(report, () => [
        texts.restored(report.file, shortTime(report.createdAt), rowsOf(report.tables)),
        ...(report.migrated.length > 0 ? [texts.migrated(report.migrated.length)] : []),
        texts.keys[report.key],
        ...(report.before ? [texts.before(report.before)] : []),
        texts.writesFrom(localTime(report.writesFrom)),
        session.next(texts.nextCheck),
      ])
    })
}

/** A moment as the reader's clock shows it, to the minute. */
const localTime = (text: string): string => shortTime(formatInstant(Temporal.Instant.from(text))).slice(0, 16)
