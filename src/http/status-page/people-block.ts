import type { LinkStatus } from '#domain/person.ts'
import type { RouteStatus } from '#domain/status-report.ts'
import { messagesIn } from '#messages/messages.ts'
import type { AccountName, PersonEntry } from '../contract.ts'
import { type Html, html } from '../html.ts'
import { pageWords } from '../problems.ts'
import { everybody, unidentified } from '../verdict.ts'
import { cell, command, foreign, table } from './pieces.ts'
import { number } from './times.ts'
import type { View } from './view.ts'

const statuses: LinkStatus[] = ['linked', 'suggested', 'conflicting', 'unmatched']
const tones: Record<LinkStatus, string> = {
  linked: 'good',
  suggested: 'calm',
  conflicting: 'bad',
  unmatched: 'warn',
}

/** Rows of the table; a page that people look at is no place for a thousand of them. */
const peopleShown = 12
const candidatesShown = 3

/** How many people are identified, as a bar and as numbers. */
export function peopleBlock(route: RouteStatus, heading: string, { lang }: View): Html {
  const words = pageWords(lang).people
  const names = messagesIn(lang).linkStatus
  const total = everybody(route)
  return html`<section aria-labelledby="${heading}-people">
<h3 id="${heading}-people">${words.title}</h3>
${total === 0 ? html`<p class="soft">${words.none}</p>` : bar(route, total, words.bar)}
${
  total > 0 &&
  html`<dl class="legend">${statuses
    .filter(isTold(route))
    .map(
      (status) =>
        html`<div><dt><span class="dot ${tones[status]}"></span>${names[status]}</dt><dd>${words.count(number(route.people[status]))}</dd></div>`,
    )}</dl>`
}
</section>`
}

/** The linked are always told; nobody needs to read that nobody else is. */
const isTold =
  ({ people }: RouteStatus) =>
  (status: LinkStatus) =>
    status === 'linked' || people[status] > 0

/** Widths are drawing attributes, because the page's policy lets no style into an element. */
function bar({ people }: RouteStatus, total: number, label: string): Html {
  let at = 0
  const parts = statuses.map((status) => {
    const width = (people[status] / total) * 100
    const part = html`<rect class="${tones[status]}" x="${at.toFixed(3)}" y="0" width="${width.toFixed(3)}" height="4"></rect>`
    at += width
    return width > 0 && part
  })
  return html`<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label="${label}">${parts}</svg>`
}

/** Who is not identified, why, and the command that settles it. Those nearest to a decision come first. */
export function peopleTable(route: RouteStatus, people: PersonEntry[], view: View): Html | null {
  if (unidentified(route) === 0 || people.length === 0) return null
  const words = pageWords(view.lang).people
  const ends = endsOf(route)
  const sources = new Set(route.ways.map(({ from }) => from))
  const order: LinkStatus[] = ['suggested', 'conflicting', 'unmatched']
  const waiting = people
    .filter((person) => person.status !== 'linked' && hasAccountAt(person, sources))
    .toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status))
  if (waiting.length === 0) return null
  const { heads } = words
  const rows = waiting.slice(0, peopleShown).map((person) => row(person, ends, view))
  const more = waiting.length - peopleShown
  return html`<section class="people"><h3>${words.caption}</h3>
${table(words.caption, [{ text: heads.person }, { text: heads.status }, { text: heads.because }, { text: heads.next, className: 'wide' }], rows)}
${more > 0 && html`<p class="soft">${words.more(number(more))}</p>${command(['people', '--route', route.route], view)}`}
</section>`
}

function row(person: PersonEntry, ends: Ends, view: View): Html {
  const { people: words, listSeparator } = pageWords(view.lang)
  const { reason, linkStatus } = messagesIn(view.lang)
  const own = person.accounts[0]
  const because = person.because.map(reason).join(listSeparator)
  const maybe = person.candidates
    .slice(0, candidatesShown)
    .map(
      (candidate) =>
        html`<li>${words.maybe} ${foreign(candidate.userId)}${
          candidate.because.length > 0 &&
          html`<span class="soft"> · ${foreign(candidate.because.map(reason).join(listSeparator))}</span>`
        }</li>`,
    )
  return html`${cell(words.heads.person, [html`<strong>${foreign(person.name)}</strong>`, own ? html`<br><span class="soft account">${foreign(accountText(own))}</span>` : null])}
${cell(words.heads.status, html`<span class="chip ${tones[person.status]}">${linkStatus[person.status]}</span>`)}
${cell(words.heads.because, [foreign(because), maybe.length > 0 && html`<ul class="maybe">${maybe}</ul>`])}
${cell(words.heads.next, own ? nextStep(person, own, ends, view) : null, 'wide')}`
}

function nextStep({ candidates }: PersonEntry, own: AccountName, ends: Ends, view: View): Html {
  const words = pageWords(view.lang).people
  const other = own.connection === ends.target ? ends.source : ends.target
  if (candidates.length === 0)
    return html`<p class="soft">${words.linkUnknown}</p>${command(['link', accountText(own), `${other ?? 'CONNECTION'}:USERID`], view)}`
  return html`<p class="soft">${candidates.length === 1 ? words.link : words.linkEither}</p>
${candidates.slice(0, candidatesShown).map((one) => command(['link', accountText(own), accountText(one)], view))}`
}

const accountText = ({ connection, userId }: AccountName) => `${connection}:${userId}`

/** The two connections of the route. */
type Ends = { source: string | null; target: string | null }

const endsOf = ({ ways: [way] }: RouteStatus): Ends => ({
  source: way?.from ?? null,
  target: way?.to ?? null,
})

/** Nobody's punches wait for an account that only receives. */
const hasAccountAt = ({ accounts }: PersonEntry, sources: ReadonlySet<string>): boolean =>
  accounts.some(({ connection }) => sources.has(connection))
