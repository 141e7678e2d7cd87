import { readFile, stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { fail } from '#domain/failures.ts'
import { setupFileMaxBytes } from '#settings/setup-file.ts'
import { addCommand } from '../command-line.ts'
import type { ApplyReport } from '../operations.ts'
import type { Session } from '../session.ts'

export function addApply(program: Command, session: Session): void {
  const { flags } = session.words.cli
  addCommand(program, session, 'apply')
    .requiredOption('-f, --file <FILE>', flags.file)
    .option('--dry-run', flags.dryRun)
    .action(async ({ file, dryRun = false }: { file: string; dryRun?: boolean }) => {
      const text = await readText(file, session)
      const report = await session.withApp((app) => app.apply({ text, file, dryRun }))
      session.answer(report, () => sentences(report, dryRun, session))
    })
}

/** Fails with `setup.unreadable`. */
async function readText(file: string, { words }: Session): Promise<string> {
  try {
    const { size } = await stat(file)
    // One byte more than is read at most: the parser then says in words that it is too large.
    const bytes = size > setupFileMaxBytes ? Buffer.alloc(setupFileMaxBytes + 1, ' ') : await readFile(file)
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    const reason = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? words.cli.errors.notUtf8 : (code ?? message)
    return fail('setup.unreadable', { file, reason }, error)
  }
}

function sentences(
  { created, changed, unchanged, notInFile, ended = [] }: ApplyReport,
  dryRun: boolean,
  session: Session,
) {
  const { apply, listSeparator } = session.words.reports
  const line = (text: string, names: string[]) =>
    names.length > 0
      ? [`${text}: ${names.slice(0, 20).join(listSeparator)}${names.length > 20 ? ' …' : ''}`]
      : []
  return [
    ...line(apply.created(created.length), created),
    ...line(apply.changed(changed.length), changed),
    ...(unchanged.length > 0 ? [apply.unchanged(unchanged.length)] : []),
    ...line(apply.notInFile(notInFile.length), notInFile),
    ...line(apply.ended(ended.length), ended),
    ...(dryRun ? [apply.dryRun] : []),
    session.next(dryRun ? apply.nextApply : apply.nextCheck),
  ]
}
