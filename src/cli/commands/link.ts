import type { Command } from 'commander'
import { fail } from '#domain/failures.ts'
import { addCommand } from '../command-line.ts'
import type { Session } from '../session.ts'
import { accountText } from './people.ts'

/** `link A B` and `unlink A`. */
export function addLink(program: Command, session: Session): void {
  const { operands } = session.words.cli
  const { link: texts } = session.words.reports
  addCommand(program, session, 'link')
    .argument('<A>', operands.account)
    .argument('<B>', operands.account)
    .action(async (a: string, b: string) => {
      checkAccount(a)
      checkAccount(b)
      const report = await session.withApp((app) => app.link(a, b))
      const [first, second] = report.accounts.map(accountText)
      session.answer(report, () => [
        (report.changed ? texts.made : texts.same)(first ?? a, second ?? b),
        ...report.displaced.map((account) => texts.displaced(accountText(account))),
        ...(report.released > 0 ? [texts.released(report.released)] : []),
        session.next(texts.nextSync(report.route)),
      ])
    })
  addCommand(program, session, 'unlink')
    .argument('<A>', operands.account)
    .action(async (account: string) => {
      checkAccount(account)
      const report = await session.withApp((app) => app.unlink(account))
      session.answer(report, () => [
        texts.removed(accountText(report.account), report.removed),
        session.next(texts.nextPeople),
      ])
    })
}

/** An account is `connection:userId`, split at the first colon; the user id may hold more of them. */
function checkAccount(text: string): void {
  const colon = text.indexOf(':')
  if (colon <= 0 || colon === text.length - 1)
    fail('usage.invalid', { what: text, instead: 'hq-dingtalk:u001' })
}
