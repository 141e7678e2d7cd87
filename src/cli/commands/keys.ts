import type { Command } from 'commander'
import { addCommand } from '../command-line.ts'
import type { Session } from '../session.ts'

/** `keys rotate`. */
export function addKeys(program: Command, session: Session): void {
  const { cli, reports } = session.words
  const keys = addCommand(program, session, 'keys')
  addCommand(keys, session, 'keys rotate')
    .option('--to <FILE>', cli.flags.keyFile)
    .action(async ({ to }: { to?: string }) => {
      const done = await session.outside.rotateKey(session.settings(), to)
      const texts = reports.keys
      session.answer({ resealed: done.resealed, file: done.file }, () => [
        texts.done(done.resealed, done.file),
        session.next(done.isVariable ? texts.nextVariable(done.file) : texts.nextFile),
      ])
    })
}
