import type { RouteStatus } from '#domain/status-report.ts'
import { messagesIn } from '#messages/messages.ts'
import { type Html, html } from '../html.ts'
import { pageWords } from '../problems.ts'
import { heldForPeople, keptBack, owed, type Tone } from '../verdict.ts'
import { command } from './pieces.ts'
import { number } from './times.ts'
import type { View } from './view.ts'

/** The punches that are not settled: how many, why, and the command that moves them on. */
export function waitingBlock(route: RouteStatus, heading: string, view: View): Html {
  const words = pageWords(view.lang).waiting
  const sync = command(['sync', '--route', route.route], view)
  const { outOfCalls, braked } = keptBack(route)
  const items = [
    item('bad', braked, words.braked, words.brakedText, null, command(['resume', route.route], view)),
    item(
      'warn',
      heldForPeople(route),
      words.held,
      words.heldText,
      heldReasons(route, view),
      command(['people', '--route', route.route], view),
    ),
    item('bad', route.refused, words.refused, words.refusedText, null, command(['calls', '--failed'], view)),
    item('calm', route.inDoubt, words.inDoubt, words.inDoubtText, doubtReasons(route, view), sync),
    item(
      'warn',
      outOfCalls,
      words.outOfCalls,
      words.outOfCallsText,
      null,
      command(['plan', '--route', route.route], view),
    ),
    item('calm', owed(route), words.owed, words.owedText, null, route.paused ? null : sync),
  ].filter((one) => one !== null)
  const isKnown = route.lastRun?.state !== 'failed'
  const nothing = route.completeTo === null ? words.noneYet : isKnown ? words.none : words.noneKnown
  return html`<section aria-labelledby="${heading}-waiting">
<h3 id="${heading}-waiting">${words.title}</h3>
${items.length === 0 ? html`<p class="soft">${nothing}</p>` : html`<ul class="waiting">${items}</ul>`}
${route.completeTo === null && !route.paused && sync}
</section>`
}

function item(
  tone: Tone,
  count: number,
  name: string,
  text: string,
  reasons: Html | null,
  next: Html | null,
): Html | null {
  if (count === 0) return null
  return html`<li class="${tone}"><p class="count"><strong>${number(count)}</strong> <span class="chip ${tone}">${name}</span></p>
<div>${reasons}<p>${text}</p>${next}</div></li>`
}

const heldReasons = ({ heldBecause }: RouteStatus, view: View): Html | null =>
  reasonList(heldBecause, pageWords(view.lang).waiting.reasons, view)

const doubtReasons = ({ inDoubtBecause }: RouteStatus, view: View): Html | null =>
  reasonList(inDoubtBecause, messagesIn(view.lang).deliveryReasons, view)

function reasonList(
  counts: Record<string, number>,
  names: Record<string, string>,
  { lang }: View,
): Html | null {
  const words = pageWords(lang)
  const reasons = Object.entries(counts)
    .map(([reason, count]) => ({ reason, count }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count)
  if (reasons.length === 0) return null
  return html`<ul class="reasons">${reasons.map(
    ({ reason, count }) =>
      html`<li><span>${names[reason] ?? reason}</span> <b>${words.waiting.count(number(count))}</b></li>`,
  )}</ul>`
}
