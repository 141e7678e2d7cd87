import type { Command } from 'commander'
import { fail } from '#domain/failures.ts'
import { addCommand } from '../command-line.ts'
import type { LinkReport } from '../operations.ts'
import type { Session } from '../session.ts'
import { effectsTold } from './effects-told.ts'
import { accountText } from './people.ts'

/** `link A B`, `confirm A [B]` and `unlink A [B]`. */
export function addLink(program: Command, session: Session): void {
  const { operands } = session.words.cli
  const { link: texts, listSeparator } = session.words.reports
  addCommand(program, session, 'link')
    .argument('<A>', operands.account)
    .argument('<B>', operands.account)
    .action(async (a: string, b: string) => {
      check(a, b)
      tell(await session.withApp((app) => app.link(a, b)), session)
    })
  addCommand(program, session, 'confirm')
    .argument('<A>', operands.account)
    .argument('[B]', operands.account)
    .action(async (a: string, b: string | undefined) => {
      check(a, b)
      tell(await session.withApp((app) => app.confirm(a, b)), session)
    })
  addCommand(program, session, 'unlink')
    .argument('<A>', operands.account)
    .argument('[B]', operands.account)
    .action(async (a: string, b: string | undefined) => {
      check(a, b)
      const report = await session.withApp((app) => app.unlink(a, b))
      const from = report.from.map(accountText).join(listSeparator)
      session.answer(report, () => [
        b === undefined
          ? texts.removed(accountText(report.account), from)
          : (report.act === null ? texts.apartAlready : texts.split)(a, b),
        ...effectsTold(report, session),
        session.next(texts.nextPeople),
      ])
    })
}

function tell(report: LinkReport, session: Session): void {
  const { link: texts } = session.words.reports
  const [a, b] = report.accounts.map(accountText)
  session.answer(report, () => [
    (report.changed ? texts.made : texts.same)(a!, b!),
    ...report.displaced.map((account) => texts.displaced(accountText(account))),
    ...effectsTold(report, session),
    session.next(report.route === null ? texts.nextPeople : texts.nextSync(report.route)),
  ])
}

function check(...accounts: (string | undefined)[]): void {
  for (const account of accounts) if (account !== undefined) checkAccount(account)
}

/** An account is `connection:userId`, split at the first colon; the user id may hold more of them. */
export function checkAccount(text: string): void {
  const colon = text.indexOf(':')
  if (colon <= 0 || colon === text.length - 1)
    fail('usage.invalid', { what: text, instead: 'hq-dingtalk:u001' })
}
