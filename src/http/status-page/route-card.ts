import type { RouteStatus, WayStatus } from '#domain/status-report.ts'
import { messagesIn } from '#messages/messages.ts'
import { tellStalled } from '#messages/tell-stalled.ts'
import { tellUnknown } from '#messages/tell-unknown.ts'
import type { PersonEntry, RunEntry } from '../contract.ts'
import { type Html, html } from '../html.ts'
import { failureWords, pageWords } from '../problems.ts'
import { everybody } from '../verdict.ts'
import { peopleBlock, peopleTable } from './people-block.ts'
import { command, foreign, notice } from './pieces.ts'
import { ageInWords, momentInWords, number } from './times.ts'
import type { View } from './view.ts'
import { waitingBlock } from './waiting-block.ts'

/** One route: how fresh it is in a sentence, then what waits, then who. */
export function routeCard(
  {
    route,
    index,
    runs,
    people,
  }: { route: RouteStatus; index: number; runs: RunEntry[]; people: PersonEntry[] },
  view: View,
): Html {
  const words = pageWords(view.lang)
  const heading = `route-${index}`
  return html`<article class="card" aria-labelledby="${heading}">
<header class="card-head"><h2 id="${heading}">${words.route(route.route)}</h2>${direction(route, view)}
${route.paused && html`<span class="chip warn">${words.paused}</span>`}</header>
${freshness(route, view)}${ways(route, view)}
${route.paused && notice('warn', { title: words.pausedSince, hint: null, next: command(['resume', route.route], view) })}
${lastRunFailure(route, runs, view)}
<div class="columns">${waitingBlock(route, heading, view)}${peopleBlock(route, heading, view)}</div>
${peopleTable(route, people, view)}
</article>`
}

function direction({ direction }: RouteStatus, { lang }: View): Html {
  const words = pageWords(lang)
  const { dingtalk, wecom } = messagesIn(lang).platformNames
  const [from, arrow, to] = words.directions[direction]?.(dingtalk, wecom) ?? [direction, '', '']
  return html`<p class="direction"><span>${from}</span> <span class="arrow" role="img" aria-label="${words.to}">${arrow}</span> <span>${to}</span></p>`
}

/** One sentence that is never later than the truth, and who is not covered by it, and why. */
function freshness(route: RouteStatus, view: View): Html {
  const { now, lang } = view
  const words = pageWords(lang).freshness
  if (route.completeTo === null) return html`<p class="fresh">${words.never}</p>`
  const total = everybody(route)
  const have = Math.min(route.completeFor, total)
  const missing = total - have
  const sentence =
    total === 0
      ? words.nobody
      : missing === 0
        ? words.all(number(total))
        : have === 0
          ? words.none(number(total))
          : words.some(number(have), number(total))
  return html`<p class="fresh">${words.before}${momentInWords(route.completeTo, now, lang)}${sentence}</p>
<p class="soft">${ageInWords(route.completeTo, now, lang)}</p>${missing > 0 && unknown(route, view)}`
}

/** Each way by itself where there are two, why one stands still, and which steps bring nothing. */
function ways({ route, ways }: RouteStatus, view: View): Html[] {
  const { now, lang } = view
  const words = pageWords(lang).ways
  const name = ({ from, to }: WayStatus) => html`${foreign(from)} → ${foreign(to)}`
  const lines =
    ways.length < 2
      ? []
      : ways.map((way) => {
          const reach =
            way.completeTo === null
              ? words.never
              : html`${momentInWords(way.completeTo, now, lang)}${words.have(number(way.completeFor), number(way.of))}`
          return html`<p class="soft">${name(way)}${words.colon}${reach}</p>`
        })
  const still = ways.flatMap((way) => {
    if (!way.standsStill) return []
    const { failure, retryAt } = way.standsStill
    const { title, hint } = failureWords(failure, lang)
    const next = html`<p>${words.nextTry(momentInWords(retryAt, now, lang))}</p>`
    return [notice('bad', { title: [name(way), words.colon, words.standsStill, title], hint, next })]
  })
  const stalled = ways.flatMap((way) =>
    tellStalled(way.stalled ?? [], route, lang).map(({ title, hint }) =>
      notice('warn', { title: [name(way), words.colon, title], hint, next: null }),
    ),
  )
  return [...lines, ...still, ...stalled]
}

/** Who is not covered by the sentence above, why, and what can be done about it. */
function unknown(route: RouteStatus, view: View): Html | null {
  const sentence = tellUnknown(route, view.lang)
  if (!sentence) return null
  const { next } = messagesIn(view.lang).freshness
  const { refused = 0, unreadable = 0, ownerless = 0 } = route.unknownBecause
  const steps = [
    route.gapFrom && [
      html`<p>${next.gap}</p>`,
      command(['sync', '--route', route.route, '--from', route.gapFrom], view),
    ],
    refused > 0 && [html`<p>${next.refused}</p>`, command(['calls', '--failed'], view)],
    unreadable + ownerless > 0 && html`<p>${next.unreadable}</p>`,
  ]
  return notice('warn', { title: foreign(sentence), hint: null, next: steps })
}

function lastRunFailure({ lastRun }: RouteStatus, runs: RunEntry[], view: View): Html | null {
  if (lastRun?.state !== 'failed') return null
  const words = pageWords(view.lang)
  const failed = runs.find((run) => run.state === 'failed' && run.failure)?.failure
  const next = command(['runs'], view)
  if (!failed)
    return notice('bad', {
      title: [words.lastRunFailed, lastRun.code && ` (${lastRun.code})`],
      hint: null,
      next,
    })
  const { title, hint } = failureWords(failed, view.lang)
  return notice('bad', { title: [words.lastRunFailed, words.colon, title], hint, next: null })
}
