import type { Command } from 'commander'
import { type Failure, fail, failure } from '#domain/failures.ts'
import { explain } from '#messages/messages.ts'
import { addCommand, wholeNumber } from '../command-line.ts'
import type { AccountHistory, ContactChange, ContactsPreview, ContactsReport } from '../contacts-report.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Session } from '../session.ts'
import { formatTable } from '../text-width.ts'
import { shortTime, spokenCounts } from '../written.ts'
import { checkAccount } from './link.ts'
import { accountText } from './people.ts'

const changesShown = 30
const detailWidth = 60

type Options = { preview?: true; accept?: true; undo?: number; history?: string }

/** `contacts`: reads rosters now; or previews, takes an import back, or tells an account's history. */
export function addContacts(program: Command, session: Session): void {
  const { flags, operands, errors } = session.words.cli
  addCommand(program, session, 'contacts')
    .argument('[connection]', operands.anyConnection)
    .option('--preview', flags.preview)
    .option('--accept', flags.accept)
    .option('--undo <N>', flags.undo, wholeNumber(1, Number.MAX_SAFE_INTEGER, '12'))
    .option('--history <A>', flags.history)
    .action(async (connection: string | undefined, { preview, accept, undo, history }: Options) => {
      const chosen = [preview, accept, undo, history].filter((one) => one !== undefined)
      if (chosen.length > 1)
        fail('usage.invalid', { what: errors.oneOfThese, instead: 'npx qintong contacts hq-wecom --preview' })
      if (undo !== undefined) return takeBack(session, undo)
      if (history !== undefined) return tellHistory(session, history)
      return preview ? tellPreview(session, connection) : readNow(session, connection, accept === true)
    })
}

async function readNow(session: Session, connection: string | undefined, isAccepted: boolean): Promise<void> {
  const { signal } = session.outside
  const reports = await session.withApp((app) => app.contacts({ connection, isAccepted, signal }))
  session.answer(
    reports.map((report) => ({ ...report, ...(report.doubt && explain(notBelieved(report), session.lang)) })),
    () => reports.flatMap((report) => sentences(report, session)),
  )
  const doubted = reports.filter(({ doubt }) => doubt !== null)
  if (doubted.length === 0) return
  session.exitCode = exitCodes.open
  if (!session.json) for (const report of doubted) session.explain(notBelieved(report))
}

const notBelieved = ({ connection, platform, doubt }: ContactsReport): Failure =>
  failure('contacts.not-believed', { connection, platform, doubt: doubt! })

function sentences(
  { connection, subsidiary, people, counts, changes, ...report }: ContactsReport,
  session: Session,
) {
  const { contacts: texts, reports } = session.words
  const spoken = spokenCounts(counts, texts.kinds, reports.listSeparator)
  const head = texts.header(connection, subsidiary, people)
  if (changes.length === 0) return [head, texts.same]
  // Whatever wants a person's eye stands first; those who simply joined, last.
  const rank = (change: ContactChange) => (change.uncertain ? 0 : change.kind === 'joined' ? 2 : 1)
  const rows = changes
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, changesShown)
    .map((change) => [
      texts.kinds[change.kind],
      change.name,
      change.userId,
      texts.detail(change),
      change.uncertain ? texts.look : '',
    ])
  const next =
    report.import === null
      ? texts.nextAccept(connection)
      : `${texts.nextPeople} ${texts.nextUndo(report.import)}`
  return [
    head,
    report.import === null ? texts.wouldBe(spoken) : texts.kept(report.import, spoken),
    formatTable(texts.heads, rows, detailWidth),
    ...(changes.length > changesShown ? [texts.more(changes.length - changesShown)] : []),
    ...(counts.reused ? [texts.reusedNote] : []),
    session.next(next),
  ]
}

async function tellPreview(session: Session, connection: string | undefined): Promise<void> {
  const { signal } = session.outside
  const previews = await session.withApp((app) => app.previewContacts({ connection, signal }))
  session.answer(previews, () => [
    ...previews.flatMap((preview) => previewSentences(preview, session)),
    session.next(session.words.contacts.nextPreview),
  ])
}

function previewSentences(preview: ContactsPreview, session: Session): string[] {
  const { contacts: texts, reports } = session.words
  const { invisible, neverActivated } = preview
  const shown = (names: string[]) =>
    [...names.slice(0, changesShown), ...(names.length > changesShown ? ['……'] : [])].join(
      reports.listSeparator,
    )
  return [
    texts.header(preview.connection, preview.subsidiary, preview.people),
    formatTable(
      texts.departmentHeads,
      preview.departments.map(({ path, people }) => [path, String(people)]),
      detailWidth,
    ),
    invisible === null ? texts.unknownVisible : invisible > 0 ? texts.invisible(invisible) : texts.allVisible,
    ...(neverActivated.length > 0
      ? [texts.neverActivated(neverActivated.length, shown(neverActivated.map(({ name }) => name)))]
      : []),
    ...preview.routes.flatMap(({ route, carried, leftOut }) => [
      texts.carried(route, carried, leftOut.length),
      ...(leftOut.length > 0
        ? [
            formatTable(
              texts.leftOutHeads,
              leftOut
                .slice(0, changesShown)
                .map(({ name, userId, departments, because }) => [
                  name,
                  userId,
                  departments.join(reports.listSeparator),
                  texts.leftOut[because],
                ]),
            ),
            ...(leftOut.length > changesShown ? [texts.more(leftOut.length - changesShown)] : []),
          ]
        : []),
    ]),
    '',
  ]
}

async function takeBack(session: Session, number: number): Promise<void> {
  const { contacts: texts } = session.words
  const { signal } = session.outside
  const report = await session.withApp((app) => app.undoContacts({ import: number, signal }))
  session.answer(report, () => [
    texts.undone(report.import, report.connection, report.accounts),
    texts.stays,
    session.next(texts.nextAgain(report.connection)),
  ])
}

async function tellHistory(session: Session, account: string): Promise<void> {
  checkAccount(account)
  const history = await session.withApp((app) => app.accountHistory(account))
  session.answer(history, () => historySentences(history, session))
}

function historySentences({ account, lives }: AccountHistory, session: Session): string[] {
  const { contacts: texts, reports } = session.words
  const time = (text: string | null) => (text === null ? '' : shortTime(text))
  return [
    texts.lives(accountText(account), lives.length),
    ...lives.flatMap(({ life, name, from, to, endedBecause, versions }) => [
      '',
      texts.life(life, name, time(from), to && time(to), endedBecause && texts.gone(endedBecause)),
      formatTable(
        texts.versionHeads,
        versions.map((version) => [
          time(version.from),
          time(version.to),
          version.causes.map((kind) => texts.kinds[kind]).join(reports.listSeparator),
          version.name,
          version.jobNumber ?? '',
          version.departments.join(reports.listSeparator),
          version.title ?? '',
          `${version.import}${version.undone ? texts.undoneMark : ''}`,
        ]),
      ),
    ]),
  ]
}
