import type { Command } from 'commander'
import type { Reason } from '#domain/evidence.ts'
import type { LinkStatus } from '#domain/person.ts'
import { addCommand } from '../command-line.ts'
import type { AccountName, PersonEntry } from '../operations.ts'
import type { Session } from '../session.ts'
import { formatTable } from '../text-width.ts'

export function addPeople(program: Command, session: Session): void {
  const { flags } = session.words.cli
  addCommand(program, session, 'people')
    .option('--route <R>', flags.route)
    .option('--connection <C>', flags.connection)
    .option('--subsidiary <S>', flags.subsidiary)
    .action(async (ask: { route?: string; connection?: string; subsidiary?: string }) => {
      const people = await session.withApp((app) => app.people(ask))
      session.answer(documentOf(people, session), () => sentences(people, session))
    })
}

/** The same entries with their reasons in the reader's language. */
const documentOf = (people: PersonEntry[], { words }: Session) =>
  people.map(({ candidates, because, wouldChange, ...entry }) => ({
    ...entry,
    candidates: candidates.map((candidate) => ({
      ...candidate,
      because: candidate.because.map(words.reason),
      wouldChange: candidate.wouldChange.map(words.remedy),
    })),
    because: because.map(words.reason),
    wouldChange: wouldChange.map(words.remedy),
  }))

/** Wide enough for a whole command that a person copies. */
const cellWidth = 100

// Whoever needs a person's eye stands first.
const order: LinkStatus[] = ['conflicting', 'suggested', 'unmatched', 'linked']

function sentences(people: PersonEntry[], session: Session): string[] {
  const { words } = session
  const { people: texts, listSeparator } = words.reports
  if (people.length === 0) return [texts.nobody]
  const of = (status: LinkStatus) => people.filter((person) => person.status === status).length
  const because = (reasons: Reason[]) => reasons.map(words.reason).join(listSeparator)
  const rows = people
    .toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status))
    .map(
      ({ name, status, accounts, alsoElsewhere, candidates, because: reasons, probability, wouldChange }) => [
        name,
        words.linkStatus[status],
        accounts.map(accountText).join(' = ') + (alsoElsewhere ? texts.elsewhere : ''),
        because(reasons),
        candidates.map(accountText).join(' / '),
        probability === null ? '' : probability.toFixed(4),
        status === 'linked' ? '' : wouldChange.map(words.remedy).join(listSeparator),
      ],
    )
  const open = people.length - of('linked')
  const isSuggested = people.some(({ status, candidates }) => status !== 'linked' && candidates.length > 0)
  return [
    formatTable(texts.heads, rows, cellWidth),
    texts.counts(of('linked'), of('suggested'), of('conflicting'), of('unmatched')),
    session.next(open === 0 ? texts.allLinked : isSuggested ? texts.nextLink : texts.noSuggestion),
  ]
}

/** `connection:userId`, as `link` takes it. */
export const accountText = ({ connection, userId }: AccountName): string => `${connection}:${userId}`
